import { useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { isNumber, preference, usePreference } from "../base/preferences";

export interface SplitProps {
  /** Its size is remembered under this name. */
  readonly name: string;
  /** What the separator parts, for its accessible name. */
  readonly label: string;
  /** The width of the second pane in pixels, until somebody changes it. */
  readonly initial: number;
  readonly min?: number;
  /** How much the first pane keeps at least. */
  readonly minFirst?: number;
  readonly first: ReactNode;
  readonly second: ReactNode;
}

/** Two panes side by side with a separator that the pointer drags and arrows move. One above the other where it is narrow. */
export function Split({ name, label, initial, min = 280, minFirst = 320, first, second }: SplitProps): JSX.Element {
  const [kept, keep] = usePreference(preference(`split.${name}`, initial, isNumber));
  const { width, ...separator } = useDragged(kept, keep);
  const box = useRef<HTMLDivElement>(null);
  const clamp = (value: number): number => Math.round(Math.max(min, Math.min(value, (box.current?.clientWidth ?? 4000) - minFirst)));
  return (
    <div className="split" ref={box} style={{ "--split": `${width}px`, "--split-min": `${min}px`, "--split-min-first": `${minFirst}px` } as CSSProperties}>
      <div className="split-pane">{first}</div>
      <Separator label={label} value={width} min={min} max={() => (box.current?.clientWidth ?? 4000) - minFirst} onChange={(value) => separator.onChange(clamp(value))} onEnd={separator.onEnd} onReset={() => keep(initial)} />
      <div className="split-pane">{second}</div>
    </div>
  );
}

export interface SeparatorProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: () => number;
  /** While it moves. */
  readonly onChange: (value: number) => void;
  /** When it is let go. */
  readonly onEnd: () => void;
  readonly onReset: () => void;
}

/** A width that follows the pointer and is kept when it is let go. */
export function useDragged(kept: number, keep: (width: number) => void): { readonly width: number; readonly onChange: (width: number) => void; readonly onEnd: () => void } {
  const [dragged, setDragged] = useState<number | null>(null);
  const latest = useRef<number | null>(null);
  const follow = (to: number | null): void => {
    latest.current = to;
    setDragged(to);
  };
  return {
    width: dragged ?? kept,
    onChange: follow,
    onEnd: () => {
      if (latest.current !== null) keep(latest.current);
      follow(null);
    },
  };
}

/** A vertical line that changes the width of what is at its right. */
export function Separator({ label, value, min, max, onChange, onEnd, onReset }: SeparatorProps): JSX.Element {
  const drag = useRef<{ x: number; width: number } | null>(null);
  const onKey = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 80 : 16;
    const to = { ArrowLeft: value + step, ArrowRight: value - step, Home: max(), End: min }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(to);
  };
  return (
    // A separator that can be moved is a control.
    <div
      className="split-line"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={10_000}
      tabIndex={0}
      onKeyDown={onKey}
      onKeyUp={onEnd}
      onBlur={onEnd}
      onDoubleClick={onReset}
      onPointerDown={(event: PointerEvent<HTMLDivElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width: value };
      }}
      onPointerMove={(event) => {
        if (drag.current) onChange(drag.current.width + drag.current.x - event.clientX);
      }}
      onLostPointerCapture={() => {
        drag.current = null;
        onEnd();
      }}
    />
  );
}

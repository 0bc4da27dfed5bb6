import { useEffect, useRef, type CSSProperties, type ReactNode } from "react";
import { isNumber, preference, usePreference } from "../base/preferences";
import { useKeys } from "../base/keys";
import { Separator, useDragged } from "./Split";

export interface DrawerProps {
  readonly name: string;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly initial?: number;
}

/** A pane over the right side of the page; what is below stays usable. Escape closes it. */
export function Drawer({ name, label, onClose, children, initial = 1080 }: DrawerProps): JSX.Element {
  const [kept, keep] = usePreference(preference(`drawer.${name}`, initial, isNumber));
  const { width, onChange, onEnd } = useDragged(kept, keep);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus();
  }, []);
  useKeys([{ keys: "Escape", label: `Close ${label.toLowerCase()}`, group: "General", run: onClose, quiet: true }]);
  /** The page that it lies over, beside the rail. */
  const most = (): number => box.current?.closest("main")?.clientWidth ?? innerWidth;
  const clamp = (value: number): number => Math.round(Math.max(360, Math.min(value, most())));
  return (
    <section ref={box} className="drawer" aria-label={label} tabIndex={-1} style={{ "--drawer": `${width}px` } as CSSProperties}>
      <Separator label={`Width of ${label.toLowerCase()}`} value={Math.min(width, most())} min={360} max={most} onChange={(value) => onChange(clamp(value))} onEnd={onEnd} onReset={() => keep(initial)} />
      <div className="drawer-body">{children}</div>
    </section>
  );
}

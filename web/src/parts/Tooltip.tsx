import { cloneElement, useEffect, useId, useRef, useState, type FocusEvent, type PointerEvent, type ReactElement } from "react";
import { popover, useFloating } from "./floating";
import { KeyCaps } from "./Kbd";

const REST_MS = 350;

/** Says more about a control that is pointed at or has the focus. The control keeps its own accessible name. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<Element | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const id = useId();
  const style = useFloating(anchor, box, isOpen, "top");
  const close = (): void => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!isOpen) return undefined;
    const escape = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setOpen(false);
    };
    addEventListener("keydown", escape, true);
    return () => removeEventListener("keydown", escape, true);
  }, [isOpen]);
  const props = children.props as Record<string, ((event: unknown) => void) | undefined>;
  const both = (name: string, run: (event: never) => void) => (event: never) => {
    props[name]?.(event);
    run(event);
  };
  return (
    <>
      {cloneElement(children, {
        onPointerEnter: both("onPointerEnter", (event: PointerEvent) => {
          anchor.current = event.currentTarget;
          clearTimeout(timer.current);
          if (event.pointerType !== "touch") timer.current = setTimeout(() => setOpen(true), REST_MS);
        }),
        onPointerLeave: both("onPointerLeave", close),
        onPointerDown: both("onPointerDown", close),
        onFocus: both("onFocus", (event: FocusEvent<HTMLElement>) => {
          anchor.current = event.currentTarget;
          if (event.currentTarget.matches(":focus-visible")) setOpen(true);
        }),
        onBlur: both("onBlur", close),
      })}
      {isOpen && (
        <div ref={box} id={id} role="tooltip" className="tooltip" style={style} {...popover}>
          {text}
          {keys && <KeyCaps keys={keys} />}
        </div>
      )}
    </>
  );
}

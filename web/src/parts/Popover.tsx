import { useCallback, useEffect, useRef, useState, type ReactNode, type Ref } from "react";
import { popover, useFloating, type Placement } from "./floating";

export interface TriggerProps {
  readonly ref: Ref<HTMLButtonElement>;
  readonly onClick: () => void;
  readonly "aria-haspopup": "dialog" | "menu" | "listbox";
  readonly "aria-expanded": boolean;
}

export interface PopoverProps {
  /** The accessible name of what opens. */
  readonly label: string;
  readonly trigger: (props: TriggerProps) => ReactNode;
  readonly children: (close: () => void) => ReactNode;
  readonly placement?: Placement;
  readonly className?: string;
}

/** A small panel beside its button. Escape, a click elsewhere and leaving it by Tab close it; the focus returns. */
export function Popover({ label, trigger, children, placement = "bottom-start", className = "" }: PopoverProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const style = useFloating(button, box, isOpen, placement);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  useOutside(isOpen, button, box, close, () => setOpen(false));
  useEffect(() => {
    if (!isOpen) return;
    const first = box.current?.querySelector<HTMLElement>("[autofocus], input, button, a[href], select, textarea, [tabindex='0']");
    (first ?? box.current)?.focus();
  }, [isOpen]);
  return (
    <>
      {trigger({ ref: button, onClick: () => setOpen(!isOpen), "aria-haspopup": "dialog", "aria-expanded": isOpen })}
      {isOpen && (
        <div ref={box} role="dialog" aria-label={label} tabIndex={-1} className={`popover ${className}`} style={style} {...popover}>
          {children(close)}
        </div>
      )}
    </>
  );
}

/** Closes on Escape (with the focus back on the button), on a click elsewhere, and when the focus goes elsewhere. */
export function useOutside(
  isOpen: boolean,
  button: { readonly current: Element | null },
  box: { readonly current: HTMLElement | null },
  escape: () => void,
  leave: () => void,
): void {
  const latest = useRef({ escape, leave });
  latest.current = { escape, leave };
  useEffect(() => {
    if (!isOpen) return undefined;
    const isInside = (target: EventTarget | null): boolean =>
      target instanceof Node && Boolean(box.current?.contains(target) || button.current?.contains(target) || (target instanceof Element && target.closest(".popover")));
    const press = (event: Event): void => {
      if (!isInside(event.composedPath()[0] ?? null)) latest.current.leave();
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.escape();
    };
    addEventListener("pointerdown", press, true);
    addEventListener("focusin", press, true);
    addEventListener("keydown", key, true);
    return () => {
      removeEventListener("pointerdown", press, true);
      removeEventListener("focusin", press, true);
      removeEventListener("keydown", key, true);
    };
  }, [isOpen, button, box]);
}

import { useEffect, useId, useRef, type FormEvent, type ReactNode } from "react";
import { IconButton } from "./IconButton";
import { visibleText } from "./text/visible";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons at the end; a submit button there sends the form. */
  readonly footer?: ReactNode;
  /** Makes the dialog a form. */
  readonly onSubmit?: () => void;
  readonly size?: "s" | "m" | "l";
}

/** A modal dialog, there as long as it is rendered. Escape and a click beside it close it; the focus returns to where it was. */
export function Dialog({ title, onClose, children, footer, onSubmit, size = "m" }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    const before = document.activeElement as HTMLElement | null;
    if (!element.open) element.showModal();
    // The browser would choose the close button.
    (element.querySelector<HTMLElement>(".dialog-body :is(input, textarea, select):not(:disabled)") ?? element.querySelector<HTMLElement>(".dialog-body > [tabindex='0']"))?.focus();
    return () => {
      if (element.open) element.close();
      before?.focus();
    };
  }, []);
  const body = (
    <>
      <div className="dialog-body">{children}</div>
      {footer && <footer className="dialog-footer">{footer}</footer>}
    </>
  );
  return (
    <dialog
      ref={dialog}
      className={`dialog dialog-${size}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2 id={id}>{visibleText(title)}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        {onSubmit ? (
          <form
            className="dialog-form"
            onSubmit={(event: FormEvent) => {
              event.preventDefault();
              onSubmit();
            }}
          >
            {body}
          </form>
        ) : (
          body
        )}
      </div>
    </dialog>
  );
}

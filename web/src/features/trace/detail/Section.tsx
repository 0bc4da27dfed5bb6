import { useState, type ReactNode } from "react";

/** A part of the details under a heading that folds it. */
export function Section({ title, note, actions, children, isOpen = true }: { readonly title: string; readonly note?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode; readonly isOpen?: boolean }): JSX.Element {
  const [open, setOpen] = useState(isOpen);
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h3><button type="button" className="section-toggle" aria-expanded={open} onClick={() => setOpen(!open)}><span className="section-twisty" aria-hidden="true" />{title}</button></h3>
        {note !== undefined && <span className="section-note">{note}</span>}
        <span className="push" />
        {open && actions}
      </div>
      {open && <div className="section-body">{children}</div>}
    </section>
  );
}

import { useRef, type KeyboardEvent } from "react";
import { IconButton } from "../../parts/IconButton";
import { AnnotateForm, useFocusWithin } from "./AnnotateForm";
import { NoteLine } from "./NoteLine";
import type { NotedTarget } from "./useTarget";

interface AnnotatorProps {
  /** What is annotated, for its name. */
  readonly thing: "span" | "session";
  /** Tells one target from the next. */
  readonly id: string;
  readonly projectId: string;
  readonly target: NotedTarget;
  /** What a key asked for: it gets the focus. */
  readonly focus: "form" | "note" | null;
  readonly onClose: () => void;
}

/** The form for a span or a session, and a line for notes. Escape closes it. */
export function Annotator({ thing, id, projectId, target, focus, onClose }: AnnotatorProps): JSX.Element {
  const box = useRef<HTMLElement>(null);
  useFocusWithin(box, ".an-note input", focus === "note");
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    // Escape is for all that is within.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section ref={box} className="an-panel" aria-label={`Annotate the ${thing}`} onKeyDown={onKey}>
      <AnnotateForm key={id} projectId={projectId} target={target} takesFocus={focus === "form"} />
      <NoteLine key={`note ${id}`} onAdd={target.addNote} />
      <span className="an-close"><IconButton icon="close" size="s" label="Close the form" onClick={onClose} /></span>
    </section>
  );
}

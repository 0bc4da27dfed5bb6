import { useRef, useState, type KeyboardEvent } from "react";
import { Button } from "../../parts/Button";
import { IconButton } from "../../parts/IconButton";
import { Input } from "../../parts/Input";
import { AnnotateForm, useFocusWithin } from "./AnnotateForm";
import { useSpanTarget } from "./useTarget";

export interface SpanAnnotatorProps {
  readonly projectId: string;
  readonly spanId: string;
  /** What a key asked for: it gets the focus. */
  readonly focus: "form" | "note" | null;
  readonly onClose: () => void;
}

/** The form for a span, and a line for notes. Escape closes it. */
export default function SpanAnnotator({ projectId, spanId, focus, onClose }: SpanAnnotatorProps): JSX.Element {
  const target = useSpanTarget(spanId);
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
    <section ref={box} className="an-panel" aria-label="Annotate the span" onKeyDown={onKey}>
      <AnnotateForm key={spanId} projectId={projectId} target={target} takesFocus={focus === "form"} />
      <NoteLine key={`note ${spanId}`} onAdd={target.addNote} />
      <span className="an-close"><IconButton icon="close" size="s" label="Close the form" onClick={onClose} /></span>
    </section>
  );
}

function NoteLine({ onAdd }: { readonly onAdd: (text: string) => Promise<void> }): JSX.Element {
  const [text, setText] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const submit = async (): Promise<void> => {
    if (text.trim() === "" || state.isSending) return;
    setState({ isSending: true });
    try {
      await onAdd(text.trim());
      setText("");
      setState({ isSending: false });
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  return (
    <form
      className="an-note"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Input icon="message" aria-label="Note" placeholder="Add a note" value={text} onChange={(event) => setText(event.target.value)} />
      <Button type="submit" size="s" disabled={text.trim() === ""} isBusy={state.isSending}>Add</Button>
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
    </form>
  );
}

import { useState } from "react";
import { Button } from "../../parts/Button";
import { Input } from "../../parts/Input";

/** A line that adds notes. */
export function NoteLine({ onAdd }: { readonly onAdd: (text: string) => Promise<void> }): JSX.Element {
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
      <Input
        icon="message" aria-label="Note" placeholder="Add a note" value={text} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // A browser sends a form by Enter alone.
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
        }}
      />
      <Button type="submit" size="s" disabled={text.trim() === ""} isBusy={state.isSending}>Add</Button>
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
    </form>
  );
}

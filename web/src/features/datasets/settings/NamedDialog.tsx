import { useState } from "react";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Input, TextArea } from "../../../parts/Input";
import { COLOURS } from "../Dot";

export interface Named {
  readonly name: string;
  readonly description: string | null;
  readonly color: string;
}

interface NamedDialogProps {
  readonly title: string;
  readonly known: Named | null;
  readonly onClose: () => void;
  /** Rejects with a sentence when it is refused. */
  readonly onSave: (named: Named) => Promise<void>;
}

/** Names a label or a split and gives it a colour. */
export function NamedDialog({ title, known, onClose, onSave }: NamedDialogProps): JSX.Element {
  const [draft, setDraft] = useState<Named>(known ? { name: known.name, description: known.description, color: known.color } : { name: "", description: null, color: COLOURS[0] ?? "#3b82f6" });
  const [wasSent, setWasSent] = useState(false);
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const change = (part: Partial<Named>): void => setDraft((old) => ({ ...old, ...part }));
  const submit = async (): Promise<void> => {
    setWasSent(true);
    const name = draft.name.trim();
    if (name === "" || state.isSending) return;
    setState({ isSending: true });
    try {
      await onSave({ ...draft, name, description: draft.description?.trim() || null });
      onClose();
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  return (
    <Dialog title={title} size="s" onClose={onClose} onSubmit={() => void submit()} footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" isBusy={state.isSending}>{known ? "Save" : "Create"}</Button></>}>
      <Field label="Name" error={wasSent && draft.name.trim() === "" ? "Give it a name." : undefined}><Input value={draft.name} onChange={(event) => change({ name: event.target.value })} /></Field>
      <Field label="Description"><TextArea rows={2} value={draft.description ?? ""} onChange={(event) => change({ description: event.target.value })} /></Field>
      <Colours value={draft.color} onChange={(color) => change({ color })} />
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
    </Dialog>
  );
}

const NAMES = ["blue", "green", "amber", "red", "violet", "pink", "teal", "grey"];

function Colours({ value, onChange }: { readonly value: string; readonly onChange: (color: string) => void }): JSX.Element {
  const isOwn = !COLOURS.includes(value);
  return (
    <fieldset className="dl-colours">
      <legend>Colour</legend>
      {COLOURS.map((color, at) => (
        <label key={color} className="dl-colour" title={NAMES[at]}>
          <input type="radio" name="colour" className="sr" aria-label={NAMES[at] ?? color} checked={value === color} onChange={() => onChange(color)} />
          <span className="dl-swatch" style={{ backgroundColor: color }} />
        </label>
      ))}
      <label className="dl-colour" data-own={isOwn || undefined} title="Another colour">
        <input type="color" className="dl-any" aria-label="Another colour" value={/^#[0-9a-f]{6}$/iu.test(value) ? value : "#64748b"} onChange={(event) => onChange(event.target.value)} />
      </label>
    </fieldset>
  );
}

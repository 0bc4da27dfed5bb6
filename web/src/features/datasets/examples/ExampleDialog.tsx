import { useState } from "react";
import { useMutation } from "../../../base/cache";
import { AddExamples } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Checkbox } from "../../../parts/Checkbox";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Input } from "../../../parts/Input";
import { toast } from "../../../parts/Toast";
import { datasetsChanged } from "../changes";
import { parsedObject } from "../jsonFields";
import { ExampleEditor, hasFault, type ExampleTexts } from "./ExampleEditor";

const EMPTY: ExampleTexts = { input: "{\n  \"\": \"\"\n}", output: "{}", metadata: "{}" };

/** Adds an example that is written by hand. */
export default function ExampleDialog({ datasetId, onClose }: { readonly datasetId: string; readonly onClose: () => void }): JSX.Element {
  const [texts, setTexts] = useState(EMPTY);
  const [externalId, setExternalId] = useState("");
  const [isMore, setMore] = useState(false);
  const { run, isSending, error } = useMutation(AddExamples);
  const submit = async (): Promise<void> => {
    if (hasFault(texts)) return;
    const example = { input: parsedObject(texts.input), output: parsedObject(texts.output), metadata: parsedObject(texts.metadata), ...(externalId.trim() === "" ? {} : { externalId: externalId.trim() }) };
    if (!(await run({ input: { datasetId, examples: [example] } }))) return;
    datasetsChanged();
    toast({ message: "Added the example", tone: "good", ms: 1800 });
    if (!isMore) onClose();
    setExternalId("");
  };
  return (
    <Dialog
      title="Add an example" size="l" onClose={onClose} onSubmit={() => void submit()}
      footer={<><Checkbox isChecked={isMore} onChange={setMore}>Then another</Checkbox><span className="push" /><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" disabled={hasFault(texts)} isBusy={isSending}>Add</Button></>}
    >
      <ExampleEditor texts={texts} onChange={setTexts} onCommit={() => void submit()} />
      <Field label="Id" hint="One of your own, if you have one; it cannot be there twice."><Input value={externalId} onChange={(event) => setExternalId(event.target.value)} /></Field>
      {error && <p className="field-error" role="alert">{error}</p>}
    </Dialog>
  );
}

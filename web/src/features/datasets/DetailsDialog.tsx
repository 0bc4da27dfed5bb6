import { useState } from "react";
import { useMutation } from "../../base/cache";
import { PatchDataset } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Input, TextArea } from "../../parts/Input";
import { toast } from "../../parts/Toast";
import { datasetsChanged } from "./changes";
import type { DatasetItem } from "./datasetSource";
import { objectFault, parsedObject } from "./jsonFields";

/** Changes the name, the description and the metadata of a dataset. */
export function DetailsDialog({ dataset, onClose }: { readonly dataset: Pick<DatasetItem, "id" | "name" | "description" | "metadata">; readonly onClose: () => void }): JSX.Element {
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description ?? "");
  const [metadata, setMetadata] = useState(() => JSON.stringify(dataset.metadata ?? {}, null, 2));
  const { run, isSending, error } = useMutation(PatchDataset);
  const fault = objectFault(metadata);
  const submit = async (): Promise<void> => {
    if (fault !== undefined || name.trim() === "") return;
    if (!(await run({ input: { datasetId: dataset.id, name: name.trim(), description: description.trim(), metadata: parsedObject(metadata) } }))) return;
    datasetsChanged();
    toast({ message: "Saved", tone: "good", ms: 1800 });
    onClose();
  };
  return (
    <Dialog title={`Edit ${dataset.name}`} onClose={onClose} onSubmit={() => void submit()} footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" isBusy={isSending}>Save</Button></>}>
      <Field label="Name" error={name.trim() === "" ? "Give the dataset a name." : undefined}><Input value={name} onChange={(event) => setName(event.target.value)} /></Field>
      <Field label="Description"><TextArea rows={2} value={description} onChange={(event) => setDescription(event.target.value)} /></Field>
      <Field label="Metadata" hint="A JSON object." error={fault}><TextArea rows={4} className="mono" value={metadata} onChange={(event) => setMetadata(event.target.value)} /></Field>
      {error && <p className="field-error" role="alert">{error}</p>}
    </Dialog>
  );
}

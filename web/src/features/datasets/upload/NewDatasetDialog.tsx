import { useEffect, useRef, useState } from "react";
import { useMutation } from "../../../base/cache";
import * as format from "../../../base/format";
import { CreateDataset } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Input, TextArea } from "../../../parts/Input";
import { Segmented } from "../../../parts/Segmented";
import { toast } from "../../../parts/Toast";
import { datasetsChanged } from "../changes";
import { objectFault, parsedObject } from "../jsonFields";
import { FilePart, type Chosen } from "./FilePart";
import { sendUpload, type UploadAction } from "./send";

interface NewDatasetDialogProps {
  /** The dataset that a file goes into; without one a dataset is made. */
  readonly into?: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}

const WAYS = [{ value: "file", label: "From a file" }, { value: "empty", label: "Empty" }] as const;
const ACTIONS = [{ value: "append", label: "Add to what is there" }, { value: "update", label: "Replace what is there" }] as const;

/** Makes a dataset, or adds to one, from a file whose columns are told what they are; or makes an empty one. */
export default function NewDatasetDialog({ into, onClose, onMade }: NewDatasetDialogProps): JSX.Element {
  const [way, setWay] = useState<"file" | "empty">("file");
  const [name, setName] = useState(into?.name ?? "");
  const [description, setDescription] = useState("");
  const [metadata, setMetadata] = useState("{}");
  const [action, setAction] = useState<UploadAction>(into ? "append" : "create");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [wasSent, setWasSent] = useState(false);
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<string>();
  const create = useMutation(CreateDataset);
  const abort = useRef(new AbortController());
  useEffect(() => {
    const { current } = abort;
    return () => current.abort();
  }, []);
  const isFile = into !== undefined || way === "file";
  const nameFault = name.trim() === "" ? "Give the dataset a name." : undefined;
  const fileFault = !chosen ? "Choose a file." : Object.values(chosen.roles).some((role) => role === "input") ? undefined : "Say which column is an input.";
  const choose = (next: Chosen | null): void => {
    setChosen(next);
    setError(undefined);
    if (next && name.trim() === "") setName(next.file.name.replace(/\.[^.]+$/u, ""));
  };

  const upload = async (): Promise<void> => {
    if (!chosen) return;
    setProgress(0);
    abort.current = new AbortController();
    try {
      const made = await sendUpload({ file: chosen.file, format: chosen.preview.format, name: name.trim(), description: description.trim(), action, roles: chosen.roles, opened: chosen.opened }, setProgress, abort.current.signal);
      const parts = [`${format.plural(made.num_created_examples, "example")} added`, ...(made.num_updated_examples > 0 ? [`${format.integer(made.num_updated_examples)} changed`] : []), ...(made.num_deleted_examples > 0 ? [`${format.integer(made.num_deleted_examples)} removed`] : [])];
      toast({ message: `${name.trim()}: ${parts.join(", ")}`, tone: "good" });
      datasetsChanged();
      onMade(made.dataset_id);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setProgress(null);
    }
  };
  const make = async (): Promise<void> => {
    const data = await create.run({ input: { name: name.trim(), description: description.trim() || null, metadata: parsedObject(metadata) } });
    if (!data) return;
    toast({ message: `Created ${name.trim()}`, tone: "good" });
    datasetsChanged();
    onMade(data.createDataset.dataset.id);
  };
  const submit = (): void => {
    setWasSent(true);
    setError(undefined);
    if (nameFault || (isFile ? fileFault : objectFault(metadata))) return;
    void (isFile ? upload() : make());
  };
  const isBusy = progress !== null || create.isSending;
  const wrong = error ?? create.error ?? (wasSent && isFile ? fileFault : undefined);
  return (
    <Dialog
      title={into ? `Add examples to ${into.name}` : "New dataset"} size={isFile ? "l" : "m"} onClose={onClose} onSubmit={submit}
      footer={
        <>
          {progress !== null && (
            <span className="ds-progress">
              <progress aria-label="Sent" value={progress} max={1} />
              <span className="dim">{progress < 1 ? format.percent(progress) : "The server is storing it…"}</span>
            </span>
          )}
          <Button onClick={onClose}>{progress === null ? "Cancel" : "Give up"}</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>{into ? "Add" : "Create"}</Button>
        </>
      }
    >
      {!into && <Segmented label="How" value={way} options={WAYS} onChange={setWay} />}
      {isFile && <FilePart chosen={chosen} onChoose={choose} />}
      {into && <Segmented<UploadAction> label="What happens to the examples that are there" value={action} options={ACTIONS} onChange={setAction} />}
      {into && action === "update" && <p className="field-hint">The dataset becomes what the file says: examples that are not in it go. Earlier versions keep them.</p>}
      {!into && (
        <>
          <Field label="Name" error={wasSent ? nameFault : undefined}><Input value={name} onChange={(event) => setName(event.target.value)} /></Field>
          <Field label="Description"><TextArea rows={2} value={description} onChange={(event) => setDescription(event.target.value)} /></Field>
          {!isFile && <Field label="Metadata" hint="A JSON object." error={objectFault(metadata)}><TextArea rows={3} className="mono" value={metadata} onChange={(event) => setMetadata(event.target.value)} /></Field>}
        </>
      )}
      {wrong && <p className="field-error" role="alert">{wrong}</p>}
    </Dialog>
  );
}

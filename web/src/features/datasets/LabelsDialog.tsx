import { useState } from "react";
import { mutate, useQuery } from "../../base/cache";
import { CreateDatasetLabel, DatasetLabels, SetDatasetLabels } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Dialog } from "../../parts/Dialog";
import { Input } from "../../parts/Input";
import { Skeleton } from "../../parts/Skeleton";
import { datasetsChanged } from "./changes";
import type { DatasetItem } from "./datasetSource";
import { colourFor, Dot } from "./Dot";

/** Chooses the labels of a dataset, and makes new ones. */
export function LabelsDialog({ dataset, onClose }: { readonly dataset: Pick<DatasetItem, "id" | "name" | "labels">; readonly onClose: () => void }): JSX.Element {
  const { data, refetch } = useQuery(DatasetLabels, {});
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(dataset.labels.map((label) => label.id)));
  const [name, setName] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const all = data?.datasetLabels.edges.map((edge) => edge.node);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setState({ isSending: true });
    try {
      await work();
      setState({ isSending: false });
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  const make = (): Promise<void> =>
    attempt(async () => {
      const made = await mutate(CreateDatasetLabel, { input: { name: name.trim(), color: colourFor(name.trim()) } });
      setChosen((old) => new Set([...old, made.createDatasetLabel.datasetLabel.id]));
      setName("");
      refetch();
    });
  const submit = (): Promise<void> =>
    attempt(async () => {
      await mutate(SetDatasetLabels, { input: { datasetId: dataset.id, datasetLabelIds: [...chosen] } });
      datasetsChanged();
      onClose();
    });
  const toggle = (id: string): void => setChosen((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  return (
    <Dialog title={`Labels of ${dataset.name}`} size="s" onClose={onClose} onSubmit={() => void (name.trim() === "" ? submit() : make())} footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" isBusy={state.isSending} disabled={name.trim() !== ""}>Save</Button></>}>
      {!all ? <Skeleton lines={3} label="Loading the labels" /> : (
        <ul className="ds-choices">
          {all.map((label) => <li key={label.id}><Checkbox isChecked={chosen.has(label.id)} onChange={() => toggle(label.id)}><Dot of={label} /></Checkbox></li>)}
        </ul>
      )}
      <div className="ds-inline">
        <Input aria-label="New label" placeholder="New label" value={name} onChange={(event) => setName(event.target.value)} />
        <Button icon="plus" disabled={name.trim() === "" || state.isSending} onClick={() => void make()}>Create</Button>
      </div>
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
    </Dialog>
  );
}

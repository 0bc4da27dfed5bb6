import { useState } from "react";
import { mutate, useQuery } from "../../../base/cache";
import { DatasetNames, SetDatasetLabels, type DatasetLabelItem } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Checkbox } from "../../../parts/Checkbox";
import { Dialog } from "../../../parts/Dialog";
import { Input } from "../../../parts/Input";
import { Skeleton } from "../../../parts/Skeleton";
import { visibleText } from "../../../parts/text/visible";
import { datasetsChanged } from "../changes";

/** Chooses the datasets that have a label. */
export function AssignDialog({ label, onClose }: { readonly label: DatasetLabelItem; readonly onClose: () => void }): JSX.Element {
  const { data, error: failure } = useQuery(DatasetNames, {});
  const [words, setWords] = useState("");
  /** What was pressed, which differs from what is stored. */
  const [pressed, setPressed] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const all = data?.datasets.edges.map((edge) => edge.node);
  const has = (one: { readonly labels: readonly { readonly id: string }[] }): boolean => one.labels.some(({ id }) => id === label.id);
  const changed = (all ?? []).filter((one) => (pressed.get(one.id) ?? has(one)) !== has(one));
  const submit = async (): Promise<void> => {
    setState({ isSending: true });
    try {
      for (const { id, labels } of changed) {
        const others = labels.map((one) => one.id).filter((one) => one !== label.id);
        await mutate(SetDatasetLabels, { input: { datasetId: id, datasetLabelIds: pressed.get(id) === true ? [...others, label.id] : others } });
      }
      datasetsChanged();
      onClose();
    } catch (wrong) {
      datasetsChanged();
      setState({ isSending: false, error: wrong instanceof Error ? wrong.message : String(wrong) });
    }
  };
  const shown = (all ?? []).filter((one) => one.name.toLowerCase().includes(words.trim().toLowerCase()));
  return (
    <Dialog title={`Datasets with the label ${label.name}`} size="s" onClose={onClose} onSubmit={() => void submit()} footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" isBusy={state.isSending} disabled={changed.length === 0}>Save</Button></>}>
      <Input icon="search" aria-label="Search datasets" placeholder="Name" value={words} onChange={(event) => setWords(event.target.value)} />
      {!all && !failure ? <Skeleton lines={3} label="Loading the datasets" /> : (
        <ul className="ds-choices">
          {shown.map((one) => <li key={one.id}><Checkbox isChecked={pressed.get(one.id) ?? has(one)} onChange={(isOn) => setPressed((old) => new Map([...old, [one.id, isOn]]))}>{visibleText(one.name)}</Checkbox></li>)}
          {all && shown.length === 0 && <li className="dim">{all.length === 0 ? "There are no datasets yet." : "No dataset like that."}</li>}
        </ul>
      )}
      {(state.error ?? failure?.message) && <p className="field-error" role="alert">{state.error ?? failure?.message}</p>}
    </Dialog>
  );
}

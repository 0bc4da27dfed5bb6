import { useState } from "react";
import { mutate, useQuery } from "../../../base/cache";
import { plural } from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { CreateSplit, DatasetSplits, SetExampleSplits } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Input } from "../../../parts/Input";
import { Menu } from "../../../parts/Menu";
import { canWaitForUndo, toast } from "../../../parts/Toast";
import { visibleText } from "../../../parts/text/visible";
import type { Selection } from "../../project/table/useSelection";
import { datasetsChanged } from "../changes";
import type { ExampleRow } from "../datasetSource";
import { colourFor } from "../Dot";
import { deleteExamples, exampleBytes } from "../leaving";
import { withSplit, withoutSplits } from "./splits";

/** What can be done with the marked examples; floats above the table while there are any. */
export function ExampleBar({ datasetId, selection }: { readonly datasetId: string; readonly selection: Selection<ExampleRow> }): JSX.Element | null {
  const rows = [...selection.rows.values()];
  const ids = rows.map((row) => row.id);
  const { data } = useQuery(DatasetSplits, {}, { skip: rows.length === 0 });
  const [isNaming, setNaming] = useState(false);
  const [isBusy, setBusy] = useState(false);
  useKeys(rows.length > 0 && !isNaming ? [{ keys: "Escape", label: "Select nothing", group: "Table", run: selection.clear }] : []);
  if (rows.length === 0) return null;
  const splits = data?.datasetSplits.edges.map((edge) => edge.node) ?? [];
  const assign = async (groups: readonly { readonly exampleIds: readonly string[]; readonly datasetSplitIds: readonly string[] }[]): Promise<void> => {
    setBusy(true);
    try {
      for (const group of groups) await mutate(SetExampleSplits, { input: { datasetId, ...group } });
      datasetsChanged();
      selection.clear();
    } catch (failure) {
      toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
    } finally {
      setBusy(false);
    }
  };
  const remove = (): void => {
    if (!canWaitForUndo(exampleBytes(ids))) {
      toast({ message: "That is more than can be deleted at once. Select fewer examples.", tone: "bad" });
      return;
    }
    deleteExamples(datasetId, ids);
    selection.clear();
  };
  return (
    <div className="sb" role="toolbar" aria-label="Selected examples">
      <span className="sb-count" role="status">{plural(rows.length, "example")}</span>
      <Menu
        label="Splits" placement="bottom-start"
        items={[
          ...splits.map((split) => ({ id: split.id, label: `Add to ${visibleText(split.name)}`, onSelect: () => void assign(withSplit(rows, split.id)) })),
          { id: "none", label: "Remove from all splits", startsGroup: splits.length > 0, isDisabled: rows.every((row) => row.datasetSplits.length === 0), onSelect: () => void assign(withoutSplits(rows)) },
          { id: "new", label: "New split…", icon: "plus" as const, onSelect: () => setNaming(true) },
        ]}
        trigger={(props) => <Button {...props} variant="quiet" size="s" icon="columns" isBusy={isBusy}>Splits</Button>}
      />
      <Button variant="danger" size="s" icon="trash" onClick={remove}>Delete</Button>
      <Button variant="quiet" size="s" icon="close" aria-label="Select nothing" title="Select nothing (Esc)" onClick={selection.clear} />
      {isNaming && <SplitDialog exampleIds={ids} onClose={() => setNaming(false)} onDone={() => { setNaming(false); selection.clear(); }} />}
    </div>
  );
}

function SplitDialog({ exampleIds, onClose, onDone }: { readonly exampleIds: readonly string[]; readonly onClose: () => void; readonly onDone: () => void }): JSX.Element {
  const [name, setName] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const submit = async (): Promise<void> => {
    if (name.trim() === "") {
      setState({ isSending: false, error: "Give the split a name." });
      return;
    }
    setState({ isSending: true });
    try {
      await mutate(CreateSplit, { input: { name: name.trim(), color: colourFor(name.trim()), exampleIds } });
      datasetsChanged();
      onDone();
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  return (
    <Dialog title="New split" size="s" onClose={onClose} onSubmit={() => void submit()} footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" isBusy={state.isSending}>Create</Button></>}>
      <Field label="Name" hint={`${plural(exampleIds.length, "example")} will be in it.`} error={state.error}><Input value={name} placeholder="test" onChange={(event) => setName(event.target.value)} /></Field>
    </Dialog>
  );
}

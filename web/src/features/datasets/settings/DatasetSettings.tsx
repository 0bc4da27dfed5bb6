import { useState } from "react";
import { mutate, useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { Link } from "../../../base/router";
import { useStore } from "../../../base/store";
import {
  CreateDatasetLabel, CreatePlainSplit, DatasetLabels, DatasetSplits, DeleteDatasetLabels, DeleteSplits, PatchSplit, type DatasetLabelsData, type DatasetSplitItem,
} from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { IconButton } from "../../../parts/IconButton";
import { Skeleton } from "../../../parts/Skeleton";
import { undoable } from "../../../parts/Toast";
import { visibleText } from "../../../parts/text/visible";
import { datasetsChanged } from "../changes";
import { Dot } from "../Dot";
import { leave, leavingFromDatasets, stay } from "../leaving";
import { AssignDialog } from "./AssignDialog";
import { NamedDialog, type Named } from "./NamedDialog";

type Label = DatasetLabelsData["datasetLabels"]["edges"][number]["node"];

/** The labels that datasets can have, and the splits that their examples can be in. */
export default function DatasetSettings(): JSX.Element {
  return (
    <div className="settings-body">
      <Labels />
      <Splits />
    </div>
  );
}

function Labels(): JSX.Element {
  const { data, error, refetch } = useQuery(DatasetLabels, {});
  const leaving = useStore(leavingFromDatasets);
  const [isMaking, setMaking] = useState(false);
  const [assigning, setAssigning] = useState<Label | null>(null);
  const labels = data?.datasetLabels.edges.map((edge) => edge.node).filter((one) => !leaving.has(one.id));
  const remove = ({ id, name }: Label): void => removeNamed(`the label ${name}`, id, (options) => mutate(DeleteDatasetLabels, { ids: [id] }, options));
  return (
    <section aria-label="Labels of datasets">
      <Head title="Labels of datasets" add="New label" onAdd={() => setMaking(true)}>Labels sort datasets: by team, by purpose, by what is ready. The list of datasets filters by them.</Head>
      {error && !labels ? <Failed message={error.message} onRetry={refetch} /> : !labels ? <Skeleton lines={3} label="Loading the labels" /> : labels.length === 0 ? <p className="dl-none">No labels yet.</p> : (
        <ul className="dl-list">
          {labels.map((label) => (
            <li key={label.id}>
              <span className="dl-name"><Dot of={label} /></span>
              <span className="dim ellipsis" title={visibleText(label.description ?? "")}>{visibleText(label.description ?? "")}</span>
              <Link className="link dl-count" to={`/datasets?labelId=${encodeURIComponent(label.id)}`}>{format.plural(label.usageCount, "dataset")}</Link>
              <IconButton icon="datasets" size="s" label={`Choose the datasets of ${label.name}`} onClick={() => setAssigning(label)} />
              <IconButton icon="trash" size="s" label={`Delete the label ${label.name}`} onClick={() => remove(label)} />
            </li>
          ))}
        </ul>
      )}
      {isMaking && <NamedDialog title="New label" known={null} onClose={() => setMaking(false)} onSave={async (input) => { await mutate(CreateDatasetLabel, { input }); datasetsChanged(); }} />}
      {assigning && <AssignDialog label={assigning} onClose={() => setAssigning(null)} />}
    </section>
  );
}

function Splits(): JSX.Element {
  const { data, error, refetch } = useQuery(DatasetSplits, {});
  const leaving = useStore(leavingFromDatasets);
  const [editing, setEditing] = useState<{ readonly split: DatasetSplitItem | null } | null>(null);
  const splits = data?.datasetSplits.edges.map((edge) => edge.node).filter((one) => !leaving.has(one.id));
  const remove = ({ id, name }: DatasetSplitItem): void => removeNamed(`the split ${name}; its examples stay`, id, (options) => mutate(DeleteSplits, { ids: [id] }, options));
  const save = async (named: Named): Promise<void> => {
    await (editing?.split ? mutate(PatchSplit, { input: { datasetSplitId: editing.split.id, ...named } }) : mutate(CreatePlainSplit, { input: named }));
    datasetsChanged();
  };
  return (
    <section aria-label="Splits of examples">
      <Head title="Splits of examples" add="New split" onAdd={() => setEditing({ split: null })}>Splits part the examples of a dataset, such as those to train with from those to test with. Every dataset can use them.</Head>
      {error && !splits ? <Failed message={error.message} onRetry={refetch} /> : !splits ? <Skeleton lines={3} label="Loading the splits" /> : splits.length === 0 ? <p className="dl-none">No splits yet.</p> : (
        <ul className="dl-list">
          {splits.map((split) => (
            <li key={split.id}>
              <span className="dl-name"><Dot of={split} /></span>
              <span className="dim ellipsis" title={visibleText(split.description ?? "")}>{visibleText(split.description ?? "")}</span>
              <span />
              <IconButton icon="edit" size="s" label={`Edit the split ${split.name}`} onClick={() => setEditing({ split })} />
              <IconButton icon="trash" size="s" label={`Delete the split ${split.name}`} onClick={() => remove(split)} />
            </li>
          ))}
        </ul>
      )}
      {editing && <NamedDialog title={editing.split ? `Edit ${editing.split.name}` : "New split"} known={editing.split} onClose={() => setEditing(null)} onSave={save} />}
    </section>
  );
}

function Head({ title, add, onAdd, children }: { readonly title: string; readonly add: string; readonly onAdd: () => void; readonly children: string }): JSX.Element {
  return (
    <>
      <div className="dl-head"><h2>{title}</h2><Button icon="plus" onClick={onAdd}>{add}</Button></div>
      <p className="dim dl-about">{children}</p>
    </>
  );
}

const Failed = ({ message, onRetry }: { readonly message: string; readonly onRetry: () => void }): JSX.Element => (
  <p className="field-error" role="alert">{message} <Button size="s" icon="refresh" onClick={onRetry}>Try again</Button></p>
);

function removeNamed(what: string, id: string, commit: (options: { readonly keepalive: boolean }) => Promise<unknown>): void {
  leave([id]);
  undoable({
    message: `Deleted ${what}`,
    undo: () => stay([id]),
    commit: async (options) => {
      await commit(options);
      datasetsChanged();
    },
  });
}

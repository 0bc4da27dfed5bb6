import { Suspense, useMemo, useState } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { useKeys } from "../../base/keys";
import { lazily } from "../../base/lazily";
import { Link, navigate, setQuery, useLocation, useQueryParameter } from "../../base/router";
import { useStore } from "../../base/store";
import { DatasetLabels } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { DataTable, type TableColumn } from "../../parts/dataTable";
import { EmptyState } from "../../parts/EmptyState";
import { IconButton } from "../../parts/IconButton";
import { Input } from "../../parts/Input";
import { LateDialog } from "../../parts/LateDialog";
import { Menu } from "../../parts/Menu";
import { PageHeader } from "../../parts/PageHeader";
import { Popover } from "../../parts/Popover";
import { visibleText } from "../../parts/text/visible";
import { useRowList } from "../project/table/useRowList";
import { useSort } from "../project/table/useSort";
import { DetailsDialog } from "./DetailsDialog";
import { Dot, Dots } from "./Dot";
import { datasetSource, SORTABLE, type DatasetItem } from "./datasetSource";
import { deleteDataset, leavingFromDatasets } from "./leaving";
import { LabelsDialog } from "./LabelsDialog";
import { datasetPlace } from "./places";
import { useReload } from "./useReload";

const NewDatasetDialog = lazily(() => import("./upload/NewDatasetDialog"));
const NEWEST_FIRST = { key: "createdAt", isDescending: true } as const;

/** The datasets: what they hold, and the way to make one. */
export default function DatasetsPage(): JSX.Element {
  const [words, setWords] = useQueryParameter("q", "");
  const { query } = useLocation();
  const labels = query.getAll("labelId");
  const [sort, setSort] = useSort((key) => SORTABLE.some((one) => one === key), NEWEST_FIRST);
  const [active, setActive] = useState(-1);
  const [isMaking, setMaking] = useState(false);
  const [editing, setEditing] = useState<DatasetItem | null>(null);
  const [labelling, setLabelling] = useState<DatasetItem | null>(null);
  const question = { words: words.trim(), labels, sort };
  const { shown: list, isBusy } = useRowList<DatasetItem>(JSON.stringify(["datasets", question]), () => datasetSource(question));
  useReload(list);
  const leaving = useStore(leavingFromDatasets);
  const columns = useMemo(() => columnsOf({ edit: setEditing, label: setLabelling }), []);
  useKeys([{ keys: "c", label: "New dataset", group: "Datasets", run: () => setMaking(true) }]);
  const isNarrowed = question.words !== "" || labels.length > 0;
  const isEmpty = list.state === "ready" && list.count === 0 && !isBusy;
  const make = <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>New dataset</Button>;
  return (
    <div className="ds">
      <PageHeader crumbs={[{ label: "Datasets" }]} actions={make} />
      <div className="ds-bar" role="search" aria-label="Datasets">
        <Input icon="search" aria-label="Search datasets" placeholder="Name" value={words} onChange={(event) => setWords(event.target.value)} />
        <LabelFilter chosen={labels} />
        <span className="dim" role="status">{list.state === "ready" ? `${format.integer(list.isCountExact ? list.count : list.count - 1)}${list.isCountExact ? "" : "+"} ${list.count === 1 ? "dataset" : "datasets"}` : ""}</span>
      </div>
      {list.state === "failed" && list.loaded().length === 0 ? (
        <EmptyState icon="error" title="The datasets could not be read" actions={<Button icon="refresh" onClick={() => list.retry()}>Try again</Button>}><p role="alert">{list.error?.message}</p></EmptyState>
      ) : isEmpty && isNarrowed ? (
        <EmptyState icon="search" title="No dataset like that" actions={<Button onClick={() => setQuery({ q: null, labelId: null })}>Show all</Button>} />
      ) : isEmpty ? (
        <EmptyState icon="datasets" title="No datasets yet" actions={<>{make}<Button onClick={() => navigate("/projects")}>Choose spans of a project</Button></>}>
          <p>A dataset holds examples: inputs, and what is expected for them. Make one from a file, by hand, or from spans that are worth keeping.</p>
        </EmptyState>
      ) : (
        <DataTable<DatasetItem>
          label="Datasets" count={list.state === "loading" && list.count === 0 ? 12 : list.count} row={(index) => list.row(index)} rowId={(row) => row.id} columns={columns} active={active} onActive={setActive}
          onOpen={(row) => navigate(datasetPlace(row.id))} onSeen={(first, last) => list.want(first, last)} sort={sort} onSort={setSort} mood={(row) => (leaving.has(row.id) ? "leaving" : undefined)} isBusy={isBusy}
        />
      )}
      {isMaking && (
        <Suspense fallback={<LateDialog onGiveUp={() => setMaking(false)} />}>
          <NewDatasetDialog onClose={() => setMaking(false)} onMade={(id) => navigate(datasetPlace(id))} />
        </Suspense>
      )}
      {editing && <DetailsDialog dataset={editing} onClose={() => setEditing(null)} />}
      {labelling && <LabelsDialog dataset={labelling} onClose={() => setLabelling(null)} />}
    </div>
  );
}

function LabelFilter({ chosen }: { readonly chosen: readonly string[] }): JSX.Element | null {
  const { data } = useQuery(DatasetLabels, {});
  const all = data?.datasetLabels.edges.map((edge) => edge.node) ?? [];
  if (all.length === 0 && chosen.length === 0) return null;
  const toggle = (id: string): void => setQuery({ labelId: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
  return (
    <Popover label="Labels" trigger={(props) => <Button {...props} icon="tag">{chosen.length === 0 ? "Labels" : `Labels: ${chosen.length}`}</Button>}>
      {() => (
        <ul className="ds-choices">
          {all.map((label) => (
            <li key={label.id}>
              <Checkbox isChecked={chosen.includes(label.id)} onChange={() => toggle(label.id)}><Dot of={label} /></Checkbox>
              <span className="dim">{format.integer(label.usageCount)}</span>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

interface RowActions {
  readonly edit: (dataset: DatasetItem) => void;
  readonly label: (dataset: DatasetItem) => void;
}

function columnsOf(actions: RowActions): readonly TableColumn<DatasetItem>[] {
  return [
    { key: "name", title: "Name", width: 180, grow: 2, isSortable: true, cell: (row) => <Link to={datasetPlace(row.id)} tabIndex={-1} className="cell-name" title={visibleText(row.name)}>{visibleText(row.name)}</Link> },
    { key: "labels", title: "Labels", width: 180, grow: 1, cell: (row) => <Dots of={row.labels} /> },
    { key: "description", title: "Description", width: 140, grow: 2, cell: (row) => <span className="dim" title={visibleText(row.description ?? "")}>{visibleText(row.description ?? "")}</span> },
    { key: "exampleCount", title: "Examples", width: 86, align: "end", cell: (row) => format.integer(row.exampleCount) },
    { key: "experimentCount", title: "Experiments", width: 100, align: "end", cell: (row) => (row.experimentCount === 0 ? <span className="dim">–</span> : format.integer(row.experimentCount)) },
    { key: "createdAt", title: "Created", width: 130, isSortable: true, cell: (row) => <time dateTime={row.createdAt} title={format.fullTime(row.createdAt)}>{format.time(row.createdAt)}</time> },
    { key: "updatedAt", title: "Changed", width: 96, cell: (row) => <time dateTime={row.lastUpdatedAt ?? row.updatedAt} title={format.fullTime(row.lastUpdatedAt ?? row.updatedAt)}>{format.ago(row.lastUpdatedAt ?? row.updatedAt)}</time> },
    {
      key: "actions", title: "Actions", width: 66, align: "end",
      cell: (row) => (
        <Menu
          label={row.name}
          items={[
            { id: "edit", label: "Edit the details…", icon: "edit", onSelect: () => actions.edit(row) },
            { id: "labels", label: "Labels…", icon: "tag", onSelect: () => actions.label(row) },
            { id: "delete", label: "Delete", icon: "trash", isDangerous: true, startsGroup: true, onSelect: () => deleteDataset(row) },
          ]}
          trigger={(props) => <IconButton icon="more" size="s" label={`More about ${row.name}`} {...props} />}
        />
      ),
    },
  ];
}

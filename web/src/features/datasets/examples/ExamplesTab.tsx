import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { Link, navigate, setQuery, useLocation, useQueryParameter, withQuery } from "../../../base/router";
import { useStore } from "../../../base/store";
import { DatasetVersions } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { DataTable, type TableColumn } from "../../../parts/dataTable";
import { EmptyState } from "../../../parts/EmptyState";
import { Input } from "../../../parts/Input";
import { Select } from "../../../parts/Select";
import { VisibleText } from "../../../parts/text/PlainText";
import { visibleText } from "../../../parts/text/visible";
import { useRowList } from "../../project/table/useRowList";
import { useSelection } from "../../project/table/useSelection";
import { exampleSource, type ExampleRow } from "../datasetSource";
import type { OpenDataset } from "../DatasetPage";
import { Dots } from "../Dot";
import { gist } from "../gist";
import { leavingFromDatasets } from "../leaving";
import { examplePlace, versionPlace } from "../places";
import { useReload } from "../useReload";
import { ExampleBar } from "./ExampleBar";
import { exampleNeighbours } from "./neighbours";

interface ExamplesTabProps {
  readonly dataset: OpenDataset;
  readonly openId: string | null;
  readonly onAdd: () => void;
  readonly onUpload: () => void;
}

/** The examples of a dataset at a version, narrowed by words and by a split. */
export function ExamplesTab({ dataset, openId, onAdd, onUpload }: ExamplesTabProps): JSX.Element {
  const { query } = useLocation();
  const version = query.get("version");
  const [words, setWords] = useQueryParameter("q", "");
  const [split, setSplit] = useQueryParameter("split", "");
  const [count, setCount] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const question = { datasetId: dataset.id, version, splits: split === "" ? [] : [split], words: words.trim() };
  const key = JSON.stringify(["examples", question]);
  const { shown: list, isBusy } = useRowList<ExampleRow>(key, () => exampleSource(question, setCount));
  useReload(list);
  const leaving = useStore(leavingFromDatasets);
  const selection = useSelection<ExampleRow>(key, (index) => list.row(index), () => list.loaded());
  const pathOf = (row: { readonly id: string }): string => withQuery({}, examplePlace(dataset.id, row.id));
  const columns = useMemo(() => columnsOf(pathOf), [dataset.id]); // oxlint-disable-line react/exhaustive-deps
  useEffect(() => {
    if (count !== null && question.words === "") list.announce(count);
  }, [count, list, question.words]);
  const openedAt = openId === null ? -1 : list.indexOf(openId);
  useEffect(() => {
    if (openedAt >= 0) setActive(openedAt);
  }, [openedAt]);
  useEffect(() => exampleNeighbours.offer((id, step) => {
    const at = list.indexOf(id);
    return at < 0 ? undefined : list.row(at + step)?.id;
  }), [list]);
  useKeys(openId === null ? [{ keys: "c", label: "Add an example", group: "Dataset", run: onAdd }] : []);

  const isNarrowed = question.words !== "" || split !== "";
  const isEmpty = list.state === "ready" && list.count === 0 && !isBusy;
  return (
    <div className="ds-tab">
      <div className="ds-bar" role="search" aria-label="Examples">
        <Input icon="search" aria-label="Search examples" placeholder="Text of an example" value={words} onChange={(event) => setWords(event.target.value)} />
        {(dataset.splits.length > 0 || split !== "") && (
          <Select label="Split" value={split} onChange={setSplit} options={[{ value: "", label: "All splits" }, ...dataset.splits.map((one) => ({ value: one.id, label: one.name }))]} />
        )}
        <VersionSelect datasetId={dataset.id} version={version} />
        <span className="dim" role="status">{list.state === "ready" ? `${format.integer(list.isCountExact ? list.count : Math.max(0, list.count - (count === null ? 1 : 0)))}${list.isCountExact || count !== null ? "" : "+"} ${list.count === 1 ? "example" : "examples"}` : ""}</span>
      </div>
      {version !== null && (
        <p className="ds-notice">This is an earlier version. <Link className="link" to={withQuery({ version: null })}>Show the latest</Link> · <Link className="link" to={withQuery({ version: null, q: null, split: null }, versionPlace(dataset.id, version))}>What it changed</Link></p>
      )}
      <div className="ds-list">
        {list.state === "failed" && list.loaded().length === 0 ? (
          <EmptyState icon="error" title="The examples could not be read" actions={<Button icon="refresh" onClick={() => list.retry()}>Try again</Button>}><p role="alert">{list.error?.message}</p></EmptyState>
        ) : isEmpty && isNarrowed ? (
          <EmptyState icon="search" title="No example like that" actions={<Button onClick={() => setQuery({ q: null, split: null })}>Show all</Button>} />
        ) : isEmpty ? (
          <EmptyState icon="datasets" title="No examples yet" actions={<><Button variant="primary" icon="upload" onClick={onUpload}>Examples of a file</Button><Button icon="plus" onClick={onAdd}>One by hand</Button></>}>
            <p>Spans become examples, too: mark them in a project's table and choose “Add to dataset”.</p>
          </EmptyState>
        ) : (
          <DataTable<ExampleRow>
            label="Examples" count={list.state === "loading" && list.count === 0 ? 20 : list.count} row={(index) => list.row(index)} rowId={(row) => row.id} columns={columns} active={active} onActive={setActive}
            onOpen={(row) => navigate(pathOf(row))} onSeen={(first, last) => list.want(first, last)} mood={(row) => (leaving.has(row.id) ? "leaving" : undefined)} isBusy={isBusy}
            {...(version === null ? { selection: selection.forTable } : {})}
          />
        )}
        {version === null && <ExampleBar datasetId={dataset.id} selection={selection} />}
      </div>
    </div>
  );
}

function VersionSelect({ datasetId, version }: { readonly datasetId: string; readonly version: string | null }): JSX.Element | null {
  const { data } = useQuery(DatasetVersions, { id: datasetId });
  const edges = data?.node.__typename === "Dataset" ? data.node.versions.edges : [];
  if (edges.length < 2) return null;
  return (
    <Select
      label="Version" value={version ?? ""} onChange={(chosen) => setQuery({ version: chosen === "" ? null : chosen }, { replace: false })}
      options={edges.map(({ node }, at) => ({ value: at === 0 ? "" : node.id, label: `Version ${edges.length - at}${at === 0 ? ", latest" : `, ${format.time(node.createdAt)}`}` }))}
    />
  );
}

function columnsOf(pathOf: (row: ExampleRow) => string): readonly TableColumn<ExampleRow>[] {
  const part = (key: "input" | "output" | "metadata", title: string, grow: number): TableColumn<ExampleRow> => ({
    key, title, width: 140, grow,
    cell: (row) => {
      const text = gist(row.revision[key]);
      return <span className={key === "metadata" ? "dim" : undefined} title={visibleText(text)}><VisibleText text={text} /></span>;
    },
  });
  return [
    { key: "id", title: "Example", width: 150, cell: (row) => <Link to={pathOf(row)} tabIndex={-1} className="cell-name ds-mono" title={visibleText(row.externalId ?? row.id)}>{visibleText(row.externalId ?? `#${numberOf(row.id)}`)}</Link> },
    part("input", "Input", 4),
    part("output", "Output", 4),
    part("metadata", "Metadata", 2),
    { key: "splits", title: "Splits", width: 120, grow: 1, cell: (row) => <Dots of={row.datasetSplits} /> },
    { key: "changed", title: "Changed", width: 90, cell: (row) => <time dateTime={row.revision.createdAt} title={format.fullTime(row.revision.createdAt)}>{format.ago(row.revision.createdAt)}</time> },
  ];
}

/** The number within a node's id, which reads better than the id. */
export function numberOf(nodeId: string): string {
  try {
    return atob(nodeId).split(":").at(-1) ?? nodeId;
  } catch {
    return nodeId;
  }
}

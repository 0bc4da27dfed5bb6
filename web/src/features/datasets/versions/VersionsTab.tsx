import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { navigate, withQuery } from "../../../base/router";
import { DatasetVersions, type DatasetVersionsData } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Badge } from "../../../parts/Chip";
import { CopyButton } from "../../../parts/CopyButton";
import { DataTable, type TableColumn } from "../../../parts/dataTable";
import { EmptyState } from "../../../parts/EmptyState";
import { visibleText } from "../../../parts/text/visible";
import { gist } from "../gist";
import { versionPlace } from "../places";

type Version = Extract<DatasetVersionsData["node"], { readonly __typename: "Dataset" }>["versions"]["edges"][number]["node"];
interface Numbered extends Version {
  readonly number: number;
  readonly isLatest: boolean;
}

/** Every version of a dataset, the newest first; opening one shows what it changed. */
export function VersionsTab({ dataset, openId }: { readonly dataset: { readonly id: string }; readonly openId: string | null }): JSX.Element {
  const { data, error, refetch } = useQuery(DatasetVersions, { id: dataset.id });
  const [active, setActive] = useState(-1);
  const openedAt = data?.node.__typename === "Dataset" && openId !== null ? data.node.versions.edges.findIndex((edge) => edge.node.id === openId) : -1;
  useEffect(() => {
    if (openedAt >= 0) setActive(openedAt);
  }, [openedAt]);
  const rows = useMemo((): readonly Numbered[] | undefined => {
    const edges = data?.node.__typename === "Dataset" ? data.node.versions.edges : undefined;
    return edges?.map((edge, at) => ({ ...edge.node, number: edges.length - at, isLatest: at === 0 }));
  }, [data]);
  if (error && !rows) return <EmptyState icon="error" title="The versions could not be read" actions={<Button icon="refresh" onClick={refetch}>Try again</Button>}><p role="alert">{error.message}</p></EmptyState>;
  if (rows?.length === 0) return <EmptyState icon="history" title="No versions yet"><p>Each change of the examples makes a version. The first one comes with the first example.</p></EmptyState>;
  return (
    <DataTable<Numbered>
      label="Versions" count={rows?.length ?? 6} row={(index) => rows?.[index]} rowId={(row) => row.id} columns={COLUMNS} active={active} onActive={setActive}
      onOpen={(row) => navigate(withQuery({}, versionPlace(dataset.id, row.id)))} onSeen={() => undefined} isBusy={!rows}
    />
  );
}

const COLUMNS: readonly TableColumn<Numbered>[] = [
  { key: "number", title: "Version", width: 110, cell: (row) => <span className="ds-version">{row.number}{row.isLatest && <Badge tone="accent">latest</Badge>}</span> },
  { key: "description", title: "What changed", width: 200, grow: 3, cell: (row) => (row.description ? <span title={visibleText(row.description)}>{visibleText(row.description)}</span> : <span className="dim">–</span>) },
  { key: "metadata", title: "Metadata", width: 140, grow: 2, cell: (row) => <code className="dim">{visibleText(gist(row.metadata))}</code> },
  { key: "createdAt", title: "Created", width: 140, cell: (row) => <time dateTime={row.createdAt} title={format.fullTime(row.createdAt)}>{format.time(row.createdAt)}</time> },
  { key: "id", title: "ID", width: 190, cell: (row) => <span className="ds-id"><code className="ellipsis">{row.id}</code><CopyButton text={row.id} label={`Copy the id of version ${row.number}`} /></span> },
];

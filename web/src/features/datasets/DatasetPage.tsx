import { Suspense, useEffect, useState } from "react";
import { url } from "../../base/boot";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { lazily } from "../../base/lazily";
import { isNoSuchNode } from "../../base/noSuchNode";
import { places } from "../../base/places";
import { useRecentlyViewed } from "../../base/recent";
import { navigate, useLocation, withQuery, type PageProps } from "../../base/router";
import { useStore } from "../../base/store";
import { DatasetPage as DatasetPageQuery, type DatasetPageData } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";
import { LateDialog } from "../../parts/LateDialog";
import { Menu } from "../../parts/Menu";
import { NotFound } from "../../parts/NotFound";
import { PageHeader } from "../../parts/PageHeader";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { visibleText } from "../../parts/text/visible";
import { DetailsDialog } from "./DetailsDialog";
import { Dots } from "./Dot";
import { ExamplesTab } from "./examples/ExamplesTab";
import { deleteDataset, leavingFromDatasets } from "./leaving";
import { LabelsDialog } from "./LabelsDialog";
import { datasetPlace } from "./places";
import { VersionsTab } from "./versions/VersionsTab";

const ExampleDrawer = lazily(() => import("./examples/ExampleDrawer"));
const VersionDrawer = lazily(() => import("./versions/VersionDrawer"));
const ExampleDialog = lazily(() => import("./examples/ExampleDialog"));
const NewDatasetDialog = lazily(() => import("./upload/NewDatasetDialog"));

export type OpenDataset = Extract<DatasetPageData["node"], { readonly __typename: "Dataset" }>;

/** A dataset: its examples and versions, and over them the example that is open. */
export default function DatasetPage({ params }: PageProps): JSX.Element {
  const id = params["datasetId"] ?? "";
  const [tab = "", example] = (params["*"] ?? "").split("/");
  const { data, error, isLoading, refetch } = useQuery(DatasetPageQuery, { id });
  const isKnown = tab === "examples" || tab === "versions";
  useEffect(() => {
    if (!isKnown) navigate(withQuery({}, datasetPlace(id)), { replace: true });
  }, [id, isKnown]);
  const dataset = data?.node.__typename === "Dataset" ? data.node : undefined;
  useRecentlyViewed(dataset ? { kind: "dataset", label: dataset.name, to: places.dataset(dataset.id), hint: format.plural(dataset.exampleCount, "example") } : undefined);
  const isLeaving = useStore(leavingFromDatasets).has(id);
  if (!dataset) {
    if (isLoading || !isKnown) return <Skeleton lines={8} label="Loading the dataset" />;
    if (error === undefined || isNoSuchNode(error)) return <NotFound what="There is no such dataset">It may have been deleted, or the address may be wrong.</NotFound>;
    return (
      <section className="page">
        <PageHeader crumbs={[{ label: "Datasets", to: "/datasets" }, { label: "Dataset" }]} />
        <EmptyState icon="error" title="The dataset could not be read" actions={<Button icon="refresh" onClick={refetch}>Try again</Button>}><p role="alert">{error.message}</p></EmptyState>
      </section>
    );
  }
  if (isLeaving) {
    return (
      <section className="page">
        <PageHeader crumbs={[{ label: "Datasets", to: "/datasets" }, { label: dataset.name }]} />
        <EmptyState icon="trash" title="This dataset is going" actions={<Button onClick={() => navigate("/datasets")}>All datasets</Button>}><p>Some seconds are left to undo it.</p></EmptyState>
      </section>
    );
  }
  return <Opened dataset={dataset} tab={tab === "versions" ? "versions" : "examples"} openId={example ? decodeURIComponent(example) : null} />;
}

interface OpenedProps {
  readonly dataset: OpenDataset;
  readonly tab: "examples" | "versions";
  /** The example or the version that is open, by the tab. */
  readonly openId: string | null;
}

function Opened({ dataset, tab, openId }: OpenedProps): JSX.Element {
  const { query } = useLocation();
  const version = query.get("version");
  const [open, setOpen] = useState<"details" | "labels" | "add" | "upload" | null>(null);
  const close = (): void => setOpen(null);
  return (
    <div className="ds">
      <PageHeader
        crumbs={[
          { label: "Datasets", to: "/datasets" },
          {
            label: dataset.name, copies: { Name: dataset.name, ID: dataset.id },
            items: [
              { id: "details", label: "Edit the details…", icon: "edit", onSelect: () => setOpen("details") },
              { id: "labels", label: "Labels…", icon: "tag", onSelect: () => setOpen("labels") },
              { id: "delete", label: "Delete the dataset", icon: "trash", isDangerous: true, startsGroup: true, onSelect: () => { deleteDataset(dataset); navigate("/datasets"); } },
            ],
          },
        ]}
        actions={
          <>
            <DownloadMenu id={dataset.id} version={version} />
            <Menu
              label="Add" placement="bottom-end"
              items={[
                { id: "one", label: "An example by hand…", icon: "edit", onSelect: () => setOpen("add") },
                { id: "file", label: "Examples of a file…", icon: "upload", onSelect: () => setOpen("upload") },
              ]}
              trigger={(props) => <Button {...props} variant="primary" icon="plus">Add</Button>}
            />
          </>
        }
      />
      {(dataset.description || dataset.labels.length > 0) && (
        <div className="ds-about">
          {dataset.description && <span className="ellipsis" title={visibleText(dataset.description)}>{visibleText(dataset.description)}</span>}
          <Dots of={dataset.labels} />
        </div>
      )}
      <Tabs
        label="Dataset" current={tab}
        tabs={[
          { id: "examples", label: "Examples", to: withQuery({ sort: null }, datasetPlace(dataset.id)), extra: <span className="dim">{format.compact(dataset.exampleCount)}</span> },
          { id: "versions", label: "Versions", to: withQuery({ version: null, split: null, q: null, sort: null }, datasetPlace(dataset.id, "versions")) },
        ]}
      />
      {tab === "examples" ? <ExamplesTab key={dataset.id} dataset={dataset} openId={openId} onAdd={() => setOpen("add")} onUpload={() => setOpen("upload")} /> : <VersionsTab dataset={dataset} openId={openId} />}
      <Suspense fallback={null}>
        {tab === "examples" && openId !== null && <ExampleDrawer dataset={dataset} exampleId={openId} version={version} />}
        {tab === "versions" && openId !== null && <VersionDrawer dataset={dataset} versionId={openId} />}
      </Suspense>
      <Suspense fallback={<LateDialog onGiveUp={close} />}>
        {open === "add" && <ExampleDialog datasetId={dataset.id} onClose={close} />}
        {open === "upload" && <NewDatasetDialog into={dataset} onClose={close} onMade={close} />}
      </Suspense>
      {open === "details" && <DetailsDialog dataset={dataset} onClose={close} />}
      {open === "labels" && <LabelsDialog dataset={dataset} onClose={close} />}
    </div>
  );
}

const DOWNLOADS = [
  { path: "csv", label: "CSV" },
  { path: "jsonl", label: "JSON lines" },
  { path: "jsonl/openai_ft", label: "OpenAI fine-tuning" },
  { path: "jsonl/openai_evals", label: "OpenAI evals" },
] as const;

/** Files of the examples, at the version that is looked at. */
function DownloadMenu({ id, version }: { readonly id: string; readonly version: string | null }): JSX.Element {
  const start = (path: string): void => {
    const link = document.createElement("a");
    link.href = url(`/v1/datasets/${encodeURIComponent(id)}/${path}${version === null ? "" : `?version_id=${encodeURIComponent(version)}`}`);
    link.download = "";
    link.click();
  };
  return (
    <Menu
      label="Download" placement="bottom-end"
      items={DOWNLOADS.map(({ path, label }) => ({ id: path, label, onSelect: () => start(path) }))}
      trigger={(props) => <Button {...props} icon="download">Download</Button>}
    />
  );
}

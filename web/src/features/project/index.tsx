import { lazy, Suspense, useEffect } from "react";
import { useQuery } from "../../base/cache";
import { concerns, useLive } from "../../base/live";
import { oneOfProject } from "./config/defaultTab";
import { navigate, useLocation, withQuery, type PageProps } from "../../base/router";
import { ProjectPage as ProjectPageQuery } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { ProjectContext, isTab, TABS, type TabName } from "./projectContext";
import { SpansTab } from "./spans/SpansTab";

const TraceDrawer = lazy(() => import("../trace").then((m) => ({ default: m.TraceDrawer })));

const TITLES: Readonly<Record<TabName, string>> = { spans: "Spans", traces: "Traces", sessions: "Sessions", metrics: "Metrics", config: "Config" };
/** What belongs to one tab and does not travel to another. */
const OF_ONE_TAB = { selectedSpanNodeId: null, sort: null, view: null };

/** A project: its tabs, and over them the trace or session that is open. */
export default function ProjectPage({ params }: PageProps): JSX.Element {
  const id = params["projectId"] ?? "";
  const [tab, detail] = (params["*"] ?? "").split("/");
  const { query } = useLocation();
  const { data, error, isLoading, refetch } = useQuery(ProjectPageQuery, { id });
  const project = data?.node.__typename === "Project" ? data.node : null;
  useLive((event) => {
    if (concerns(event, id) && (event.type !== "spans_inserted" || !project?.hasTraces)) refetch();
  });
  useEffect(() => {
    if (!isTab(tab)) navigate(withQuery({}, `/projects/${encodeURIComponent(id)}/${oneOfProject(id).get()}`), { replace: true });
  }, [id, tab]);

  if (isLoading) return <Skeleton lines={8} label="Loading the project" />;
  if (project === null) {
    return (
      <EmptyState icon="error" title={error && error.kind === "disconnected" ? "The server does not answer" : "There is no such project"} actions={<Button variant="primary" onClick={() => navigate("/projects")}>All projects</Button>}>
        <p>{error?.kind === "disconnected" ? error.message : "It may have been deleted, or the address may be wrong."}</p>
      </EmptyState>
    );
  }
  if (!isTab(tab)) return <Skeleton />;
  return (
    <ProjectContext.Provider value={project}>
      <div className="pp">
        <Tabs
          label="Project"
          current={tab}
          tabs={TABS.map((name) => ({ id: name, label: TITLES[name], to: withQuery(OF_ONE_TAB, `/projects/${encodeURIComponent(id)}/${name}`) }))}
        />
        <Suspense fallback={<Skeleton lines={6} />}>
          {tab === "spans" && <SpansTab openTraceId={detail ?? null} openSpanId={query.get("selectedSpanNodeId")} />}
        </Suspense>
        {(tab === "spans" || tab === "traces") && detail && (
          <Suspense fallback={<Skeleton lines={6} />}>
            <TraceDrawer projectId={id} traceId={detail} list={tab} />
          </Suspense>
        )}
      </div>
    </ProjectContext.Provider>
  );
}

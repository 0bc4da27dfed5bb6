import { Suspense, useEffect } from "react";
import { useQuery } from "../../base/cache";
import { lazily } from "../../base/lazily";
import { concerns, useLive } from "../../base/live";
import { isNoSuchNode } from "../../base/noSuchNode";
import { places } from "../../base/places";
import { useRecentlyViewed } from "../../base/recent";
import { navigate, useLocation, withQuery, type PageProps } from "../../base/router";
import { ProjectPage as ProjectPageQuery } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";
import { NotFound } from "../../parts/NotFound";
import { PageHeader } from "../../parts/PageHeader";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { useAnnotationNews } from "../annotations/useAnnotationNews";
import { oneOfProject } from "./config/defaultTab";
import { isTab, pendingProject, ProjectContext, TABS, type Project, type TabName } from "./projectContext";
import { SessionsTab } from "./sessions/SessionsTab";
import { SpansTab } from "./spans/SpansTab";
import { TracesTab } from "./traces/TracesTab";

const ConfigTab = lazily(async () => ({ default: (await import("./config/ConfigTab")).ConfigTab }));
const Metrics = lazily(() => import("../metrics/Metrics"));
const SessionDrawer = lazily(async () => ({ default: (await import("../session")).SessionDrawer }));
const SessionPage = lazily(async () => ({ default: (await import("../session")).SessionPage }));
const ComparePage = lazily(async () => ({ default: (await import("../trace")).ComparePage }));
const TraceDrawer = lazily(async () => ({ default: (await import("../trace")).TraceDrawer }));

const TITLES: Readonly<Record<TabName, string>> = { spans: "Spans", traces: "Traces", sessions: "Sessions", metrics: "Metrics", config: "Config" };
/** What belongs to one tab and does not travel to another. */
const OF_ONE_TAB = { selectedSpanNodeId: null, sessionView: null, turn: null, sort: null, view: null, bins: null };

/** A project: its tabs, and over them the trace or session that is open. */
export default function ProjectPage({ params }: PageProps): JSX.Element {
  const id = params["projectId"] ?? "";
  const [tab, detail] = (params["*"] ?? "").split("/");
  const { data, error, isLoading, refetch } = useQuery(ProjectPageQuery, { id });
  const project = data?.node.__typename === "Project" ? data.node : null;
  const hasTraces = project?.hasTraces ?? false;
  useRecentlyViewed(project ? { kind: "project", label: project.name, to: places.project(id) } : undefined);
  useLive((event) => {
    if (concerns(event, id) && event.type !== "annotations_changed" && (event.type !== "spans_inserted" || !hasTraces)) refetch();
  });
  useAnnotationNews(id);
  useEffect(() => {
    if (!isTab(tab)) navigate(withQuery({}, `/projects/${encodeURIComponent(id)}/${oneOfProject(id).get()}`), { replace: true });
  }, [id, tab]);

  if (project === null && !isLoading) {
    if (error === undefined || isNoSuchNode(error)) return <NotFound what="There is no such project">It may have been deleted, or the address may be wrong.</NotFound>;
    const isAway = error.kind === "disconnected";
    return (
      <section className="page">
        <PageHeader crumbs={[{ label: "Projects", to: "/projects" }, { label: "Project" }]} />
        <EmptyState
          icon={isAway ? "offline" : "error"}
          title={isAway ? "The server does not answer" : "The project could not be read"}
          actions={
            <Button icon="refresh" onClick={refetch}>
              Try again
            </Button>
          }
        >
          <p role="alert">{isAway ? "The page shows the project as soon as it is back." : error.message}</p>
        </EmptyState>
      </section>
    );
  }
  if (!isTab(tab) || (project === null && tab === "config")) return <Skeleton lines={8} label="Loading the project" />;
  // The tables need the id alone, so they do not wait for the rest.
  const shown = project ?? pendingProject(id);
  return (
    <ProjectContext.Provider value={shown}>
      <ProjectTabs project={shown} tab={tab} detail={detail === undefined || detail === "" ? null : safelyDecoded(detail)} />
    </ProjectContext.Provider>
  );
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface ProjectTabsProps {
  readonly project: Project;
  readonly tab: TabName;
  readonly detail: string | null;
}

function ProjectTabs({ project, tab, detail }: ProjectTabsProps): JSX.Element {
  const { query } = useLocation();
  const isFull = query.get("view") === "full";
  const path = `/projects/${encodeURIComponent(project.id)}`;
  if (tab === "sessions" && detail !== null && isFull) {
    return (
      <Suspense fallback={<Skeleton lines={8} />}>
        <SessionPage projectId={project.id} sessionId={detail} />
      </Suspense>
    );
  }
  if ((tab === "spans" || tab === "traces") && detail === "compare") {
    return (
      <Suspense fallback={<Skeleton lines={8} />}>
        <ComparePage projectId={project.id} projectName={project.name} list={tab} />
      </Suspense>
    );
  }
  if ((tab === "spans" || tab === "traces") && detail !== null && isFull) {
    return (
      <Suspense fallback={<Skeleton lines={8} />}>
        <TraceDrawer projectId={project.id} traceId={detail} list={tab} />
      </Suspense>
    );
  }
  const spanId = query.get("selectedSpanNodeId");
  return (
    <div className="pp">
      <PageHeader
        hasTimeRange={tab !== "config"}
        crumbs={[
          { label: "Projects", to: "/projects" },
          { label: project.name, copies: { Name: project.name, ID: project.id }, items: [{ id: "config", label: "Config", icon: "gear", to: `${path}/config` }] },
        ]}
      />
      <Tabs label="Project" current={tab} tabs={TABS.map((name) => ({ id: name, label: TITLES[name], to: withQuery(OF_ONE_TAB, `${path}/${name}`) }))} />
      <Suspense fallback={<Skeleton lines={8} />}>
        {tab === "spans" && <SpansTab key={project.id} openTraceId={detail} openSpanId={detail === null ? null : spanId} />}
        {tab === "traces" && <TracesTab key={project.id} openTraceId={detail} openSpanId={detail === null ? null : spanId} />}
        {tab === "sessions" && <SessionsTab key={project.id} openSessionId={detail} />}
        {tab === "metrics" && <Metrics projectId={project.id} />}
        {tab === "config" && <ConfigTab key={project.id} />}
      </Suspense>
      <Suspense fallback={null}>
        {tab === "sessions" && detail !== null && <SessionDrawer projectId={project.id} sessionId={detail} />}
        {(tab === "spans" || tab === "traces") && detail !== null && <TraceDrawer projectId={project.id} traceId={detail} list={tab} />}
      </Suspense>
    </div>
  );
}

import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { Link, navigate, withQuery, type PageProps } from "../../base/router";
import { useTimeRange } from "../../base/timerange";
import { DashboardProjects, ProjectPage, type DashboardProjectsData } from "../../generated/graphql";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { Select } from "../../parts/Select";
import { Skeleton } from "../../parts/Skeleton";
import { VisibleText } from "../../parts/text/PlainText";
import Metrics from "../metrics/Metrics";
import { NoProject } from "./NoProject";

type Listed = DashboardProjectsData["projects"]["edges"][number]["node"];

const pathOf = (id: string): string => `/dashboards/projects/${encodeURIComponent(id)}`;

/** The charts of a project, and the choice of the project. */
export default function DashboardsPage({ params }: PageProps): JSX.Element {
  const { range } = useTimeRange();
  const { data, error, isLoading } = useQuery(DashboardProjects, useMemo(() => ({ range }), [range]), { keepPrevious: true });
  const projects = useMemo(
    () => (data?.projects.edges.map((edge) => edge.node) ?? []).sort((a, b) => (b.endTime ?? "").localeCompare(a.endTime ?? "")),
    [data],
  );
  const id = params["projectId"];
  // The list may not reach as far as to this project.
  const asked = useQuery(ProjectPage, { id: id ?? "" }, { skip: id === undefined });
  const project = asked.data?.node.__typename === "Project" ? asked.data.node : null;
  const name = projects.find((known) => known.id === id)?.name ?? project?.name;
  const isOffered = projects.some((known) => known.id === id);
  return (
    <div className="dashboards">
      <PageHeader
        hasTimeRange
        crumbs={id === undefined ? [{ label: "Dashboards" }] : [{ label: "Dashboards", to: "/dashboards" }, { label: name ?? "Project" }]}
        actions={
          id !== undefined &&
          isOffered && (
            <Select
              aria-label="Project"
              value={id}
              options={projects.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(next) => navigate(withQuery({ series: null }, pathOf(next)))}
            />
          )
        }
      />
      {id !== undefined ? (
        project === null && !asked.isLoading ? (
          <NoProject error={asked.error} onRetry={asked.refetch} />
        ) : (
          <div className="dashboards-body">
            <Metrics projectId={id} />
          </div>
        )
      ) : error ? (
        <EmptyState icon={error.kind === "disconnected" ? "offline" : "error"} title="The projects could not be read">
          <p>{error.message}</p>
        </EmptyState>
      ) : isLoading ? (
        <Skeleton lines={6} label="Loading projects" />
      ) : (
        <ProjectList projects={projects} />
      )}
    </div>
  );
}

function ProjectList({ projects }: { readonly projects: readonly Listed[] }): JSX.Element {
  return (
    <div className="dashboards-list">
      <p className="dim">Each project has a dashboard of its traffic, latency, costs, tokens and errors.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col" className="num">
              Traces
            </th>
            <th scope="col" className="num">
              Latency p50
            </th>
            <th scope="col" className="num">
              Cost
            </th>
            <th scope="col">Last trace</th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={project.id}>
              <th scope="row">
                <Link to={withQuery({}, pathOf(project.id))}><VisibleText text={project.name} /></Link>
              </th>
              <td className="num">{format.integer(project.traceCount)}</td>
              <td className="num">{format.duration(project.p50)}</td>
              <td className="num">{format.cost(project.costSummary.total.cost)}</td>
              <td title={format.fullTime(project.endTime)}>{format.ago(project.endTime)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

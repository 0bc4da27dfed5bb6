import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { Link, navigate, withQuery, type PageProps } from "../../base/router";
import { useTimeRange } from "../../base/timerange";
import { DashboardProjects, type DashboardProjectsData } from "../../generated/graphql";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { Select } from "../../parts/Select";
import { Skeleton } from "../../parts/Skeleton";
import Metrics from "../metrics/Metrics";

type Project = DashboardProjectsData["projects"]["edges"][number]["node"];

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
  const current = projects.find((project) => project.id === id);
  return (
    <div className="dashboards">
      <PageHeader
        hasTimeRange
        crumbs={id === undefined ? [{ label: "Dashboards" }] : [{ label: "Dashboards", to: "/dashboards" }, { label: current?.name ?? "Project" }]}
        actions={
          id !== undefined &&
          current && (
            <Select
              aria-label="Project"
              value={id}
              options={projects.map((project) => ({ value: project.id, label: project.name }))}
              onChange={(next) => navigate(withQuery({ series: null }, pathOf(next)))}
            />
          )
        }
      />
      {id !== undefined ? (
        <div className="dashboards-body">
          <Metrics projectId={id} />
        </div>
      ) : error ? (
        <EmptyState icon="error" title="The projects could not be read">
          {error.message}
        </EmptyState>
      ) : isLoading ? (
        <Skeleton lines={6} label="Loading projects" />
      ) : (
        <ProjectList projects={projects} />
      )}
    </div>
  );
}

function ProjectList({ projects }: { readonly projects: readonly Project[] }): JSX.Element {
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
                <Link to={withQuery({}, pathOf(project.id))}>{project.name}</Link>
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

import { ago, compact, cost, duration, fullTime, percent, plural } from "../../base/format";
import { places } from "../../base/places";
import { Link } from "../../base/router";
import { Gradient } from "../../parts/gradient/Gradient";
import { Sparkline } from "../../parts/Sparkline";
import { VisibleText } from "../../parts/text/PlainText";
import { visibleText } from "../../parts/text/visible";
import { errorRate } from "./order";
import { ProjectMenu, type ProjectActions } from "./ProjectMenu";
import type { ListedProject } from "./useProjects";

export function ProjectCard({ project, isLeaving, rangeQuery, ...actions }: ProjectActions & { project: ListedProject; isLeaving: boolean; rangeQuery: string }): JSX.Element {
  const rate = errorRate(project);
  const { traffic } = project;
  return (
    <li className="project-card" data-leaving={isLeaving || undefined}>
      <div className="project-head">
        <Gradient start={project.gradientStartColor} end={project.gradientEndColor} size={14} />
        <Link to={places.project(project.id) + rangeQuery} className="project-name" title={visibleText(project.name)}>
          <VisibleText text={project.name} />
        </Link>
        <ProjectMenu project={project} {...actions} />
      </div>
      <p className="project-about" title={project.description ?? undefined}>
        {project.description || (project.endTime ? <>active <time dateTime={project.endTime} title={fullTime(project.endTime)}>{ago(project.endTime)}</time></> : "no traces yet")}
      </p>
      <dl className="project-figures">
        <Figure name="Traces" value={compact(project.traceCount)} />
        <Figure name="Sessions" value={project.sessionCount ? compact(project.sessionCount) : "–"} />
        <Figure name="p50" value={duration(project.latencyMsP50)} />
        <Figure name="Errors" value={rate === null ? "–" : percent(rate)} isBad={rate !== null && rate > 0} />
        <Figure name="Cost" value={project.costSummary.total.cost === null ? "–" : cost(project.costSummary.total.cost)} />
      </dl>
      {traffic ? (
        <Sparkline label={`${plural(traffic.traceCount, "trace")} over time, ${traffic.failedCount} with errors`} values={traffic.total} bad={traffic.failed} />
      ) : (
        <div className="sparkline" />
      )}
    </li>
  );
}

function Figure({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-bad={isBad || undefined}>{value}</dd>
    </div>
  );
}

import { ago, cost, duration, fullTime, integer, percent, tokens } from "../../base/format";
import { places } from "../../base/places";
import { Link } from "../../base/router";
import { Icon } from "../../parts/Icon";
import { Gradient } from "../../parts/gradient/Gradient";
import { Sparkline } from "../../parts/Sparkline";
import { VisibleText } from "../../parts/text/PlainText";
import { visibleText } from "../../parts/text/visible";
import { errorRate, ORDER_NAMES, type Order, type Sorting } from "./order";
import { ProjectMenu, type ProjectActions } from "./ProjectMenu";
import type { ListedProject } from "./useProjects";

const FIGURES: readonly Order[] = ["activity", "traces", "sessions", "p50", "errors", "cost"];

export interface ProjectTableProps extends ProjectActions {
  readonly projects: readonly ListedProject[];
  readonly isLeaving: (project: ListedProject) => boolean;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly rangeQuery: string;
}

export function ProjectTable({ projects, isLeaving, sorting, onSort, rangeQuery, ...actions }: ProjectTableProps): JSX.Element {
  const head = (order: Order): JSX.Element => {
    const isCurrent = sorting.by === order;
    return (
      <th key={order} scope="col" className={order === "name" || order === "activity" ? undefined : "num"} aria-sort={isCurrent ? (sorting.isDescending ? "descending" : "ascending") : undefined}>
        <button type="button" onClick={() => onSort({ by: order, isDescending: isCurrent ? !sorting.isDescending : order !== "name" })}>
          {ORDER_NAMES[order]}
          {isCurrent && <Icon name={sorting.isDescending ? "arrow-down" : "arrow-up"} size={12} />}
        </button>
      </th>
    );
  };
  return (
    <table className="project-table">
      <caption className="sr">Projects</caption>
      <thead>
        <tr>
          {head("name")}
          <th scope="col">Description</th>
          {FIGURES.map(head)}
          <th scope="col" className="num">Tokens</th>
          <th scope="col" className="project-traffic">Traces over time</th>
          <th scope="col"><span className="sr">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        {projects.map((p) => {
          const rate = errorRate(p);
          return (
            <tr key={p.id} data-leaving={isLeaving(p) || undefined}>
              <th scope="row">
                <span className="project-cell">
                  <Gradient start={p.gradientStartColor} end={p.gradientEndColor} size={14} />
                  <Link to={places.project(p.id) + rangeQuery} className="project-name" title={visibleText(p.name)}>
                    <VisibleText text={p.name} />
                  </Link>
                </span>
              </th>
              <td className="project-described" title={p.description ?? undefined}>{p.description}</td>
              <td>{p.endTime ? <time dateTime={p.endTime} title={fullTime(p.endTime)}>{ago(p.endTime)}</time> : <span className="dim">no traces</span>}</td>
              <td className="num">{integer(p.traceCount)}</td>
              <td className="num">{p.sessionCount ? integer(p.sessionCount) : "–"}</td>
              <td className="num">{duration(p.latencyMsP50)}</td>
              <td className="num" data-bad={(rate ?? 0) > 0 || undefined}>{rate === null ? "–" : percent(rate)}</td>
              <td className="num">{cost(p.costSummary.total.cost)}</td>
              <td className="num">{p.costSummary.total.tokens ? tokens(p.costSummary.total.tokens) : "–"}</td>
              <td className="project-traffic">{p.traffic && <Sparkline label={`${p.traffic.traceCount} traces over time`} values={p.traffic.total} bad={p.traffic.failed} />}</td>
              <td><ProjectMenu project={p} {...actions} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import type { TimeRange } from "../../base/timerange";
import { ProjectFigures, type ProjectFiguresData } from "../../generated/graphql";

interface FiguresProps {
  readonly projectId: string;
  readonly range: TimeRange;
  /** Whether the same stretch before the range says anything. */
  readonly isCompared: boolean;
}

interface Figure {
  readonly label: string;
  readonly of: (project: Project) => number | null;
  readonly text: (value: number | null) => string;
}

type Project = Extract<ProjectFiguresData["node"], { readonly __typename: "Project" }>;

const FIGURES: readonly Figure[] = [
  { label: "Traces", of: (project) => project.traceCount, text: format.integer },
  { label: "Latency p50", of: (project) => project.p50, text: format.duration },
  { label: "Latency p99", of: (project) => project.p99, text: format.duration },
  { label: "Tokens", of: (project) => project.tokenCountTotal, text: format.compact },
  { label: "Cost", of: (project) => project.costSummary.total.cost, text: format.cost },
];

/** The sums of the range, each beside what it was in the same length of time before. */
export function Figures({ projectId, range, isCompared }: FiguresProps): JSX.Element {
  const current = useQuery(ProjectFigures, useMemo(() => ({ id: projectId, range }), [projectId, range]), { keepPrevious: true });
  const before = useMemo(() => ({ id: projectId, range: rangeBefore(range) }), [projectId, range]);
  const previous = useQuery(ProjectFigures, before, { skip: !isCompared, keepPrevious: true });
  const now = current.data?.node.__typename === "Project" ? current.data.node : null;
  const then = isCompared && previous.data?.node.__typename === "Project" ? previous.data.node : null;
  return (
    <dl className="figures">
      {FIGURES.map((figure) => {
        const value = now ? figure.of(now) : null;
        const change = then && value !== null ? changeOf(value, figure.of(then)) : null;
        return (
          <div key={figure.label} className="figure">
            <dt>{figure.label}</dt>
            <dd>
              {now ? figure.text(value) : "…"}
              {change !== null && (
                <span className="figure-change" title={`Before: ${figure.text(then ? figure.of(then) : null)}`}>
                  {change > 0 ? "+" : change < 0 ? "−" : "±"}
                  {format.percent(Math.abs(change))}
                  <span className="sr"> compared with the same length of time before</span>
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The stretch of the same length that ends where a range begins. */
export function rangeBefore({ start, end }: TimeRange): TimeRange {
  const from = start === null ? 0 : Date.parse(start);
  // To the minute, so that a page that is drawn again asks the same question.
  const to = end === null ? Math.floor(Date.now() / 60_000) * 60_000 : Date.parse(end);
  return { start: new Date(from - (to - from)).toISOString(), end: new Date(from).toISOString() };
}

function changeOf(value: number, before: number | null): number | null {
  if (before === null || before === 0) return null;
  const change = (value - before) / before;
  // Beyond tenfold a share says less than the two numbers.
  return Math.abs(change) > 9.99 ? null : change;
}

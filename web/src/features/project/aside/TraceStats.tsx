import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useTimeRange } from "../../../base/timerange";
import { ProjectStats } from "../../../generated/graphql";
import { useProject } from "../projectContext";
import { timeRangeOf } from "../spans/spanSource";
import { Figures } from "./Figures";
import { useFreshStats } from "./useFreshStats";

const ROOTS = "parent_id is None";

/**
 * Counts, cost and latency of the traces that have a span which the filter selects. The plain list of roots is summed over whole
 * traces, as its rows are: every trace has a root, and roots alone cost nothing.
 */
export function TraceStats({ condition }: { readonly condition: string }): JSX.Element {
  const project = useProject();
  const { range } = useTimeRange();
  useFreshStats(project.id);
  const { data, error, isPrevious } = useQuery(ProjectStats, { id: project.id, timeRange: timeRangeOf(range), filter: condition === ROOTS ? null : condition || null }, { keepPrevious: true });
  const stats = data?.node.__typename === "Project" ? data.node : null;
  const cost = stats?.costSummary;
  return (
    <Figures
      label="Totals"
      error={error && !stats ? error.message : null}
      isOld={isPrevious}
      figures={[
        { label: "Traces", value: stats && format.integer(stats.traceCount) },
        { label: "Spans", value: stats && format.compact(stats.recordCount), title: stats ? format.integer(stats.recordCount) : undefined },
        { label: "Trace p50", title: "The median latency of these traces", value: stats && format.duration(stats.latencyP50) },
        { label: "Trace p99", title: "The 99th percentile of the latency of these traces", value: stats && format.duration(stats.latencyP99) },
        { label: "Cost", value: cost && format.cost(cost.total.cost), title: cost ? `Prompt ${format.cost(cost.prompt.cost)}, completion ${format.cost(cost.completion.cost)}` : undefined },
        { label: "Tokens", value: cost && format.compact(cost.total.tokens), title: cost ? `Prompt ${format.integer(cost.prompt.tokens)}, completion ${format.integer(cost.completion.tokens)}` : undefined },
      ]}
    />
  );
}

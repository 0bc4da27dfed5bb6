import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useTimeRange } from "../../../base/timerange";
import { ProjectSessionStats } from "../../../generated/graphql";
import { useProject } from "../projectContext";
import { timeRangeOf } from "../spans/spanSource";
import { Figures } from "./Figures";
import { useFreshStats } from "./useFreshStats";

export function SessionStats({ condition }: { readonly condition: string }): JSX.Element {
  const project = useProject();
  const { range } = useTimeRange();
  useFreshStats(project.id);
  const { data, error, isPrevious } = useQuery(ProjectSessionStats, { id: project.id, timeRange: timeRangeOf(range), filter: condition || null }, { keepPrevious: true });
  const stats = data?.node.__typename === "Project" ? data.node : null;
  return (
    <Figures
      label="Totals"
      error={error && !stats ? error.message : null}
      isOld={isPrevious}
      figures={[
        { label: "Sessions", value: stats && format.integer(stats.sessionCount) },
        { label: "Traces each", value: stats && format.mean(stats.averageTracesPerSession), title: "On average" },
        { label: "Duration", value: stats && format.duration(stats.averageSessionDurationMs), title: "On average" },
        { label: "Duration p50", value: stats && format.duration(stats.durationP50) },
        { label: "Duration p99", value: stats && format.duration(stats.durationP99) },
      ]}
    />
  );
}

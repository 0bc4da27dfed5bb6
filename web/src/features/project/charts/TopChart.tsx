import { useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import { setCustomRange, useTimeRange } from "../../../base/timerange";
import { useTimeZone } from "../../../base/timeZone";
import { utcOffsetMinutes } from "../../../base/zones";
import { ProjectTraceTraffic, ProjectTraffic } from "../../../generated/graphql";
import { ChartCursor, countUnit, durationUnit, makeBins, possibleScales, SeriesChart, type BinScale, type Series } from "../../../parts/charts";
import { useProject, type ListTab } from "../projectContext";
import { latencySeries, trafficSeries } from "./series";

const DAY = 86_400_000;

interface TopChartProps {
  readonly tab: ListTab;
  readonly condition: string;
}

/** What came in over time, above its table: drag over it to narrow the time range. Spans follow the filter. */
export function TopChart({ tab, condition }: TopChartProps): JSX.Element | null {
  const project = useProject();
  const { range } = useTimeRange();
  const zone = useTimeZone();
  const [cursor] = useState(() => new ChartCursor());
  const start = range.start ?? project.startTime;
  const end = range.end;
  const endMs = end === null ? Date.now() : Date.parse(end);
  const startMs = start === null ? endMs - DAY : Date.parse(start);
  const scale: BinScale = possibleScales(startMs, endMs)[0] ?? "DAY";
  const offset = utcOffsetMinutes(endMs, zone);
  const variables = useMemo(
    () => ({ id: project.id, timeRange: { start, end }, bins: { scale, utcOffsetMinutes: offset } }),
    [project.id, start, end, scale, offset],
  );
  const isSpans = tab === "spans";
  const spans = useQuery(ProjectTraffic, useMemo(() => ({ ...variables, filter: condition || null }), [variables, condition]), { skip: !isSpans || start === null, keepPrevious: true });
  const traces = useQuery(ProjectTraceTraffic, variables, { skip: isSpans || start === null, keepPrevious: true });

  const shown = useMemo((): { readonly series: readonly Series[]; readonly starts: readonly number[] } | null => {
    if (spans.data?.node.__typename === "Project") {
      const { data } = spans.data.node.spanCountTimeSeries;
      return { series: trafficSeries(data), starts: data.map((point) => Date.parse(point.timestamp)) };
    }
    if (traces.data?.node.__typename === "Project") {
      const { traceCountByStatusTimeSeries: counts, traceLatencyMsPercentileTimeSeries: latencies } = traces.data.node;
      return { series: [...trafficSeries(counts.data), ...latencySeries(latencies.data)], starts: counts.data.map((point) => Date.parse(point.timestamp)) };
    }
    return null;
  }, [spans.data, traces.data]);
  const bins = useMemo(() => (shown === null ? null : makeBins(shown.starts, scale, offset * 60_000)), [shown, scale, offset]);
  if (start === null) return null;
  const label = isSpans ? "Spans over time" : "Traces and their latency over time";
  const units = isSpans ? { left: countUnit } : { left: countUnit, right: durationUnit };
  const error = spans.error ?? traces.error;
  return (
    <section className="tc" aria-label={label} data-busy={spans.isPrevious || traces.isPrevious || undefined}>
      {error && !shown && <p className="tc-error">{error.message}</p>}
      {shown && bins && shown.starts.length > 0 && (
        <SeriesChart label={label} bins={bins} series={shown.series} units={units} zone={zone} cursor={cursor} onBrush={(from, to) => setCustomRange(new Date(from), new Date(to))} />
      )}
    </section>
  );
}

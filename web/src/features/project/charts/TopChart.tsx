import { useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import { isOneOf, preference, usePreference } from "../../../base/preferences";
import { setCustomRange, useTimeRange } from "../../../base/timerange";
import { useTimeZone } from "../../../base/timeZone";
import { utcOffsetMinutes } from "../../../base/zones";
import { ProjectTokenTraffic, ProjectTraceTraffic, ProjectTraffic } from "../../../generated/graphql";
import { ChartCursor, costUnit, countUnit, durationUnit, makeBins, possibleScales, SeriesChart, type BinScale, type ChartUnits, type Series } from "../../../parts/charts";
import { Select } from "../../../parts/Select";
import { useProject, type ListTab } from "../projectContext";
import { costSeries, latencySeries, startsOf, tokenSeries, trafficSeries } from "./series";

const DAY = 86_400_000;

const CHARTS = ["spans", "traces", "cost", "tokens"] as const;
type Chart = (typeof CHARTS)[number];
const TITLES: Readonly<Record<Chart, string>> = {
  spans: "Spans over time", traces: "Traces and their latency over time", cost: "Cost over time", tokens: "Tokens over time",
};
const NAMES: Readonly<Record<Chart, string>> = { spans: "Spans", traces: "Traces, latency", cost: "Cost", tokens: "Tokens" };
const UNITS: Readonly<Record<Chart, ChartUnits>> = {
  spans: { left: countUnit }, traces: { left: countUnit, right: durationUnit }, cost: { left: costUnit }, tokens: { left: countUnit },
};
const chosenChart = {
  spans: preference<Chart>("top-chart.spans", "spans", isOneOf(...CHARTS)),
  traces: preference<Chart>("top-chart.traces", "traces", isOneOf(...CHARTS)),
  sessions: preference<Chart>("top-chart.sessions", "traces", isOneOf(...CHARTS)),
};

interface TopChartProps {
  readonly tab: ListTab;
  readonly condition: string;
}

interface Drawn {
  readonly series: readonly Series[];
  readonly starts: readonly number[];
}

/** What came in over time, above its table: drag over it to narrow the time range. The chart of spans follows the filter. */
export function TopChart({ tab, condition }: TopChartProps): JSX.Element | null {
  const project = useProject();
  const { range } = useTimeRange();
  const zone = useTimeZone();
  const [cursor] = useState(() => new ChartCursor());
  const [chosen, setChosen] = usePreference(chosenChart[tab]);
  const chart = tab !== "spans" && chosen === "spans" ? "traces" : chosen;

  const { end } = range;
  const start = range.start ?? project.startTime;
  const endMs = end === null ? Date.now() : Date.parse(end);
  const startMs = start === null ? endMs - DAY : Date.parse(start);
  const scale: BinScale = possibleScales(startMs, endMs)[0] ?? "DAY";
  const offset = utcOffsetMinutes(endMs, zone);
  const variables = useMemo(() => ({ id: project.id, timeRange: { start, end }, bins: { scale, utcOffsetMinutes: offset } }), [project.id, start, end, scale, offset]);
  const only = (one: Chart | "sums"): { readonly skip: boolean; readonly keepPrevious: true } => ({
    skip: start === null || (one === "sums" ? chart !== "cost" && chart !== "tokens" : chart !== one),
    keepPrevious: true,
  });
  const spans = useQuery(ProjectTraffic, useMemo(() => ({ ...variables, filter: condition || null }), [variables, condition]), only("spans"));
  const traces = useQuery(ProjectTraceTraffic, variables, only("traces"));
  const sums = useQuery(ProjectTokenTraffic, variables, only("sums"));
  const answer = chart === "spans" ? spans : chart === "traces" ? traces : sums;

  const drawn = useMemo((): Drawn | null => {
    if (chart === "spans") {
      const node = spans.data?.node;
      return node?.__typename === "Project" ? { series: trafficSeries(node.spanCountTimeSeries.data), starts: startsOf(node.spanCountTimeSeries.data) } : null;
    }
    if (chart === "traces") {
      const node = traces.data?.node;
      if (node?.__typename !== "Project") return null;
      const counts = node.traceCountByStatusTimeSeries.data;
      return { series: [...trafficSeries(counts), ...latencySeries(node.traceLatencyMsPercentileTimeSeries.data)], starts: startsOf(counts) };
    }
    const node = sums.data?.node;
    if (node?.__typename !== "Project") return null;
    const [costs, tokens] = [node.traceTokenCostTimeSeries.data, node.traceTokenCountTimeSeries.data];
    return chart === "cost" ? { series: costSeries(costs), starts: startsOf(costs) } : { series: tokenSeries(tokens), starts: startsOf(tokens) };
  }, [chart, spans.data, traces.data, sums.data]);
  const bins = useMemo(() => (drawn === null ? null : makeBins(drawn.starts, scale, offset * 60_000)), [drawn, scale, offset]);
  if (start === null) return null;
  return (
    <section className="tc" aria-label={TITLES[chart]} data-busy={answer.isPrevious || undefined}>
      {answer.error && !drawn && <p className="tc-error">{answer.error.message}</p>}
      {drawn && bins && drawn.starts.length > 0 && (
        <SeriesChart
          label={TITLES[chart]}
          bins={bins}
          series={drawn.series}
          units={UNITS[chart]}
          zone={zone}
          cursor={cursor}
          onBrush={(from, to) => setCustomRange(new Date(from), new Date(to))}
        />
      )}
      <div className="tc-choice">
        <Select aria-label="What the chart shows" value={chart} onChange={setChosen} options={CHARTS.filter((one) => tab === "spans" || one !== "spans").map((one) => ({ value: one, label: NAMES[one] }))} />
      </div>
    </section>
  );
}

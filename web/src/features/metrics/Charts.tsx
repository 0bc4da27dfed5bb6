import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { Link, withQuery } from "../../base/router";
import type { TimeRange } from "../../base/timerange";
import { CostCharts, SpanCharts, TopModels, TraceCharts } from "../../generated/graphql";
import {
  ChartCard,
  costUnit,
  countUnit,
  durationUnit,
  makeBins,
  percentUnit,
  total,
  type BinScale,
  type ChartCursor,
  type ChartUnits,
  type Series,
} from "../../parts/charts";
import { costSeries, failureSeries, latencySeries, starts, statusSeries, tokenKindSeries, tokenSeries } from "./chartSeries";
import { TopModelsCard } from "./TopModelsCard";
import { useToggled } from "./useToggled";

interface ChartsProps {
  readonly projectId: string;
  readonly range: TimeRange;
  readonly bins: { readonly scale: BinScale; readonly utcOffsetMinutes: number };
  readonly zone: string;
  readonly cursor: ChartCursor;
  readonly onBrush: (start: number, end: number) => void;
}

/** A chart that the page has, before its data is there. */
interface Chart {
  readonly key: string;
  readonly title: string;
  readonly emptyText: string;
  readonly units: ChartUnits;
  readonly series: readonly Series[] | null;
  readonly starts: readonly number[] | null;
  readonly error: string | null;
  readonly figure?: (series: readonly Series[]) => string;
  /** The filter of the spans that the chart counts. */
  readonly condition?: string;
}

const sum = (series: readonly Series[]): number => series.filter((one) => one.shape === "bar").reduce((added, one) => added + total(one.values), 0);
const counts: ChartUnits = { left: countUnit };
const COST_NEEDS_PRICES = "No costs in this time. A cost needs an LLM span with a model name, token counts and a known price.";
const NO_TOKENS = "No tokens were counted in this time.";

export function Charts({ projectId, range, bins, zone, cursor, onBrush }: ChartsProps): JSX.Element {
  const variables = useMemo(() => ({ id: projectId, range, bins }), [projectId, range, bins]);
  const kept = { keepPrevious: true };
  const traces = useQuery(TraceCharts, variables, kept);
  const costs = useQuery(CostCharts, variables, kept);
  const models = useQuery(TopModels, useMemo(() => ({ id: projectId, range }), [projectId, range]), kept);
  const spans = useQuery(SpanCharts, variables, kept);
  const toggled = useToggled();

  const traceCharts = useMemo<readonly Chart[]>(() => {
    const node = traces.data?.node.__typename === "Project" ? traces.data.node : null;
    const counted = node?.traceCountByStatusTimeSeries.data;
    const timed = node?.traceLatencyMsPercentileTimeSeries.data;
    const shared = { error: traces.error?.message ?? null, starts: counted ? starts(counted) : null };
    return [
      {
        ...shared,
        key: "traces",
        title: "Traces by status",
        emptyText: "No trace began in this time.",
        units: counts,
        series: counted ? statusSeries(counted) : null,
        figure: (series) => format.plural(sum(series), "trace"),
      },
      {
        ...shared,
        key: "latency",
        title: "Trace latency",
        emptyText: "No trace began in this time.",
        units: { left: durationUnit },
        series: timed ? latencySeries(timed) : null,
      },
    ];
  }, [traces.data, traces.error]);

  const costCharts = useMemo<readonly Chart[]>(() => {
    const node = costs.data?.node.__typename === "Project" ? costs.data.node : null;
    const money = node?.traceTokenCostTimeSeries.data;
    const tokens = node?.traceTokenCountTimeSeries.data;
    const shared = { error: costs.error?.message ?? null, starts: money ? starts(money) : null };
    const counted = (series: readonly Series[]): string => format.plural(sum(series), "token");
    return [
      {
        ...shared,
        key: "cost",
        title: "Cost",
        emptyText: COST_NEEDS_PRICES,
        units: { left: costUnit },
        series: money ? costSeries(money) : null,
        figure: (series) => format.cost(sum(series)),
      },
      {
        ...shared,
        key: "tokens",
        title: "Tokens",
        emptyText: NO_TOKENS,
        units: counts,
        series: tokens ? tokenSeries(tokens) : null,
        figure: counted,
      },
      {
        ...shared,
        key: "prompt",
        title: "Prompt tokens by kind",
        emptyText: NO_TOKENS,
        units: counts,
        series: tokens ? tokenKindSeries(tokens, (point) => point.promptTokenCountDetails) : null,
        figure: counted,
      },
      {
        ...shared,
        key: "completion",
        title: "Completion tokens by kind",
        emptyText: NO_TOKENS,
        units: counts,
        series: tokens ? tokenKindSeries(tokens, (point) => point.completionTokenCountDetails) : null,
        figure: counted,
      },
    ];
  }, [costs.data, costs.error]);

  const spanCharts = useMemo<readonly Chart[]>(() => {
    const node = spans.data?.node.__typename === "Project" ? spans.data.node : null;
    return (["llm", "tool"] as const).flatMap((kind): readonly Chart[] => {
      const points = node?.[kind].data;
      const name = kind === "llm" ? "LLM" : "Tool";
      const condition = `span_kind == '${kind.toUpperCase()}'`;
      const shared = { error: spans.error?.message ?? null, starts: points ? starts(points) : null };
      return [
        {
          ...shared,
          key: `${kind}_spans`,
          title: `${name} spans`,
          emptyText: `No ${name} span began in this time.`,
          units: counts,
          condition,
          series: points ? statusSeries(points) : null,
          figure: (series) => format.plural(sum(series), "span"),
        },
        {
          ...shared,
          key: `${kind}_errors`,
          title: `${name} span errors`,
          emptyText: `No ${name} span failed in this time.`,
          units: { left: countUnit, right: percentUnit },
          condition: `${condition} and status_code == 'ERROR'`,
          series: points ? failureSeries(points) : null,
          figure: (series) => format.plural(sum(series), "error"),
        },
      ];
    });
  }, [spans.data, spans.error]);

  const card = (chart: Chart): JSX.Element => (
    <Card key={chart.key} chart={chart} projectId={projectId} bins={bins} zone={zone} cursor={cursor} onBrush={onBrush} toggled={toggled} />
  );
  const [cost, tokens, ...details] = costCharts;
  const top = models.data?.node.__typename === "Project" ? models.data.node : null;
  const topError = models.error?.message ?? null;
  return (
    <div className="metrics-grid">
      {traceCharts.map(card)}
      {cost && card(cost)}
      <TopModelsCard title="Top models by cost" by="cost" models={top?.topModelsByCost ?? null} error={topError} emptyText={COST_NEEDS_PRICES} />
      {tokens && card(tokens)}
      <TopModelsCard title="Top models by tokens" by="tokens" models={top?.topModelsByTokenCount ?? null} error={topError} emptyText={NO_TOKENS} />
      {details.map(card)}
      {spanCharts.map(card)}
    </div>
  );
}

interface CardProps extends Omit<ChartsProps, "range"> {
  readonly chart: Chart;
  readonly toggled: ReturnType<typeof useToggled>;
}

function Card({ chart, projectId, bins, zone, cursor, onBrush, toggled }: CardProps): JSX.Element {
  const { key, series, condition } = chart;
  const data = useMemo(
    () => (chart.starts && series ? { bins: makeBins(chart.starts, bins.scale, bins.utcOffsetMinutes * 60_000), series } : null),
    [chart.starts, series, bins],
  );
  const spansPage = `/projects/${encodeURIComponent(projectId)}/spans`;
  return (
    <ChartCard
      title={chart.title}
      emptyText={chart.emptyText}
      data={data}
      error={data ? null : chart.error}
      units={chart.units}
      zone={zone}
      cursor={cursor}
      onBrush={onBrush}
      hidden={toggled.hidden(key, series ?? [])}
      onToggle={(one) => toggled.toggle(key, one)}
      {...(chart.figure && series ? { figure: chart.figure(series) } : {})}
      {...(condition
        ? {
            actions: (
              <Link className="chart-action" to={withQuery({ spanFilterCondition: condition, series: null, bins: null }, spansPage)}>
                Spans<span className="sr"> of {chart.title}</span>
              </Link>
            ),
          }
        : {})}
    />
  );
}

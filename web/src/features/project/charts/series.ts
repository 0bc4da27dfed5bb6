import type { Series } from "../../../parts/charts";

interface StatusPoint {
  readonly okCount: number | null;
  readonly errorCount: number | null;
  readonly unsetCount?: number | null;
}

/** Bars of what went well, what said nothing of it, and failures on top. */
export function trafficSeries(points: readonly StatusPoint[]): readonly Series[] {
  const unset = points.map((point) => point.unsetCount ?? null);
  return [
    { key: "ok", label: "OK", color: "--chart-ok", shape: "bar", values: points.map((point) => point.okCount) },
    ...(unset.some(Boolean) ? [{ key: "unset", label: "Unset", color: "--chart-unset", shape: "bar", values: unset } as const] : []),
    { key: "error", label: "Errors", color: "--chart-bad", shape: "bar", values: points.map((point) => point.errorCount) },
  ];
}

interface LatencyPoint {
  readonly p50: number | null;
  readonly p99: number | null;
}

export const latencySeries = (points: readonly LatencyPoint[]): readonly Series[] => [
  { key: "p50", label: "p50", color: "--chart-p50", shape: "line", axis: "right", values: points.map((point) => point.p50) },
  { key: "p99", label: "p99", color: "--chart-p99", shape: "line", axis: "right", values: points.map((point) => point.p99) },
];

export const startsOf = (points: readonly { readonly timestamp: string }[]): readonly number[] => points.map((point) => Date.parse(point.timestamp));

interface CostPoint {
  readonly promptCost: number | null;
  readonly completionCost: number | null;
}

export const costSeries = (points: readonly CostPoint[]): readonly Series[] => [
  { key: "prompt", label: "Prompt", color: "--chart-prompt", shape: "bar", values: points.map((point) => point.promptCost) },
  { key: "completion", label: "Completion", color: "--chart-completion", shape: "bar", values: points.map((point) => point.completionCost) },
];

interface TokenPoint {
  readonly promptTokenCount: number | null;
  readonly completionTokenCount: number | null;
}

export const tokenSeries = (points: readonly TokenPoint[]): readonly Series[] => [
  { key: "prompt", label: "Prompt", color: "--chart-prompt", shape: "bar", values: points.map((point) => point.promptTokenCount) },
  { key: "completion", label: "Completion", color: "--chart-completion", shape: "bar", values: points.map((point) => point.completionTokenCount) },
];

import type { Series, Values } from "../../parts/charts";

/** What the server's points have in common. */
interface Point {
  readonly timestamp: string;
}

export const starts = (points: readonly Point[]): readonly number[] => points.map((point) => Date.parse(point.timestamp));

const column = <P extends Point>(points: readonly P[], of: (point: P) => number | null): Values => points.map(of);

interface StatusPoint extends Point {
  readonly okCount: number | null;
  readonly errorCount: number | null;
  readonly unsetCount?: number | null;
}

/** Bars of what went well with failures on top. */
export function statusSeries(points: readonly StatusPoint[]): readonly Series[] {
  const unset = column(points, (point) => point.unsetCount ?? null);
  return [
    // Traces are told apart by errors alone.
    { key: "ok", label: points.some((point) => point.unsetCount !== undefined) ? "OK" : "No error", color: "--chart-ok", shape: "bar", values: column(points, (point) => point.okCount) },
    ...(unset.some(Boolean) ? [{ key: "unset", label: "Unset", color: "--chart-unset", shape: "bar", values: unset } as const] : []),
    { key: "error", label: "Errors", color: "--chart-bad", shape: "bar", values: column(points, (point) => point.errorCount) },
  ];
}

/** Failures, and their share of all where there are any spans. */
export function failureSeries(points: readonly StatusPoint[]): readonly Series[] {
  const all = (point: StatusPoint): number => (point.okCount ?? 0) + (point.errorCount ?? 0) + (point.unsetCount ?? 0);
  return [
    { key: "error", label: "Errors", color: "--chart-bad", shape: "bar", values: column(points, (point) => point.errorCount) },
    {
      key: "rate",
      label: "Share",
      color: "--chart-p95",
      shape: "line",
      axis: "right",
      values: column(points, (point) => (all(point) > 0 ? (100 * (point.errorCount ?? 0)) / all(point) : null)),
    },
  ];
}

type Quantile = "p50" | "p75" | "p90" | "p95" | "p99" | "p999" | "max";
type LatencyPoint = Point & Readonly<Record<Quantile, number | null>>;

const QUANTILES: readonly { readonly key: Quantile; readonly label: string; readonly isOff?: boolean }[] = [
  { key: "p50", label: "p50" },
  { key: "p75", label: "p75", isOff: true },
  { key: "p90", label: "p90", isOff: true },
  { key: "p95", label: "p95" },
  { key: "p99", label: "p99" },
  { key: "p999", label: "p99.9", isOff: true },
  { key: "max", label: "max", isOff: true },
];

/** Lines of percentiles over a band from the median to the 95th. */
export function latencySeries(points: readonly LatencyPoint[]): readonly Series[] {
  const values = (key: Quantile): Values => column(points, (point) => point[key]);
  return [
    { key: "band", label: "p50–p95", color: "--chart-p95", shape: "band", lower: values("p50"), values: values("p95") },
    ...QUANTILES.map(
      ({ key, label, isOff = false }): Series => ({
        key,
        label,
        isOff,
        color: `--chart-${key}`,
        shape: "line",
        isDashed: key === "max",
        values: values(key),
      }),
    ),
  ];
}

interface CostPoint extends Point {
  readonly promptCost: number | null;
  readonly completionCost: number | null;
}

export const costSeries = (points: readonly CostPoint[]): readonly Series[] => [
  { key: "prompt", label: "Prompt", color: "--chart-prompt", shape: "bar", values: column(points, (point) => point.promptCost) },
  { key: "completion", label: "Completion", color: "--chart-completion", shape: "bar", values: column(points, (point) => point.completionCost) },
];

interface TokenPoint extends Point {
  readonly promptTokenCount: number | null;
  readonly completionTokenCount: number | null;
}

export const tokenSeries = (points: readonly TokenPoint[]): readonly Series[] => [
  { key: "prompt", label: "Prompt", color: "--chart-prompt", shape: "bar", values: column(points, (point) => point.promptTokenCount) },
  { key: "completion", label: "Completion", color: "--chart-completion", shape: "bar", values: column(points, (point) => point.completionTokenCount) },
];

interface TokenKind {
  readonly tokenType: string;
  readonly tokenCount: number | null;
}

/** A bar for each kind of tokens that occurs, well-known kinds first. */
export function tokenKindSeries<P extends Point>(points: readonly P[], details: (point: P) => readonly TokenKind[]): readonly Series[] {
  const counts = new Map<string, number[]>();
  points.forEach((point, index) => {
    for (const { tokenType, tokenCount } of details(point)) {
      const values = counts.get(tokenType) ?? points.map(() => 0);
      values[index] = tokenCount ?? 0;
      counts.set(tokenType, values);
    }
  });
  return [...counts]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([kind, values]) => ({ key: kind, ...tokenKind(kind), shape: "bar", values }));
}

const KINDS: readonly (readonly [kind: string, label: string, color: string])[] = [
  ["input", "Input", "--chart-prompt"],
  ["output", "Output", "--chart-completion"],
  ["cache_read", "Cache read", "--chart-cache-read"],
  ["cache_write", "Cache write", "--chart-cache-write"],
  ["reasoning", "Reasoning", "--chart-reasoning"],
  ["audio", "Audio", "--chart-audio"],
  ["image", "Image", "--chart-image"],
];

function rank(kind: string): number {
  const index = KINDS.findIndex(([known]) => known === kind);
  return index < 0 ? KINDS.length : index;
}

/** How a kind of tokens is named and coloured. */
export function tokenKind(kind: string): { readonly label: string; readonly color: string } {
  const known = KINDS.find(([name]) => name === kind);
  return known ? { label: known[1], color: known[2] } : { label: kind.replaceAll("_", " "), color: "--chart-other" };
}

export const compareTokenKinds = (a: string, b: string): number => rank(a) - rank(b) || a.localeCompare(b);

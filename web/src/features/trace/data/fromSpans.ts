import type { TraceSpansData } from "../../../generated/graphql";
import { KINDS, MISSING_PARENT, NO_PARENT, STATUSES, UNKNOWN_KIND, type Kind, type SpanColumns } from "../model/columns";
import { instant } from "./instant";

type Project = Extract<TraceSpansData["node"], { readonly __typename: "Project" }>;
export type TraceSpan = NonNullable<Project["trace"]>["spans"]["edges"][number]["node"];

export function columnsFromSpans(spans: readonly TraceSpan[]): SpanColumns {
  const n = spans.length, at = new Map(spans.map((s, i) => [s.spanId, i]));
  const instants = Float64Array.from(spans, (s) => instant(s.startTime));
  const startTime = instants.reduce((least, t) => (t < least ? t : least), Infinity);
  const origin = Number.isFinite(startTime) ? startTime : 0;
  const numbers = (pick: (s: TraceSpan) => number | null | undefined): Float64Array => Float64Array.from(spans, (s) => pick(s) ?? NaN);
  return {
    count: n, startTime: origin,
    nodeId: (i) => spans[i]!.id, find: (id) => spans.findIndex((s) => s.id === id), spanId: (i) => spans[i]!.spanId, name: (i) => spans[i]!.name,
    parent: Int32Array.from(spans, (s) => (s.parentId === null ? NO_PARENT : at.get(s.parentId) ?? MISSING_PARENT)),
    kind: Uint8Array.from(spans, (s) => { const k = KINDS.indexOf(s.spanKind as Kind); return k < 0 ? UNKNOWN_KIND : k; }),
    status: Uint8Array.from(spans, (s) => STATUSES.indexOf(s.statusCode)),
    start: instants.map((t) => t - origin), duration: numbers((s) => s.latencyMs),
    promptTokens: numbers((s) => s.tokenCountPrompt), completionTokens: numbers((s) => s.tokenCountCompletion),
    cost: numbers((s) => s.costSummary?.total.cost),
  };
}

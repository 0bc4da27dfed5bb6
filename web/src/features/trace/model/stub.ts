import { KINDS, MISSING_PARENT, NO_PARENT, type Kind, type SpanColumns } from "./columns";

export interface StubSpan {
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly kind?: Kind;
  readonly start?: number;
  readonly duration?: number;
  readonly tokens?: number;
  readonly cost?: number;
  readonly failed?: boolean;
  readonly input?: number;
}

/** Columns for tests. */
export function stubColumns(spans: readonly StubSpan[]): SpanColumns {
  const at = new Map(spans.map((s, i) => [s.id, i]));
  const numbers = (pick: (s: StubSpan) => number): Float64Array => Float64Array.from(spans, pick);
  return {
    count: spans.length, startTime: 0,
    nodeId: (i) => spans[i]!.id, find: (id) => spans.findIndex((s) => s.id === id), spanId: (i) => spans[i]!.id, name: (i) => spans[i]!.name ?? spans[i]!.id,
    parent: Int32Array.from(spans, (s) => (s.parent === undefined ? NO_PARENT : at.get(s.parent) ?? MISSING_PARENT)),
    kind: Uint8Array.from(spans, (s) => KINDS.indexOf(s.kind ?? "chain")),
    status: Uint8Array.from(spans, (s) => (s.failed ? 1 : 0)),
    start: numbers((s) => s.start ?? 0), duration: numbers((s) => s.duration ?? 1),
    promptTokens: numbers((s) => s.tokens ?? 0), completionTokens: numbers(() => 0), cost: numbers((s) => s.cost ?? NaN),
    inputHash: Uint32Array.from(spans, (s) => s.input ?? 0),
  };
}

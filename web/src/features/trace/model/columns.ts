/** The kinds of spans in the order of the schema's enumeration, which is how columns number them. */
export const KINDS = [
  "chain", "tool", "llm", "prompt", "retriever", "embedding", "agent", "reranker", "evaluator", "guardrail", "decision", "unknown",
] as const;
export type Kind = (typeof KINDS)[number];
export const UNKNOWN_KIND = KINDS.length - 1;

export const STATUSES = ["OK", "ERROR", "UNSET"] as const;
export type Status = (typeof STATUSES)[number];
export const ERROR = 1;

export const NO_PARENT = -1;
/** The span names a parent that is not among the spans of the trace. */
export const MISSING_PARENT = -2;

/** The parents of the span lead back to it, and whoever made the columns cut the circle here. */
export const CUT_PARENT = -3;

/**
 * The spans of a trace as they arrive, in any order, one array a field.
 *
 * Times are milliseconds after `startTime`; `NaN` stands for what is unknown.
 */
export interface SpanColumns {
  readonly count: number;
  /** Milliseconds of the epoch. */
  readonly startTime: number;
  readonly nodeId: (index: number) => string;
  /** Where the span with a node id is, or -1. */
  readonly find: (nodeId: string) => number;
  readonly spanId: (index: number) => string;
  readonly name: (index: number) => string;
  readonly model?: (index: number) => string | undefined;
  /** An index, `NO_PARENT`, `MISSING_PARENT` or `CUT_PARENT`. */
  readonly parent: Int32Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly promptTokens: Float64Array;
  readonly completionTokens: Float64Array;
  readonly cost: Float64Array;
  /** Hashes of contents, 0 for none; absent where contents were not read. */
  readonly inputHash?: Uint32Array;
  readonly outputHash?: Uint32Array;
  readonly callHash?: Uint32Array;

}

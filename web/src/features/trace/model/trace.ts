import { CUT_PARENT, ERROR, MISSING_PARENT, type SpanColumns } from "./columns";

/** What is odd about the place of a span. */
export const PLAIN = 0;
export const ORPHAN = 1;
export const CYCLE = 2;

/**
 * The spans of a trace as a forest in pre-order: the spans below `i` are `i + 1` up to `i + size[i] - 1`.
 *
 * Children are ordered by their start. A span whose parent is missing is a root; of spans that are each
 * other's parents the earliest becomes a root.
 */
export interface TraceModel {
  readonly count: number;
  /** Milliseconds of the epoch, of time 0. */
  readonly startTime: number;
  /** From the first start to the last end, in milliseconds. */
  readonly duration: number;
  /** Where each span was in the columns it came from. */
  readonly source: Int32Array;
  readonly columns: SpanColumns;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly size: Int32Array;
  readonly oddity: Uint8Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly start: Float64Array;
  /** Never before the start. */
  readonly end: Float64Array;
  /** 1 where the span has no end yet, or none that makes sense. */
  readonly open: Uint8Array;
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
  readonly totalTokens: Float64Array;
  readonly totalCost: Float64Array;
  /** How many spans failed, the span itself included. */
  readonly totalErrors: Int32Array;
  readonly roots: readonly number[];
  readonly errors: readonly number[];
  nodeId(index: number): string;
  spanId(index: number): string;
  name(index: number): string;
  indexOf(nodeId: string): number;
}

export function buildTrace(columns: SpanColumns): TraceModel {
  const n = columns.count;
  const times = soundTimes(columns);
  const { oddity, parent: parentIn } = soundParents(columns, times.start);
  const { order, parent, depth, size, roots } = preorder(n, parentIn, times.start);

  const pickBytes = (from: Uint8Array): Uint8Array => {
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = from[order[i]!]!;
    return out;
  };
  const pick = (from: Float64Array): Float64Array => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = from[order[i]!]!;
    return out;
  };
  const start = pick(times.start), end = pick(times.end), status = pickBytes(columns.status);
  let first = Infinity, last = -Infinity;
  for (let i = 0; i < n; i++) { if (start[i]! < first) first = start[i]!; if (end[i]! > last) last = end[i]!; }
  if (n === 0) { first = 0; last = 0; }
  if (first !== 0) for (let i = 0; i < n; i++) { start[i] -= first; end[i] -= first; }

  const tokens = new Float64Array(n), cost = new Float64Array(n);
  const totalTokens = new Float64Array(n), totalCost = new Float64Array(n), totalErrors = new Int32Array(n);
  const errors: number[] = [];
  for (let i = 0; i < n; i++) {
    const s = order[i]!;
    tokens[i] = (columns.promptTokens[s] || 0) + (columns.completionTokens[s] || 0);
    cost[i] = columns.cost[s] || 0;
    if (status[i] === ERROR) { errors.push(i); totalErrors[i] = 1; }
    totalTokens[i] = tokens[i]!;
    totalCost[i] = cost[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const p = parent[i]!;
    if (p < 0) continue;
    totalTokens[p] += totalTokens[i]!;
    totalCost[p] += totalCost[i]!;
    totalErrors[p] += totalErrors[i]!;
  }

  let places: Int32Array | undefined;
  return {
    count: n, startTime: columns.startTime + first, duration: last - first, source: order, columns,
    parent, depth, size, oddity: pickBytes(oddity), kind: pickBytes(columns.kind), status, start, end, open: pickBytes(times.open),
    tokens, cost, totalTokens, totalCost, totalErrors, roots, errors,
    nodeId: (i) => columns.nodeId(order[i]!),
    spanId: (i) => columns.spanId(order[i]!),
    name: (i) => columns.name(order[i]!),
    indexOf(id) {
      const s = id === "" ? -1 : columns.find(id);
      if (s < 0) return -1;
      if (!places) {
        places = new Int32Array(n);
        for (let i = 0; i < n; i++) places[order[i]!] = i;
      }
      return places[s]!;
    },
  };
}

/** A span without a usable start begins with its parent or, failing that, with the trace. */
function soundTimes(columns: SpanColumns): { start: Float64Array; end: Float64Array; open: Uint8Array } {
  const n = columns.count, start = new Float64Array(n), end = new Float64Array(n), open = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let s = columns.start[i]!;
    for (let p = columns.parent[i]!, hops = 0; !Number.isFinite(s) && p >= 0 && hops < 64; p = columns.parent[p]!, hops++) s = columns.start[p]!;
    if (!Number.isFinite(s)) s = 0;
    const d = columns.duration[i]!;
    start[i] = s;
    end[i] = d > 0 && Number.isFinite(d) ? s + d : s;
    if (!(d >= 0)) open[i] = 1;
  }
  return { start, end, open };
}

function soundParents(columns: SpanColumns, start: Float64Array): { parent: Int32Array; oddity: Uint8Array } {
  const n = columns.count, parent = new Int32Array(n), oddity = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const p = columns.parent[i]!;
    parent[i] = p >= 0 && p < n ? p : -1;
    if (p === MISSING_PARENT || p >= n) oddity[i] = ORPHAN;
    else if (p === CUT_PARENT) oddity[i] = CYCLE;
  }
  // 0: not seen, otherwise the number of the walk that saw the span first. A walk that meets itself found a cycle.
  const seen = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let at = i;
    while (at >= 0 && seen[at] === 0) { seen[at] = i + 1; at = parent[at]!; }
    if (at < 0 || seen[at] !== i + 1) continue;
    let earliest = at;
    for (let c = parent[at]!; c !== at; c = parent[c]!) if (start[c]! < start[earliest]!) earliest = c;
    parent[earliest] = -1;
    oddity[earliest] = CYCLE;
  }
  return { parent, oddity };
}

function preorder(n: number, parentIn: Int32Array, start: Float64Array): { order: Int32Array; parent: Int32Array; depth: Int32Array; size: Int32Array; roots: number[] } {
  const sorted = Int32Array.from({ length: n }, (_, i) => i);
  let inOrder = true;
  for (let i = 1; i < n && inOrder; i++) inOrder = start[i - 1]! <= start[i]!;
  if (!inOrder) sorted.sort((a, b) => start[a]! - start[b]! || a - b);

  // Linked lists of children; walking the spans from the last to the first leaves each list in order.
  const head = new Int32Array(n).fill(-1), next = new Int32Array(n).fill(-1);
  let firstRoot = -1;
  for (let k = n - 1; k >= 0; k--) {
    const i = sorted[k]!, p = parentIn[i]!;
    if (p < 0) { next[i] = firstRoot; firstRoot = i; } else { next[i] = head[p]!; head[p] = i; }
  }

  const order = new Int32Array(n), place = new Int32Array(n), parent = new Int32Array(n), depth = new Int32Array(n), size = new Int32Array(n).fill(1);
  const roots: number[] = [];
  let count = 0, at = firstRoot;
  while (at >= 0) {
    const i = count++, p = parentIn[at]!;
    order[i] = at;
    place[at] = i;
    parent[i] = p < 0 ? -1 : place[p]!;
    depth[i] = p < 0 ? 0 : depth[place[p]!]! + 1;
    if (p < 0) roots.push(i);
    if (head[at]! >= 0) { at = head[at]!; continue; }
    while (at >= 0 && next[at]! < 0) at = parentIn[at]!;
    if (at >= 0) at = next[at]!;
  }
  for (let i = n - 1; i > 0; i--) { const p = parent[i]!; if (p >= 0) size[p] += size[i]!; }
  return { order, parent, depth, size, roots };
}

export const isBelow = (model: TraceModel, index: number, ancestor: number): boolean =>
  index > ancestor && index < ancestor + model.size[ancestor]!;

export function childrenOf(model: TraceModel, index: number): readonly number[] {
  if (index < 0) return model.roots;
  const out: number[] = [], end = index + model.size[index]!;
  for (let c = index + 1; c < end; c += model.size[c]!) out.push(c);
  return out;
}

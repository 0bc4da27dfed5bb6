import type { TraceModel } from "./trace";

/** The spans that are on display, in order: not below a closed one and, with a filter, matching or above a match. */
export function visibleRows(model: TraceModel, closed: ReadonlySet<number>, shown?: Uint8Array): Int32Array {
  const out = new Int32Array(model.count);
  let n = 0;
  for (let i = 0; i < model.count;) {
    if (shown && shown[i] === 0) { i += model.size[i]!; continue; }
    out[n++] = i;
    i += closed.has(i) ? model.size[i]! : 1;
  }
  return out.subarray(0, n);
}

/** 2 for a match, 1 for what is above one, 0 for the rest. */
export function withAncestors(model: TraceModel, matches: Iterable<number>): Uint8Array {
  const out = new Uint8Array(model.count);
  for (const m of matches) {
    out[m] = 2;
    for (let p = model.parent[m]!; p >= 0 && out[p] === 0; p = model.parent[p]!) out[p] = 1;
  }
  return out;
}

/** The set of closed spans without those above `index`, so that it is on display. */
export function opened(model: TraceModel, closed: ReadonlySet<number>, index: number): ReadonlySet<number> {
  let out: Set<number> | undefined;
  for (let p = model.parent[index] ?? -1; p >= 0; p = model.parent[p]!) {
    if (closed.has(p)) { out ??= new Set(closed); out.delete(p); }
  }
  return out ?? closed;
}

/** The same spans as of an earlier reading of the trace. */
export function carriedOver(closed: ReadonlySet<number>, from: TraceModel, to: TraceModel): ReadonlySet<number> {
  if (closed.size === 0) return closed;
  const ids = new Set<string>(), out = new Set<number>();
  for (const i of closed) ids.add(from.nodeId(i));
  for (let i = 0; i < to.count; i++) if (ids.has(to.nodeId(i))) out.add(i);
  return out;
}

/** Spans with children at `depth` or deeper. */
export function closedBelow(model: TraceModel, depth: number): ReadonlySet<number> {
  const out = new Set<number>();
  for (let i = 0; i < model.count; i++) if (model.size[i]! > 1 && model.depth[i]! >= depth) out.add(i);
  return out;
}

/** Where `index` is among the sorted `rows`, or -1. */
export function rowOf(rows: Int32Array, index: number): number {
  let low = 0, high = rows.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1, at = rows[mid]!;
    if (at === index) return mid;
    if (at < index) low = mid + 1; else high = mid - 1;
  }
  return -1;
}

/** The next of `among` (ascending) after `index`, or before it with a step of -1; wraps around. */
export function nextOf(among: readonly number[], index: number, step: 1 | -1 = 1): number {
  if (among.length === 0) return -1;
  if (step === 1) return among.find((i) => i > index) ?? among[0]!;
  for (let k = among.length - 1; k >= 0; k--) if (among[k]! < index) return among[k]!;
  return among[among.length - 1]!;
}

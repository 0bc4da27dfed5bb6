import type { TraceModel } from "./trace";

export interface Lanes { readonly lane: Uint8Array; readonly count: number }

/**
 * A row for each span such that spans of one row do not overlap and no span is above its parent: what runs in
 * parallel lies one below the other. Rows past `most` share the last one.
 */
export function packLanes(model: TraceModel, most = 40): Lanes {
  const n = model.count, { start, end, parent } = model;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  order.sort((a, b) => start[a]! - start[b]! || end[b]! - end[a]! || a - b);
  const lane = new Uint8Array(n), busyUntil: number[] = [];
  let count = 0;
  for (const i of order) {
    const p = parent[i]!;
    let at = p < 0 ? 0 : Math.min(most - 1, lane[p]! + 1);
    while (at < most - 1 && (busyUntil[at] ?? -Infinity) > start[i]!) at++;
    lane[i] = at;
    busyUntil[at] = Math.max(busyUntil[at] ?? -Infinity, end[i]!);
    if (at + 1 > count) count = at + 1;
  }
  return { lane, count };
}

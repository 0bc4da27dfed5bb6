import { childrenOf, type TraceModel } from "./trace";

export interface CriticalPath {
  /** 1 for each span that the duration of the trace depends on. */
  readonly on: Uint8Array;
  /** Milliseconds that each span itself, not one below it, holds up the trace. */
  readonly own: Float64Array;
}

/**
 * The chain of spans that the duration of the trace depends on.
 *
 * From the end backwards: what ended last before the cursor was waited for; when it began, the cursor goes
 * there. A child that outlives its parent was waited for until the parent's end only.
 */
export function criticalPath(model: TraceModel): CriticalPath {
  const on = new Uint8Array(model.count), own = new Float64Array(model.count);
  const { start, end } = model;
  const work: { index: number; until: number }[] = [{ index: -1, until: model.duration }];
  for (let item = work.pop(); item; item = work.pop()) {
    const { index, until } = item;
    let cursor = until;
    const from = index < 0 ? 0 : start[index]!;
    if (index >= 0) on[index] = 1;
    const children = [...childrenOf(model, index)].sort((a, b) => end[b]! - end[a]! || start[a]! - start[b]!);
    for (const c of children) {
      if (start[c]! >= cursor && end[c]! > start[c]!) continue;
      const childEnd = Math.min(end[c]!, until);
      if (childEnd > cursor || childEnd <= from && end[c]! > start[c]!) continue;
      if (end[c] === start[c]) continue;
      if (index >= 0) own[index] += cursor - childEnd;
      work.push({ index: c, until: childEnd });
      cursor = Math.max(from, start[c]!);
      if (cursor <= from) break;
    }
    if (index >= 0) own[index] += Math.max(0, cursor - from);
  }
  if (model.count > 0 && !on.includes(1)) on[model.roots[0] ?? 0] = 1;
  return { on, own };
}

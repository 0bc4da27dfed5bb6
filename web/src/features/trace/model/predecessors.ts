import { KINDS } from "./columns";
import { isBelow, type TraceModel } from "./trace";

const LLM = KINDS.indexOf("llm");

/**
 * The calls of models that ended before `index` began, those that share the closest ancestor with it first, then the
 * latest: where a reader will have seen the beginning of its conversation.
 */
export function earlierCalls(model: TraceModel, index: number, most: number): readonly number[] {
  const from = model.start[index] ?? 0;
  const above = new Map<number, number>();
  for (let p = model.parent[index] ?? -1; p >= 0; p = model.parent[p]!) above.set(p, model.depth[p]!);
  const found: { i: number; closeness: number }[] = [];
  for (let i = 0; i < model.count; i++) {
    if (model.kind[i] !== LLM || i === index || model.start[i]! > from || model.end[i]! > from || isBelow(model, index, i)) continue;
    let p = model.parent[i]!;
    while (p >= 0 && !above.has(p)) p = model.parent[p]!;
    found.push({ i, closeness: p < 0 ? -1 : above.get(p)! });
  }
  found.sort((a, b) => b.closeness - a.closeness || model.start[b.i]! - model.start[a.i]!);
  return found.slice(0, most).map((f) => f.i);
}

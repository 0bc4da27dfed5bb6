import type { TraceModel } from "./trace";

/** The spans whose name, id or kind has the text, ignoring case. */
export function findInNames(model: TraceModel, text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const byName = new Map<string, boolean>(), out: number[] = [];
  for (let i = 0; i < model.count; i++) {
    const name = model.name(i);
    let hit = byName.get(name);
    if (hit === undefined) { hit = name.toLowerCase().includes(wanted); byName.set(name, hit); }
    if (hit || (wanted.length >= 8 && model.spanId(i) === wanted)) out.push(i);
  }
  return out;
}

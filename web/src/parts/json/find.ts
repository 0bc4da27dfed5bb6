import type { Json } from "./json";

export interface Found { readonly path: readonly (string | number)[]; readonly value: Json }

/** The entries whose key or value has the text, ignoring case, in order; at most `most` of them. */
export function findInJson(root: Json, text: string, most: number): { readonly list: readonly Found[]; readonly more: boolean } {
  const wanted = text.toLowerCase(), list: Found[] = [];
  const work: { path: readonly (string | number)[]; value: Json }[] = [{ path: [], value: root }];
  for (let item = work.pop(); item; item = work.pop()) {
    const { path, value } = item, key = path[path.length - 1];
    const isContainer = typeof value === "object" && value !== null;
    if ((typeof key === "string" && key.toLowerCase().includes(wanted)) || (!isContainer && String(value).toLowerCase().includes(wanted))) {
      if (list.length === most) return { list, more: true };
      list.push({ path, value });
    }
    if (!isContainer || path.length > 500) continue;
    const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value) ? value.map((v: Json, i) => [i, v] as const) : Object.entries(value);
    for (let i = entries.length - 1; i >= 0; i--) work.push({ path: [...path, entries[i]![0]], value: entries[i]![1] });
  }
  return { list, more: false };
}

/** A path as it is written in filters: `llm.input_messages[0].message.role`, with brackets around odd keys. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((p, i) => (typeof p === "number" ? `[${p}]` : /^[\w-]+$/.test(p) ? (i ? "." : "") + p : `[${JSON.stringify(p)}]`)).join("");
}

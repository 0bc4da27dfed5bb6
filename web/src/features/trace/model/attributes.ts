import { jsonText, parseJson as parse, type Json } from "../../../parts/json/json";

export type { Json };
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The attributes of a span from their text; an empty object when the text is none. */
export function parseAttributes(text: string | null | undefined): JsonObject {
  const value = parseJson(text);
  return isObject(value) ? (hasDots(value) ? nested(value) : value) : {};
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: string | null | undefined): Json | undefined {
  return text === null || text === undefined || text === "" ? undefined : parse(text);
}

/** Like `parseJson`, for texts that are an object or a list. */
export function parseContainer(text: string): Json | undefined {
  const first = text.trimStart()[0];
  if (first !== "{" && first !== "[") return undefined;
  const value = parseJson(text);
  return typeof value === "object" && value !== null ? value : undefined;
}

const hasDots = (value: JsonObject): boolean => Object.keys(value).some((k) => k.includes("."));
const INDEX = /^(0|[1-9]\d{0,5})$/;

/**
 * Turns `{"llm.input_messages.0.message.role": "user"}` into objects and lists.
 *
 * Objects whose keys are 0, 1, 2 … become lists. Where a value and something below it claim one place, the later wins.
 */
export function nested(flat: JsonObject): JsonObject {
  const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [path, value] of Object.entries(flat)) {
    const steps = path.split(".");
    let at = root;
    for (const step of steps.slice(0, -1)) {
      let below = at[step];
      if (typeof below !== "object" || below === null || Array.isArray(below)) at[step] = below = listAsObject(below);
      at = below as Record<string, unknown>;
    }
    const last = steps[steps.length - 1]!;
    const plain = isObject(value) && hasDots(value) ? nested(value) : value;
    const before = at[last];
    at[last] = isObject(plain) && typeof before === "object" && before !== null && !Array.isArray(before) ? { ...(before as object), ...plain } : plain;
  }
  return listsOf(root) as JsonObject;
}

function listAsObject(value: unknown): Record<string, unknown> {
  const out = Object.create(null) as Record<string, unknown>;
  if (Array.isArray(value)) value.forEach((item, i) => { out[String(i)] = item; });
  return out;
}

function listsOf(value: unknown): Json {
  if (typeof value !== "object" || value === null) return value as Json;
  if (Array.isArray(value)) return value as readonly Json[];
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > 0 && entries.every(([k]) => INDEX.test(k))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, v]) => listsOf(v));
  }
  return Object.fromEntries(entries.map(([k, v]) => [k, listsOf(v)]));
}

/** The value at a dotted path such as `llm.token_count.prompt`. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path.split(".")) {
    if (isObject(here)) here = Object.prototype.hasOwnProperty.call(here, step) ? here[step] : undefined;
    else if (isList(here)) here = here[Number(step)];
    else return undefined;
  }
  return here;
}

export function textAt(value: Json | undefined, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : typeof found === "number" || typeof found === "boolean" || typeof found === "bigint" ? String(found) : undefined;
}

export function numberAt(value: Json | undefined, path: string): number | undefined {
  const found = at(value, path);
  if (typeof found === "number") return found;
  if (typeof found === "string" && found.trim() !== "" && Number.isFinite(Number(found))) return Number(found);
  return undefined;
}

/** The list at a path, whether it is one or a JSON text of one. */
export function listAt(value: Json | undefined, path: string): readonly Json[] {
  const found = at(value, path), list = typeof found === "string" ? parseContainer(found) : found;
  if (!isList(list)) return [];
  return list.some((item) => isObject(item) && hasDots(item)) ? list.map((item) => (isObject(item) && hasDots(item) ? nested(item) : item)) : list;
}

/** A text for reading: strings as they are, the rest as indented JSON. */
export const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : jsonText(value);

import type { Json } from "../../parts/json/json";

const LONGEST = 400;

/** What a person wants to read of a part of an example: its one text, else its keys with their values in a line. */
export function gist(value: unknown): string {
  const one = only(value as Json);
  const text = typeof one === "string" ? one : one === undefined ? "" : isObject(one) ? Object.entries(one).map(([key, part]) => `${key}: ${typeof part === "string" ? part : JSON.stringify(part)}`).join(" · ") : JSON.stringify(one);
  return text.slice(0, LONGEST).replace(/\s+/gu, " ");
}

/** An object of one key says what its value says; a list of messages what the last one says. */
function only(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const last = (value as readonly Json[]).at(-1);
    return isObject(last) && typeof last["content"] === "string" ? last["content"] : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  return entries.length === 1 ? only(entries[0]![1]) : value;
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } => typeof value === "object" && value !== null && !Array.isArray(value);

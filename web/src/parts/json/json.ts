export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const rawJson = (JSON as unknown as { readonly rawJSON?: (text: string) => unknown }).rawJSON;

/** Integers that a number cannot hold become a `bigint`, which views and `jsonText` know, where the browser tells what was written. */
const exact: Reviver = (_key, value, context) =>
  typeof value === "number" && context?.source !== undefined && /^-?\d{16,}$/.test(context.source) && !Number.isSafeInteger(value) ? BigInt(context.source) : value;

/** The value of a JSON text, or undefined. */
export function parseJson(text: string): Json | undefined {
  try { return (/\d{16}/.test(text) ? JSON.parse(text, exact as (key: string, value: unknown) => unknown) : JSON.parse(text)) as Json; } catch { return undefined; }
}

/** The JSON text of a value; a sentence where it nests too deep to be written. */
export function jsonText(value: unknown, indent = 2): string {
  if (typeof value === "bigint") return String(value);
  try {
    return JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? rawJson?.(String(v)) ?? String(v) : v), indent) ?? "";
  } catch { return "(nested too deep to be shown as text)"; }
}

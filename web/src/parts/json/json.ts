export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The JSON text of a value; a sentence where it nests too deep to be written. */
export function jsonText(value: unknown, indent = 2): string {
  try { return JSON.stringify(value, null, indent) ?? ""; } catch { return "(nested too deep to be shown as text)"; }
}

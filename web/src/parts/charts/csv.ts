import type { Bins } from "./bins";
import { binEnd } from "./bins";
import type { Series } from "./series";

/** A spreadsheet runs a text that begins so as a formula, so it is quoted with an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180: comma, CRLF, quotes where needed. */
export const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => row.map(cell).join(",") + "\r\n").join("");

/** A chart as a table: a line for each bin, a column for each series, plain numbers. */
export function seriesCsv(bins: Bins, all: readonly Series[]): string {
  const rows: (string | number | null)[][] = [["start", "end", ...all.map((series) => series.label)]];
  bins.starts.forEach((start, index) => {
    const times = [start, binEnd(bins, index)].map((instant) => new Date(instant).toISOString());
    rows.push([...times, ...all.map((series) => series.values[index] ?? null)]);
  });
  return csv(rows);
}

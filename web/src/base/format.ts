// How numbers, stretches of time, costs and dates read. What is missing reads as a dash.
import { shownZone } from "./timeZone";
import { toWall } from "./zones";

const NONE = "–";
type Maybe = number | null | undefined;
const missing = (value: Maybe): value is null | undefined => value === null || value === undefined || !Number.isFinite(value);

/** 12,345 */
export const integer = (value: Maybe): string => (missing(value) ? NONE : Math.round(value).toLocaleString("en-US"));

/** 999, 1.2k, 34k, 5.6M */
export function compact(value: Maybe): string {
  if (missing(value)) return NONE;
  const size = Math.abs(value);
  for (const [unit, letter] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]] as const) {
    // 999,500 would read as 1000k; below a thousand there is a digit behind the point.
    if (size >= unit * (unit === 1e3 ? 0.99995 : 0.9995)) {
      const scaled = value / unit;
      return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1).replace(/\.0$/, "") : Math.round(scaled)}${letter}`;
    }
  }
  return Number.isInteger(value) ? String(value) : value.toFixed(size < 10 ? 2 : 1).replace(/\.?0+$/, "");
}

/** 0.4 ms, 312 ms, 1.53 s, 12.4 s, 3 m 05 s, 2 h 14 m, 3 d 4 h */
export function duration(ms: Maybe): string {
  if (missing(ms)) return NONE;
  const size = Math.abs(ms);
  const sign = ms < 0 ? "−" : "";
  if (size === 0) return "0 ms";
  if (size < 0.0995) return `${sign}${(size * 1000).toFixed(0)} µs`;
  if (size < 9.95) return `${sign}${size.toFixed(1).replace(/\.0$/, "")} ms`;
  if (size < 999.5) return `${sign}${Math.round(size)} ms`;
  if (size < 9_995) return `${sign}${(size / 1000).toFixed(2)} s`;
  if (size < 59_950) return `${sign}${(size / 1000).toFixed(1)} s`;
  const s = Math.round(size / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (s < 3600) return `${sign}${Math.floor(s / 60)} m ${two(s % 60)} s`;
  if (s < 86_400) return `${sign}${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} m`;
  return `${sign}${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** $0, <$0.0001, $0.0042, $0.31, $12.30, $1,234 */
export function cost(usd: Maybe): string {
  if (missing(usd)) return NONE;
  if (usd === 0) return "$0";
  const size = Math.abs(usd);
  const sign = usd < 0 ? "−" : "";
  if (size < 0.0001) return `${sign}<$0.0001`;
  if (size < 0.01) return `${sign}$${size.toFixed(4)}`;
  if (size < 1) return `${sign}$${size.toFixed(3).replace(/0$/, "")}`;
  if (size < 1000) return `${sign}$${size.toFixed(2)}`;
  return `${sign}$${Math.round(size).toLocaleString("en-US")}`;
}

/** Token counts: 812, 12.4k */
export const tokens = (value: Maybe): string =>
  missing(value) ? NONE : value < 10_000 ? integer(value) : compact(value);

/** 12 %, 0.4 %, <0.1 % */
export function percent(share: Maybe): string {
  if (missing(share)) return NONE;
  const p = share * 100;
  if (p > 0 && p < 0.1) return "<0.1 %";
  return `${p > 0 && p < 9.95 ? p.toFixed(1).replace(/\.0$/, "") : Math.round(p)} %`;
}

/** 4.3, 12: how many there are of something on average */
export const mean = (value: Maybe): string => (missing(value) ? NONE : value.toLocaleString("en-US", { maximumFractionDigits: 1 }));

/** 0.83, 12, 1,204.5 */
export function score(value: Maybe): string {
  if (missing(value)) return NONE;
  return Number.isInteger(value) ? integer(value) : value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });
}

/** 1.2 kB, 34 MB */
export function bytes(value: Maybe): string {
  if (missing(value)) return NONE;
  for (const [unit, name] of [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]] as const) {
    if (value >= unit) return `${(value / unit).toFixed(value / unit < 10 ? 1 : 0)} ${name}`;
  }
  return `${value} B`;
}

type Instant = string | number | Date | null | undefined;
const dateOf = (at: Instant): Date | null => {
  if (at === null || at === undefined) return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
};

const part = (n: number, width = 2): string => String(n).padStart(width, "0");

/** A date whose `getUTC…` methods tell the time on the clock of the shown zone. */
const wallOf = (at: Instant): Date | null => {
  const date = dateOf(at);
  return date && new Date(toWall(date.getTime(), shownZone()));
};

/** 11-21 14:03:59, with the year when it is not this one; in the shown zone. */
export function time(at: Instant, withMs = false): string {
  const d = wallOf(at);
  if (!d) return NONE;
  const year = d.getUTCFullYear() === new Date().getUTCFullYear() ? "" : `${d.getUTCFullYear()}-`;
  return `${year}${part(d.getUTCMonth() + 1)}-${part(d.getUTCDate())} ${clock(at, withMs)}`;
}

/** 14:03:59, in the shown zone. */
export function clock(at: Instant, withMs = false): string {
  const d = wallOf(at);
  if (!d) return NONE;
  return `${part(d.getUTCHours())}:${part(d.getUTCMinutes())}:${part(d.getUTCSeconds())}${withMs ? `.${part(d.getUTCMilliseconds(), 3)}` : ""}`;
}

/** The whole instant with its zone, for titles. */
export function fullTime(at: Instant): string {
  const d = dateOf(at);
  return d ? d.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long", timeZone: shownZone() }) : NONE;
}

/** just now, 4 min ago, 3 h ago, 5 d ago, then a date of the shown zone. */
export function ago(at: Instant, now: number = Date.now()): string {
  const d = dateOf(at);
  if (!d) return NONE;
  const s = (now - d.getTime()) / 1000;
  if (s < -60) return time(d);
  if (s < 60) return "just now";
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  if (s < 30 * 86_400) return `${Math.floor(s / 86_400)} d ago`;
  return new Date(toWall(d.getTime(), shownZone())).toISOString().slice(0, 10);
}

export const plural = (count: number, one: string, many: string = `${one}s`): string => `${integer(count)} ${count === 1 ? one : many}`;

/** Round values for an axis between two numbers. */
export function ticks(min: number, max: number, count: number): readonly number[] {
  const span = max - min || 1;
  const rough = span / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const error = rough / magnitude;
  const step = magnitude * (error >= 7.5 ? 10 : error >= 3.5 ? 5 : error >= 1.5 ? 2 : 1);
  const out: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max + step * 1e-6; i++) out.push(i * step);
  return out;
}

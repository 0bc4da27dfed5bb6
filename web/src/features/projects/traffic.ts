import { Duration } from "../../base/zones";
import type { BinScale } from "../../parts/charts";

/** Traces of a project over time, in bars of equal length. */
export interface Traffic {
  readonly total: readonly number[];
  readonly failed: readonly number[];
  readonly traceCount: number;
  readonly failedCount: number;
}

interface Point {
  readonly timestamp: string;
  readonly errorCount: number;
  readonly totalCount: number;
}

export const BARS = 40;
const DAY = Duration.day;

/** The finest bins that are still few enough to fetch for every project of a page. */
export function trafficScale(startMs: number, endMs: number): BinScale {
  const span = endMs - startMs;
  if (span <= 6 * Duration.hour) return "MINUTE";
  if (span <= 15 * DAY) return "HOUR";
  return span <= 2 * 365 * DAY ? "DAY" : "MONTH";
}

/** Gathers the server's bins into bars; a bin goes to the bar in which it begins. */
export function traffic(points: readonly Point[], startMs: number, endMs: number, bars = BARS): Traffic {
  const total = Array.from({ length: bars }, () => 0);
  const failed = Array.from({ length: bars }, () => 0);
  const width = Math.max(1, endMs - startMs) / bars;
  let traceCount = 0;
  let failedCount = 0;
  for (const point of points) {
    const bar = Math.min(bars - 1, Math.max(0, Math.floor((Date.parse(point.timestamp) - startMs) / width)));
    if (Number.isNaN(bar)) continue;
    total[bar] = (total[bar] ?? 0) + point.totalCount;
    failed[bar] = (failed[bar] ?? 0) + point.errorCount;
    traceCount += point.totalCount;
    failedCount += point.errorCount;
  }
  return { total, failed, traceCount, failedCount };
}

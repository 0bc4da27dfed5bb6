import { Duration } from "../../base/zones";

export type BinScale = "MINUTE" | "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR";

/** Consecutive bins of time: bin `i` reaches from `starts[i]` to `starts[i + 1]`, the last one to `end`. */
export interface Bins {
  readonly starts: readonly number[];
  readonly end: number;
  readonly scale: BinScale;
}

const { minute, hour, day } = Duration;
const LENGTH: Readonly<Record<BinScale, number>> = {
  MINUTE: minute,
  HOUR: hour,
  DAY: day,
  WEEK: 7 * day,
  MONTH: 30 * day,
  YEAR: 365 * day,
};
const SCALES: readonly BinScale[] = ["MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"];
const MOST_BINS = 750;

/** The scale that the contract prescribes for a range: at least five of a unit, then that unit. */
export function pickScale(start: number, end: number): BinScale {
  const length = end - start;
  if (length > 5 * 365 * day) return "YEAR";
  if (length > 5 * 30 * day) return "MONTH";
  if (length > 5 * 7 * day) return "WEEK";
  if (length > 5 * day) return "DAY";
  if (length > 5 * hour) return "HOUR";
  return "MINUTE";
}

/** The scales that show a range in a sensible number of bars. */
export function possibleScales(start: number, end: number): readonly BinScale[] {
  const length = Math.max(1, end - start);
  const fitting = SCALES.filter((scale) => {
    const count = length / LENGTH[scale];
    return count <= MOST_BINS && count >= 2;
  });
  const picked = pickScale(start, end);
  return fitting.includes(picked) ? fitting : [picked, ...fitting];
}

/** The bin after the one that starts at `start`, in a calendar that is `offset` ahead of UTC. */
function next(start: number, scale: BinScale, offset: number): number {
  if (scale !== "MONTH" && scale !== "YEAR") return start + LENGTH[scale];
  const wall = new Date(start + offset);
  const months = scale === "YEAR" ? 12 : 1;
  return Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + months, 1) - offset;
}

export function makeBins(starts: readonly number[], scale: BinScale, offset = 0): Bins {
  const last = starts[starts.length - 1];
  return { starts, scale, end: last === undefined ? 0 : next(last, scale, offset) };
}

export const binStart = (bins: Bins, index: number): number => bins.starts[index] ?? bins.end;
export const binEnd = (bins: Bins, index: number): number => bins.starts[index + 1] ?? bins.end;

/** The bin that holds an instant; instants outside belong to the nearest bin, and no bin is -1. */
export function binAt(bins: Bins, instant: number): number {
  let low = 0;
  let high = bins.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bins.starts[middle] ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}

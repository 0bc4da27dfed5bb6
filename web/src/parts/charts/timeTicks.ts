import type { Bins } from "./bins";
import { Duration, fromWall, toWall } from "../../base/zones";

export interface TimeTick {
  readonly at: number;
  readonly label: string;
  /** A tick at which a larger unit begins, such as midnight among hours. */
  readonly isMajor: boolean;
}

const { minute, hour, day } = Duration;
const STEPS: readonly number[] = [
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
  hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  day, 2 * day, 4 * day, 7 * day, 14 * day,
];
const MONTH_STEPS: readonly number[] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => String(value).padStart(2, "0");
const clockLabel = (wall: Date): string => `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
const dayLabel = (wall: Date): string => `${MONTHS[wall.getUTCMonth()] ?? ""} ${wall.getUTCDate()}`;

/** Ticks at round wall-clock times of a zone, at most about `most` of them. */
export function timeTicks(start: number, end: number, zone: string, most: number): readonly TimeTick[] {
  if (!(end > start)) return [];
  const wanted = (end - start) / Math.max(1, most);
  const step = STEPS.find((candidate) => candidate >= wanted);
  return step === undefined ? monthTicks(start, end, zone, wanted) : stepTicks(start, end, zone, step);
}

function stepTicks(start: number, end: number, zone: string, step: number): readonly TimeTick[] {
  const ticks: TimeTick[] = [];
  // Weeks begin on Monday; the epoch was a Thursday.
  const origin = step >= 7 * day ? 4 * day : 0;
  const first = Math.ceil((toWall(start, zone) - origin) / step) * step + origin;
  for (let wall = first; wall - step <= toWall(end, zone); wall += step) {
    const at = fromWall(wall, zone);
    if (at < start || at > end) continue;
    const shown = new Date(wall);
    const isMidnight = wall % day === 0;
    const isMajor = step < day ? isMidnight : shown.getUTCDate() === 1;
    ticks.push({ at, isMajor, label: isMidnight ? dayLabel(shown) : clockLabel(shown) });
  }
  return ticks;
}

function monthTicks(start: number, end: number, zone: string, wanted: number): readonly TimeTick[] {
  const step = MONTH_STEPS.find((months) => months * 30.44 * day >= wanted) ?? 1200;
  const from = new Date(toWall(start, zone));
  const ticks: TimeTick[] = [];
  let month = Math.floor((from.getUTCFullYear() * 12 + from.getUTCMonth()) / step) * step;
  for (; ; month += step) {
    const wall = new Date(Date.UTC(Math.floor(month / 12), month % 12, 1));
    const at = fromWall(wall.getTime(), zone);
    if (at > end) return ticks;
    if (at < start) continue;
    const isMajor = wall.getUTCMonth() === 0;
    ticks.push({ at, isMajor, label: isMajor ? String(wall.getUTCFullYear()) : (MONTHS[wall.getUTCMonth()] ?? "") });
  }
}

/** A bin in words, such as "Sat Nov 21, 14:00 – 15:00". */
export function binLabel(bins: Bins, index: number, zone: string): string {
  const start = bins.starts[index];
  if (start === undefined) return "";
  return rangeLabel(start, bins.starts[index + 1] ?? bins.end, zone);
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A range of time in words, without what both ends have in common. */
export function rangeLabel(start: number, end: number, zone: string): string {
  const from = new Date(toWall(start, zone));
  const to = new Date(toWall(end, zone));
  const last = new Date(toWall(end, zone) - 1);
  const year = from.getUTCFullYear() === new Date().getUTCFullYear() ? "" : ` ${from.getUTCFullYear()}`;
  const named = (wall: Date): string => `${WEEKDAYS[wall.getUTCDay()] ?? ""} ${dayLabel(wall)}${year}`;
  const isWholeDays = from.getTime() % day === 0 && to.getTime() % day === 0;
  const isOneDay = Math.floor(from.getTime() / day) === Math.floor(last.getTime() / day);
  if (isWholeDays) return isOneDay ? named(from) : `${named(from)} – ${named(last)}`;
  if (isOneDay) return `${named(from)}, ${clockLabel(from)} – ${clockLabel(to)}`;
  return `${named(from)} ${clockLabel(from)} – ${named(to)} ${clockLabel(to)}`;
}

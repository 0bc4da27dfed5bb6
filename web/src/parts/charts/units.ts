import * as format from "../../base/format";

/** How the values of an axis are ticked and written. */
export interface Unit {
  /** Round values from zero to at least `max`, about `count` of them. */
  readonly ticks: (max: number, count: number) => readonly number[];
  /** A tick, short; `step` is the distance between ticks. */
  readonly short: (value: number, step: number) => string;
  /** A value, as exact as a reader wants it. */
  readonly full: (value: number) => string;
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `raw`. */
export function niceStep(raw: number): number {
  if (!(raw > 0) || !Number.isFinite(raw)) return 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= raw * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

function upTo(max: number, step: number): readonly number[] {
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const wholeTicks = (max: number, count: number): readonly number[] =>
  upTo(max, Math.max(1, Math.ceil(niceStep(max / Math.max(1, count)))));

const decimalTicks = (max: number, count: number): readonly number[] =>
  upTo(max, niceStep(max / Math.max(1, count)));

const decimals = (step: number): number => {
  if (!(step > 0)) return 0;
  let digits = 0;
  while (digits < 8 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) digits += 1;
  return digits;
};

/** A tick such as 950, 1.2k or 34M: as many decimals as the distance between ticks asks for. */
function shortCount(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  const [divisor, suffix] = size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return value === 0 ? "0" : `${(value / divisor).toFixed(Math.min(3, decimals(step / divisor)))}${suffix}`;
}

export const countUnit: Unit = {
  ticks: wholeTicks,
  short: shortCount,
  full: format.integer,
};

const SECOND = 1000;
const TIME_STEPS: readonly number[] = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((seconds) => seconds * SECOND);

/** 1.50 s → 1.5 s */
const withoutZeros = (text: string): string => text.replace(/(\.\d*?)0+ /, "$1 ").replace(". ", " ");

/** Durations in milliseconds. */
export const durationUnit: Unit = {
  ticks: (max, count) => {
    const raw = max / Math.max(1, count);
    const day = 86_400 * SECOND;
    return upTo(max, raw <= 10 * SECOND ? niceStep(raw) : (TIME_STEPS.find((known) => known >= raw) ?? niceStep(raw / day) * day));
  },
  short: (value) => (value === 0 ? "0" : withoutZeros(format.duration(value))),
  full: format.duration,
};

/** Costs in dollars. */
export const costUnit: Unit = {
  ticks: decimalTicks,
  short: (value, step) => (value === 0 ? "$0" : step >= 1 ? `$${shortCount(value, step)}` : `$${value.toFixed(Math.max(2, decimals(step)))}`),
  full: format.cost,
};

/** Shares as numbers from 0 to 100. */
export const percentUnit: Unit = {
  ticks: decimalTicks,
  short: (value, step) => `${value.toFixed(decimals(step))} %`,
  full: (value) => format.percent(value / 100),
};

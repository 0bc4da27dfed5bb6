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

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** 950, 1.2k, 34M: a whole number in four characters or so. */
export function compact(value: number, step = 0): string {
  const size = Math.max(Math.abs(value), 0);
  const [divisor, suffix] = size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  const scaled = value / divisor;
  const digits = step > 0 ? decimals(step / divisor) : scaled >= 100 || divisor === 1 ? 0 : 1;
  return `${scaled.toFixed(Math.min(3, digits)).replace(/^(-?\d+\.\d*?)0+$/, "$1").replace(/\.$/, "")}${suffix}`;
}

export const countUnit: Unit = {
  ticks: wholeTicks,
  short: compact,
  full: (value) => grouped.format(value),
};

const SECONDS = 1000;
const TIME_STEPS: readonly number[] = [
  15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
].map((seconds) => seconds * SECONDS);

/** A duration given in milliseconds: 820 µs, 340 ms, 1.25 s, 2 m 05 s, 3 h 10 m. */
export function duration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (ms < 9.95) return `${trim(milliseconds.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(milliseconds)} ms`;
  if (ms < 9995) return `${trim((milliseconds / 1000).toFixed(2))} s`;
  if (ms < 59_950) return `${trim((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), "m", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), "h", minutes % 60, "m");
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

const trim = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
const pair = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${String(small).padStart(2, "0")} ${smallUnit}`;

export const durationUnit: Unit = {
  ticks: (max, count) => {
    const raw = max / Math.max(1, count);
    const step = raw <= 10 * SECONDS ? niceStep(raw) : (TIME_STEPS.find((known) => known >= raw) ?? niceStep(raw / 86_400_000) * 86_400_000);
    return upTo(max, step);
  },
  short: (value) => (value === 0 ? "0" : duration(value)),
  full: duration,
};

/** Dollars with as many decimals as a small amount needs: $0.000042, $0.0180, $3.20, $1,204. */
export function dollars(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "-" : "";
  if (size === 0) return "$0";
  if (size >= 1000) return `${sign}$${grouped.format(Math.round(size))}`;
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  if (size >= 0.01) return `${sign}$${size.toFixed(3)}`;
  const digits = Math.min(10, 1 - Math.floor(Math.log10(size)));
  return `${sign}$${size.toFixed(digits)}`;
}

export const dollarUnit: Unit = {
  ticks: decimalTicks,
  short: (value, step) => (value === 0 ? "$0" : step >= 1 ? `$${compact(value, step)}` : `$${value.toFixed(Math.max(2, decimals(step)))}`),
  full: dollars,
};

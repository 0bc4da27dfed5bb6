import { ticks } from "../../../base/format";

const SECONDS = [15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Round times for an axis, in milliseconds; from a minute on they are round on the clock. */
export function timeTicks(from: number, to: number, count: number): readonly number[] {
  const rough = (to - from) / count / 1000;
  const step = rough > 10 ? SECONDS.find((s) => s >= rough * 0.8) : undefined;
  if (step === undefined) return ticks(from, to, count);
  const out: number[] = [];
  for (let t = Math.ceil(from / 1000 / step) * step * 1000; t <= to; t += step * 1000) out.push(t);
  return out;
}

/** The pixels that a text beside a mark takes, with the space around it. */
const roomFor = (text: string): number => 10 + 6.6 * text.length;

/**
 * Up to about five round times (milliseconds) on an axis of so many pixels, and the step between them: as many as have room.
 * Where that is one alone, the two ends tell more, if both texts have room.
 */
export function timeMarks(from: number, to: number, pixels: number): { readonly times: readonly number[]; readonly step: number } {
  const width = to - from;
  for (let count = 5; count > 0; count--) {
    const all = timeTicks(from, to, count), [first, second] = all;
    const step = first !== undefined && second !== undefined ? second - first : width / count;
    const fits = (t: number, until: number): boolean => ((until - t) / width) * pixels >= roomFor(tickText(t, step, to));
    const times = all.filter((t) => fits(t, to));
    if (times.length > 1 && times.every((t) => fits(t, t + step))) return { times, step };
  }
  const fine = width / 100;
  if (roomFor(tickText(from, fine, to)) + roomFor(tickText(to, fine, to)) <= pixels) return { times: [from, to], step: fine };
  return { times: timeTicks(from, to, 1).slice(0, 1), step: width };
}

/** A time on an axis (milliseconds), with as many digits as it takes to tell it from the next mark. */
export function tickText(t: number, step: number, most: number): string {
  if (t === 0) return "0";
  const digits = (unit: number): number => Math.max(0, Math.min(6, -Math.floor(Math.log10(Math.max(step, 1e-6) / unit) + 1e-9)));
  if (most < 1) return `${(t * 1000).toFixed(digits(1e-3))} µs`;
  if (most < 1000) return `${t.toFixed(digits(1))} ms`;
  if (most < 60_000) return `${(t / 1000).toFixed(digits(1000))} s`;
  const minutes = Math.floor(t / 60_000 + 1e-9), seconds = Math.max(0, t / 1000 - minutes * 60);
  if (most < 3_600_000) return `${minutes}:${seconds.toFixed(digits(1000)).padStart(digits(1000) > 0 ? 3 + digits(1000) : 2, "0")}`;
  const hours = Math.floor(minutes / 60), two = (n: number): string => String(n).padStart(2, "0");
  return `${hours}:${two(minutes - hours * 60)}${step < 60_000 ? `:${seconds.toFixed(digits(1000)).padStart(2, "0")}` : " h"}`;
}

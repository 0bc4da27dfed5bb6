/** The stretch of time on display, in milliseconds after the trace's start. */
export interface Window { readonly from: number; readonly to: number }

const LEAST_MS = 0.001;

/** Keeps a window within 0 … `duration`, and no smaller than a microsecond. */
export function within(window: Window, duration: number): Window {
  const width = Math.min(Math.max(window.to - window.from, LEAST_MS), Math.max(duration, LEAST_MS));
  const from = Math.min(Math.max(0, window.from), Math.max(0, duration - width));
  return { from, to: from + width };
}

/** Zooms by a factor (below 1: closer) such that what is at `anchor` stays where it is. */
export const zoomed = (w: Window, factor: number, anchor: number, duration: number): Window =>
  within({ from: anchor - (anchor - w.from) * factor, to: anchor + (w.to - anchor) * factor }, duration);

export const panned = (w: Window, by: number, duration: number): Window => within({ from: w.from + by, to: w.to + by }, duration);

/** A stretch with a little room at both sides. */
export function around(from: number, to: number, duration: number): Window {
  const room = Math.max((to - from) * 0.06, duration * 1e-5);
  return within({ from: from - room, to: to + room }, duration);
}

export const isWhole = (w: Window, duration: number): boolean => w.from <= 0 && w.to >= duration;

/** As in the URL: `12.5-80`. */
export const windowText = (w: Window): string => `${Number(w.from.toPrecision(7))}-${Number(w.to.toPrecision(7))}`;

export function readWindow(text: string, duration: number): Window {
  const m = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)-(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(text);
  const whole = { from: 0, to: Math.max(duration, LEAST_MS) };
  if (!m) return whole;
  const from = Number(m[1]), to = Number(m[2]);
  return to > from && from < whole.to ? within({ from, to }, whole.to) : whole;
}

import type { Bins } from "./bins";
import { binAt } from "./bins";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the plot lies in its canvas, and how time and values map to it; all in CSS pixels. */
export interface Plot {
  readonly size: Size;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (instant: number) => number;
  readonly instant: (x: number) => number;
}

export interface Margins {
  readonly left: number;
  readonly right: number;
}

const TOP = 8;
const BOTTOM = 20;

export function plot(size: Size, margins: Margins, bins: Bins): Plot {
  const left = margins.left;
  const right = Math.max(left + 1, size.width - margins.right);
  const start = bins.starts[0] ?? 0;
  const length = Math.max(1, bins.end - start);
  return {
    size,
    left,
    right,
    top: TOP,
    bottom: Math.max(TOP + 1, size.height - BOTTOM),
    x: (instant) => left + ((instant - start) / length) * (right - left),
    instant: (x) => start + ((x - left) / (right - left)) * length,
  };
}

/** From a value to a y, for an axis that reaches from zero to `most`. */
export function verticalScale(area: Plot, most: number): (value: number) => number {
  const height = area.bottom - area.top;
  return (value) => area.bottom - (most > 0 ? (value / most) * height : 0);
}

/** The bin under an x, which may lie beside the plot. */
export const binUnder = (area: Plot, bins: Bins, x: number): number =>
  binAt(bins, area.instant(Math.min(area.right - 1e-6, Math.max(area.left, x))));

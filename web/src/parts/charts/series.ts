import type { Unit } from "./units";

export type Values = readonly (number | null)[];
export type Axis = "left" | "right";

interface SeriesBase {
  readonly key: string;
  readonly label: string;
  /** The name of a colour token, such as `--chart-prompt`. */
  readonly color: string;
  readonly values: Values;
  readonly axis?: Axis;
  /** Hidden until a reader switches it on. */
  readonly isOff?: boolean;
}

/** Bars and areas stand on what the series before them reached; lines and bands stand alone. */
export type Series =
  | (SeriesBase & { readonly shape: "bar" | "area" })
  | (SeriesBase & { readonly shape: "line"; readonly isDashed?: boolean })
  | (SeriesBase & { readonly shape: "band"; readonly lower: Values });

/** A series with the values at which each of its marks begins and ends. */
export interface Layer {
  readonly series: Series;
  readonly from: Values;
  readonly to: Values;
}

/** Stacks bars upon bars and areas upon areas, per axis, in the order given. */
export function stack(all: readonly Series[], count: number): readonly Layer[] {
  const tops = new Map<string, number[]>();
  return all.map((series): Layer => {
    if (series.shape === "line") return { series, from: series.values, to: series.values };
    if (series.shape === "band") return { series, from: series.lower, to: series.values };
    const pile = `${series.shape} ${series.axis ?? "left"}`;
    const top = tops.get(pile) ?? Array.from({ length: count }, () => 0);
    tops.set(pile, top);
    const from: number[] = [];
    const to: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const base = top[index] ?? 0;
      const reached = base + Math.max(0, series.values[index] ?? 0);
      from.push(base);
      to.push(reached);
      top[index] = reached;
    }
    return { series, from, to };
  });
}

/** The largest value drawn on an axis. */
export function largest(layers: readonly Layer[], axis: Axis): number {
  let most = 0;
  for (const layer of layers) {
    if ((layer.series.axis ?? "left") !== axis) continue;
    for (const value of layer.to) if (value !== null && value > most) most = value;
  }
  return most;
}

/** Whether there is nothing to draw: no series has a value other than zero. */
export const isEmpty = (all: readonly Series[]): boolean =>
  all.every((series) => series.values.every((value) => !value));

/** The sum over all bins, where a sum means something. */
export const total = (values: Values): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The last value that there is. */
export function latest(values: Values): number | null {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index] ?? null;
    if (value !== null) return value;
  }
  return null;
}

/** What a chart shows, apart from how large it is. */
export interface ChartUnits {
  readonly left: Unit;
  readonly right?: Unit;
}

import type { Bins } from "./bins";
import { binEnd, binStart } from "./bins";
import { plot, verticalScale, type Plot, type Size } from "./geometry";
import { largest, type Axis, type ChartUnits, type Layer } from "./series";
import { timeTicks } from "./timeTicks";

export interface Picture {
  readonly bins: Bins;
  readonly layers: readonly Layer[];
  readonly units: ChartUnits;
  readonly zone: string;
  /** What is right of it has not happened yet. */
  readonly now: number;
}

/** Reads a colour or font token of the theme. */
export type Token = (name: string) => string;

interface AxisScale {
  readonly most: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

const LABEL_GAP = 8;
const TICK_SPACE = 70;

const tokenFont = (token: Token): string => `11px ${token("--sans") || "sans-serif"}`;

function axisScale(picture: Picture, axis: Axis, height: number): AxisScale | null {
  const unit = axis === "left" ? picture.units.left : picture.units.right;
  if (!unit) return null;
  const most = largest(picture.layers, axis);
  const values = unit.ticks(most > 0 ? most : 1, Math.max(2, Math.floor(height / 38)));
  const step = (values[1] ?? 1) - (values[0] ?? 0);
  const ticks = values.map((value) => ({ value, label: unit.short(value, step) }));
  return { most: values[values.length - 1] ?? 1, ticks };
}

const widest = (context: CanvasRenderingContext2D, scale: AxisScale | null): number =>
  scale ? Math.max(...scale.ticks.map((tick) => context.measureText(tick.label).width)) : 0;

/** What was painted where. */
export interface Painted {
  readonly area: Plot;
  readonly y: Readonly<Record<Axis, (value: number) => number>>;
}

/** Paints the chart and answers where its plot lies. */
export function paint(context: CanvasRenderingContext2D, size: Size, picture: Picture, token: Token): Painted {
  context.clearRect(0, 0, size.width, size.height);
  context.font = tokenFont(token);
  const left = axisScale(picture, "left", size.height);
  const right = axisScale(picture, "right", size.height);
  const margins = {
    left: Math.ceil(widest(context, left)) + LABEL_GAP + 2,
    right: right ? Math.ceil(widest(context, right)) + LABEL_GAP + 2 : 10,
  };
  const area = plot(size, margins, picture.bins);
  const scales = {
    left: verticalScale(area, left?.most ?? 1),
    right: verticalScale(area, right?.most ?? 1),
  };
  paintGrid(context, area, left, right, token);
  paintTimes(context, area, picture, token);
  for (const layer of picture.layers) {
    const y = scales[layer.series.axis ?? "left"];
    context.globalAlpha = 1;
    context.setLineDash([]);
    if (layer.series.shape === "bar") paintBars(context, area, picture, layer, y, token);
    else if (layer.series.shape === "line") paintLine(context, area, picture, layer, y, token);
    else paintBand(context, area, picture, layer, y, token);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  return { area, y: scales };
}

function paintGrid(
  context: CanvasRenderingContext2D,
  area: Plot,
  left: AxisScale | null,
  right: AxisScale | null,
  token: Token,
): void {
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.fillStyle = token("--fg-3");
  const y = verticalScale(area, left?.most ?? 1);
  context.textAlign = "right";
  for (const tick of left?.ticks ?? []) {
    const at = Math.round(y(tick.value)) + 0.5;
    context.strokeStyle = token("--line");
    context.globalAlpha = tick.value === 0 ? 1 : 0.6;
    context.beginPath();
    context.moveTo(area.left, at);
    context.lineTo(area.right, at);
    context.stroke();
    context.globalAlpha = 1;
    context.fillText(tick.label, area.left - LABEL_GAP, at);
  }
  const other = verticalScale(area, right?.most ?? 1);
  context.textAlign = "left";
  for (const tick of right?.ticks ?? []) context.fillText(tick.label, area.right + LABEL_GAP, other(tick.value));
}

function paintTimes(context: CanvasRenderingContext2D, area: Plot, picture: Picture, token: Token): void {
  const { bins, zone } = picture;
  const start = bins.starts[0];
  if (start === undefined) return;
  const most = Math.max(2, Math.floor((area.right - area.left) / TICK_SPACE));
  context.textBaseline = "alphabetic";
  let free = area.left - 30;
  for (const tick of timeTicks(start, bins.end, zone, most)) {
    const x = Math.round(area.x(tick.at)) + 0.5;
    const half = context.measureText(tick.label).width / 2;
    context.strokeStyle = token("--line");
    context.beginPath();
    context.moveTo(x, area.bottom);
    context.lineTo(x, area.bottom + 4);
    context.stroke();
    const center = Math.min(Math.max(x, area.left + half - 30), area.size.width - half - 2);
    if (center - half < free) continue;
    context.fillStyle = token(tick.isMajor ? "--fg-2" : "--fg-3");
    context.textAlign = "center";
    context.fillText(tick.label, center, area.size.height - 4);
    free = center + half + 12;
  }
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/** The bar of a bin on whole device pixels, with a gap that narrow bars do without. */
export function column(area: Plot, bins: Bins, index: number): Column {
  const from = area.x(binStart(bins, index));
  const to = area.x(binEnd(bins, index));
  const gap = to - from >= 24 ? Math.min(12, (to - from) * 0.2) : to - from >= 3 ? 1 : 0;
  const x = Math.round(from + gap / 2);
  return { x, width: Math.max(1, Math.round(to - gap / 2) - x) };
}

const centerOf = (area: Plot, bins: Bins, index: number): number =>
  (area.x(binStart(bins, index)) + area.x(binEnd(bins, index))) / 2;

function paintBars(
  context: CanvasRenderingContext2D,
  area: Plot,
  { bins, now }: Picture,
  layer: Layer,
  y: (value: number) => number,
  token: Token,
): void {
  context.fillStyle = token(layer.series.color);
  bins.starts.forEach((start, index) => {
    const from = layer.from[index] ?? 0;
    const to = layer.to[index] ?? 0;
    if (to <= from) return;
    const { x, width } = column(area, bins, index);
    const bottom = Math.round(y(from));
    const top = Math.min(Math.round(y(to)), bottom - 1);
    // The bin that the present is in is not over yet.
    context.globalAlpha = start <= now && now < binEnd(bins, index) ? 0.6 : 1;
    context.fillRect(x, top, width, bottom - top);
  });
}

function paintLine(
  context: CanvasRenderingContext2D,
  area: Plot,
  { bins }: Picture,
  layer: Layer,
  y: (value: number) => number,
  token: Token,
): void {
  const { series } = layer;
  context.strokeStyle = token(series.color);
  context.fillStyle = token(series.color);
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  if (series.shape === "line" && series.isDashed) context.setLineDash([4, 3]);
  const drawsDots = (area.right - area.left) / bins.starts.length >= 28;
  context.beginPath();
  const dots: (readonly [number, number])[] = [];
  layer.to.forEach((value, index) => {
    if (value === null) return;
    const at = [centerOf(area, bins, index), y(value)] as const;
    const isAlone = (layer.to[index - 1] ?? null) === null && (layer.to[index + 1] ?? null) === null;
    if ((layer.to[index - 1] ?? null) === null) context.moveTo(...at);
    else context.lineTo(...at);
    if (drawsDots || isAlone) dots.push(at);
  });
  context.stroke();
  context.setLineDash([]);
  for (const [x, top] of dots) {
    context.beginPath();
    context.arc(x, top, 2.25, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Areas and bands: what lies between two runs of values, apart at each gap. */
function paintBand(
  context: CanvasRenderingContext2D,
  area: Plot,
  { bins }: Picture,
  layer: Layer,
  y: (value: number) => number,
  token: Token,
): void {
  context.fillStyle = token(layer.series.color);
  context.globalAlpha = layer.series.shape === "band" ? 0.16 : 0.5;
  let run: number[] = [];
  const flush = (): void => {
    if (run.length > 0) {
      context.beginPath();
      for (const index of run) context.lineTo(centerOf(area, bins, index), y(layer.to[index] ?? 0));
      for (const index of run.reverse()) context.lineTo(centerOf(area, bins, index), y(layer.from[index] ?? 0));
      context.closePath();
      context.fill();
    }
    run = [];
  };
  for (let index = 0; index < bins.starts.length; index += 1) {
    if ((layer.to[index] ?? null) === null || (layer.from[index] ?? null) === null) flush();
    else run.push(index);
  }
  flush();
}

export interface Marks {
  /** The bin under the cursor, or -1. */
  readonly cursor: number;
  /** The bins of a selection that is being made, first and last. */
  readonly brush: readonly [number, number] | null;
}

/** Paints cursor and selection on a layer of their own, so that moving them repaints nothing else. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  { area, y }: Painted,
  picture: Picture,
  marks: Marks,
  token: Token,
): void {
  const { bins } = picture;
  context.clearRect(0, 0, area.size.width, area.size.height);
  if (marks.brush) {
    const from = Math.round(area.x(binStart(bins, marks.brush[0])));
    const to = Math.round(area.x(binEnd(bins, marks.brush[1])));
    context.fillStyle = token("--brush");
    context.fillRect(from, area.top, to - from, area.bottom - area.top);
    context.fillStyle = token("--accent");
    context.fillRect(from, area.top, 1, area.bottom - area.top);
    context.fillRect(to - 1, area.top, 1, area.bottom - area.top);
  }
  if (marks.cursor < 0 || marks.cursor >= bins.starts.length) return;
  const { x, width } = column(area, bins, marks.cursor);
  context.fillStyle = token("--fg-1");
  context.globalAlpha = 0.08;
  context.fillRect(x - 1, area.top, width + 2, area.bottom - area.top);
  context.globalAlpha = 0.55;
  context.fillRect(Math.round(centerOf(area, bins, marks.cursor)), area.top, 1, area.bottom - area.top);
  context.globalAlpha = 1;
  for (const { series, to } of picture.layers) {
    const value = to[marks.cursor] ?? null;
    if (series.shape !== "line" || value === null) continue;
    context.beginPath();
    context.arc(centerOf(area, bins, marks.cursor), y[series.axis ?? "left"](value), 3.5, 0, 2 * Math.PI);
    context.fillStyle = token(series.color);
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = token("--bg-1");
    context.stroke();
  }
}

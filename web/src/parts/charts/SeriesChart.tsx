import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { binAt, binEnd, binStart, type Bins } from "./bins";
import { useCursor, type ChartCursor } from "./cursor";
import { binUnder } from "./geometry";
import { paint, paintMarks, type Painted, type Picture, type Token } from "./paint";
import { stack, type ChartUnits, type Series } from "./series";
import { binLabel, rangeLabel } from "./timeTicks";
import { Tip } from "./Tip";
import { useAppearance } from "./useAppearance";
import { useSize } from "./useSize";

export interface SeriesChartProps {
  readonly label: string;
  readonly bins: Bins;
  readonly series: readonly Series[];
  readonly units: ChartUnits;
  readonly zone: string;
  readonly cursor: ChartCursor;
  /** A stretch of time was chosen, by pointer or keys. */
  readonly onBrush?: (start: number, end: number) => void;
}

/** A selection that is being made, by the starts of two bins: where it began and where it is now. Instants outlive new data. */
interface Brush {
  readonly from: number;
  readonly to: number;
}

/** The first and the last bin of a selection. */
const binsOf = (bins: Bins, { from, to }: Brush): readonly [number, number] => [binAt(bins, Math.min(from, to)), binAt(bins, Math.max(from, to))];

/**
 * Bars, areas, lines and bands over time, painted on a canvas.
 *
 * To assistive technology it is a slider along the bins: arrows move the cursor and its text says the values; Enter begins a
 * selection that arrows widen, Enter again applies it, Escape drops it.
 */
export function SeriesChart({ label, bins, series, units, zone, cursor, onBrush }: SeriesChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const painted = useRef<Painted | null>(null);
  const [brush, setBrush] = useState<Brush | null>(null);
  const [isOver, setIsOver] = useState(false);
  const size = useSize(box);
  const appearance = useAppearance();
  const instant = useCursor(cursor);
  const help = useId();

  const picture = useMemo<Picture>(
    () => ({ bins, units, zone, layers: stack(series, bins.starts.length), now: Date.now() }),
    [bins, series, units, zone],
  );
  const isInside = instant !== null && instant >= binStart(bins, 0) && instant < bins.end;
  const at = isInside ? binAt(bins, instant) : -1;
  const last = bins.starts.length - 1;

  useLayoutEffect(() => {
    const prepared = prepare(base.current, size);
    if (prepared) painted.current = paint(prepared.context, size, picture, prepared.token);
  }, [size, picture, appearance]);
  useLayoutEffect(() => {
    const prepared = prepare(marks.current, size);
    if (!prepared || !painted.current) return;
    paintMarks(prepared.context, painted.current, picture, { cursor: at, brush: brush && binsOf(bins, brush) }, prepared.token);
  }, [size, picture, appearance, at, brush, bins]);
  useEffect(() => setBrush(null), [bins.scale, bins.starts[0]]); // oxlint-disable-line react/exhaustive-deps

  const point = (event: PointerEvent): number => {
    const area = painted.current?.area;
    if (!area) return -1;
    return binUnder(area, bins, event.clientX - event.currentTarget.getBoundingClientRect().left);
  };
  const moveTo = (index: number): void => {
    const next = Math.min(last, Math.max(0, index));
    cursor.set(binStart(bins, next));
    setBrush((known) => known && { ...known, to: binStart(bins, next) });
  };
  const beginAt = (index: number): void => setBrush({ from: binStart(bins, index), to: binStart(bins, index) });
  const apply = (chosen: Brush): void => {
    const [from, to] = binsOf(bins, chosen);
    setBrush(null);
    onBrush?.(binStart(bins, from), binEnd(bins, to));
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || !onBrush) return;
    const index = point(event);
    if (index < 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    beginAt(index);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const index = point(event);
    if (index < 0) return;
    setIsOver(true);
    moveTo(index);
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (!brush || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    // A click without a drag looks; it selects nothing.
    if (brush.from === brush.to) setBrush(null);
    else apply(brush);
  };
  const onPointerLeave = (): void => {
    setIsOver(false);
    if (!brush) cursor.set(null);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = at < 0 ? (event.key === "ArrowLeft" ? last + 1 : -1) : at;
    const page = Math.max(2, Math.round(last / 10));
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: here - 1,
      ArrowRight: here + 1,
      ArrowDown: here - 1,
      ArrowUp: here + 1,
      PageDown: here - page,
      PageUp: here + page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      if (event.shiftKey && !brush && onBrush && at >= 0) beginAt(at);
      moveTo(target);
    } else if (event.key === "Enter" && onBrush && at >= 0) {
      if (brush) apply(brush);
      else beginAt(at);
    } else if (event.key === "Escape" && (brush || at >= 0)) {
      if (brush) setBrush(null);
      else cursor.set(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const chosen = brush && brush.from !== brush.to ? binsOf(bins, brush) : null;
  const heading = chosen ? rangeLabel(binStart(bins, chosen[0]), binEnd(bins, chosen[1]), zone) : binLabel(bins, at, zone);
  const area = painted.current?.area;
  return (
    <div className="chart" ref={box}>
      <canvas className="chart-canvas" ref={base} aria-hidden="true" />
      <canvas className="chart-canvas" ref={marks} aria-hidden="true" />
      <div
        className="chart-surface"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={help}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, at)}
        aria-valuetext={at < 0 ? "No time chosen" : `${heading}: ${spoken(series, units, at)}`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setBrush(null)}
        onPointerLeave={onPointerLeave}
        onKeyDown={onKeyDown}
        onFocus={(event) => setIsOver(event.currentTarget.matches(":focus-visible"))}
        onBlur={() => {
          setIsOver(false);
          setBrush(null);
          cursor.set(null);
        }}
      />
      <span id={help} hidden>
        Arrow keys move along time.{onBrush ? " Enter begins a selection, and applies it." : ""}
      </span>
      {isOver && at >= 0 && area && (
        <Tip
          heading={heading}
          hint={chosen ? "Release to zoom in" : null}
          series={series}
          units={units}
          index={at}
          x={area.x((binStart(bins, at) + binEnd(bins, at)) / 2)}
          width={size.width}
        />
      )}
    </div>
  );
}

function prepare(
  canvas: HTMLCanvasElement | null,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly context: CanvasRenderingContext2D; readonly token: Token } | null {
  const context = canvas?.getContext("2d");
  if (!canvas || !context || width === 0 || height === 0) return null;
  const density = devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  context.setTransform(density, 0, 0, density, 0, 0);
  const style = getComputedStyle(canvas);
  const known = new Map<string, string>();
  const token = (name: string): string => {
    const value = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, value);
    return value;
  };
  return { context, token };
}

function spoken(series: readonly Series[], units: ChartUnits, index: number): string {
  const words = series.map((one) => {
    const value = one.values[index] ?? null;
    const unit = one.axis === "right" ? (units.right ?? units.left) : units.left;
    return `${one.label} ${value === null ? "none" : unit.full(value)}`;
  });
  return words.join(", ");
}

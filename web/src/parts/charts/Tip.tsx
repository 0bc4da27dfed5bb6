import { Swatch } from "./Swatch";
import type { ChartUnits, Series } from "./series";

interface TipProps {
  readonly heading: string;
  readonly hint: string | null;
  readonly series: readonly Series[];
  readonly units: ChartUnits;
  readonly index: number;
  /** The middle of the bin, and the width of the chart: the tip opens to the side with more room. */
  readonly x: number;
  readonly width: number;
}

const APART = 14;

/** The values of a bin beside the pointer, the topmost of a stack first. */
export function Tip({ heading, hint, series, units, index, x, width }: TipProps): JSX.Element {
  const isLeft = x > width / 2;
  const rows = series.filter((one) => one.shape !== "band").reverse();
  const stacked = series.filter((one) => one.shape === "bar" && (one.axis ?? "left") === "left");
  const sum = stacked.reduce((added, one) => added + (one.values[index] ?? 0), 0);
  return (
    <div className="chart-tip" aria-hidden="true" style={isLeft ? { right: width - x + APART } : { left: x + APART }}>
      <b>{heading}</b>
      {rows.map((one) => {
        const value = one.values[index] ?? null;
        const unit = one.axis === "right" ? (units.right ?? units.left) : units.left;
        return (
          <span key={one.key} className="chart-tip-row">
            <Swatch series={one} />
            <span>{one.label}</span>
            <span className="chart-number">{value === null ? "–" : unit.full(value)}</span>
          </span>
        );
      })}
      {stacked.length > 1 && (
        <span className="chart-tip-row chart-tip-sum">
          <span />
          <span>Total</span>
          <span className="chart-number">{units.left.full(sum)}</span>
        </span>
      )}
      {hint && <span className="chart-tip-hint">{hint}</span>}
    </div>
  );
}

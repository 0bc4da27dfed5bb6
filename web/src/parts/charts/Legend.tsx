import { binAt, type Bins } from "./bins";
import { useCursor, type ChartCursor } from "./cursor";
import { Swatch } from "./Swatch";
import { latest, total, type ChartUnits, type Series } from "./series";

interface LegendProps {
  readonly label: string;
  readonly bins: Bins;
  readonly series: readonly Series[];
  readonly units: ChartUnits;
  readonly cursor: ChartCursor;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
}

/** The series of a chart with the value under the cursor, else the sum or the latest value; a press hides or shows. */
export function Legend({ label, bins, series, units, cursor, hidden, onToggle }: LegendProps): JSX.Element {
  const instant = useCursor(cursor);
  const isInside = instant !== null && instant >= (bins.starts[0] ?? Infinity) && instant < bins.end;
  const index = isInside ? binAt(bins, instant) : -1;
  return (
    <div className="chart-legend" role="group" aria-label={`Series of ${label}`}>
      {series.map((one) => {
        const unit = one.axis === "right" ? (units.right ?? units.left) : units.left;
        const isSum = one.shape === "bar" || one.shape === "area";
        const value = index >= 0 ? (one.values[index] ?? null) : isSum ? total(one.values) : latest(one.values);
        return (
          <button
            key={one.key}
            type="button"
            className="chart-key"
            aria-pressed={!hidden.has(one.key)}
            onClick={() => onToggle(one.key)}
          >
            <Swatch series={one} />
            {one.label}
            {one.shape !== "band" && (isSum || !hidden.has(one.key)) && (
              <span className="chart-number" aria-hidden="true" data-is-latest={isSum ? undefined : index < 0} title={isSum || index >= 0 ? undefined : "latest"}>
                {value === null ? "–" : unit.full(value)}
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}

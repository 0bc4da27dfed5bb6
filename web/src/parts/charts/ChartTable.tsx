import type { Bins } from "./bins";
import type { ChartUnits, Series } from "./series";
import { binLabel } from "./timeTicks";

interface ChartTableProps {
  readonly label: string;
  readonly bins: Bins;
  readonly series: readonly Series[];
  readonly units: ChartUnits;
  readonly zone: string;
}

/** The numbers of a chart as a table, latest first. */
export function ChartTable({ label, bins, series, units, zone }: ChartTableProps): JSX.Element {
  const rows = bins.starts.map((_, index) => index).reverse();
  return (
    <div className="chart-table" role="region" aria-label={`${label}, table`} tabIndex={0}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((one) => (
              <th key={one.key} scope="col" className="chart-number">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={bins.starts[index]}>
              <th scope="row">{binLabel(bins, index, zone)}</th>
              {series.map((one) => {
                const value = one.values[index] ?? null;
                const unit = one.axis === "right" ? (units.right ?? units.left) : units.left;
                return (
                  <td key={one.key} className="chart-number">
                    {value === null ? "–" : unit.full(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

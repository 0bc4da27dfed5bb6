import { Swatch } from "./Swatch";
import type { Series } from "./series";
import type { Unit } from "./units";

export interface BarListPart {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly value: number;
}

export interface BarListRow {
  readonly key: string;
  readonly label: string;
  readonly parts: readonly BarListPart[];
}

interface BarListProps {
  readonly label: string;
  readonly rows: readonly BarListRow[];
  readonly unit: Unit;
}

const sum = (row: BarListRow): number => row.parts.reduce((added, part) => added + part.value, 0);

/** Amounts side by side, each a bar of its parts; a table to assistive technology. */
export function BarList({ label, rows, unit }: BarListProps): JSX.Element {
  const most = Math.max(...rows.map(sum), Number.MIN_VALUE);
  const everything = rows.reduce((added, row) => added + sum(row), 0) || 1;
  const kinds = new Map<string, BarListPart>();
  for (const row of rows) for (const part of row.parts) if (part.value > 0) kinds.set(part.key, kinds.get(part.key) ?? part);
  return (
    <div className="barlist">
      <table aria-label={label}>
        <colgroup>
          <col className="barlist-name" />
          <col />
          <col className="barlist-amount" />
        </colgroup>
        <thead className="sr">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Share</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} title={row.parts.filter((part) => part.value > 0).map((part) => `${part.label} ${unit.full(part.value)}`).join(" · ")}>
              <th scope="row">{row.label}</th>
              {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- a cell, with its text further in */}
              <td>
                <div className="barlist-line">
                  <span className="barlist-bar" style={{ width: `${(sum(row) / most) * 100}%` }}>
                    {row.parts.map((part) => (
                      <i key={part.key} style={{ flexGrow: (100 * part.value) / (sum(row) || 1), background: `var(${part.color})` }} />
                    ))}
                  </span>
                  <span className="barlist-share">{Math.round((sum(row) / everything) * 100)} %</span>
                </div>
              </td>
              <td className="chart-number">{unit.full(sum(row))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="chart-legend">
        {[...kinds.values()].map((part) => (
          <span key={part.key} className="chart-key">
            <Swatch series={swatch(part)} />
            {part.label}
          </span>
        ))}
      </div>
    </div>
  );
}

const swatch = (part: BarListPart): Series => ({ key: part.key, label: part.label, color: part.color, values: [], shape: "bar" });

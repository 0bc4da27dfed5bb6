import { useMemo, useState, type ReactNode } from "react";
import type { Bins } from "./bins";
import { ChartTable } from "./ChartTable";
import { CopyCsv } from "./CopyCsv";
import { seriesCsv } from "./csv";
import type { ChartCursor } from "./cursor";
import { Legend } from "./Legend";
import { isEmpty, type ChartUnits, type Series } from "./series";
import { SeriesChart } from "./SeriesChart";

export interface ChartCardProps {
  readonly title: string;
  /** The one number that the chart amounts to. */
  readonly figure?: ReactNode;
  /** What to say when there is nothing to draw. */
  readonly emptyText: string;
  /** Null while the answer is on its way. */
  readonly data: { readonly bins: Bins; readonly series: readonly Series[] } | null;
  readonly error?: string | null;
  readonly units: ChartUnits;
  readonly zone: string;
  readonly cursor: ChartCursor;
  readonly onBrush?: (start: number, end: number) => void;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly isWide?: boolean;
  readonly actions?: ReactNode;
}

/** A chart with its title, sum, legend, table and CSV, in whatever state its data is. */
export function ChartCard(props: ChartCardProps): JSX.Element {
  const { title, data, hidden } = props;
  const [isTable, setIsTable] = useState(false);
  const shown = useMemo(() => data?.series.filter((one) => !hidden.has(one.key)) ?? [], [data, hidden]);
  const hasData = data !== null && !isEmpty(data.series);
  return (
    <section className="chart-card" aria-label={title} aria-busy={data === null && !props.error} data-wide={props.isWide}>
      <header className="chart-head">
        <h3>{title}</h3>
        {hasData && props.figure !== undefined && <span className="chart-figure">{props.figure}</span>}
        <span className="chart-actions">
          {props.actions}
          {hasData && (
            <>
              <button type="button" className="chart-action" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
                Table<span className="chart-unseen"> of {title}</span>
              </button>
              <CopyCsv subject={title} text={() => seriesCsv(data.bins, data.series)} />
            </>
          )}
        </span>
      </header>
      <div className="chart-body">
        <Body {...props} isTable={isTable} shown={shown} hasData={hasData} />
      </div>
      {hasData && (
        <Legend
          label={title}
          bins={data.bins}
          series={data.series}
          units={props.units}
          cursor={props.cursor}
          hidden={hidden}
          onToggle={props.onToggle}
        />
      )}
    </section>
  );
}

interface BodyProps extends ChartCardProps {
  readonly isTable: boolean;
  readonly shown: readonly Series[];
  readonly hasData: boolean;
}

function Body({ title, data, error, emptyText, isTable, shown, hasData, ...rest }: BodyProps): JSX.Element {
  if (error) {
    return (
      <p className="chart-state" role="alert">
        {error}
      </p>
    );
  }
  if (!data) return <div className="chart-loading" role="status" aria-label={`Loading ${title}`} />;
  if (!hasData) return <p className="chart-state">{emptyText}</p>;
  const { units, zone, cursor, onBrush } = rest;
  if (isTable) return <ChartTable label={title} bins={data.bins} series={shown} units={units} zone={zone} />;
  return (
    <SeriesChart
      label={title}
      bins={data.bins}
      series={shown}
      units={units}
      zone={zone}
      cursor={cursor}
      {...(onBrush ? { onBrush } : {})}
    />
  );
}

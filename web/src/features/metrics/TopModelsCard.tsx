import { useMemo } from "react";
import { BarList, CopyCsv, costUnit, countUnit, csv, type BarListRow } from "../../parts/charts";
import { compareTokenKinds, tokenKind } from "./chartSeries";

interface ModelUse {
  readonly id: string;
  readonly name: string;
  readonly costDetailSummaryEntries: readonly {
    readonly tokenType: string;
    readonly isPrompt: boolean;
    readonly value: { readonly cost: number | null; readonly tokens: number | null };
  }[];
}

interface TopModelsCardProps {
  readonly title: string;
  readonly by: "cost" | "tokens";
  readonly models: readonly ModelUse[] | null;
  readonly error: string | null;
  readonly emptyText: string;
}

const MOST_SHOWN = 8;

/** The models that cost or read and wrote the most, by kind of tokens. */
export function TopModelsCard({ title, by, models, error, emptyText }: TopModelsCardProps): JSX.Element {
  const rows = useMemo(() => models?.map((model) => row(model, by)) ?? [], [models, by]);
  const unit = by === "cost" ? costUnit : countUnit;
  const table = (): string =>
    csv([
      ["model", "kind", by === "cost" ? "dollars" : "tokens"],
      ...rows.flatMap((one) => one.parts.map((part) => [one.label, part.label, part.value])),
    ]);
  return (
    <section className="chart-card" aria-label={title} aria-busy={!models && !error}>
      <header className="chart-head">
        <h3>{title}</h3>
        <span className="chart-actions">{rows.length > 0 && <CopyCsv subject={title} text={table} />}</span>
      </header>
      <div className="metrics-models">
        {error && !models ? (
          <p className="chart-state" role="alert">
            {error}
          </p>
        ) : !models ? (
          <div className="chart-loading" role="status" aria-label={`Loading ${title}`} />
        ) : rows.length === 0 ? (
          <p className="chart-state">{emptyText}</p>
        ) : (
          <BarList label={title} rows={rows.slice(0, MOST_SHOWN)} unit={unit} />
        )}
      </div>
    </section>
  );
}

function row(model: ModelUse, by: "cost" | "tokens"): BarListRow {
  const parts = [...model.costDetailSummaryEntries]
    .sort((a, b) => Number(b.isPrompt) - Number(a.isPrompt) || compareTokenKinds(a.tokenType, b.tokenType))
    .map((entry) => ({ key: `${entry.isPrompt} ${entry.tokenType}`, ...tokenKind(entry.tokenType), value: entry.value[by] ?? 0 }));
  return { key: model.id, label: model.name, parts };
}

import * as format from "../../../base/format";
import type { Config, Summary } from "../../annotations/annotation";
import { commonest, summaryText, toneOf } from "../../annotations/annotation";
import { SummaryChips } from "../../annotations/SummaryChips";
import type { AnnotationNames } from "../../annotations/useAnnotatedSpans";
import { visibleText } from "../../../parts/text/visible";
import { annotationColumn } from "./spanSource";
import type { SpanTableColumn } from "./spanColumns";

export interface AnnotationColumns {
  /** Which the list can be filtered by: those of spans where spans are listed. */
  readonly filters: "spans" | "traces";
  readonly names: AnnotationNames;
  readonly configs: readonly Config[] | undefined;
  /** What is known of all rows together, by the name of a span's annotation. */
  readonly summaries: ReadonlyMap<string, Summary>;
}

/** The annotations of a span as chips, and a column for each name. Projects that are not annotated have none of them. */
export function annotationColumns(shown: AnnotationColumns | undefined, width: number): readonly SpanTableColumn[] {
  if (shown === undefined) return [];
  const { names, configs, summaries, filters } = shown;
  const isOfTraces = filters === "traces";
  const chips: SpanTableColumn[] = [
    { key: "annotations", title: "Annotations", width, grow: 2, cell: (row) => <SummaryChips summaries={row.spanAnnotationSummaries} configs={configs} isTabStop={false} isReadOnly={isOfTraces} /> },
    { key: "notes", title: "Notes", width: 160, isHidden: true, cell: (row) => <Notes notes={row.spanNotes ?? []} /> },
  ];
  const ofTraces: SpanTableColumn[] = [
    { key: "traceAnnotations", title: "Trace annotations", width: 180, isHidden: !isOfTraces, cell: (row) => <SummaryChips summaries={row.trace.traceAnnotationSummaries ?? []} configs={configs} of="trace_annotations" isTabStop={false} /> },
  ];
  return [
    ...(names.spans.length > 0 ? chips : []),
    ...(names.traces.length > 0 ? ofTraces : []),
    ...names.spans.map((name): SpanTableColumn => {
      const all = summaries.get(name);
      const config = configs?.find((one) => one.name === name);
      return {
        key: annotationColumn(name), title: visibleText(name), width: 120, align: "end", isHidden: true, isSortable: true, hint: all ? `Of all that is listed: ${summaryWords(all)}.` : "The mean score of this annotation. Sorted by it, the list has the spans with one.",
        ...(all ? { extra: headText(all) } : {}),
        cell: (row) => <OneVerdict summary={row.spanAnnotationSummaries.find((one) => one.name === name)} config={config} />,
      };
    }),
  ];
}

const headText = ({ meanScore, labelFractions }: Summary): string => (meanScore === null ? (commonest(labelFractions)?.label ?? "") : `⌀ ${format.score(meanScore)}`);

/** A summary in words: how many, the mean, the shares of the labels. */
export function summaryWords({ count, meanScore, labelFractions }: Summary): string {
  const labels = [...labelFractions].sort((a, b) => b.fraction - a.fraction).slice(0, 4).map((one) => `${one.label} ${format.percent(one.fraction)}`);
  return [format.plural(count, "annotation"), ...(meanScore === null ? [] : [`mean ${format.score(meanScore)}`]), ...labels].join(", ");
}

/** What the annotations of one name say of a row. */
export function OneVerdict({ summary, config }: { readonly summary: Summary | undefined; readonly config: Config | undefined }): JSX.Element {
  if (summary === undefined) return <span className="dim">–</span>;
  const verdict = { label: commonest(summary.labelFractions)?.label ?? null, score: summary.meanScore };
  const text = summary.meanScore === null ? summaryText(summary) : format.score(summary.meanScore);
  return <span className="an-plain" data-tone={toneOf(config, verdict)} title={summaryWords(summary)}>{visibleText(text)}</span>;
}

function Notes({ notes }: { readonly notes: readonly { readonly id: string; readonly explanation: string | null }[] }): JSX.Element | null {
  const last = notes.at(-1);
  if (last === undefined) return null;
  const text = visibleText(last.explanation ?? "");
  return <span className="cell-value" title={notes.map((one) => visibleText(one.explanation ?? "")).join("\n")}>{notes.length > 1 && <b>{notes.length} </b>}{text}</span>;
}

import { Link } from "../../../base/router";
import type { TableColumn } from "../../../parts/dataTable";
import { Kind } from "../../../parts/kind/Kind";
import { VisibleText } from "../../../parts/text/PlainText";
import { visibleText } from "../../../parts/text/visible";
import { Cost, Identifier, Latency, SnippetText, Marked, Status, Time, Tokens, ValueText } from "../cells";
import type { ColumnShape } from "../table/columnLayout";
import { annotationColumns, type AnnotationColumns } from "./annotationColumns";
import type { SpanRow } from "./spanSource";
import type { Snippet } from "./useSnippets";

export type SpanTableColumn = TableColumn<SpanRow> & ColumnShape;

interface SpanColumnsOptions {
  /** Tokens and costs with all that is below a span. */
  readonly isCumulative: boolean;
  /** Texts to mark. */
  readonly wanted: readonly string[];
  readonly linkTo: (row: SpanRow) => string;
  /** Where the searched text was found; null when none is searched for. */
  readonly snippets?: ReadonlyMap<string, Snippet> | null;
  readonly annotations?: AnnotationColumns;
}

/** The least widths of what gives way to other columns: beside the panel of a page 1440 pixels wide all columns are in sight. */
function narrowest(isSearched: boolean, isAnnotated: boolean): { readonly name: number; readonly match: number; readonly text: number; readonly annotations: number } {
  if (isSearched) return isAnnotated ? { name: 100, match: 148, text: 48, annotations: 86 } : { name: 126, match: 176, text: 64, annotations: 0 };
  return isAnnotated ? { name: 130, match: 0, text: 80, annotations: 110 } : { name: 160, match: 0, text: 120, annotations: 0 };
}

/** The columns of spans and traces; those of annotations join them behind the output. */
export function spanColumns({ isCumulative, wanted, linkTo, snippets = null, annotations }: SpanColumnsOptions): readonly SpanTableColumn[] {
  const widths = narrowest(snippets !== null, annotations !== undefined);
  const sum = isCumulative ? "With all that is below the span." : "Of the span alone.";
  const tokens = (own: number | null, all: number | null | undefined): number | null => (isCumulative ? (all ?? own) : own);
  return [
    { key: "status", title: "Status", width: 58, cell: (row) => <Status code={row.statusCode} message={row.statusMessage} failedBelow={row.parentId === null ? (row.trace.errorCount ?? 0) : 0} /> },
    { key: "spanKind", title: "Kind", width: 98, cell: (row) => <Kind kind={row.spanKind} /> },
    {
      key: "name",
      title: "Name",
      width: widths.name,
      ...(snippets === null ? {} : { grow: 2 }),
      isFixed: true,
      isTree: true,
      cell: (row) => (
        <Link to={linkTo(row)} tabIndex={-1} className="cell-name" title={visibleText(row.name)}>
          <Marked text={row.name || "(no name)"} wanted={wanted} />
        </Link>
      ),
    },
    ...(snippets === null ? [] : [{ key: "match", title: "Match", width: widths.match, grow: 4, hint: "Where the searched text was found.", cell: (row: SpanRow) => <SnippetText snippet={snippets.get(row.id)} /> }]),
    { key: "startTime", title: "Start", width: 120, isSortable: true, cell: (row) => <Time at={row.startTime} /> },
    { key: "input", title: "Input", width: widths.text, grow: 3, cell: (row) => <ValueText value={row.input} wanted={wanted} /> },
    { key: "output", title: "Output", width: widths.text, grow: 3, cell: (row) => <ValueText value={row.output} wanted={wanted} /> },
    ...annotationColumns(annotations, widths.annotations),
    { key: "latencyMs", title: "Latency", width: 104, align: "end", isSortable: true, cell: (row) => <Latency ms={row.latencyMs} /> },
    { key: "tokenCountTotal", title: "Tokens", width: 68, align: "end", isSortable: true, hint: sum, cell: (row) => <Tokens count={tokens(row.tokenCountTotal, row.cumulativeTokenCountTotal)} /> },
    { key: "tokenCostTotal", title: "Cost", width: 80, align: "end", isSortable: true, hint: sum, cell: (row) => <Cost usd={isCumulative ? row.trace.costSummary?.total.cost : row.costSummary?.total.cost} /> },
    { key: "error", title: "Error", width: 180, isHidden: true, hint: "The status message.", cell: (row) => <span className="cell-error" title={visibleText(row.statusMessage)}><Marked text={row.statusMessage} wanted={wanted} /></span> },
    { key: "userId", title: "User", width: 110, isHidden: true, cell: (row) => <VisibleText text={row.userId ?? ""} /> },
    { key: "session", title: "Session", width: 130, isHidden: true, cell: (row) => (row.trace.session ? <Identifier text={row.trace.session.sessionId} /> : null) },
    { key: "metadata", title: "Metadata", width: 180, isHidden: true, cell: (row) => (row.metadata ? <code className="cell-id" title={visibleText(row.metadata)}><Marked text={row.metadata} wanted={wanted} /></code> : null) },
    { key: "endTime", title: "End", width: 120, isHidden: true, isSortable: true, cell: (row) => <Time at={row.endTime} /> },
    { key: "tokenCountPrompt", title: "Prompt tokens", width: 104, align: "end", isHidden: true, isSortable: true, hint: sum, cell: (row) => <Tokens count={tokens(row.tokenCountPrompt, row.cumulativeTokenCountPrompt)} /> },
    { key: "tokenCountCompletion", title: "Completion tokens", width: 128, align: "end", isHidden: true, isSortable: true, hint: sum, cell: (row) => <Tokens count={tokens(row.tokenCountCompletion, row.cumulativeTokenCountCompletion)} /> },
    { key: "children", title: "Children", width: 74, align: "end", isHidden: true, cell: (row) => (row.numChildSpans > 0 ? row.numChildSpans : <span className="dim">–</span>) },
    { key: "spanId", title: "Span ID", width: 150, isHidden: true, cell: (row) => <Identifier text={row.spanId} /> },
    { key: "traceId", title: "Trace ID", width: 260, isHidden: true, cell: (row) => <Identifier text={row.context.traceId} /> },
  ];
}

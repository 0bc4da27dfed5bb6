import { Link } from "../../../base/router";
import type { TableColumn } from "../../../parts/dataTable";
import { VisibleText } from "../../../parts/text/PlainText";
import { visibleText } from "../../../parts/text/visible";
import type { Config } from "../../annotations/annotation";
import { SummaryChips } from "../../annotations/SummaryChips";
import { Cost, Latency, Marked, Time, Tokens, ValueText } from "../cells";
import { OneVerdict } from "../spans/annotationColumns";
import { annotationColumn } from "../spans/spanSource";
import type { ColumnShape } from "../table/columnLayout";
import type { SessionRow } from "./sessionSource";

export type SessionTableColumn = TableColumn<SessionRow> & ColumnShape;

interface SessionColumnsOptions {
  readonly wanted: readonly string[];
  readonly linkTo: (row: SessionRow) => string;
  /** Names that sessions are annotated with; none where nothing is annotated. */
  readonly names?: readonly string[];
  readonly configs?: readonly Config[] | undefined;
}

export function sessionColumns({ wanted, linkTo, names = [], configs }: SessionColumnsOptions): readonly SessionTableColumn[] {
  const isAnnotated = names.length > 0;
  return [
    {
      key: "sessionId",
      title: "Session",
      width: isAnnotated ? 116 : 130,
      isFixed: true,
      cell: (row) => (
        <Link to={linkTo(row)} tabIndex={-1} className="cell-name" title={visibleText(row.sessionId)}>
          <Marked text={row.sessionId} wanted={wanted} />
        </Link>
      ),
    },
    { key: "firstInput", title: "First input", width: isAnnotated ? 96 : 120, grow: 3, cell: (row) => <ValueText value={row.firstInput} wanted={wanted} /> },
    { key: "lastOutput", title: "Last output", width: isAnnotated ? 96 : 120, grow: 3, cell: (row) => <ValueText value={row.lastOutput} wanted={wanted} /> },
    ...(!isAnnotated ? [] : [{ key: "annotations", title: "Annotations", width: 176, grow: 1, cell: (row: SessionRow) => <SummaryChips summaries={row.sessionAnnotationSummaries} configs={configs} of="session_annotations" isTabStop={false} /> }]),
    ...names.map((name): SessionTableColumn => ({
      key: annotationColumn(name), title: visibleText(name), width: 120, align: "end", isHidden: true, isSortable: true, hint: "The mean score of this annotation. Sorted by it, the list has the sessions with one.",
      cell: (row) => <OneVerdict summary={row.sessionAnnotationSummaries.find((one) => one.name === name)} config={configs?.find((one) => one.name === name)} />,
    })),
    { key: "userId", title: "User", width: 100, cell: (row) => <VisibleText text={row.userId ?? ""} /> },
    { key: "startTime", title: "Start", width: 120, isSortable: true, cell: (row) => <Time at={row.startTime} /> },
    { key: "endTime", title: "End", width: 120, isSortable: true, isHidden: isAnnotated, cell: (row) => <Time at={row.endTime} /> },
    { key: "latencyP50", title: "p50", width: 92, align: "end", hint: "The median latency of its traces.", cell: (row) => <Latency ms={row.latencyP50} /> },
    { key: "latencyP99", title: "p99", width: 96, align: "end", hint: "The 99th percentile of the latency of its traces.", isHidden: true, cell: (row) => <Latency ms={row.latencyP99} /> },
    { key: "tokenCountTotal", title: "Tokens", width: 62, align: "end", isSortable: true, cell: (row) => <Tokens count={row.tokenUsage.total} /> },
    { key: "costTotal", title: "Cost", width: 72, align: "end", isSortable: true, cell: (row) => <Cost usd={row.costSummary.total.cost} /> },
    {
      key: "numTraces",
      title: "Traces",
      hint: "In red before it: those with an error.",
      width: 58,
      align: "end",
      isSortable: true,
      cell: (row) => (
        <span title={row.numTracesWithError > 0 ? `${row.numTracesWithError} with an error` : undefined}>
          {row.numTracesWithError > 0 && <span className="cell-failed">{row.numTracesWithError}/</span>}
          {row.numTraces}
        </span>
      ),
    },
  ];
}

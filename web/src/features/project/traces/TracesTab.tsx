import { useEffect, useMemo, useState } from "react";
import { navigate, withQuery } from "../../../base/router";
import { NarrowContext } from "../../annotations/AnnotationChip";
import { TRACES } from "../filter/languages";
import { useNarrow } from "../filter/useNarrow";
import { NoRows } from "../NoRows";
import { isLeaving, useLeaving } from "../select/leaving";
import { SelectionBar } from "../select/SelectionBar";
import { spanColumns } from "../spans/spanColumns";
import { SORTABLE, spanSource, type SpanQuestion, type SpanRow } from "../spans/spanSource";
import { useAnnotationColumns } from "../spans/useAnnotationColumns";
import { useReloadOnAnnotation } from "../spans/useReloadOnAnnotation";
import { openRow } from "../spans/openRow";
import { useCount } from "../spans/useCount";
import { useNeighbours } from "../spans/useNeighbours";
import { TabFrame } from "../TabFrame";
import { RowsView } from "../table/RowsView";
import { useColumns } from "../table/useColumns";
import { useRowList } from "../table/useRowList";
import { useSelection } from "../table/useSelection";
import { useTabState } from "../table/useTabState";
import { useExpansions, type TraceRow } from "./useExpansions";

const ROOTS = "parent_id is None";

/** The traces of a project as their root spans, each of which opens to the spans below it. */
export function TracesTab({ openTraceId, openSpanId }: { readonly openTraceId: string | null; readonly openSpanId: string | null }): JSX.Element {
  const state = useTabState(TRACES, SORTABLE);
  const { project, condition, wanted, range, rangeName, sort } = state;

  const pathOf = (row: SpanRow): string => withQuery({ selectedSpanNodeId: row.id }, `/projects/${project.id}/traces/${row.context.traceId}`);
  const [hasRows, setHasRows] = useState(false);
  const annotated = useAnnotationColumns(project.id, hasRows, "traces");
  const all = useMemo(() => spanColumns({ isCumulative: true, wanted, linkTo: pathOf, ...(annotated ? { annotations: annotated } : {}) }), [wanted, annotated, project.id]); // oxlint-disable-line react/exhaustive-deps
  const columns = useColumns<(typeof all)[number]>("traces", all);
  const withMetadata = columns.visible.some((column) => column.key === "metadata");
  const withSession = columns.visible.some((column) => column.key === "session");

  const withNotes = columns.visible.some((column) => column.key === "notes");
  const withTraceAnnotations = columns.visible.some((column) => column.key === "traceAnnotations");

  const question: SpanQuestion = { projectId: project.id, range, filter: ROOTS, traceFilter: condition, sort, isCumulative: true, withMetadata, withSession, withNotes, withTraceAnnotations };
  const listKey = JSON.stringify(["traces", project.id, rangeName, condition, sort, withMetadata, withSession, withNotes, withTraceAnnotations]);
  const { shown: list, isBusy } = useRowList<SpanRow>(listKey, () => spanSource(() => question));
  const rows = useExpansions(list, useMemo(() => ({ withMetadata, withSession, withTraceAnnotations }), [withMetadata, withSession, withTraceAnnotations]));
  useEffect(() => {
    if (!isBusy) setHasRows(true);
  }, [isBusy]);
  useReloadOnAnnotation(list);
  const narrow = useNarrow(state);
  const count = useCount(list, question);
  const selection = useSelection<TraceRow>(listKey, rows.row, () => list.loaded().map((row) => ({ ...row, depth: 0 })));
  useLeaving();
  useNeighbours(openTraceId !== null, list, (row) => row.context.traceId);

  return (
    <TabFrame tab="traces" state={state} count={count} isBusy={isBusy} columns={columns}>
      <NarrowContext.Provider value={narrow}>
        <RowsView<TraceRow, SpanRow>
          label="Traces"
          state={state}
          list={list}
          rows={rows}
          isBusy={isBusy}
          columns={columns}
          onOpen={(row) => navigate(pathOf(row))}
          selection={selection.forTable}
          expansion={{ isOpen: rows.isOpen, depth: (row) => row.depth, toggle: rows.toggle }}
          mood={(row) => (isLeaving(row.trace.id) ? "leaving" : undefined)}
          openId={openSpanId !== null && rows.indexOf(openSpanId) >= 0 ? openSpanId : openRow(openTraceId, null, list.loaded())}
          empty={<NoRows state={state} />}
        />
      </NarrowContext.Provider>
      <SelectionBar selection={selection} onChanged={() => list.reload()} />
    </TabFrame>
  );
}

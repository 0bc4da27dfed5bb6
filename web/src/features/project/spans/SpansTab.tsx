import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import { navigate, withQuery } from "../../../base/router";
import { AnalyzeSpanFilter } from "../../../generated/graphql";
import { NarrowContext } from "../../annotations/AnnotationChip";
import { useNarrow } from "../filter/useNarrow";
import { selectsRoots } from "../filter/facets";
import { SPANS } from "../filter/languages";
import { parseTerms } from "../filter/terms";
import { TabFrame } from "../TabFrame";
import { RowsView } from "../table/RowsView";
import { useColumns } from "../table/useColumns";
import { useRowList } from "../table/useRowList";
import { useSelection } from "../table/useSelection";
import { useTabState } from "../table/useTabState";
import { SelectionBar } from "../select/SelectionBar";
import { isLeaving, useLeaving } from "../select/leaving";
import { NoRows } from "../NoRows";
import { spanColumns } from "./spanColumns";
import { ANNOTATION, SORTABLE, spanSource, type SpanQuestion, type SpanRow } from "./spanSource";
import { openRow } from "./openRow";
import { useAnnotationColumns, useHeadSummaries } from "./useAnnotationColumns";
import { useCount } from "./useCount";
import { useReloadOnAnnotation } from "./useReloadOnAnnotation";
import { useNeighbours } from "./useNeighbours";
import { searchedAnywhere, useSnippets } from "./useSnippets";

/** The spans of a project: by default the root spans, newest first. */
export function SpansTab({ openTraceId, openSpanId }: { readonly openTraceId: string | null; readonly openSpanId: string | null }): JSX.Element {
  const state = useTabState(SPANS, SORTABLE);
  const { project, condition, wanted, range, rangeName, sort } = state;
  const isCumulative = useIsRootOnly(project.id, condition);

  const pathOf = (row: SpanRow): string => withQuery({ selectedSpanNodeId: row.id }, `/projects/${project.id}/spans/${row.context.traceId}`);
  const searched = useMemo(() => searchedAnywhere(condition), [condition]);
  const found = useSnippets(project.id, searched, range, rangeName);
  const snippets = searched === null ? null : found;
  const [hasRows, setHasRows] = useState(false);
  const annotated = useAnnotationColumns(project.id, hasRows, "spans");
  const plain = useMemo(() => spanColumns({ isCumulative, wanted, linkTo: pathOf, snippets, ...(annotated ? { annotations: annotated } : {}) }), [isCumulative, wanted, snippets, annotated, project.id]); // oxlint-disable-line react/exhaustive-deps
  const chosen = useColumns("spans", plain);
  const named = useMemo(() => chosen.visible.flatMap(({ key }) => (key.startsWith(ANNOTATION) ? [key.slice(ANNOTATION.length)] : [])), [chosen]);
  const summaries = useHeadSummaries(project.id, named, condition, range, rangeName);
  const all = useMemo(() => (annotated && summaries.size > 0 ? spanColumns({ isCumulative, wanted, linkTo: pathOf, snippets, annotations: { ...annotated, summaries } }) : plain), [plain, summaries]); // oxlint-disable-line react/exhaustive-deps
  const columns = useColumns("spans", all);
  const shows = (key: string): boolean => columns.visible.some((column) => column.key === key);

  const question: SpanQuestion = { projectId: project.id, range, filter: condition, sort, isCumulative, withMetadata: shows("metadata"), withSession: shows("session"), withNotes: shows("notes"), withTraceAnnotations: shows("traceAnnotations") };
  const listKey = JSON.stringify(["spans", project.id, rangeName, condition, sort, isCumulative, question.withMetadata, question.withSession, question.withNotes, question.withTraceAnnotations]);
  const { shown: list, isBusy } = useRowList<SpanRow>(listKey, () => spanSource(() => question));
  useEffect(() => {
    if (!isBusy) setHasRows(true);
  }, [isBusy]);
  useReloadOnAnnotation(list);
  const count = useCount(list, question);
  const selection = useSelection<SpanRow>(listKey, (index) => list.row(index), () => list.loaded());
  const narrow = useNarrow(state);
  useLeaving();
  useNeighbours(openTraceId !== null, list, (row) => row.context.traceId);

  return (
    <TabFrame tab="spans" state={state} count={count} isBusy={isBusy} columns={columns}>
      <NarrowContext.Provider value={narrow}>
        <RowsView<SpanRow, SpanRow>
          label="Spans"
          state={state}
          list={list}
          rows={list}
          isBusy={isBusy}
          columns={columns}
          onOpen={(row) => navigate(pathOf(row))}
          selection={selection.forTable}
          mood={(row) => (isLeaving(row.trace.id) ? "leaving" : undefined)}
          openId={openRow(openTraceId, openSpanId, list.loaded())}
          empty={<NoRows state={state} />}
        />
      </NarrowContext.Provider>
      <SelectionBar selection={selection} onChanged={() => list.reload()} />
    </TabFrame>
  );
}

/** Whether a condition keeps root spans only. What is plain to see is seen here; the rest the server knows. */
function useIsRootOnly(projectId: string, condition: string): boolean {
  const isPlain = selectsRoots(condition);
  const isUnclear = !isPlain && parseTerms(condition).some((term) => term.type === "text");
  const { data } = useQuery(AnalyzeSpanFilter, { id: projectId, condition }, { skip: !isUnclear });
  return isPlain || (isUnclear && data?.node.__typename === "Project" && data.node.analyzeSpanFilterCondition.selectsRootSpansOnly);
}

import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import { navigate, withQuery } from "../../../base/router";
import { ProjectSessionStats } from "../../../generated/graphql";
import { NarrowContext } from "../../annotations/AnnotationChip";
import { useAnnotationNames } from "../../annotations/useAnnotatedSpans";
import { useAllConfigs } from "../../annotations/useConfigs";
import { SESSIONS } from "../filter/languages";
import { useNarrow } from "../filter/useNarrow";
import { useReloadOnAnnotation } from "../spans/useReloadOnAnnotation";
import { ANNOTATION, timeRangeOf } from "../spans/spanSource";
import { TabFrame } from "../TabFrame";
import { RowsView } from "../table/RowsView";
import { useColumns } from "../table/useColumns";
import { useRowList } from "../table/useRowList";
import { useTabState } from "../table/useTabState";
import { NoSessions } from "./NoSessions";
import { sessionColumns, type SessionTableColumn } from "./sessionColumns";
import { SORTABLE, sessionSource, type SessionQuestion, type SessionRow } from "./sessionSource";

export function SessionsTab({ openSessionId }: { readonly openSessionId: string | null }): JSX.Element {
  const state = useTabState(SESSIONS, SORTABLE);
  const { project, condition, wanted, range, rangeName, sort } = state;

  const pathOf = (row: SessionRow): string => withQuery({}, `/projects/${project.id}/sessions/${row.id}`);
  const [hasRows, setHasRows] = useState(false);
  const names = useAnnotationNames(project.id, !hasRows)?.sessions;
  const { configs } = useAllConfigs();
  const all = useMemo(() => sessionColumns({ wanted, linkTo: pathOf, ...(names ? { names, configs } : {}) }), [wanted, names, configs, project.id]); // oxlint-disable-line react/exhaustive-deps
  const columns = useColumns<SessionTableColumn>("sessions", all);

  const question: SessionQuestion = { projectId: project.id, range, filter: condition, sort };
  const listKey = JSON.stringify(["sessions", project.id, rangeName, condition, sort]);
  const { shown: list, isBusy } = useRowList<SessionRow>(listKey, () => sessionSource(() => question));
  useEffect(() => {
    if (!isBusy) setHasRows(true);
  }, [isBusy]);
  useReloadOnAnnotation(list);
  const narrow = useNarrow(state);
  const stats = useQuery(ProjectSessionStats, { id: project.id, timeRange: timeRangeOf(range), filter: condition || null });
  // Sorted by an annotation, the list leaves out what has none.
  const counted = stats.data?.node.__typename === "Project" && !sort.key.startsWith(ANNOTATION) ? stats.data.node.sessionCount : null;
  useEffect(() => {
    if (counted !== null) list.announce(counted);
  }, [counted, list]);

  return (
    <TabFrame tab="sessions" state={state} count={{ value: list.count, isKnown: list.isCountExact || counted !== null }} isBusy={isBusy} columns={columns}>
      <NarrowContext.Provider value={narrow}>
        <RowsView<SessionRow, SessionRow>
          label="Sessions"
          state={state}
          list={list}
          rows={list}
          isBusy={isBusy}
          columns={columns}
          onOpen={(row) => navigate(pathOf(row))}
          openId={openSessionId}
          empty={<NoSessions state={state} />}
        />
      </NarrowContext.Provider>
    </TabFrame>
  );
}

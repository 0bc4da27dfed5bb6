import { useEffect, useMemo } from "react";
import { useQuery } from "../../../base/cache";
import { usePreference } from "../../../base/preferences";
import { navigate, withQuery } from "../../../base/router";
import { streaming, useTimeRange } from "../../../base/timerange";
import { ProjectSessionStats } from "../../../generated/graphql";
import { searchedTexts } from "../filter/facets";
import { SESSIONS } from "../filter/languages";
import { useFilter } from "../filter/useFilter";
import { useProject } from "../projectContext";
import { timeRangeOf } from "../spans/spanSource";
import { TabFrame } from "../TabFrame";
import { RowsView } from "../table/RowsView";
import { useColumns } from "../table/useColumns";
import { useRowList } from "../table/useRowList";
import { useSort } from "../table/useSort";
import { NoSessions } from "./NoSessions";
import { sessionColumns, type SessionTableColumn } from "./sessionColumns";
import { SORTABLE, sessionSource, type SessionQuestion, type SessionRow } from "./sessionSource";

const BY_START = { key: "startTime", isDescending: true } as const;

export function SessionsTab({ openSessionId }: { readonly openSessionId: string | null }): JSX.Element {
  const project = useProject();
  const [condition, setCondition] = useFilter(SESSIONS);
  const { key: rangeKey, range } = useTimeRange();
  const [sort, setSort] = useSort(SORTABLE, BY_START);
  const [isFollowing] = usePreference(streaming);

  const pathOf = (row: SessionRow): string => withQuery({}, `/projects/${project.id}/sessions/${row.id}`);
  const wanted = useMemo(() => searchedTexts(condition), [condition]);
  const all = useMemo(() => sessionColumns({ wanted, linkTo: pathOf }), [wanted, project.id]); // oxlint-disable-line react/exhaustive-deps
  const columns = useColumns<SessionTableColumn>("sessions", all);

  const question: SessionQuestion = { projectId: project.id, range, filter: condition, sort };
  const rangeName = rangeKey === "custom" ? `${range.start}/${range.end}` : rangeKey;
  const listKey = JSON.stringify(["sessions", project.id, rangeName, condition, sort]);
  const { shown: list, isBusy } = useRowList<SessionRow>(listKey, () => sessionSource(() => question));
  const stats = useQuery(ProjectSessionStats, { id: project.id, timeRange: timeRangeOf(range), filter: condition || null });
  const counted = stats.data?.node.__typename === "Project" ? stats.data.node.sessionCount : null;
  useEffect(() => {
    if (counted !== null) list.announce(counted);
  }, [counted, list]);

  return (
    <TabFrame tab="sessions" language={SESSIONS} condition={condition} onCondition={setCondition} count={{ value: list.count, isKnown: list.isCountExact || counted !== null }} isBusy={isBusy} thing="session" columns={columns}>
      <RowsView<SessionRow, SessionRow>
        label="Sessions"
        thing="session"
        projectId={project.id}
        list={list}
        isBusy={isBusy}
        count={list.count}
        row={(index) => list.row(index)}
        indexOf={(id) => list.indexOf(id)}
        onSeen={(first, last) => list.want(first, last)}
        columns={columns}
        sort={sort}
        onSort={setSort}
        onOpen={(row) => navigate(pathOf(row))}
        isFollowing={isFollowing}
        openId={openSessionId}
        empty={<NoSessions condition={condition} onCondition={setCondition} />}
      />
    </TabFrame>
  );
}

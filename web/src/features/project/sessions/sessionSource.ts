import { send } from "../../../base/graphql";
import type { TimeRange } from "../../../base/timerange";
import { ProjectSessionCursor, ProjectSessions, type ProjectSessionColumn, type ProjectSessionSort, type ProjectSessionsData } from "../../../generated/graphql";
import type { TableSort } from "../../../parts/dataTable";
import { ANNOTATION, timeRangeOf } from "../spans/spanSource";
import type { RowSource } from "../table/rowList";

type ProjectNode = Extract<ProjectSessionsData["node"], { readonly __typename: "Project" }>;
export type SessionRow = ProjectNode["sessions"]["edges"][number]["node"];

export interface SessionQuestion {
  readonly projectId: string;
  readonly range: TimeRange;
  readonly filter: string;
  readonly sort: TableSort;
}

export const SORTABLE: readonly string[] = [ANNOTATION, "startTime", "endTime", "tokenCountTotal", "numTraces", "costTotal"];

function serverSort({ key, isDescending }: TableSort): ProjectSessionSort {
  const dir = isDescending ? "desc" : "asc";
  return key.startsWith(ANNOTATION) ? { annoResultKey: { name: key.slice(ANNOTATION.length), attr: "score" }, dir } : { col: key as ProjectSessionColumn, dir };
}

/** The sessions of a project as a list that is read by windows. */
export function sessionSource(question: () => SessionQuestion): RowSource<SessionRow> {
  const variables = () => {
    const { projectId, range, filter, sort } = question();
    return {
      id: projectId,
      timeRange: timeRangeOf(range),
      filter: filter || null,
      sort: serverSort(sort),
    };
  };
  return {
    load: async (after, first, signal) => {
      const data = await send(ProjectSessions, { ...variables(), first, after }, { signal });
      if (data.node.__typename !== "Project") throw new Error("There is no such project.");
      const { edges, pageInfo } = data.node.sessions;
      return { rows: edges.map((edge) => edge.node), endCursor: pageInfo.endCursor, hasNext: pageInfo.hasNextPage };
    },
    skip: async (after, count, signal) => {
      const data = await send(ProjectSessionCursor, { ...variables(), first: count, after }, { signal });
      const info = data.node.__typename === "Project" ? data.node.sessions.pageInfo : null;
      return info?.hasNextPage ? info.endCursor : null;
    },
  };
}

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fetchQuery, invalidate, useQuery } from "../../base/cache";
import { onRecovery } from "../../base/connection";
import { useFollowingOn } from "../../base/following";
import { RequestFailure } from "../../base/graphql";
import { useLive } from "../../base/live";
import { streaming, type TimeRange } from "../../base/timerange";
import { useTimeZone } from "../../base/timeZone";
import { Duration, utcOffsetMinutes } from "../../base/zones";
import { ProjectCursors, type ProjectCursorsData, type ProjectCursorsVariables, Projects, ProjectsTraffic, type ProjectSummary } from "../../generated/graphql";
import { serverSort, sorted, type Sorting } from "./order";
import { traffic, trafficScale, type Traffic } from "./traffic";

/** A project as the list shows it; its traffic comes a moment later. */
export interface ListedProject extends ProjectSummary {
  readonly traffic: Traffic | undefined;
}

export interface ProjectList {
  readonly projects: readonly ListedProject[] | undefined;
  /** Of all projects, whatever is searched for. */
  readonly count: number | undefined;
  readonly hasNext: boolean;
  /** There are more projects than those among which the order was made. */
  readonly isPartial: boolean;
  readonly error: RequestFailure | undefined;
  readonly isPrevious: boolean;
  readonly refetch: () => void;
}

export const PAGE = 48;
/** So many are fetched for an order that is made here. */
export const ALL = 500;

/** One page of the list of projects. */
export function useProjects(search: string, sorting: Sorting, page: number, range: TimeRange): ProjectList {
  const sort = serverSort(sorting);
  const which = useMemo(
    () => ({ sort: sort ?? { col: "name" as const, dir: "asc" as const }, ...(search ? { filter: { col: "name" as const, value: search } } : {}) }),
    [sort?.col, sort?.dir, search], // oxlint-disable-line react/exhaustive-deps
  );
  const zone = useTimeZone();
  const { after, error: cursorError, retry } = useCursor(which, sort ? page : 0);
  const paging = sort ? { first: PAGE, ...(after ? { after } : {}) } : { first: ALL };
  const listed = useQuery(Projects, { ...which, ...paging, timeRange: range }, { keepPrevious: true, skip: after === undefined });
  const stretch = useStretch(range, listed.data?.projects.edges.map((e) => e.node));
  const bins = stretch && { scale: trafficScale(stretch.startMs, stretch.endMs), utcOffsetMinutes: utcOffsetMinutes(stretch.endMs, zone) };
  const counted = useQuery(
    ProjectsTraffic,
    { ...which, ...paging, timeRange: { start: new Date(stretch?.startMs ?? 0).toISOString(), end: range.end }, bins: bins ?? {} },
    { keepPrevious: true, skip: !bins || listed.data === undefined || listed.isPrevious },
  );
  useFollowing();
  return useMemo(() => {
    const { data } = listed;
    if (!data) {
      const refetch = cursorError ? retry : listed.refetch;
      return { projects: undefined, count: undefined, hasNext: false, isPartial: false, error: cursorError ?? listed.error, isPrevious: false, refetch };
    }
    const series = new Map(counted.data?.projects.edges.map(({ node }) => [node.id, node.traceCountByStatusTimeSeries.data]));
    const all = data.projects.edges.map(({ node }): ListedProject => {
      const points = series.get(node.id);
      return { ...node, traffic: points && stretch ? traffic(points, stretch.startMs, stretch.endMs) : undefined };
    });
    const ordered = sort ? all : sorted(all, sorting);
    return {
      projects: sort ? ordered : ordered.slice(page * PAGE, (page + 1) * PAGE),
      count: data.projectCount,
      hasNext: sort ? data.projects.pageInfo.hasNextPage : ordered.length > (page + 1) * PAGE,
      isPartial: !sort && data.projects.pageInfo.hasNextPage,
      error: listed.error,
      isPrevious: listed.isPrevious,
      refetch: listed.refetch,
    };
  }, [listed, counted.data, stretch, sort, sorting, page, cursorError, retry]);
}

type Which = Pick<ProjectCursorsVariables, "sort" | "filter">;

interface Cursor {
  /** Null for the first page, undefined until it is known. */
  readonly after: string | null | undefined;
  readonly error: RequestFailure | undefined;
  readonly retry: () => void;
}

/** Where a page begins. Pages go forward, so those before are walked. */
function useCursor(which: Which, page: number): Cursor {
  const [found, setFound] = useState<{ which: Which; page: number; after?: string | null; error?: RequestFailure }>({ which, page: 0, after: null });
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  useEffect(() => {
    let isCurrent = true;
    const walk = async (): Promise<void> => {
      let after: string | null = null;
      for (let i = 0; i < page; i++) {
        const variables: ProjectCursorsVariables = { ...which, first: PAGE, ...(after ? { after } : {}) };
        const data: ProjectCursorsData = await fetchQuery(ProjectCursors, variables);
        if (!data.projects.pageInfo.hasNextPage) break;
        after = data.projects.pageInfo.endCursor;
      }
      if (isCurrent) setFound({ which, page, after });
    };
    walk().catch((error: unknown) => {
      if (isCurrent) setFound({ which, page, error: error instanceof RequestFailure ? error : new RequestFailure("refused", String(error)) });
    });
    return () => {
      isCurrent = false;
    };
  }, [which, page, attempt]);
  const isFound = found.which === which && found.page === page;
  const error = isFound && page > 0 ? found.error : undefined;
  const hasFailed = error !== undefined;
  useEffect(() => (hasFailed ? onRecovery(retry) : undefined), [hasFailed, retry]);
  return { after: page === 0 ? null : isFound ? found.after : undefined, error, retry };
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

const DAY = Duration.day;

/** The stretch of time that sparklines show: the chosen one; without one, the last year in which there are traces. */
function useStretch(range: TimeRange, projects: readonly ProjectSummary[] | undefined): Stretch | undefined {
  const extent = projects && !range.start ? extentOf(projects, Math.ceil(Date.now() / DAY) * DAY) : undefined;
  const firstMs = extent?.startMs;
  const lastMs = extent?.endMs;
  const hasList = projects !== undefined;
  return useMemo(() => {
    if (!hasList) return undefined;
    // A range without an end has a new identity each minute, which is often enough for its end.
    const endMs = range.end ? Date.parse(range.end) : range.start ? Date.now() : (lastMs ?? NaN);
    const startMs = range.start ? Date.parse(range.start) : (firstMs ?? NaN);
    return Number.isNaN(startMs) || Number.isNaN(endMs) || endMs <= startMs ? undefined : { startMs, endMs };
  }, [hasList, range, firstMs, lastMs]);
}

/** From the first trace to the last, at most a year; clocks that are far off do not count. */
function extentOf(projects: readonly Pick<ProjectSummary, "startTime" | "endTime">[], now: number): Stretch | undefined {
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const p of projects) {
    if (!p.startTime || !p.endTime) continue;
    startMs = Math.min(startMs, Date.parse(p.startTime));
    endMs = Math.max(endMs, Math.min(Date.parse(p.endTime), now));
  }
  startMs = Math.max(startMs, endMs - 365 * DAY);
  return endMs > startMs ? { startMs, endMs } : undefined;
}

const LISTS = ["Projects", "ProjectsTraffic"];
const PAUSE_MS = 3000;

/** Fetches the list anew as spans arrive, at most every few seconds. */
function useFollowing(): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (event.type === "projects_changed" || event.type === "reset") invalidate([...LISTS, "ShellStatus"]);
    else if (streaming.get()) {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        invalidate(LISTS);
      }, PAUSE_MS);
    }
  });
  useFollowingOn(() => invalidate(LISTS));
}

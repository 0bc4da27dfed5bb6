import { useEffect, useMemo, useRef, useState } from "react";
import { fetchQuery, invalidate, useQuery } from "../../base/cache";
import type { RequestFailure } from "../../base/graphql";
import { useLive } from "../../base/live";
import { binMs, streaming, utcOffsetMinutes, type TimeRange } from "../../base/timerange";
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
  readonly error: RequestFailure | undefined;
  readonly isPrevious: boolean;
  readonly refetch: () => void;
}

export const PAGE = 48;
/** So many are fetched for an order that is made here. */
const ALL = 500;

/** One page of the list of projects. */
export function useProjects(search: string, sorting: Sorting, page: number, range: TimeRange): ProjectList {
  const sort = serverSort(sorting);
  const which = useMemo(
    () => ({ sort: sort ?? { col: "name" as const, dir: "asc" as const }, ...(search ? { filter: { col: "name" as const, value: search } } : {}) }),
    [sort?.col, sort?.dir, search], // oxlint-disable-line react/exhaustive-deps
  );
  const after = useCursor(which, sort ? page : 0);
  const paging = sort ? { first: PAGE, ...(after ? { after } : {}) } : { first: ALL };
  const listed = useQuery(Projects, { ...which, ...paging, timeRange: range }, { keepPrevious: true, skip: after === undefined });
  const stretch = useStretch(range, listed.data?.projects.edges.map((e) => e.node));
  const bins = stretch && { scale: trafficScale(stretch.startMs, stretch.endMs), utcOffsetMinutes: utcOffsetMinutes(new Date(stretch.endMs)) };
  const counted = useQuery(
    ProjectsTraffic,
    { ...which, ...paging, timeRange: { start: new Date(stretch?.startMs ?? 0).toISOString(), end: range.end }, bins: bins ?? {} },
    { keepPrevious: true, skip: !bins || listed.data === undefined || listed.isPrevious },
  );
  useFollowing();
  return useMemo(() => {
    const { data } = listed;
    if (!data) return { projects: undefined, count: undefined, hasNext: false, error: listed.error, isPrevious: false, refetch: listed.refetch };
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
      error: listed.error,
      isPrevious: listed.isPrevious,
      refetch: listed.refetch,
    };
  }, [listed, counted.data, stretch, sort, sorting, page]);
}

type Which = Pick<ProjectCursorsVariables, "sort" | "filter">;

/** Where a page begins: null for the first, undefined until it is known. Pages go forward, so those before are walked. */
function useCursor(which: Which, page: number): string | null | undefined {
  const [found, setFound] = useState<{ which: Which; page: number; after: string | null }>({ which, page: 0, after: null });
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
    walk().catch(() => undefined); // The list itself tells what is wrong.
    return () => {
      isCurrent = false;
    };
  }, [which, page]);
  if (page === 0) return null;
  return found.which === which && found.page === page ? found.after : undefined;
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

const DAY = binMs.DAY;

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
}

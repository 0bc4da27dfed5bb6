import { send } from "../../../base/graphql";
import type { TimeRange } from "../../../base/timerange";
import {
  ProjectSpanCount, ProjectSpanCursor, ProjectSpans, ProjectTraffic, type ProjectSpansVariables, type SpanColumn, type SpanRow, type SpanSort,
} from "../../../generated/graphql";
import type { TableSort } from "../../../parts/dataTable";
import type { Page, RowSource } from "../table/rowList";

export type { SpanRow };

export interface SpanQuestion {
  readonly projectId: string;
  readonly range: TimeRange;
  readonly filter: string;
  readonly traceFilter?: string;
  readonly sort: TableSort;
  readonly isCumulative: boolean;
  readonly withMetadata: boolean;
  readonly withSession: boolean;
  readonly withNotes?: boolean;
  readonly withTraceAnnotations?: boolean;
}

/** Names of columns as the server knows them; with the sums below a span where the table shows those. */
const SUMMED: Readonly<Record<string, SpanColumn>> = {
  tokenCountTotal: "cumulativeTokenCountTotal",
  tokenCountPrompt: "cumulativeTokenCountPrompt",
  tokenCountCompletion: "cumulativeTokenCountCompletion",
  tokenCostTotal: "cumulativeTokenCostTotal",
};

/** The column of an annotation is named by its name behind this. */
export const ANNOTATION = "annotation:";
export const annotationColumn = (name: string): string => ANNOTATION + name;

export const SORTABLE = [ANNOTATION, "startTime", "endTime", "latencyMs", ...Object.keys(SUMMED)];

function serverSort({ sort, isCumulative }: SpanQuestion): SpanSort {
  const dir = sort.isDescending ? "desc" : "asc";
  if (sort.key.startsWith(ANNOTATION)) return { evalResultKey: { name: sort.key.slice(ANNOTATION.length), attr: "score" }, dir };
  const own = sort.key as SpanColumn;
  return { col: (isCumulative ? SUMMED[own] : undefined) ?? own, dir };
}

export const timeRangeOf = (range: TimeRange): TimeRange | null => (range.start === null && range.end === null ? null : range);

function variablesOf(question: SpanQuestion): Omit<ProjectSpansVariables, "first" | "after"> {
  return {
    id: question.projectId,
    timeRange: timeRangeOf(question.range),
    filter: question.filter || null,
    traceFilter: question.traceFilter || null,
    sort: serverSort(question),
    isCumulative: question.isCumulative,
    withMetadata: question.withMetadata,
    withSession: question.withSession,
    withNotes: question.withNotes ?? false,
    withTraceAnnotations: question.withTraceAnnotations ?? false,
  };
}

/** The spans of a project as a list that is read by windows. The question is asked anew for each, since a range moves on. */
export function spanSource(question: () => SpanQuestion): RowSource<SpanRow> {
  return {
    load: async (after, first, signal) => {
      const data = await send(ProjectSpans, { ...variablesOf(question()), first, after }, { signal });
      return pageOf(data.node.__typename === "Project" ? data.node.spans : null);
    },
    skip: async (after, count, signal) => {
      const { isCumulative: _a, withMetadata: _b, withSession: _c, withNotes: _d, withTraceAnnotations: _e, ...variables } = variablesOf(question());
      const data = await send(ProjectSpanCursor, { ...variables, first: count, after }, { signal });
      const info = data.node.__typename === "Project" ? data.node.spans.pageInfo : null;
      return info?.hasNextPage ? info.endCursor : null;
    },
    locate: async (index, signal) => await locate(question(), index, signal),
  };
}

function pageOf(spans: { readonly edges: readonly { readonly node: SpanRow }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } } | null): Page<SpanRow> {
  if (spans === null) throw new Error("There is no such project.");
  return { rows: spans.edges.map((edge) => edge.node), endCursor: spans.pageInfo.endCursor, hasNext: spans.pageInfo.hasNextPage };
}

const DAY = 86_400_000;
const HOUR = DAY / 24;
/** How far before a row it is good to land: so many rows are then passed over. */
const NEAR = 2000;
const TRIES = 12;

/** By time there is a short way to a far row: guess its time from the counts per hour or day, then narrow it down by counting exactly. */
async function locate(question: SpanQuestion, index: number, signal: AbortSignal): Promise<{ index: number; after: string } | null> {
  if (question.sort.key !== "startTime" || question.traceFilter) return null;
  const { range, projectId, sort } = question;
  const filter = question.filter || null;
  const start = range.start ?? new Date(Date.now() - 3650 * DAY).toISOString();
  const end = range.end ?? new Date(Date.now() + DAY).toISOString();
  const scale = Date.parse(end) - Date.parse(start) > 40 * DAY ? "DAY" : "HOUR";
  const traffic = await send(ProjectTraffic, { id: projectId, timeRange: { start, end }, bins: { scale, utcOffsetMinutes: 0 }, filter }, { signal });
  if (traffic.node.__typename !== "Project") return null;
  const bins = traffic.node.spanCountTimeSeries.data.map((bin) => ({ at: Date.parse(bin.timestamp), count: (bin.okCount ?? 0) + (bin.errorCount ?? 0) + (bin.unsetCount ?? 0) }));
  const bracket = bracketOf(bins, scale === "DAY" ? DAY : HOUR, index, sort.isDescending);
  if (bracket === null) return null;
  const countBefore = async (at: number): Promise<number | null> => {
    const instant = new Date(at).toISOString();
    const data = await send(ProjectSpanCount, { id: projectId, timeRange: sort.isDescending ? { start: instant, end: range.end } : { start: range.start, end: instant }, filter }, { signal });
    return data.node.__typename === "Project" ? data.node.recordCount : null;
  };
  const place = await narrow(bracket, index, countBefore);
  if (place === null) return null;
  const instant = new Date(place.at).toISOString();
  const behind = sort.isDescending ? { start: range.start, end: instant } : { start: instant, end: range.end };
  const page = await send(ProjectSpans, { ...variablesOf({ ...question, range: behind }), first: 1, after: null }, { signal });
  const edge = page.node.__typename === "Project" ? page.node.spans.edges[0] : undefined;
  return edge === undefined ? null : { index: place.before + 1, after: edge.cursor };
}

/** A stretch of time with how many rows come before its first and its last instant, in the order of the list. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly through: number;
}

/** The bin in which the row of an index lies. */
export function bracketOf(bins: readonly { readonly at: number; readonly count: number }[], width: number, index: number, isDescending: boolean): Bracket | null {
  const ordered = [...bins].sort((a, b) => (isDescending ? b.at - a.at : a.at - b.at));
  let before = 0;
  for (const { at, count } of ordered) {
    if (before + count > index) return { from: isDescending ? at + width : at, to: isDescending ? at : at + width, before, through: before + count };
    before += count;
  }
  return null;
}

/** A time shortly before the row of an index, found by counting a few times. */
export async function narrow(bracket: Bracket, index: number, countBefore: (at: number) => Promise<number | null>): Promise<{ readonly at: number; readonly before: number } | null> {
  let { from, to, before, through } = bracket;
  const goal = Math.max(before, index - NEAR / 2);
  for (let tries = 0; tries < TRIES && index - before > NEAR && Math.abs(to - from) > 1; tries += 1) {
    // Where rows are uneven, halving the time gets on when the guess by proportion does not.
    const share = tries % 2 === 1 ? 0.5 : Math.min(0.98, Math.max(0.02, (goal - before) / Math.max(1, through - before)));
    const at = Math.round(from + (to - from) * share);
    const counted = await countBefore(at);
    if (counted === null) return null;
    if (counted <= index) [from, before] = [at, counted];
    else [to, through] = [at, counted];
  }
  return { at: from, before };
}

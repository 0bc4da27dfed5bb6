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
}

/** Names of columns as the server knows them; with the sums below a span where the table shows those. */
const SUMMED: Readonly<Record<string, SpanColumn>> = {
  tokenCountTotal: "cumulativeTokenCountTotal",
  tokenCountPrompt: "cumulativeTokenCountPrompt",
  tokenCountCompletion: "cumulativeTokenCountCompletion",
  tokenCostTotal: "cumulativeTokenCostTotal",
};

export const SORTABLE = ["startTime", "endTime", "latencyMs", ...Object.keys(SUMMED)];

function serverSort({ sort, isCumulative }: SpanQuestion): SpanSort {
  const own = sort.key as SpanColumn;
  return { col: (isCumulative ? SUMMED[own] : undefined) ?? own, dir: sort.isDescending ? "desc" : "asc" };
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
      const { isCumulative: _a, withMetadata: _b, withSession: _c, ...variables } = variablesOf(question());
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

/** By time there is a short way to a far row: guess its time from the counts per day, then count exactly what lies before that time. */
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
  const at = timeOfIndex(bins, scale === "DAY" ? DAY : DAY / 24, index, sort.isDescending);
  if (at === null) return null;
  const instant = new Date(at).toISOString();
  const before = sort.isDescending ? { start: instant, end: range.end } : { start: range.start, end: instant };
  const behind = sort.isDescending ? { start: range.start, end: instant } : { start: instant, end: range.end };
  const [counted, page] = await Promise.all([
    send(ProjectSpanCount, { id: projectId, timeRange: before, filter }, { signal }),
    send(ProjectSpans, { ...variablesOf({ ...question, range: behind }), first: 1, after: null }, { signal }),
  ]);
  if (counted.node.__typename !== "Project" || page.node.__typename !== "Project") return null;
  const edge = page.node.spans.edges[0];
  return edge === undefined ? null : { index: counted.node.recordCount + 1, after: edge.cursor };
}

/** The time near which the row of an index lies, when rows are counted in bins and spread evenly within each. */
export function timeOfIndex(bins: readonly { readonly at: number; readonly count: number }[], width: number, index: number, isDescending: boolean): number | null {
  const ordered = isDescending ? [...bins].sort((a, b) => b.at - a.at) : [...bins].sort((a, b) => a.at - b.at);
  let before = 0;
  for (const bin of ordered) {
    if (before + bin.count > index) {
      const share = (index - before) / bin.count;
      return Math.round(isDescending ? bin.at + width * (1 - share) : bin.at + width * share);
    }
    before += bin.count;
  }
  return null;
}

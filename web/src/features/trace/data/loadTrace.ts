import { fetchQuery } from "../../../base/cache";
import { TraceSpans } from "../../../generated/graphql";
import { buildTrace, type TraceModel } from "../model/trace";
import { columnsFromSpans, type TraceSpan } from "./fromSpans";

const PAGE = 1000;

/** All spans of a trace; null when there is no such trace. */
export async function loadTrace(project: string, trace: string, anew: boolean, onProgress: (count: number) => void): Promise<TraceModel | null> {
  const spans: TraceSpan[] = [];
  let after: string | undefined;
  do {
    const answer = await fetchQuery(TraceSpans, { project, trace, first: PAGE, ...(after ? { after } : {}) }, { anew });
    const page = answer.node.__typename === "Project" ? answer.node.trace?.spans : undefined;
    if (!page) return null;
    for (const edge of page.edges) spans.push(edge.node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor ?? undefined : undefined;
    onProgress(spans.length);
  } while (after);
  return buildTrace(columnsFromSpans(spans));
}

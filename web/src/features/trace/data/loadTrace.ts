import { fetchQuery } from "../../../base/cache";
import { ask, RequestFailure } from "../../../base/graphql";
import { TraceSpans } from "../../../generated/graphql";
import { buildTrace, type TraceModel } from "../model/trace";
import { columnsFromSpans, type TraceSpan } from "./fromSpans";
import { readSkeleton } from "./skeleton";

/** All spans of a trace; null when there is no such trace. */
export async function loadTrace(project: string, trace: string, withHashes: boolean, onProgress: (count: number) => void): Promise<TraceModel | null> {
  const answer = await ask(`/v1/projects/${encodeURIComponent(project)}/traces/${encodeURIComponent(trace)}/skeleton${withHashes ? "?hashes=true" : ""}`);
  if (answer.ok) return buildTrace(readSkeleton(await answer.arrayBuffer()));
  if (answer.status === 404) return byPages(project, trace, onProgress);
  throw new RequestFailure("refused", `The server answered ${answer.status}.`, answer.status);
}

async function byPages(project: string, trace: string, onProgress: (count: number) => void): Promise<TraceModel | null> {
  const spans: TraceSpan[] = [];
  let after: string | undefined;
  do {
    const answer = await fetchQuery(TraceSpans, { project, trace, first: 1000, ...(after ? { after } : {}) }, { anew: true });
    const page = answer.node.__typename === "Project" ? answer.node.trace?.spans : undefined;
    if (!page) return null;
    for (const edge of page.edges) spans.push(edge.node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor ?? undefined : undefined;
    onProgress(spans.length);
  } while (after);
  return buildTrace(columnsFromSpans(spans));
}

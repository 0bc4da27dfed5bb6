import { ask, RequestFailure } from "../../../base/graphql";
import { buildTrace, type TraceModel } from "../model/trace";
import { readSkeleton } from "./skeleton";

/** All spans of a trace; null when there is no such trace. */
export async function loadTrace(project: string, trace: string, withHashes: boolean, signal: AbortSignal): Promise<TraceModel | null> {
  const answer = await ask(`/v1/projects/${encodeURIComponent(project)}/traces/${encodeURIComponent(trace)}/skeleton${withHashes ? "?hashes=true" : ""}`, { signal });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new RequestFailure("refused", `The server answered ${answer.status}.`, answer.status);
  return buildTrace(readSkeleton(await answer.arrayBuffer()));
}

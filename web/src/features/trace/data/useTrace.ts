import { useCallback, useEffect, useRef, useState } from "react";
import { useQuery } from "../../../base/cache";
import { onRecovery } from "../../../base/connection";
import { concerns, useLive } from "../../../base/live";
import { TraceSummary, type TraceSummaryData } from "../../../generated/graphql";
import type { TraceModel } from "../model/trace";
import { loadTrace } from "./loadTrace";
import { Rereader } from "./rereader";

type Project = Extract<TraceSummaryData["node"], { readonly __typename: "Project" }>;
export type Summary = NonNullable<Project["trace"]>;

export interface LoadedTrace {
  readonly model: TraceModel | undefined;
  readonly summary: Summary | undefined;
  readonly projectName: string | undefined;
  readonly isMissing: boolean;
  readonly error: string | undefined;
  readonly retry: () => void;
}

/** The name of a trace's first root, as soon as it is known. */
export function traceName({ model, summary }: Pick<LoadedTrace, "model" | "summary">): string | undefined {
  const root = model?.roots[0];
  return model && root !== undefined ? model.name(root) : summary?.rootSpan?.name;
}

/** How long to wait after news of a trace before it is read again. */
const NEWS_MS = 400;

/** Reads a trace and follows it; with hashes of the contents for comparing it. */
export function useTrace(project: string, trace: string, withHashes = false): LoadedTrace {
  const summary = useQuery(TraceSummary, { project, trace });
  const [state, setState] = useState<{ key: string; model?: TraceModel | null; error?: string }>({ key: "" });
  const reader = useRef<Rereader<TraceModel | null>>();
  const key = `${project} ${trace}`, timer = useRef<ReturnType<typeof setTimeout>>();

  useEffect(() => {
    const reading = new Rereader(
      (signal) => loadTrace(project, trace, withHashes, signal),
      (model) => setState({ key, model }),
      (failure) => setState((old) => (old.key === key && old.model ? old : { key, error: failure instanceof Error ? failure.message : String(failure) })),
    );
    reader.current = reading;
    reading.request();
    return () => reading.stop();
  }, [project, trace, withHashes, key]);

  const node = summary.data?.node.__typename === "Project" ? summary.data.node : undefined, nodeId = node?.trace?.id;
  const retry = useCallback(() => reader.current?.request(), []);
  useEffect(() => onRecovery(retry), [retry]);
  useLive((event) => {
    // A trace that is not here yet has no id to be named by.
    const isNews = event.type === "reset" || (event.type !== "projects_changed" && event.type !== "annotations_changed" && concerns(event, project) && (event.more_traces || nodeId === undefined || event.traces.includes(nodeId)));
    if (!isNews) return;
    if (timer.current !== undefined) return;
    // The larger a trace, the less often it is read again.
    timer.current = setTimeout(() => { timer.current = undefined; retry(); summary.refetch(); }, NEWS_MS + (state.model?.count ?? 0) / 40);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const mine = state.key === key ? state : undefined;
  return {
    model: mine?.model ?? undefined, summary: node?.trace ?? undefined, projectName: node?.name,
    isMissing: mine?.model === null, error: mine?.error, retry,
  };
}

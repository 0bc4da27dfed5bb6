import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import { AnnotatedSpans, ProjectAnnotationNames } from "../../generated/graphql";
import { isNote, NOTE, type Summary } from "./annotation";

export interface AnnotationNames {
  readonly spans: readonly string[];
  readonly traces: readonly string[];
  readonly sessions: readonly string[];
}

/** The names that spans, traces and sessions of a project are annotated with; undefined until they are known. */
export function useAnnotationNames(project: string, skip = false): AnnotationNames | undefined {
  const { data } = useQuery(ProjectAnnotationNames, { project }, { skip });
  return useMemo(() => {
    if (data?.node.__typename !== "Project") return undefined;
    const sorted = (names: readonly string[]): readonly string[] => names.filter((name) => name !== NOTE).sort((a, b) => (a < b ? -1 : 1));
    return { spans: sorted(data.node.spanAnnotationNames), traces: sorted(data.node.traceAnnotationNames), sessions: sorted(data.node.sessionAnnotationNames) };
  }, [data]);
}

/** Summaries of the annotations of a trace's first thousand spans, by the ids of their nodes. Nothing is asked where nothing is annotated. */
export function useAnnotatedSpans(project: string, trace: string): ReadonlyMap<string, readonly Summary[]> | undefined {
  const names = useAnnotationNames(project);
  const { data } = useQuery(AnnotatedSpans, { project, trace }, { skip: names === undefined || names.spans.length === 0, keepPrevious: true });
  return useMemo(() => {
    const edges = data?.node.__typename === "Project" ? data.node.trace?.spans.edges : undefined;
    if (!edges) return undefined;
    const found = edges.map(({ node }) => [node.id, node.spanAnnotationSummaries.filter((one) => !isNote(one))] as const);
    return new Map(found.filter(([, summaries]) => summaries.length > 0));
  }, [data]);
}

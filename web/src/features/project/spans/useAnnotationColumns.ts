import { useEffect, useMemo, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import type { TimeRange } from "../../../base/timerange";
import { useStore } from "../../../base/store";
import { SpanAnnotationSummaryOf } from "../../../generated/graphql";
import type { Summary } from "../../annotations/annotation";
import { annotationChanges } from "../../annotations/changes";
import { useAnnotationNames } from "../../annotations/useAnnotatedSpans";
import { useAllConfigs } from "../../annotations/useConfigs";
import type { AnnotationColumns } from "./annotationColumns";
import { timeRangeOf } from "./spanSource";

const NONE: ReadonlyMap<string, Summary> = new Map();

/** What the annotation columns of a project's tables need; undefined where nothing is annotated. Asked for once the rows are there. */
export function useAnnotationColumns(projectId: string, isReady: boolean, filters: "spans" | "traces"): AnnotationColumns | undefined {
  const names = useAnnotationNames(projectId, !isReady);
  const { configs } = useAllConfigs();
  return useMemo(() => (names === undefined || names.spans.length + names.traces.length === 0 ? undefined : { filters, names, configs, summaries: NONE }), [names, configs, filters]);
}

/** Summaries of the annotations whose columns are shown, over all that the filter and the time select. */
export function useHeadSummaries(projectId: string, shown: readonly string[], filter: string, range: TimeRange, rangeName: string): ReadonlyMap<string, Summary> {
  const changes = useStore(annotationChanges);
  const key = JSON.stringify([projectId, shown, filter, rangeName, changes]);
  const [state, setState] = useState<{ readonly key: string; readonly summaries: ReadonlyMap<string, Summary> }>({ key: "", summaries: NONE });
  useEffect(() => {
    if (shown.length === 0) return undefined;
    let isCurrent = true;
    const asked = shown.map(async (name) => {
      const data = await fetchQuery(SpanAnnotationSummaryOf, { project: projectId, name, timeRange: timeRangeOf(range), filter: filter || null });
      return data.node.__typename === "Project" ? data.node.spanAnnotationSummary : null;
    });
    Promise.all(asked).then(
      (all) => {
        if (isCurrent) setState({ key, summaries: new Map(all.flatMap((one) => (one === null ? [] : [[one.name, one] as const]))) });
      },
      () => undefined, // The heads are as good without.
    );
    return () => {
      isCurrent = false;
    };
  }, [key]); // oxlint-disable-line react/exhaustive-deps
  return shown.length === 0 ? NONE : state.summaries;
}

import { useEffect } from "react";
import { useQuery } from "../../../base/cache";
import { ProjectSpanCount } from "../../../generated/graphql";
import type { RowList } from "../table/rowList";
import { ANNOTATION, timeRangeOf, type SpanQuestion, type SpanRow } from "./spanSource";

export interface Count {
  readonly value: number;
  /** False while only a lower bound is known. */
  readonly isKnown: boolean;
}

/** How many spans a list has: what its own end says, else what the server counted. */
export function useCount(list: RowList<SpanRow>, question: SpanQuestion): Count {
  const { data, isPrevious } = useQuery(
    ProjectSpanCount,
    { id: question.projectId, timeRange: timeRangeOf(question.range), filter: question.filter || null },
    { skip: Boolean(question.traceFilter) || list.isCountExact, keepPrevious: true },
  );
  // Sorted by an annotation, the list leaves out what has none.
  const counted = !isPrevious && !question.sort.key.startsWith(ANNOTATION) && data?.node.__typename === "Project" ? data.node.recordCount : null;
  useEffect(() => {
    if (counted !== null) list.announce(counted);
  }, [counted, list]);
  return { value: list.count, isKnown: list.isCountExact || counted !== null };
}

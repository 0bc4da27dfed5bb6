import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../base/cache";
import { textFilter } from "../../base/filterText";
import { TraceTextSearch } from "../../generated/graphql";
import { withAncestors } from "./model/rows";
import { findInNames } from "./model/search";
import type { TraceModel } from "./model/trace";

export interface TraceSearch {
  /** Undefined without a search; else what `withAncestors` says. */
  readonly shown: Uint8Array | undefined;
  readonly matches: readonly number[];
  readonly isSearching: boolean;
  /** There may be more matches than were looked at. */
  readonly isCut: boolean;
}

/** The spans whose name (here) or texts (on the server) have what is looked for. */
export function useSearch(model: TraceModel | undefined, project: string, trace: string, text: string): TraceSearch {
  const wanted = useDelayed(text.trim(), 200);
  const { data, isFetching } = useQuery(TraceTextSearch, { project, trace, condition: textFilter(wanted) }, { skip: wanted === "" });
  const inNames = useMemo(() => (model ? findInNames(model, text) : []), [model, text]);
  const spans = wanted === text.trim() && data?.node.__typename === "Project" ? data.node.trace?.spans : undefined;
  const matches = useMemo(() => {
    if (!model || text.trim() === "") return [];
    const all = new Set(inNames);
    for (const edge of spans?.edges ?? []) { const i = model.indexOf(edge.node.id); if (i >= 0) all.add(i); }
    return [...all].sort((a, b) => a - b);
  }, [model, text, inNames, spans]);
  const shown = useMemo(() => (model && text.trim() !== "" ? withAncestors(model, matches) : undefined), [model, text, matches]);
  return { shown, matches, isSearching: text.trim() !== "" && (isFetching || wanted !== text.trim()), isCut: spans?.pageInfo.hasNextPage ?? false };
}

function useDelayed(value: string, ms: number): string {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return delayed;
}

import { useCallback, useRef } from "react";
import type { TabState } from "../table/useTabState";
import { parseTerms, writeTerms } from "./terms";

/** Adds a condition to those of a tab, unless it is there. */
export function useNarrow(state: TabState): (condition: string) => void {
  const latest = useRef(state);
  latest.current = state;
  return useCallback((added: string) => {
    const { condition, setCondition } = latest.current;
    const terms = parseTerms(condition);
    if (!terms.some((term) => term.source === added)) setCondition(writeTerms([...terms, ...parseTerms(added)]));
  }, []);
}

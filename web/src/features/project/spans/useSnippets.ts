import { useEffect, useState } from "react";
import { send } from "../../../base/graphql";
import type { TimeRange } from "../../../base/timerange";
import { SearchSnippets } from "../../../generated/graphql";
import { parseTerms } from "../filter/terms";
import { timeRangeOf } from "./spanSource";

export interface Snippet {
  /** Where in the span the text is. */
  readonly field: string;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

const PAGE = 200;
const PAGES_MAX = 5;
const NONE: ReadonlyMap<string, Snippet> = new Map();

/** The text that a condition looks for anywhere in a span. */
export function searchedAnywhere(condition: string): string | null {
  const term = parseTerms(condition).find((one) => one.type === "contains" && one.field === "text" && !one.negated);
  const text = term?.type === "contains" ? term.value.trim() : "";
  return text === "" ? null : text;
}

/** Where a text was found in the newest thousand spans that have it, by the ids of the spans. */
export function useSnippets(projectId: string, text: string | null, range: TimeRange, rangeName: string): ReadonlyMap<string, Snippet> {
  const [found, setFound] = useState<{ readonly key: string; readonly snippets: ReadonlyMap<string, Snippet> }>({ key: "", snippets: NONE });
  const key = JSON.stringify([projectId, text, rangeName]);
  useEffect(() => {
    if (text === null) return undefined;
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const snippets = new Map<string, Snippet>();
      let after: string | null = null;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const answer: Found | null = await searchPage(projectId, text, after, range, abort.signal);
        if (answer === null) return;
        for (const [id, snippet] of answer.snippets) snippets.set(id, snippet);
        setFound({ key, snippets: new Map(snippets) });
        if (answer.next === null) return;
        after = answer.next;
      }
    };
    // Without snippets the table shows the spans all the same.
    read().catch(() => undefined);
    return () => abort.abort();
    // The range's name stands for it.
  }, [key]); // oxlint-disable-line react/exhaustive-deps
  return found.key === key ? found.snippets : NONE;
}

interface Found {
  readonly snippets: readonly (readonly [string, Snippet])[];
  readonly next: string | null;
}

async function searchPage(id: string, text: string, after: string | null, range: TimeRange, signal: AbortSignal): Promise<Found | null> {
  const data = await send(SearchSnippets, { id, text, first: PAGE, after, timeRange: timeRangeOf(range) }, { signal });
  if (data.node.__typename !== "Project") return null;
  const { edges, pageInfo } = data.node.searchSpans;
  return {
    snippets: edges.map((edge) => [edge.node.id, cut(edge.field, edge.snippet, edge.matchOffset, edge.matchLength)] as const),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

/** Offsets count code points. */
export function cut(field: string, snippet: string, offset: number, length: number): Snippet {
  const points = [...snippet];
  return { field, before: points.slice(0, offset).join(""), match: points.slice(offset, offset + length).join(""), after: points.slice(offset + length).join("") };
}

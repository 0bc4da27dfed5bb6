import { useEffect, useMemo, useState } from "react";
import { prefetch, useQuery } from "../../../base/cache";
import { SpanDetail, type SpanDetailData } from "../../../generated/graphql";
import { parseAttributes, type JsonObject } from "../model/attributes";

export type Detail = Extract<SpanDetailData["node"], { readonly __typename: "Span" }>;

export interface LoadedSpan {
  readonly span: Detail | undefined;
  readonly attributes: JsonObject;
  readonly error: string | undefined;
  readonly retry: () => void;
}

const parsed = new WeakMap<Detail, JsonObject>();

/** Parses the attributes of a span once. */
export function attributesOf(span: Detail): JsonObject {
  let out = parsed.get(span);
  if (!out) { out = parseAttributes(span.attributes); parsed.set(span, out); }
  return out;
}

const NONE: JsonObject = {};

export function useSpan(id: string): LoadedSpan {
  const wanted = useSettled(id, 70);
  const { data, error, refetch } = useQuery(SpanDetail, { span: wanted }, { skip: wanted === "" });
  const span = data?.node.__typename === "Span" && wanted === id ? data.node : undefined;
  return { span, attributes: useMemo(() => (span ? attributesOf(span) : NONE), [span]), error: wanted === id ? error?.message : undefined, retry: refetch };
}

/** The value once it has stayed for a while, so that holding a key down does not ask for every span on the way. The first counts at once. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  const [last, setLast] = useState(0);
  useEffect(() => {
    const now = performance.now(), isRapid = now - last < ms * 2;
    setLast(now);
    if (!isRapid) { setSettled(value); return undefined; }
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]); // oxlint-disable-line react/exhaustive-deps
  return settled;
}

/** Fetches what will probably be looked at next, once the page is at rest. */
export function usePrefetchedSpans(ids: readonly string[]): void {
  const key = ids.join(" ");
  useEffect(() => {
    const timer = setTimeout(() => { for (const id of ids) prefetch(SpanDetail, { span: id }); }, 250);
    return () => clearTimeout(timer);
  }, [key]); // oxlint-disable-line react/exhaustive-deps
}

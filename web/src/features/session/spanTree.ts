import type { SessionTraceSpansData } from "../../generated/graphql";

type Trace = Extract<SessionTraceSpansData["node"], { readonly __typename: "Trace" }>;
export type SpanOfTree = Trace["spans"]["edges"][number]["node"];

interface Linked {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly startTime: string;
}

export interface TreeRow<S> {
  readonly span: S;
  readonly depth: number;
}

/** Spans below their parents, siblings by their time. Those without a parent here are roots; a circle of parents is cut. */
export function spanTree<S extends Linked>(spans: readonly S[]): readonly TreeRow<S>[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, S[]>();
  const sorted = [...spans].sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0));
  for (const span of sorted) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : "";
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: TreeRow<S>[] = [];
  const placed = new Set<S>();
  const place = (from: readonly S[]): void => {
    const open = from.map((span) => ({ span, depth: 0 })).reverse();
    for (let next = open.pop(); next; next = open.pop()) {
      if (placed.has(next.span)) continue;
      placed.add(next.span);
      rows.push(next);
      const depth = next.depth + 1;
      for (const child of [...(children.get(next.span.spanId) ?? [])].reverse()) open.push({ span: child, depth });
    }
  };
  place(children.get("") ?? []);
  for (const span of sorted) if (!placed.has(span)) place([span]);
  return rows;
}

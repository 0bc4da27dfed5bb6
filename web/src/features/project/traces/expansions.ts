/** Rows that hang below others in a list of unknown length: the base row's index, and how many are open below it. */
export interface Opened {
  readonly index: number;
  readonly count: number;
}

export type Place = { readonly type: "base"; readonly index: number } | { readonly type: "below"; readonly index: number; readonly at: number };

/** What stands at a place of the table. `opened` is ordered by index. */
export function placeOf(opened: readonly Opened[], row: number): Place {
  let before = 0;
  for (const { index, count } of opened) {
    if (row <= index + before) break;
    if (row <= index + before + count) return { type: "below", index, at: row - index - before - 1 };
    before += count;
  }
  return { type: "base", index: row - before };
}

/** The place of a base row in the table. */
export function rowOf(opened: readonly Opened[], index: number): number {
  return opened.reduce((row, one) => (one.index < index ? row + one.count : row), index);
}

export const openedCount = (opened: readonly Opened[]): number => opened.reduce((sum, one) => sum + one.count, 0);

interface Hanging {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly startTime: string;
}

/** Descendants in the order of a tree, each with its depth below the root. What hangs nowhere comes directly below the root. */
export function treeOrder<Span extends Hanging>(rootSpanId: string, spans: readonly Span[]): readonly { readonly span: Span; readonly depth: number; readonly isLeaf: boolean }[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) && span.parentId !== span.spanId ? span.parentId : rootSpanId;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  for (const list of children.values()) list.sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0));
  const ordered: { readonly span: Span; readonly depth: number; readonly isLeaf: boolean }[] = [];
  const seen = new Set<string>();
  const walk = (id: string, depth: number): void => {
    for (const span of children.get(id) ?? []) {
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      ordered.push({ span, depth, isLeaf: !children.has(span.spanId) });
      walk(span.spanId, depth + 1);
    }
  };
  walk(rootSpanId, 1);
  for (const span of spans) if (!seen.has(span.spanId)) ordered.push({ span, depth: 1, isLeaf: true });
  return ordered;
}

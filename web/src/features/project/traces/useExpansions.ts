import { useCallback, useMemo, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { SpanDescendants } from "../../../generated/graphql";
import { toast } from "../../../parts/Toast";
import type { RowList } from "../table/rowList";
import type { SpanRow } from "../spans/spanSource";
import { openedCount, placeOf, rowOf, treeOrder, type Opened } from "./expansions";

/** A row of the table of traces: a root span, or a span below one. */
export interface TraceRow extends SpanRow {
  readonly depth: number;
}

interface Below {
  readonly rows: readonly TraceRow[];
  readonly isCut: boolean;
}

export interface Expansions {
  readonly count: number;
  readonly row: (index: number) => TraceRow | undefined;
  readonly indexOf: (id: string) => number;
  readonly want: (first: number, last: number) => void;
  readonly isOpen: (row: TraceRow) => boolean | null;
  readonly toggle: (row: TraceRow) => void;
}

const traceRows = new WeakMap<SpanRow, TraceRow>();

/** A root span as a row, always the same one. */
function asTraceRow(root: SpanRow): TraceRow {
  let row = traceRows.get(root);
  if (row === undefined) {
    row = { ...root, depth: 0 };
    traceRows.set(root, row);
  }
  return row;
}

async function readBelow(root: SpanRow, options: { readonly withMetadata: boolean; readonly withSession: boolean; readonly withTraceAnnotations: boolean }): Promise<Below> {
  const data = await fetchQuery(SpanDescendants, { id: root.id, ...options });
  if (data.node.__typename !== "Span") return { rows: [], isCut: false };
  const spans = data.node.descendants.edges.map((edge) => edge.node);
  return {
    rows: treeOrder(root.spanId, spans).map(({ span, depth }): TraceRow => ({ ...span, depth })),
    isCut: data.node.descendants.pageInfo.hasNextPage,
  };
}

/** The rows of a list with the spans below those that are open. A new list begins closed. */
export function useExpansions(list: RowList<SpanRow>, options: { readonly withMetadata: boolean; readonly withSession: boolean; readonly withTraceAnnotations: boolean }): Expansions {
  const [state, setState] = useState<{ readonly list: unknown; readonly below: ReadonlyMap<string, Below> }>({ list, below: new Map() });
  const below = useMemo(() => (state.list === list ? state.below : new Map<string, Below>()), [state, list]);
  const { version } = list;
  const opened = useMemo(
    () => [...below].map(([id, { rows }]): Opened => ({ index: list.indexOf(id), count: rows.length })).filter(({ index }) => index >= 0).sort((a, b) => a.index - b.index),
    // A list's rows change with its version.
    [below, list, version], // oxlint-disable-line react/exhaustive-deps
  );
  const row = useCallback(
    (at: number): TraceRow | undefined => {
      const place = placeOf(opened, at);
      const root = list.row(place.index);
      if (root === undefined || place.type === "base") return root && asTraceRow(root);
      return below.get(root.id)?.rows[place.at];
    },
    [opened, below, list],
  );
  const toggle = useCallback(
    (one: TraceRow): void => {
      const set = (change: (known: Map<string, Below>) => void): void =>
        setState((old) => {
          const next = new Map(old.list === list ? old.below : []);
          change(next);
          return { list, below: next };
        });
      if (below.has(one.id)) set((known) => known.delete(one.id));
      else {
        readBelow(one, options).then(
          (found) => {
            set((known) => known.set(one.id, found));
            if (found.isCut) toast({ message: "The first 50 spans are shown. Open the trace to see all of them." });
          },
          (error: unknown) => toast({ message: error instanceof Error ? error.message : String(error), tone: "bad" }),
        );
      }
    },
    [below, list, options],
  );
  return {
    count: list.count + openedCount(opened),
    row,
    toggle,
    indexOf: (id) => {
      const base = list.indexOf(id);
      if (base >= 0) return rowOf(opened, base);
      for (const [rootId, { rows }] of below) {
        const at = rows.findIndex((one) => one.id === id);
        if (at >= 0) return rowOf(opened, list.indexOf(rootId)) + at + 1;
      }
      return -1;
    },
    want: (first, last) => list.want(placeOf(opened, first).index, placeOf(opened, last).index),
    isOpen: (one) => (one.depth > 0 || one.numChildSpans === 0 ? null : below.has(one.id)),
  };
}

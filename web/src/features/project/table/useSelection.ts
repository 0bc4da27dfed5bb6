import { useCallback, useMemo, useRef, useState } from "react";
import type { TableSelection } from "../../../parts/dataTable";

export interface Selection<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly clear: () => void;
  readonly forTable: TableSelection<Row>;
}

/** The rows that somebody marked. They stay marked when they scroll out of sight; a new list (another key) begins without any. */
export function useSelection<Row extends { readonly id: string }>(key: string, rowAt: (index: number) => Row | undefined, loaded: () => readonly Row[]): Selection<Row> {
  const [state, setState] = useState<{ readonly key: string; readonly rows: ReadonlyMap<string, Row> }>({ key, rows: new Map() });
  const rows = useMemo(() => (state.key === key ? state.rows : new Map<string, Row>()), [state, key]);
  const anchor = useRef(-1);
  const set = useCallback((next: ReadonlyMap<string, Row>) => setState({ key, rows: next }), [key]);
  const toggle = (index: number, isRange: boolean): void => {
    const row = rowAt(index);
    if (row === undefined) return;
    const next = new Map(rows);
    const from = isRange && anchor.current >= 0 ? anchor.current : index;
    const isOn = isRange || !rows.has(row.id);
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      const one = rowAt(at);
      if (one === undefined) continue;
      if (isOn) next.set(one.id, one);
      else next.delete(one.id);
    }
    anchor.current = index;
    set(next);
  };
  const known = loaded();
  const marked = known.filter((row) => rows.has(row.id)).length;
  const all = rows.size === 0 ? "none" : marked === known.length && known.length > 0 ? "all" : "some";
  return {
    rows,
    clear: () => set(new Map()),
    forTable: {
      has: (row) => rows.has(row.id),
      toggle,
      all,
      toggleAll: () => set(all === "all" ? new Map() : new Map([...rows, ...known.map((row) => [row.id, row] as const)])),
    },
  };
}

import { useEffect } from "react";
import { setTraceNeighbours } from "../../trace/neighbours";
import type { RowList } from "../table/rowList";

const AHEAD = 100;

/** Tells the trace view the traces in the order of the table, so that its keys for the next and the previous one follow it. */
export function useNeighbours<Row extends { readonly id: string }>(isTold: boolean, list: RowList<Row>, traceIdOf: (row: Row) => string): void {
  const { version } = list;
  useEffect(() => {
    if (!isTold) return;
    setTraceNeighbours({
      ids: [...new Set(list.loaded().map(traceIdOf))],
      onNearEnd: () => {
        const last = list.loaded().length;
        list.want(Math.max(0, last - 1), last + AHEAD);
      },
    });
    // The rows of a list change with its version.
  }, [isTold, list, version]); // oxlint-disable-line react/exhaustive-deps
}

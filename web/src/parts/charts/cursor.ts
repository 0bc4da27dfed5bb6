import { useSyncExternalStore } from "react";

/** An instant that the charts of a page point at together; null when none is pointed at. */
export class ChartCursor {
  private instant: number | null = null;
  private readonly listeners = new Set<() => void>();

  readonly get = (): number | null => this.instant;

  readonly set = (instant: number | null): void => {
    if (instant === this.instant) return;
    this.instant = instant;
    for (const listener of this.listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const useCursor = (cursor: ChartCursor): number | null => useSyncExternalStore(cursor.subscribe, cursor.get);

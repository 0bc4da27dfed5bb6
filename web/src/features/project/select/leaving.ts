import { store, useStore } from "../../../base/store";

/** Traces that are being deleted or moved and can still be kept. */
const leaving = store<ReadonlySet<string>>(new Set());

export const isLeaving = (traceId: string): boolean => leaving.get().has(traceId);
export const useLeaving = (): ReadonlySet<string> => useStore(leaving);

export function leave(traceIds: readonly string[]): void {
  leaving.set((old) => new Set([...old, ...traceIds]));
}

export function stay(traceIds: readonly string[]): void {
  leaving.set((old) => new Set([...old].filter((id) => !traceIds.includes(id))));
}

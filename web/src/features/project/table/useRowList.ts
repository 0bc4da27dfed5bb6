import { useEffect, useRef, useSyncExternalStore } from "react";
import { onRecovery } from "../../../base/connection";
import { RowList, type RowSource } from "./rowList";

const KEPT = 8;
/** Lists by what they are lists of, so that going back shows at once what was there. */
const lists = new Map<string, { readonly list: RowList<never>; usedAt: number }>();

function listFor<Row extends { readonly id: string }>(key: string, source: () => RowSource<Row>): RowList<Row> {
  const known = lists.get(key);
  if (known) {
    known.usedAt = performance.now();
    return known.list as unknown as RowList<Row>;
  }
  const list = new RowList(source());
  lists.set(key, { list: list as unknown as RowList<never>, usedAt: performance.now() });
  if (lists.size > KEPT) {
    const oldest = [...lists].sort(([, a], [, b]) => a.usedAt - b.usedAt)[0];
    if (oldest) lists.delete(oldest[0]);
  }
  return list;
}

/** Forgets every list that is not shown, for when rows moved or went. */
export function forgetLists(): void {
  lists.clear();
}

export interface ShownList<Row extends { readonly id: string }> {
  /** What is to be shown: the former list until the current one has its first rows. */
  readonly shown: RowList<Row>;
  readonly current: RowList<Row>;
  readonly isBusy: boolean;
}

/** The list of a key; a new key makes a new list. */
export function useRowList<Row extends { readonly id: string }>(key: string, source: () => RowSource<Row>): ShownList<Row> {
  const held = useRef<{ key: string; list: RowList<Row> } | null>(null);
  if (held.current?.key !== key) held.current = { key, list: listFor(key, source) };
  const { list: current } = held.current;
  const former = useRef(current);
  useSyncExternalStore(current.subscribe, () => current.version);
  const isBusy = current.state === "loading";
  if (!isBusy) former.current = current;
  useEffect(() => current.show(), [current]);
  useEffect(
    () =>
      onRecovery(() => {
        if (current.state === "failed") current.retry();
        else current.reload();
      }),
    [current],
  );
  return { shown: former.current, current, isBusy };
}

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { connected, onRecovery } from "./connection";
import { RequestFailure, send, type Operation } from "./graphql";

/** What is known of a query. `data` stays while it is fetched anew. */
export interface Known<Data> {
  readonly data: Data | undefined;
  readonly error: RequestFailure | undefined;
  readonly isFetching: boolean;
}

interface Entry {
  readonly operation: Operation<unknown, unknown>;
  readonly variables: unknown;
  known: Known<unknown>;
  fetchedAt: number;
  isStale: boolean;
  controller: AbortController | undefined;
  promise: Promise<unknown> | undefined;
  readonly listeners: Set<() => void>;
}

const NOTHING: Known<never> = { data: undefined, error: undefined, isFetching: false };
const UNUSED_KEPT = 120;
/** Data younger than this is shown without being asked for again. */
const FRESH_MS = 10_000;

const entries = new Map<string, Entry>();

/** Variables in one order of their names, so that equal ones are one key. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

const keyOf = (operation: Operation<never, never>, variables: unknown): string => `${operation.hash}\n${canonical(variables)}`;

function entryFor<D, V>(operation: Operation<D, V>, variables: V): Entry {
  const key = keyOf(operation as Operation<never, never>, variables);
  let entry = entries.get(key);
  if (!entry) {
    entry = {
      operation: operation as Operation<unknown, unknown>,
      variables,
      known: NOTHING,
      fetchedAt: 0,
      isStale: false,
      controller: undefined,
      promise: undefined,
      listeners: new Set(),
    };
    forgetUnused();
  } else entries.delete(key);
  entries.set(key, entry); // The end of the map is what was used last.
  return entry;
}

function forgetUnused(): void {
  if (entries.size <= UNUSED_KEPT) return;
  for (const [key, entry] of entries) {
    if (entries.size <= UNUSED_KEPT) return;
    if (entry.listeners.size === 0 && !entry.promise) entries.delete(key);
  }
}

function update(entry: Entry, known: Known<unknown>): void {
  entry.known = known;
  for (const listener of entry.listeners) listener();
}

/** Fetches, sharing a request that is under way. */
function fetchEntry(entry: Entry): Promise<unknown> {
  if (entry.promise) return entry.promise;
  const controller = new AbortController();
  entry.controller = controller;
  entry.isStale = false;
  const promise = send(entry.operation, entry.variables, { signal: controller.signal }).then(
    (data) => {
      if (entry.controller === controller) {
        settle(entry);
        entry.fetchedAt = Date.now();
        // A list that came back the same keeps its identity: nothing is drawn again.
        const same = entry.known.data !== undefined && JSON.stringify(entry.known.data) === JSON.stringify(data);
        update(entry, { data: same ? entry.known.data : data, error: undefined, isFetching: false });
        if (entry.isStale && entry.listeners.size > 0) void fetchEntry(entry).catch(ignored);
      }
      return data;
    },
    (error: unknown) => {
      const failure = error instanceof RequestFailure ? error : new RequestFailure("refused", String(error));
      if (entry.controller === controller) {
        settle(entry);
        update(entry, { data: entry.known.data, error: failure.kind === "aborted" ? undefined : failure, isFetching: false });
      }
      throw failure;
    },
  );
  entry.promise = promise;
  update(entry, { ...entry.known, isFetching: true });
  return promise;
}

function settle(entry: Entry): void {
  entry.controller = undefined;
  entry.promise = undefined;
}

const ignored = (): void => undefined;

function abandon(entry: Entry): void {
  if (entry.listeners.size > 0 || !entry.controller) return;
  const { controller } = entry;
  settle(entry);
  entry.known = { ...entry.known, isFetching: false };
  controller.abort();
}

/** Fetches now, through the cache: what is fresh or under way is shared. */
export async function fetchQuery<D, V>(operation: Operation<D, V>, variables: V, options: { readonly anew?: boolean } = {}): Promise<D> {
  const entry = entryFor(operation, variables);
  const fresh = entry.known.data !== undefined && !entry.isStale && Date.now() - entry.fetchedAt < FRESH_MS;
  return (fresh && !options.anew ? entry.known.data : await fetchEntry(entry)) as D;
}

/** Fetches ahead of need, for a pointer that rests on a link. */
export function prefetch<D, V>(operation: Operation<D, V>, variables: V): void {
  void fetchQuery(operation, variables).catch(ignored);
}

/** Marks what is known as stale, and fetches again what is shown. Without names: everything. */
export function invalidate(names?: readonly string[], matches: (variables: unknown) => boolean = () => true): void {
  for (const entry of entries.values()) {
    if ((names && !names.includes(entry.operation.name)) || !matches(entry.variables)) continue;
    entry.isStale = true;
    if (entry.listeners.size > 0 && !entry.promise) void fetchEntry(entry).catch(ignored);
  }
}

/** Fetches again what is shown and forgets what is not; resolves when nothing of before is known any more. */
export async function renew(names?: readonly string[]): Promise<void> {
  invalidate(names);
  const shown: Promise<void>[] = [];
  for (const [key, entry] of entries) {
    if (names && !names.includes(entry.operation.name)) continue;
    if (entry.listeners.size > 0) shown.push(untilFresh(entry));
    else if (!entry.promise) entries.delete(key);
  }
  await Promise.all(shown);
}

async function untilFresh(entry: Entry): Promise<void> {
  while (entry.promise && entry.listeners.size > 0) await entry.promise.catch(ignored);
}

onRecovery(() => {
  for (const entry of entries.values()) if (entry.listeners.size > 0 && !entry.promise) void fetchEntry(entry).catch(ignored);
});

export interface QueryOptions {
  /** Asks nothing while true. */
  readonly skip?: boolean;
  /** Shows the data of the former variables until those of the current ones are there. */
  readonly keepPrevious?: boolean;
}

export interface QueryResult<Data> extends Known<Data> {
  /** No data yet, and none of former variables to show. */
  readonly isLoading: boolean;
  /** `data` belongs to former variables. */
  readonly isPrevious: boolean;
  readonly refetch: () => void;
}

/** A query's data: at once when known, fetched anew when not fresh, given up when nobody shows it any more. */
export function useQuery<D, V>(operation: Operation<D, V>, variables: V, options: QueryOptions = {}): QueryResult<D> {
  const { skip = false, keepPrevious = false } = options;
  const key = skip ? "" : keyOf(operation as Operation<never, never>, variables);
  const entry = useMemo(
    () => (key ? entryFor(operation, variables) : undefined),
    // The key stands for the operation and its variables.
    [key], // oxlint-disable-line react/exhaustive-deps
  );
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!entry) return ignored;
      entry.listeners.add(listener);
      return () => {
        entry.listeners.delete(listener);
        // A component that only moved subscribes again before this runs.
        queueMicrotask(() => abandon(entry));
      };
    },
    [entry],
  );
  const known = useSyncExternalStore(subscribe, () => (entry?.known ?? NOTHING) as Known<D>);
  useEffect(() => {
    if (!entry) return;
    entries.set(key, entry);
    const fresh = entry.known.data !== undefined && !entry.isStale && Date.now() - entry.fetchedAt < FRESH_MS;
    if (!fresh && connected.get()) void fetchEntry(entry).catch(ignored);
    else if (!fresh) update(entry, { ...entry.known, error: new RequestFailure("disconnected", "The server does not answer.") });
  }, [entry, key]);
  const previous = useRef<D | undefined>(undefined);
  if (known.data !== undefined) previous.current = known.data;
  const isPrevious = keepPrevious && !skip && known.data === undefined && previous.current !== undefined && !known.error;
  const data = isPrevious ? previous.current : known.data;
  const refetch = useCallback(() => {
    if (entry) void fetchEntry(entry).catch(ignored);
  }, [entry]);
  return { data, error: known.error, isFetching: known.isFetching, isPrevious, isLoading: !skip && data === undefined && !known.error, refetch };
}

export interface MutationOptions {
  /** Names of the queries that the mutation makes stale. */
  readonly invalidates?: readonly string[];
  /** Outlives the page. */
  readonly keepalive?: boolean;
}

/** Sends a mutation, then fetches again what it changed. */
export async function mutate<D, V>(operation: Operation<D, V>, variables: V, options: MutationOptions = {}): Promise<D> {
  const data = await send(operation, variables, options.keepalive ? { keepalive: true } : {});
  if (options.invalidates) invalidate(options.invalidates);
  return data;
}

/** A mutation with what a form shows of it. */
export function useMutation<D, V>(operation: Operation<D, V>, options: MutationOptions = {}) {
  const [state, setState] = useState<{ isSending: boolean; error: string | undefined }>({ isSending: false, error: undefined });
  const latest = useRef(options);
  latest.current = options;
  const run = useCallback(
    async (variables: V): Promise<D | undefined> => {
      setState({ isSending: true, error: undefined });
      try {
        const data = await mutate(operation, variables, latest.current);
        setState({ isSending: false, error: undefined });
        return data;
      } catch (error) {
        setState({ isSending: false, error: error instanceof Error ? error.message : String(error) });
        return undefined;
      }
    },
    [operation],
  );
  return { ...state, run };
}

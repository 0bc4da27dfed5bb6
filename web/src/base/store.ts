import { useSyncExternalStore } from "react";

/** A value that components can watch. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (value: T | ((old: T) => T)) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const to = typeof next === "function" ? (next as (old: T) => T)(value) : next;
      if (Object.is(to, value)) return;
      value = to;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = <T>(of: Store<T>): T => useSyncExternalStore(of.subscribe, of.get);

import { useCallback } from "react";
import { store, useStore, type Store } from "./store";

const PREFIX = "phoenix.";
/** Every preference in use, and how it takes a value from elsewhere: checked, and not written. */
const known = new Map<string, { readonly preference: unknown; readonly take: (value: unknown) => void }>();

/** Whether the browser keeps what is stored; false once it refused. */
export const storageWorks = store(true);

function read(name: string): unknown {
  let text: string | null;
  try {
    text = localStorage.getItem(PREFIX + name);
  } catch {
    // Blocked.
    storageWorks.set(false);
    return undefined;
  }
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or blocked: the value lives as long as the page.
    storageWorks.set(false);
  }
}

/** A value of a name that outlives the page where the browser allows it. Everything read is checked by `accept`. */
export interface Preference<T> extends Store<T> {
  readonly name: string;
  readonly fallback: T;
}

export function preference<T>(name: string, fallback: T, accept: (value: unknown) => value is T): Preference<T> {
  const found = known.get(name);
  if (found) return found.preference as Preference<T>;
  const kept = read(name);
  const inner = store<T>(accept(kept) ? kept : fallback);
  const out: Preference<T> = {
    ...inner,
    name,
    fallback,
    set: (next) => {
      inner.set(next);
      write(name, inner.get());
    },
  };
  known.set(name, { preference: out, take: (value) => inner.set(accept(value) ? value : fallback) });
  return out;
}

/** A preference as React state. */
export function usePreference<T>(of: Preference<T>): [T, (value: T | ((old: T) => T)) => void] {
  return [useStore(of), useCallback((value) => of.set(value), [of])];
}

/** What is stored by this application, name → bytes. */
export function storedSizes(): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i);
      if (key?.startsWith(PREFIX)) out.set(key.slice(PREFIX.length), key.length + (localStorage.getItem(key)?.length ?? 0));
    }
  } catch {
    // Blocked: nothing is stored.
  }
  return out;
}

export function forgetStored(): void {
  for (const name of storedSizes().keys()) {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // Blocked.
    }
  }
  for (const { take } of known.values()) take(undefined);
}

if (typeof addEventListener === "function") {
  // Another tab changed it.
  addEventListener("storage", (event) => {
    if (!event.key?.startsWith(PREFIX)) return;
    const name = event.key.slice(PREFIX.length);
    known.get(name)?.take(read(name));
  });
}

export const isString = (value: unknown): value is string => typeof value === "string";
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
export const isOneOf =
  <T extends string>(...options: readonly T[]) =>
  (value: unknown): value is T =>
    options.includes(value as T);
export const isStrings = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isString);

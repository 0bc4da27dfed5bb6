import { useLayoutEffect, useMemo, useRef } from "react";
import { store } from "./store";

/** One key or sequence: `"mod+k"`, `"g p"`, `"?"`, `"shift+x"`. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export interface KeyBinding {
  readonly keys: string;
  readonly label: string;
  /** The heading on the key sheet. */
  readonly group: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while a text field has the focus. */
  readonly inFields?: boolean;
  /** Also while a dialog is open. */
  readonly inDialogs?: boolean;
  /** Works, but is not on the key sheet or in the palette. */
  readonly quiet?: boolean;
}

export const isMac: boolean = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const SEQUENCE_MS = 1200;

/** The bindings that work now; the last one registered comes first. */
export const bindings = store<readonly KeyBinding[]>([]);

let pending = "";
let pendingSince = 0;
let isListening = false;

/** The name of what was pressed, in the spelling of bindings. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  // A sign such as `?` needs shift on many keyboards, so shift only counts for letters and named keys.
  const shift = event.shiftKey && (event.key.length > 1 || /\p{L}/u.test(event.key));
  return `${mod ? "mod+" : ""}${other ? "ctrl+" : ""}${event.altKey ? "alt+" : ""}${shift ? "shift+" : ""}${key === " " ? "Space" : key}`;
}

function isField(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  const name = pressed(event);
  const now = Date.now();
  const sequence = pending && now - pendingSince < SEQUENCE_MS ? `${pending} ${name}` : name;
  const inField = isField(event.composedPath()[0]);
  const inDialog = document.querySelector("dialog:modal") !== null;
  const usable = bindings.get().filter((b) => (!inField || b.inFields) && (!inDialog || b.inDialogs));
  const found = usable.find((b) => b.keys === sequence) ?? usable.find((b) => b.keys === name);
  pending = "";
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (usable.some((b) => b.keys.startsWith(`${name} `))) {
    pending = name;
    pendingSince = now;
  }
}

/** Registers keys while the component is shown. `run` may change from render to render. */
export function useKeys(list: readonly KeyBinding[]): void {
  const latest = useRef(list);
  latest.current = list;
  const shape = list.map((b) => [b.keys, b.label, b.group, b.inFields, b.inDialogs, b.quiet].join("\u0001")).join("\u0002");
  const stable = useMemo(
    () => latest.current.map((b, i): KeyBinding => ({ ...b, run: (event) => latest.current[i]?.run(event) })),
    [shape], // oxlint-disable-line react/exhaustive-deps
  );
  // Before the page is painted: whoever sees it may press.
  useLayoutEffect(() => {
    if (!isListening) {
      isListening = true;
      addEventListener("keydown", onKey);
    }
    bindings.set((old) => [...stable, ...old]);
    return () => bindings.set((old) => old.filter((b) => !stable.includes(b)));
  }, [stable]);
}

/** The signs that a person reads on the keys of a binding. */
export function keyCaps(keys: string): readonly string[] {
  const names: Record<string, string> = {
    mod: isMac ? "⌘" : "Ctrl", shift: isMac ? "⇧" : "Shift", alt: isMac ? "⌥" : "Alt", ctrl: "Ctrl", Enter: "↵", Escape: "Esc",
    ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Space: "Space",
  };
  return keys.split(" ").flatMap((part) => part.split(/\+(?=.)/).map((k) => names[k] ?? (k.length === 1 && part.includes("+") ? k.toUpperCase() : k)));
}

import { useEffect, useState } from "react";
import { store, useStore } from "../base/store";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import { visibleText } from "./text/visible";

export interface ToastOptions {
  readonly message: string;
  readonly tone?: "neutral" | "good" | "bad";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays; errors stay until they are closed. */
  readonly ms?: number;
}

interface Shown extends ToastOptions {
  readonly id: number;
  /** What can still be taken back: its owner takes the toast away. */
  readonly pending?: Pending;
}

const shown = store<readonly Shown[]>([]);
const MOST = 4;
let nextId = 1;

function show(options: Omit<Shown, "id">): () => void {
  const id = nextId++;
  shown.set((old) => {
    // The oldest make room, but never one that can be taken back.
    let surplus = old.length - (MOST - 1);
    return [...old.filter((t) => t.pending || surplus-- <= 0), { ...options, message: visibleText(options.message), id }];
  });
  return () => shown.set((old) => old.filter((t) => t.id !== id));
}

/** Tells something at the edge of the page; answers with a function that takes it away. */
export const toast = (options: ToastOptions): (() => void) => show(options);

const UNDO_MS = 7000;
/** After somebody looked at it there is time to act at least. */
const REST_MS = 1500;

/** What a browser sends of all requests together while a page goes away is 64 KB; the operations themselves need some of it. */
const LEAVING_BYTES = 50_000;

interface Undoable {
  readonly message: string;
  readonly commit: (options: { readonly keepalive: boolean }) => Promise<unknown>;
  readonly undo: () => void;
  /** What `commit` sends, where that may be much; see `canWaitForUndo`. */
  readonly bytes?: number;
}

interface Pending {
  readonly bytes: number;
  readonly commit: Undoable["commit"];
  /** Does it now. */
  readonly finish: () => void;
  readonly undo: () => void;
  /** Stops its time while somebody is at it. */
  readonly hold: () => void;
  readonly release: () => void;
}
const pending = new Set<Pending>();

/** Whether what sends so many bytes can still be sent when the page goes away before its time is over. */
export const canWaitForUndo = (bytes: number): boolean => bytes <= LEAVING_BYTES;

/** What waits longest is done at once, until so many bytes more could be sent by a page that goes away. */
function makeRoom(bytes: number): void {
  let sum = bytes;
  for (const entry of pending) sum += entry.bytes;
  for (const entry of pending) {
    if (sum <= LEAVING_BYTES) return;
    sum -= entry.bytes;
    entry.finish();
  }
}

/**
 * Does something that can be taken back for a while: what is shown changes at once by the caller, `commit` is called when the time
 * has passed or the page goes away, `undo` when the person took it back or the commit failed.
 */
export function undoable(options: Undoable): void {
  const { bytes = 0 } = options;
  let close = (): void => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endsAt = 0;
  let left = UNDO_MS;
  /** Whether it was still to be done. */
  const take = (): boolean => {
    clearTimeout(timer);
    close();
    return pending.delete(entry);
  };
  const finish = (): void => {
    if (!take()) return;
    options.commit({ keepalive: false }).catch((error: unknown) => {
      options.undo();
      toast({ message: error instanceof Error ? error.message : String(error), tone: "bad" });
    });
  };
  const entry: Pending = {
    bytes,
    commit: options.commit,
    finish,
    undo: () => {
      if (take()) options.undo();
    },
    hold: () => {
      clearTimeout(timer);
      left = Math.max(REST_MS, endsAt - performance.now());
    },
    release: () => {
      if (!pending.has(entry)) return;
      clearTimeout(timer);
      endsAt = performance.now() + left;
      timer = setTimeout(finish, left);
    },
  };
  makeRoom(bytes);
  pending.add(entry);
  entry.release();
  close = show({ message: options.message, action: { label: "Undo", run: entry.undo }, pending: entry });
}

if (typeof addEventListener === "function") {
  addEventListener("pagehide", () => {
    for (const entry of pending) {
      entry.hold();
      void entry.commit({ keepalive: true }).catch(() => undefined);
    }
    pending.clear();
  });
}

/** Takes back the newest thing that can be, for a key. */
export function undoLatest(): void {
  [...pending].pop()?.undo();
}

/** Where toasts appear; the shell has one. */
export function Toasts(): JSX.Element {
  const list = useStore(shown);
  return (
    <div className="toasts" role="region" aria-label="Notifications">
      <div role="status" aria-live="polite" className="toasts-list">
        {list.map((t) => (
          <Toast key={t.id} toast={t} />
        ))}
      </div>
    </div>
  );
}

function Toast({ toast: { id, message, tone = "neutral", action, ms, pending: held } }: { toast: Shown }): JSX.Element {
  const [isOver, setOver] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isOver || isFocused;
  const close = (): void => shown.set((old) => old.filter((t) => t.id !== id));
  useEffect(() => {
    if (!isHeld || !held) return undefined;
    held.hold();
    return held.release;
  }, [isHeld, held]);
  useEffect(() => {
    // What can be taken back goes when its time is over, which its owner knows.
    if (tone === "bad" || isHeld || held) return undefined;
    const timer = setTimeout(() => shown.set((old) => old.filter((t) => t.id !== id)), ms ?? 4000);
    return () => clearTimeout(timer);
  }, [id, tone, ms, isHeld, held]);
  return (
    <div
      className={`toast toast-${tone}`}
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {tone !== "neutral" && <Icon name={tone === "good" ? "check" : "error"} />}
      <span className="toast-text">{message}</span>
      {action && (
        <Button size="s" onClick={action.run}>
          {action.label}
        </Button>
      )}
      {!held && <IconButton icon="close" size="s" label="Dismiss" onClick={close} />}
    </div>
  );
}

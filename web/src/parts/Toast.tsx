import { useEffect, useState } from "react";
import { store, useStore } from "../base/store";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

export interface ToastOptions {
  readonly message: string;
  readonly tone?: "neutral" | "good" | "bad";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays; errors stay until they are closed. */
  readonly ms?: number;
}

interface Shown extends ToastOptions {
  readonly id: number;
}

const shown = store<readonly Shown[]>([]);
let nextId = 1;

/** Tells something at the edge of the page; answers with a function that takes it away. */
export function toast(options: ToastOptions): () => void {
  const id = nextId++;
  shown.set((old) => [...old.slice(-3), { ...options, id }]);
  return () => shown.set((old) => old.filter((t) => t.id !== id));
}

const UNDO_MS = 7000;
interface Pending {
  readonly commit: (options: { readonly keepalive: boolean }) => Promise<unknown>;
  readonly timer: ReturnType<typeof setTimeout>;
}
const pending = new Set<Pending>();

/**
 * Does something that can be taken back for a while: what is shown changes at once by the caller, `commit` is called when the time
 * has passed or the page goes away, `undo` when the person took it back or the commit failed.
 */
export function undoable(options: { readonly message: string; readonly commit: Pending["commit"]; readonly undo: () => void }): void {
  let close = (): void => undefined;
  const entry: Pending = {
    commit: options.commit,
    timer: setTimeout(() => {
      pending.delete(entry);
      close();
      options.commit({ keepalive: false }).catch((error: unknown) => {
        options.undo();
        toast({ message: error instanceof Error ? error.message : String(error), tone: "bad" });
      });
    }, UNDO_MS),
  };
  pending.add(entry);
  const undo = (): void => {
    if (!pending.delete(entry)) return;
    clearTimeout(entry.timer);
    close();
    options.undo();
  };
  close = toast({ message: options.message, action: { label: "Undo", run: undo }, ms: UNDO_MS });
}

if (typeof addEventListener === "function") {
  addEventListener("pagehide", () => {
    for (const entry of pending) {
      clearTimeout(entry.timer);
      void entry.commit({ keepalive: true }).catch(() => undefined);
    }
    pending.clear();
  });
}

/** The newest thing that can be taken back, for a key. */
export function undoLatest(): void {
  const list = shown.get();
  for (let i = list.length - 1; i >= 0; i--) {
    const { action } = list[i] ?? {};
    if (action?.label === "Undo") {
      action.run();
      return;
    }
  }
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

function Toast({ toast: { id, message, tone = "neutral", action, ms } }: { toast: Shown }): JSX.Element {
  const [isHeld, setHeld] = useState(false);
  const close = (): void => shown.set((old) => old.filter((t) => t.id !== id));
  const isUndo = action?.label === "Undo";
  useEffect(() => {
    // What can be taken back goes when its time is over, which its owner knows.
    if (tone === "bad" || isHeld || isUndo) return undefined;
    const timer = setTimeout(() => shown.set((old) => old.filter((t) => t.id !== id)), ms ?? 4000);
    return () => clearTimeout(timer);
  }, [id, tone, ms, isHeld, isUndo]);
  return (
    <div className={`toast toast-${tone}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      {tone !== "neutral" && <Icon name={tone === "good" ? "check" : "error"} />}
      <span className="toast-text">{message}</span>
      {action && (
        <Button size="s" onClick={action.run}>
          {action.label}
        </Button>
      )}
      {!isUndo && <IconButton icon="close" size="s" label="Dismiss" onClick={close} />}
    </div>
  );
}

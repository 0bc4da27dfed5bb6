import { useEffect, useRef } from "react";
import { backOff } from "./backOff";
import { url } from "./boot";
import { connected, onRecovery, probeNow, probeSoon } from "./connection";

/** What the server says changed: a hint to fetch again, never the data. */
export type LiveEvent =
  | {
      readonly type: "spans_inserted";
      readonly project: string;
      readonly traces: readonly string[];
      readonly more_traces: boolean;
      readonly span_count: number;
      readonly watermark: number;
    }
  | { readonly type: "traces_deleted"; readonly project: string | null; readonly traces: readonly string[]; readonly more_traces: boolean }
  | { readonly type: "traces_moved"; readonly project: string; readonly traces: readonly string[]; readonly more_traces: boolean }
  | { readonly type: "projects_changed"; readonly project: string; readonly is_deleted: boolean }
  | { readonly type: "annotations_changed"; readonly project: string }
  /** Events are missing: fetch everything that is shown. */
  | { readonly type: "reset" };

export type LiveListener = (event: LiveEvent) => void;

const KINDS = ["spans_inserted", "traces_deleted", "traces_moved", "projects_changed", "annotations_changed"] as const;
/** A hidden page soon gives its connection back: browsers allow six to a server over all tabs. */
const HIDDEN_MS = 1500;

const listeners = new Set<LiveListener>();
let source: EventSource | undefined;
let lastId = "";
let hidden: ReturnType<typeof setTimeout> | undefined;
/** Runs while the stream rests after it was refused. */
let resting: ReturnType<typeof setTimeout> | undefined;
const refused = backOff(1000, 30_000);
let wasRefused = false;

const tell = (event: LiveEvent): void => {
  for (const listener of listeners) listener(event);
};

function open(): void {
  if (source || resting !== undefined || listeners.size === 0 || document.hidden) return;
  const query = lastId ? `?last_event_id=${encodeURIComponent(lastId)}` : "";
  const opened = new EventSource(url(`/v1/live_events${query}`));
  source = opened;
  const heard = (event: MessageEvent<string>): void => {
    if (event.lastEventId) lastId = event.lastEventId;
  };
  opened.addEventListener("open", () => {
    refused.reset();
    if (!connected.get()) probeNow();
    // Refused until here: nobody knows what happened meanwhile.
    if (wasRefused && !lastId) tell({ type: "reset" });
    wasRefused = false;
  });
  opened.addEventListener("ready", heard as EventListener);
  opened.addEventListener("reset", (event) => {
    heard(event as MessageEvent<string>);
    tell({ type: "reset" });
  });
  for (const kind of KINDS) {
    opened.addEventListener(kind, (event) => {
      const message = event as MessageEvent<string>;
      heard(message);
      try {
        tell(JSON.parse(message.data) as LiveEvent);
      } catch {
        // Not an event that this page knows.
      }
    });
  }
  opened.addEventListener("error", () => {
    probeSoon();
    // After a broken connection the browser tries again by itself, after a refusal it does not.
    if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
    source = undefined;
    wasRefused = true;
    resting = setTimeout(reopen, refused.take());
  });
}

function reopen(): void {
  clearTimeout(resting);
  resting = undefined;
  open();
}

function close(): void {
  source?.close();
  source = undefined;
}

function subscribe(listener: LiveListener): () => void {
  if (listeners.size === 0) start();
  listeners.add(listener);
  open();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) close();
  };
}

let started = false;
function start(): void {
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(close, HIDDEN_MS);
    else open();
  });
  onRecovery(() => {
    close();
    reopen();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
}

/** Calls back for each event while the component is shown. */
export function useLive(listener: LiveListener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => subscribe((event) => latest.current(event)), []);
}

/** Whether an event speaks of a project, by its global id. */
export const concerns = (event: LiveEvent, project: string): boolean =>
  event.type === "reset" || event.project === project || event.project === null;

import { useEffect, useRef } from "react";
import { invalidate } from "../../../base/cache";
import { useFollowingOn } from "../../../base/following";
import { concerns, useLive } from "../../../base/live";
import { streaming } from "../../../base/timerange";
import { STALE } from "../select/stale";

const PAUSE_MS = 3000;
/** The rows that came are read first. */
const REST_MS = 400;

/** Asks anew for sums when something of the project changed, at most every three seconds. */
export function useFreshStats(projectId: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const last = useRef(0);
  const askSoon = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      invalidate(STALE);
    }, Math.max(REST_MS, last.current + PAUSE_MS - Date.now()));
  };
  useLive((event) => {
    if (concerns(event, projectId) && event.type !== "annotations_changed" && (streaming.get() || event.type !== "spans_inserted")) askSoon();
  });
  useFollowingOn(askSoon);
  useEffect(() => () => clearTimeout(timer.current), []);
}

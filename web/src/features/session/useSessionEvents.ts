import { useEffect, useRef } from "react";
import { invalidate } from "../../base/cache";
import { concerns, useLive } from "../../base/live";

const PAUSE = 1000;

/** Looks at a session again after spans of its project arrived, once a second at most. */
export function useSessionEvents(projectId: string, sessionId: string, refresh: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (!concerns(event, projectId) || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      invalidate(["SessionHead"], (variables) => (variables as { readonly id?: string }).id === sessionId);
      refresh();
    }, PAUSE);
  });
}

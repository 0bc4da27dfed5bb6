import { useEffect, useRef } from "react";
import { invalidate } from "../../base/cache";
import { concerns, useLive } from "../../base/live";
import { both, type News } from "./turnList";
import type { Turns } from "./useTurns";

const PAUSE = 1000;
/** The more turns are loaded the longer it takes to read all of them again, so the less often that is done. */
const PAUSE_PER_TURN = 5;

/** Looks at a session again after traces of its project changed, once a second at most. */
export function useSessionEvents(projectId: string, sessionId: string, { turns, hear }: Turns): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const news = useRef<News>(new Set());
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (event.type === "projects_changed" || event.type === "annotations_changed") return;
    const named = event.type === "reset" ? [] : event.traces;
    const isAny = event.type === "reset" || event.more_traces;
    // Traces that move are told with where they went, not with where they were.
    const hasLeft = event.type === "traces_moved" && (isAny || turns.some((turn) => named.includes(turn.id)));
    if (!concerns(event, projectId) && !hasLeft) return;
    news.current = both(news.current, isAny ? "any" : new Set(named));
    timer.current ??= setTimeout(
      () => {
        const heard = news.current;
        timer.current = undefined;
        news.current = new Set();
        invalidate(["SessionHead"], (variables) => idOf(variables) === sessionId);
        invalidate(["SessionTraceSpans"], (variables) => heard === "any" || heard.has(idOf(variables)));
        hear(heard);
      },
      PAUSE + (isAny ? turns.length * PAUSE_PER_TURN : 0),
    );
  });
}

const idOf = (variables: unknown): string => (variables as { readonly id?: string }).id ?? "";

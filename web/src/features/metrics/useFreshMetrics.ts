import { useEffect, useRef } from "react";
import { invalidate } from "../../base/cache";
import { useFollowingOn } from "../../base/following";
import { concerns, useLive } from "../../base/live";
import { streaming } from "../../base/timerange";

const SHOWN = ["ProjectFigures", "TraceCharts", "CostCharts", "TopModels", "SpanCharts"];
/** A dozen charts are asked for again no oftener than this. */
const PAUSE = 5000;

/** Asks for the charts of a project again after spans arrived or went. */
export function useFreshMetrics(projectId: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const last = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), [projectId]);
  const askSoon = (): void => {
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined;
        last.current = Date.now();
        invalidate(SHOWN, (variables) => (variables as { readonly id?: string }).id === projectId);
      },
      Math.max(300, last.current + PAUSE - Date.now()),
    );
  };
  useLive((event) => {
    if (concerns(event, projectId) && streaming.get()) askSoon();
  });
  useFollowingOn(askSoon);
}

import { useEffect, useRef } from "react";
import { useLive } from "../../base/live";
import { annotationsChanged } from "./changes";

/** What is annotated elsewhere is shown soon, but however much comes in no more often than this. */
const NEWS_MS = 1000;

/** Follows what others say about a project while its page is shown. */
export function useAnnotationNews(project: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useLive((event) => {
    if (event.type !== "annotations_changed" || event.project !== project || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void annotationsChanged();
    }, NEWS_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

import { useEffect, useRef } from "react";
import { useStore } from "../../../base/store";
import { annotationChanges } from "../../annotations/changes";

/** Reads the rows of a list again when something was annotated through the page. */
export function useReloadOnAnnotation(list: { readonly reload: () => void }): void {
  const changes = useStore(annotationChanges);
  const seen = useRef(changes);
  useEffect(() => {
    if (seen.current === changes) return;
    seen.current = changes;
    list.reload();
  }, [changes, list]);
}

import { useEffect, useRef } from "react";
import { useStore } from "../../base/store";
import { datasetChanges } from "./changes";

/** Reads the rows of a list again when datasets were changed through the page. */
export function useReload(list: { readonly refresh: () => Promise<void> }): void {
  const changes = useStore(datasetChanges);
  const seen = useRef(changes);
  useEffect(() => {
    if (seen.current === changes) return;
    seen.current = changes;
    list.refresh().catch(() => undefined); // The list itself tells of a failure when it is read next.
  }, [changes, list]);
}

import { useEffect, useRef } from "react";
import { toast } from "./Toast";

/** Stands where a dialog would that could not be shown: says so and closes it, so that it can be asked for again. */
export function FailedDialog({ onClose }: { readonly onClose: () => void }): null {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    latest.current();
    toast({ message: "This could not be loaded. Reload the page.", tone: "bad", action: { label: "Reload", run: () => location.reload() } });
  }, []);
  return null;
}

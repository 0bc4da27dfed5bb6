import { useEffect, useRef, useState } from "react";
import { connected } from "../base/connection";
import { useStore } from "../base/store";
import { toast } from "./Toast";

const PATIENCE_MS = 4000;

/**
 * Stands where a dialog would whose code is on its way. It gives up after a while when the server is away, since nobody expects a
 * dialog that comes minutes later; of a server that is merely slow it comes.
 */
export function LateDialog({ onGiveUp }: { readonly onGiveUp: () => void }): null {
  const isConnected = useStore(connected);
  const [isLate, setLate] = useState(false);
  const latest = useRef(onGiveUp);
  latest.current = onGiveUp;
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!isLate || isConnected) return;
    latest.current();
    toast({ message: "The server does not answer.", tone: "bad" });
  }, [isLate, isConnected]);
  return null;
}

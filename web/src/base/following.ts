import { useEffect, useRef } from "react";
import { streaming } from "./timerange";

/** Calls back when following is turned on: what came in meanwhile was not looked at. */
export function useFollowingOn(look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(
    () =>
      streaming.subscribe(() => {
        if (streaming.get()) latest.current();
      }),
    [],
  );
}

import { useEffect, type RefObject } from "react";
import { useKeys } from "../base/keys";
import { here } from "../base/router";
import { useStore } from "../base/store";
import { railIsOver } from "../parts/PageHeader";

/** Where there is room, the rail stands beside the page. */
const NARROW = "(max-width: 760px)";

export const closeRail = (): void => railIsOver.set(false);

/** While the rail lies over the page, the focus is in it and the page beneath is out of reach; closing gives the focus back. */
export function useRailOver(rail: RefObject<HTMLElement>): boolean {
  const isOver = useStore(railIsOver);
  useKeys(isOver ? [{ keys: "Escape", label: "Close navigation", group: "General", quiet: true, run: closeRail }] : []);
  useEffect(() => {
    if (!isOver) return undefined;
    const before = document.activeElement as HTMLElement | null;
    const from = here().path;
    const main = document.getElementById("main");
    const window = matchMedia(NARROW);
    const widened = (): void => {
      if (!window.matches) closeRail();
    };
    main?.toggleAttribute("inert", true);
    rail.current?.querySelector<HTMLElement>("a")?.focus();
    window.addEventListener("change", widened);
    return () => {
      window.removeEventListener("change", widened);
      main?.toggleAttribute("inert", false);
      // Behind a link the page is another one, and the button goes with the former one.
      (here().path === from ? before : main)?.focus();
    };
  }, [isOver, rail]);
  return isOver;
}

import { useLayoutEffect, useState, type CSSProperties, type RefObject } from "react";

export type Placement = "bottom-start" | "bottom-end" | "top" | "right-start";

/** Where a box stands beside its anchor: flipped and moved so that it stays in the window. */
export function place(anchor: DOMRect, box: { width: number; height: number }, placement: Placement, window: { width: number; height: number }): { left: number; top: number } {
  const gap = 4;
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - box.height;
  let left = placement === "bottom-end" ? anchor.right - box.width : placement === "top" ? anchor.left + (anchor.width - box.width) / 2 : anchor.left;
  let top = below;
  if (placement === "right-start") {
    left = anchor.right + gap + box.width > window.width ? anchor.left - gap - box.width : anchor.right + gap;
    top = anchor.top;
  } else if (placement === "top") top = above < gap ? below : above;
  else if (below + box.height > window.height - gap && above > gap) top = above;
  const clamp = (value: number, size: number, room: number): number => Math.max(gap, Math.min(value, room - size - gap));
  return { left: clamp(left, box.width, window.width), top: clamp(top, box.height, window.height) };
}

/** Puts a box into the top layer, beside its anchor, while it is open. */
export function useFloating(anchor: RefObject<Element>, box: RefObject<HTMLElement>, isOpen: boolean, placement: Placement): CSSProperties {
  const [at, setAt] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!isOpen || !element) return undefined;
    // TypeScript's DOM library is older than the method.
    (element as HTMLElement & { showPopover?: () => void }).showPopover?.();
    const move = (): void => {
      const from = anchor.current?.getBoundingClientRect();
      if (!from) return;
      const next = place(from, { width: element.offsetWidth, height: element.offsetHeight }, placement, { width: innerWidth, height: innerHeight });
      setAt((old) => (old?.left === next.left && old.top === next.top ? old : next));
    };
    move();
    const observer = new ResizeObserver(move);
    observer.observe(element);
    addEventListener("scroll", move, true);
    addEventListener("resize", move);
    return () => {
      observer.disconnect();
      removeEventListener("scroll", move, true);
      removeEventListener("resize", move);
    };
  }, [anchor, box, isOpen, placement]);
  // Not `visibility`: what opens takes the focus at once.
  return at ? { left: at.left, top: at.top } : { left: 0, top: 0, opacity: 0 };
}

/** The attribute that makes an element a popover, which React's types do not know. */
export const popover: Record<string, string> = { popover: "manual" };

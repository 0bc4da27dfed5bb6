import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react";

export const ROW = 24;

export interface Viewport {
  readonly box: RefObject<HTMLDivElement>;
  readonly first: number;
  readonly count: number;
  readonly onScroll: () => void;
  readonly reveal: (row: number) => void;
}

const SPARE = 8;

/** Which rows of a scrolling box are in sight. */
export function useViewport(total: number): Viewport {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ first: 0, count: 40 });
  const measure = useCallback(() => {
    const el = box.current;
    if (!el) return;
    // In steps of four rows, so that most scroll events change nothing.
    const first = Math.max(0, (Math.floor(el.scrollTop / ROW) - SPARE) & ~3), count = Math.ceil(el.clientHeight / ROW) + 2 * SPARE + 4;
    setView((old) => (old.first === first && old.count === count ? old : { first, count }));
  }, []);
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    return () => observer.disconnect();
  }, [measure]);
  useLayoutEffect(measure, [measure, total]);
  const reveal = useCallback((row: number) => {
    const el = box.current;
    if (!el || row < 0) return;
    const top = row * ROW, height = el.clientHeight;
    if (top < el.scrollTop) el.scrollTop = Math.max(0, top - ROW);
    else if (top + ROW > el.scrollTop + height) el.scrollTop = top + 2 * ROW - height;
  }, []);
  return { box, first: Math.min(view.first, Math.max(0, total - 1)), count: view.count, onScroll: measure, reveal };
}

// Browsers clamp very tall elements (about 33 million pixels in Chromium, 17 in Firefox); beyond this height offsets are scaled.
const HEIGHT_MAX = 8_000_000;
const OVERSCAN = 4;

/** Where rows of equal height lie in a scrolled box whose content may be taller than a browser allows. */
export interface Geometry {
  /** The height of the content as the browser sees it. */
  readonly height: number;
  readonly first: number;
  readonly shown: number;
  /** The offset of the first row that is drawn. */
  readonly offset: number;
  readonly scale: number;
}

export function geometry(count: number, rowHeight: number, scrollTop: number, viewHeight: number): Geometry {
  const total = count * rowHeight;
  const height = Math.min(total, HEIGHT_MAX);
  const scale = height < total ? (total - viewHeight) / Math.max(1, height - viewHeight) : 1;
  const top = Math.max(0, Math.min(scrollTop, height - viewHeight));
  const first = Math.min(Math.max(0, count - 1), Math.max(0, Math.floor((top * scale) / rowHeight) - OVERSCAN));
  const shown = Math.max(0, Math.min(count - first, Math.ceil(viewHeight / rowHeight) + 2 * OVERSCAN + 1));
  return { height, first, shown, offset: top - (top * scale - first * rowHeight), scale };
}

/** The scroll offset that brings a row into view; null when it is in view. */
export function revealing(index: number, rowHeight: number, scrollTop: number, viewHeight: number, scale: number): number | null {
  const top = index * rowHeight;
  const from = scrollTop * scale;
  if (top < from) return top / scale;
  return top + rowHeight > from + viewHeight ? (top + rowHeight - viewHeight) / scale : null;
}

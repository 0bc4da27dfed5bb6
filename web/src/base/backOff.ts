export interface BackOff {
  /** The pause to make now; the next one is longer. */
  readonly take: () => number;
  readonly reset: () => void;
}

/** Pauses in milliseconds that grow from `first` to `last`. */
export function backOff(first: number, last: number, factor = 2): BackOff {
  let next = first;
  return {
    take: () => {
      const now = next;
      next = Math.min(last, next * factor);
      return now;
    },
    reset: () => {
      next = first;
    },
  };
}

/** The traces beside the one that is open, in the order of the table behind it. The table tells them here. */
export interface TraceNeighbours {
  /** OpenTelemetry ids. */
  readonly ids: readonly string[];
  /** Called when the end of `ids` is near, so that the table may fetch more. */
  readonly onNearEnd?: () => void;
}

let known: TraceNeighbours = { ids: [] };

export function setTraceNeighbours(neighbours: TraceNeighbours): void { known = neighbours; }

/** The trace one step away, or undefined when the table does not know. */
export function traceBeside(id: string, step: 1 | -1): string | undefined {
  const distinct = known.ids.filter((x, i) => known.ids.indexOf(x) === i), at = distinct.indexOf(id);
  if (at < 0) return undefined;
  if (step === 1 && at >= distinct.length - 3) known.onNearEnd?.();
  return distinct[at + step];
}

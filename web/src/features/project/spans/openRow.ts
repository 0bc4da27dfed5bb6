interface Row {
  readonly id: string;
  readonly context: { readonly traceId: string };
}

/** The row to mark while a trace is open: that of the span which is looked at, else the first row of its trace. */
export function openRow(traceId: string | null, spanId: string | null, rows: readonly Row[]): string | null {
  if (traceId === null) return null;
  return (rows.find((row) => row.id === spanId) ?? rows.find((row) => row.context.traceId === traceId))?.id ?? null;
}

import { Chip } from "../../parts/Chip";

/** How a span or a trace ended, in a word. */
export function Status({ failed, below = false, unset = false }: { readonly failed: boolean; readonly below?: boolean; readonly unset?: boolean }): JSX.Element {
  if (failed) return <Chip tone="bad" icon="error">Error</Chip>;
  if (below) return <Chip tone="warn" icon="warning" title="The root succeeded; a span below it failed.">Error below</Chip>;
  return unset ? <Chip title="The instrumentation did not say how it ended.">Unset</Chip> : <Chip tone="good" icon="check">OK</Chip>;
}

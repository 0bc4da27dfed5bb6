import type { Message } from "./messages";

export type HistoryRun =
  | { readonly kind: "new"; readonly from: number; readonly to: number }
  | { readonly kind: "seen"; readonly from: number; readonly to: number };

/**
 * Cuts the messages that a call was given into runs of what earlier calls already showed and what is new.
 *
 * A run of one seen message is folded as any other. When nothing is new the last message counts as new, since a
 * page without a word helps nobody.
 */
export function historyRuns(messages: readonly Message[], seen: ReadonlySet<string>): readonly HistoryRun[] {
  const runs: { kind: "new" | "seen"; from: number; to: number }[] = [];
  const all = messages.length > 0 && messages.every((m) => seen.has(m.hash));
  messages.forEach((m, i) => {
    const kind = seen.has(m.hash) && !(all && i === messages.length - 1) ? "seen" : "new";
    const last = runs[runs.length - 1];
    if (last && last.kind === kind) last.to = i + 1; else runs.push({ kind, from: i, to: i + 1 });
  });
  return runs;
}

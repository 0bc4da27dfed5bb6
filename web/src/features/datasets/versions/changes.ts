/** An example as the outline of a version names it. */
export interface Outlined {
  readonly id: string;
  readonly externalId: string | null;
  /** When its revision was written, which tells one revision from the next. */
  readonly revisedAt: string;
}

export type Change = { readonly kind: "added" | "changed" | "removed"; readonly id: string; readonly externalId: string | null };

/** What a version did to the one before it: first what it added, then what it changed, then what it removed. */
export function changesBetween(before: readonly Outlined[], after: readonly Outlined[]): readonly Change[] {
  const known = new Map(before.map((one) => [one.id, one]));
  const left = new Set(after.map((one) => one.id));
  const change = (kind: Change["kind"], { id, externalId }: Outlined): Change => ({ kind, id, externalId });
  return [
    ...after.filter((one) => !known.has(one.id)).map((one) => change("added", one)),
    ...after.filter((one) => known.has(one.id) && known.get(one.id)?.revisedAt !== one.revisedAt).map((one) => change("changed", one)),
    ...before.filter((one) => !left.has(one.id)).map((one) => change("removed", one)),
  ];
}

import { useEffect, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { VersionExamples, VersionOutline } from "../../../generated/graphql";
import type { Json } from "../../../parts/json/json";
import { changesBetween, type Change, type Outlined } from "./changes";

const PAGE = 1000;
/** Versions of more examples are not compared: that would read all of them. */
const MOST = 20_000;

export interface VersionChanges {
  readonly changes: readonly Change[] | undefined;
  readonly isTooLarge: boolean;
  readonly error: string | undefined;
}

async function page(id: string, version: string, after: string | null) {
  const { node } = await fetchQuery(VersionOutline, { id, version, first: PAGE, after });
  if (node.__typename !== "Dataset") throw new Error("There is no such dataset.");
  const { edges, pageInfo } = node.examples;
  const rows = edges.map((edge): Outlined => ({ id: edge.node.id, externalId: edge.node.externalId, revisedAt: edge.node.revision.createdAt }));
  return { rows, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** Every example of a version in outline; null when they are too many. */
async function outline(id: string, version: string): Promise<readonly Outlined[] | null> {
  const first = await page(id, version, null);
  const out = [...first.rows];
  let { next } = first;
  while (next !== null) {
    if (out.length >= MOST) return null;
    const more: { readonly rows: readonly Outlined[]; readonly next: string | null } = await page(id, version, next);
    out.push(...more.rows);
    ({ next } = more);
  }
  return out;
}

/** What a version changed of the one before it; the first version added all it has. */
export function useVersionChanges(dataset: string, version: string | undefined, previous: string | undefined): VersionChanges {
  const key = `${dataset} ${version ?? ""} ${previous ?? ""}`;
  const [state, setState] = useState<VersionChanges & { readonly key: string }>({ key: "", changes: undefined, isTooLarge: false, error: undefined });
  useEffect(() => {
    if (version === undefined) return undefined;
    let isCurrent = true;
    const done = (found: Partial<VersionChanges>): void => {
      if (isCurrent) setState({ key, changes: undefined, isTooLarge: false, error: undefined, ...found });
    };
    Promise.all([previous === undefined ? [] : outline(dataset, previous), outline(dataset, version)]).then(
      ([before, after]) => done(before === null || after === null ? { isTooLarge: true } : { changes: changesBetween(before, after) }),
      (failure: unknown) => done({ error: failure instanceof Error ? failure.message : String(failure) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]); // oxlint-disable-line react/exhaustive-deps
  return state.key === key ? state : { changes: undefined, isTooLarge: false, error: undefined };
}

/** The three parts of an example. */
export interface Parts {
  readonly input: Json;
  readonly output: Json;
  readonly metadata: Json;
}

/** What examples are at a version, by their ids. */
export async function partsAt(dataset: string, version: string, ids: readonly string[]): Promise<ReadonlyMap<string, Parts>> {
  if (ids.length === 0) return new Map();
  const { node } = await fetchQuery(VersionExamples, { id: dataset, version, ids });
  if (node.__typename !== "Dataset") throw new Error("There is no such dataset.");
  return new Map(node.examples.edges.map((edge) => [edge.node.id, edge.node.revision as Parts]));
}

import { mutate } from "../../../base/cache";
import { DeleteTraces } from "../../../generated/graphql";
import { STALE } from "./stale";

/** So many ids go into one request. */
const IDS_MAX = 1000;

/** How many bytes the ids of traces are in a request. */
export const idBytes = (traceIds: readonly string[]): number => JSON.stringify(traceIds).length;

export function inParts<T>(all: readonly T[], size = IDS_MAX): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let from = 0; from < all.length; from += size) parts.push(all.slice(from, from + size));
  return parts;
}

/** Deletes traces, many of them in several requests; with `keepalive` these are all on their way when the call returns. */
export async function deleteTraces(traceIds: readonly string[], keepalive: boolean): Promise<void> {
  const send = (part: readonly string[]): Promise<unknown> => mutate(DeleteTraces, { traceIds: part }, { keepalive, invalidates: STALE });
  if (keepalive) await Promise.all(inParts(traceIds).map(send));
  else for (const part of inParts(traceIds)) await send(part);
}

import { useCallback, useEffect, useRef, useState } from "react";
import { fetchQuery } from "../../base/cache";
import { SessionTexts } from "../../generated/graphql";
import { read, type Reading } from "./messages";
import type { LoadedTurn } from "./useTurns";

/** What was said in a turn. */
export interface TurnTexts {
  readonly input: Reading | null;
  readonly output: Reading | null;
  readonly raw: { readonly input: string | null; readonly output: string | null };
  readonly statusMessage: string;
}

export interface Texts {
  readonly of: (index: number) => TurnTexts | undefined;
  /** Fetches the texts of turns, first and last. */
  readonly need: (first: number, last: number) => void;
}

const CHUNK = 10;
/** Texts can be large, so those that were seen long ago are let go. */
const CHUNKS_KEPT = 30;

/** Texts are fetched apart from the turns, a few turns at a time and only for those in view. */
export function useTexts(sessionId: string, turns: readonly LoadedTurn[]): Texts {
  const chunks = useRef(new Map<number, readonly TurnTexts[]>());
  const pending = useRef(new Set<number>());
  const known = useRef(turns);
  known.current = turns;
  const session = useRef(sessionId);
  const [, setVersion] = useState(0);

  useEffect(() => {
    session.current = sessionId;
    chunks.current.clear();
    pending.current.clear();
  }, [sessionId]);

  const fetchChunk = useCallback(async (chunk: number): Promise<void> => {
    const before = known.current[chunk * CHUNK - 1];
    const here = known.current.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    if (pending.current.has(chunk) || here.length === 0 || (chunk > 0 && !before)) return;
    if ((chunks.current.get(chunk)?.length ?? 0) >= here.length) return;
    pending.current.add(chunk);
    const id = session.current;
    try {
      const data = await fetchQuery(SessionTexts, { id, first: CHUNK, after: before?.cursor ?? null });
      if (session.current !== id || data.node.__typename !== "ProjectSession") return;
      chunks.current.set(
        chunk,
        data.node.traces.edges.map(({ node: { rootSpan } }) => ({
          input: rootSpan?.input ? read(rootSpan.input) : null,
          output: rootSpan?.output ? read(rootSpan.output) : null,
          raw: { input: rootSpan?.input?.value ?? null, output: rootSpan?.output?.value ?? null },
          statusMessage: rootSpan?.statusMessage ?? "",
        })),
      );
      for (const old of [...chunks.current.keys()].slice(0, Math.max(0, chunks.current.size - CHUNKS_KEPT))) chunks.current.delete(old);
      setVersion((version) => version + 1);
    } catch {
      // The next look at these turns asks again; that the server is gone is said by the shell.
    } finally {
      pending.current.delete(chunk);
    }
  }, []);

  const need = useCallback(
    (first: number, last: number) => {
      for (let chunk = Math.floor(Math.max(0, first) / CHUNK); chunk <= Math.floor(last / CHUNK); chunk += 1) void fetchChunk(chunk);
    },
    [fetchChunk],
  );
  const of = useCallback((index: number) => chunks.current.get(Math.floor(index / CHUNK))?.[index % CHUNK], []);
  return { of, need };
}

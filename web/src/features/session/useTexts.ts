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
/** Texts can be large, so those that were read long ago are let go. */
const MOST_KEPT = 300;

/** Texts are fetched apart from the turns, a few turns at a time and only for those in view. */
export function useTexts(sessionId: string, turns: readonly LoadedTurn[]): Texts {
  const texts = useRef(new Map<string, TurnTexts>());
  const pending = useRef(new Set<number>());
  const known = useRef(turns);
  known.current = turns;
  const session = useRef(sessionId);
  const [, setVersion] = useState(0);

  useEffect(() => {
    session.current = sessionId;
    texts.current.clear();
    pending.current.clear();
  }, [sessionId]);

  const fetchChunk = useCallback(async (chunk: number): Promise<void> => {
    const before = known.current[chunk * CHUNK - 1];
    const here = known.current.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    if (pending.current.has(chunk) || (chunk > 0 && !before) || here.every((turn) => texts.current.has(turn.id))) return;
    pending.current.add(chunk);
    const id = session.current;
    try {
      const data = await fetchQuery(SessionTexts, { id, first: CHUNK, after: before?.cursor ?? null }, { anew: true });
      if (session.current !== id || data.node.__typename !== "ProjectSession") return;
      for (const { node } of data.node.traces.edges) {
        const { rootSpan } = node;
        texts.current.delete(node.id);
        texts.current.set(node.id, {
          input: rootSpan?.input ? read(rootSpan.input) : null,
          output: rootSpan?.output ? read(rootSpan.output) : null,
          raw: { input: rootSpan?.input?.value ?? null, output: rootSpan?.output?.value ?? null },
          statusMessage: rootSpan?.statusMessage ?? "",
        });
      }
      for (const old of [...texts.current.keys()].slice(0, Math.max(0, texts.current.size - MOST_KEPT))) texts.current.delete(old);
      setVersion((value) => value + 1);
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
  const of = useCallback((index: number) => texts.current.get(turns[index]?.id ?? ""), [turns]);
  return { of, need };
}

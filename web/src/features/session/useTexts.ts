import { useCallback, useEffect, useRef, useState } from "react";
import { fetchQuery } from "../../base/cache";
import { onRecovery } from "../../base/connection";
import { SessionTexts } from "../../generated/graphql";
import { read, type Reading } from "./messages";
import type { LoadedTurn } from "./turnList";

/** What was said in a turn. */
export interface TurnTexts {
  readonly input: Reading | null;
  readonly output: Reading | null;
  readonly raw: { readonly input: string | null; readonly output: string | null };
  readonly statusMessage: string;
}

export interface Texts {
  readonly of: (index: number) => TurnTexts | undefined;
  /** Fetches the texts of turns, first and last; another function once there is reason to ask again. */
  readonly need: (first: number, last: number) => void;
}

interface Kept extends TurnTexts {
  /** The version of the turn when its texts were asked for. */
  readonly version: number;
}

const CHUNK = 10;
/** Texts can be large, so those that were read long ago are let go. */
const MOST_KEPT = 300;

/** Texts are fetched apart from the turns, a few turns at a time and only for those in view. Old ones stay until the new ones are there. */
export function useTexts(sessionId: string, turns: readonly LoadedTurn[]): Texts {
  const texts = useRef(new Map<string, Kept>());
  const pending = useRef(new Set<number>());
  const known = useRef(turns);
  known.current = turns;
  const [, setVersion] = useState(0);
  const [recoveries, setRecoveries] = useState(0);
  useEffect(() => onRecovery(() => setRecoveries((count) => count + 1)), []);

  const fetchChunk = useCallback(
    async (chunk: number): Promise<void> => {
      const isRead = (turn: LoadedTurn): boolean => texts.current.get(turn.id)?.version === turn.version;
      const before = known.current[chunk * CHUNK - 1];
      const here = known.current.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
      if (pending.current.has(chunk) || (chunk > 0 && !before) || here.every(isRead)) return;
      pending.current.add(chunk);
      const versions = new Map(here.map((turn) => [turn.id, turn.version]));
      try {
        const data = await fetchQuery(SessionTexts, { id: sessionId, first: CHUNK, after: before?.cursor ?? null }, { anew: true });
        if (data.node.__typename !== "ProjectSession") return;
        for (const { node } of data.node.traces.edges) {
          const { rootSpan } = node;
          texts.current.delete(node.id);
          texts.current.set(node.id, {
            input: rootSpan?.input ? read(rootSpan.input) : null,
            output: rootSpan?.output ? read(rootSpan.output) : null,
            raw: { input: rootSpan?.input?.value ?? null, output: rootSpan?.output?.value ?? null },
            statusMessage: rootSpan?.statusMessage ?? "",
            version: versions.get(node.id) ?? -1,
          });
        }
        for (const old of [...texts.current.keys()].slice(0, Math.max(0, texts.current.size - MOST_KEPT))) texts.current.delete(old);
        setVersion((value) => value + 1);
      } catch {
        // The next look at these turns asks again, at the latest when the server is back; that it is gone is said by the shell.
        return;
      } finally {
        pending.current.delete(chunk);
      }
      // News may have come while they were read.
      if (known.current.slice(chunk * CHUNK, (chunk + 1) * CHUNK).some((turn) => versions.has(turn.id) && versions.get(turn.id) !== turn.version)) void fetchChunk(chunk);
    },
    [sessionId],
  );

  const need = useCallback(
    (first: number, last: number) => {
      for (let chunk = Math.floor(Math.max(0, first) / CHUNK); chunk <= Math.floor(last / CHUNK); chunk += 1) void fetchChunk(chunk);
    },
    // After a recovery the texts in view are asked for again.
    [fetchChunk, recoveries], // oxlint-disable-line react/exhaustive-deps
  );
  const of = useCallback((index: number) => texts.current.get(turns[index]?.id ?? ""), [turns]);
  return { of, need };
}

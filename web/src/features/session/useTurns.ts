import { useCallback, useEffect, useRef, useState } from "react";
import { fetchQuery } from "../../base/cache";
import { SessionTurns, type Turn } from "../../generated/graphql";

export interface LoadedTurn extends Turn {
  /** Where the page behind this turn begins. */
  readonly cursor: string;
}

export interface Turns {
  readonly turns: readonly LoadedTurn[];
  readonly error: string | null;
  /** Loads pages until there is a turn of this index. */
  readonly need: (index: number) => void;
  /** Looks for turns that came since. */
  readonly refresh: () => void;
}

const PAGE = 50;

/**
 * The turns of a session in the order of their time, a page of fifty after the other.
 *
 * `count` is how many the session has: when all pages bring fewer, some arrived out of order and the pages are read again.
 */
export function useTurns(sessionId: string, count: number): Turns {
  const [state, setState] = useState<{ readonly turns: readonly LoadedTurn[]; readonly error: string | null }>({ turns: [], error: null });
  const loaded = useRef<readonly LoadedTurn[]>([]);
  const isComplete = useRef(false);
  const isLoading = useRef(false);
  const wanted = useRef(0);
  const session = useRef(sessionId);

  const load = useCallback(async (): Promise<void> => {
    if (isLoading.current) return;
    isLoading.current = true;
    const id = session.current;
    try {
      while (!isComplete.current && loaded.current.length <= wanted.current) {
        const last = loaded.current[loaded.current.length - 1];
        const data = await fetchQuery(SessionTurns, { id, first: PAGE, after: last?.cursor ?? null }, { anew: true });
        if (session.current !== id) return;
        const page = data.node.__typename === "ProjectSession" ? data.node.traces : null;
        if (!page) throw new Error("There is no session with this id.");
        loaded.current = [...loaded.current, ...page.edges.map(({ cursor, node }) => ({ ...node, cursor }))];
        isComplete.current = !page.pageInfo.hasNextPage;
        setState({ turns: loaded.current, error: null });
      }
    } catch (error) {
      if (session.current === id) setState((known) => ({ ...known, error: error instanceof Error ? error.message : String(error) }));
    } finally {
      isLoading.current = false;
    }
  }, []);

  const recounted = useRef(0);
  useEffect(() => {
    if (!isComplete.current || isLoading.current || state.turns.length >= count || recounted.current === count) return;
    recounted.current = count;
    loaded.current = [];
    isComplete.current = false;
    void load();
  }, [count, state, load]);

  useEffect(() => {
    session.current = sessionId;
    loaded.current = [];
    isComplete.current = false;
    isLoading.current = false;
    wanted.current = 0;
    setState({ turns: [], error: null });
    void load();
  }, [sessionId, load]);

  const need = useCallback(
    (index: number) => {
      wanted.current = Math.max(wanted.current, index);
      void load();
    },
    [load],
  );
  const refresh = useCallback(() => {
    isComplete.current = false;
    wanted.current = Math.max(wanted.current, loaded.current.length);
    void load();
  }, [load]);
  return { ...state, need, refresh };
}

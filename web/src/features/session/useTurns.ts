import { useEffect, useMemo, useState } from "react";
import { fetchQuery } from "../../base/cache";
import { onRecovery } from "../../base/connection";
import { SessionTurns } from "../../generated/graphql";
import { TurnList, type LoadedTurn, type News, type TurnPage } from "./turnList";

export interface Turns {
  readonly turns: readonly LoadedTurn[];
  readonly error: string | null;
  /** Loads pages until there is a turn of this index. */
  readonly need: (index: number) => void;
  /** Reads again what changed, and looks for turns that came since. */
  readonly hear: (news: News) => void;
}

const PAGE = 50;

async function readPage(id: string, after: string | null): Promise<TurnPage> {
  const data = await fetchQuery(SessionTurns, { id, first: PAGE, after }, { anew: true });
  if (data.node.__typename !== "ProjectSession") throw new Error("There is no session with this id.");
  const { edges, pageInfo } = data.node.traces;
  return { edges, hasNextPage: pageInfo.hasNextPage };
}

/** The turns of a session, of which there are `count`. A component shows one session as long as it lives. */
export function useTurns(sessionId: string, count: number): Turns {
  const [state, setState] = useState<{ readonly turns: readonly LoadedTurn[]; readonly error: string | null }>({ turns: [], error: null });
  const list = useMemo(() => {
    const made: TurnList = new TurnList(
      (after) => readPage(sessionId, after),
      () => setState({ turns: made.turns, error: made.error }),
    );
    return made;
  }, [sessionId]);
  useEffect(() => {
    list.open();
    return () => list.close();
  }, [list]);
  useEffect(() => onRecovery(() => list.retry()), [list]);
  useEffect(() => list.expect(count), [list, count, state]);
  return useMemo(() => ({ ...state, need: (index) => list.need(index), hear: (news) => list.hear(news) }), [state, list]);
}

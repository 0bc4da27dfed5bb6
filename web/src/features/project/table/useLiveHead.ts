import { useCallback, useEffect, useRef, useState } from "react";
import { useFollowingOn } from "../../../base/following";
import { concerns, useLive, type LiveEvent } from "../../../base/live";
import type { RowList } from "./rowList";

const PAUSE_MS = 300;
const FLASH_MS = 1600;

export interface LiveHead {
  /** How many rows came in that are not shown; `isMore` when there are further ones. */
  readonly fresh: number;
  readonly isMore: boolean;
  readonly show: () => void;
  /** Rows that came in a moment ago. */
  readonly flashing: ReadonlySet<string>;
}

interface Question<Row extends { readonly id: string }> {
  readonly projectId: string;
  readonly list: RowList<Row>;
  /** Whether the page follows what arrives. */
  readonly isFollowing: boolean;
  readonly isAtTop: boolean;
  /** Whether a list is being read that will take the place of this one, or the list itself for the first time. */
  readonly isBusy: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Keeps the head of a list up to date: an event of the server makes it read the first page again. At the top of the list
 * new rows come in by themselves; further down they are counted and wait.
 */
export function useLiveHead<Row extends { readonly id: string }>(question: Question<Row>): LiveHead {
  const latest = useRef(question);
  latest.current = question;
  const [waiting, setWaiting] = useState<{ readonly list: unknown; readonly fresh: number; readonly isMore: boolean }>({ list: null, fresh: 0, isMore: false });
  const [flashing, setFlashing] = useState<ReadonlySet<string>>(NONE);
  const state = useRef({ isRunning: false, isAgain: false, isMissed: false, known: new Set<string>(), of: null as unknown });

  const check = useCallback(async (): Promise<void> => {
    const at = state.current;
    if (at.isRunning) {
      at.isAgain = true;
      return;
    }
    at.isRunning = true;
    try {
      do {
        at.isAgain = false;
        const { list } = latest.current;
        if (list.state !== "ready") {
          at.isMissed = true;
          continue;
        }
        at.isMissed = false;
        if (at.of !== list || list.row(0) !== undefined) {
          at.known = new Set(list.loaded().map((row) => row.id));
          at.of = list;
        }
        const page = await list.peek();
        const now = latest.current;
        if (now.list !== list) {
          at.isAgain = true;
          continue;
        }
        const fresh = page.rows.filter((row) => !at.known.has(row.id));
        if (now.isAtTop) {
          list.replaceHead(page);
          setWaiting({ list, fresh: 0, isMore: false });
          if (fresh.length > 0 && at.known.size > 0) setFlashing(new Set(fresh.map((row) => row.id)));
        } else setWaiting({ list, fresh: fresh.length, isMore: fresh.length === page.rows.length });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      } while (at.isAgain);
    } catch {
      // The next event asks again, or the list when it is read anew.
      at.isMissed = true;
    } finally {
      at.isRunning = false;
    }
  }, []);

  useLive((event: LiveEvent) => {
    const { projectId, list, isFollowing, isBusy } = latest.current;
    if (!concerns(event, projectId)) return;
    if (event.type === "traces_deleted" || event.type === "traces_moved") list.reload();
    else if (!isFollowing || (event.type !== "spans_inserted" && event.type !== "reset")) return;
    else if (isBusy) state.current.isMissed = true;
    else void check();
  });

  useFollowingOn(() => void check());
  const { list, isBusy } = question;
  useEffect(() => {
    if (isBusy) return undefined;
    const catchUp = (): void => {
      if (state.current.isMissed && list.state === "ready") void check();
    };
    catchUp();
    return list.subscribe(catchUp);
  }, [list, isBusy, check]);

  useEffect(() => {
    if (flashing.size === 0) return undefined;
    const timer = setTimeout(() => setFlashing(NONE), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flashing]);

  const isCurrent = waiting.list === question.list;
  const show = useCallback(() => {
    setWaiting({ list: null, fresh: 0, isMore: false });
    void latest.current.list.refresh().catch(() => undefined);
  }, []);
  return { fresh: isCurrent ? waiting.fresh : 0, isMore: isCurrent && waiting.isMore, show, flashing };
}

import { useEffect, useRef } from "react";
import * as format from "../../base/format";
import { VisibleText } from "../../parts/text/PlainText";
import { WindowedList, type WindowedListHandle } from "../../parts/windowed";
import type { LoadedTurn } from "./turnList";

interface TurnRailProps {
  readonly turns: readonly LoadedTurn[];
  readonly count: number;
  readonly current: number;
  readonly onChoose: (number: number) => void;
  readonly onView: (first: number, last: number) => void;
  readonly opening: (index: number) => string;
}

/** All turns in short, the one in view marked. */
export function TurnRail({ turns, count, current, onChoose, onView, opening }: TurnRailProps): JSX.Element {
  const list = useRef<WindowedListHandle>(null);
  useEffect(() => list.current?.reveal(current - 1, "nearest"), [current]);
  return (
    <WindowedList
      ref={list}
      className="turn-rail"
      label="Turns"
      count={count}
      guess={58}
      onView={onView}
      renderItem={(index) => {
        const turn = turns[index];
        const number = index + 1;
        return (
          <button type="button" className="turn-short" tabIndex={-1} aria-current={number === current || undefined} onClick={() => onChoose(number)}>
            <span className="turn-short-head">
              <b>{number}</b>
              {turn && <span>{format.clock(turn.startTime)}</span>}
              {turn && turn.errorCount > 0 && <span className="turn-failed">error</span>}
              {turn && <span className="push">{format.duration(turn.latencyMs)}</span>}
            </span>
            <span className="turn-short-text">{turn ? <VisibleText text={opening(index) || turn.rootSpan?.name || ""} /> : "…"}</span>
          </button>
        );
      }}
    />
  );
}

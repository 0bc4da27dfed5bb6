import { useCallback, useEffect, useRef, useState } from "react";
import { useKeys } from "../../base/keys";
import { navigate, useQueryParameter } from "../../base/router";
import { WindowedList, type WindowedListHandle } from "../../parts/windowed";
import type { TextForm } from "./Said";
import { TurnItem } from "./TurnItem";
import { TurnRail } from "./TurnRail";
import { useTexts } from "./useTexts";
import type { Turns } from "./useTurns";

interface ConversationProps {
  readonly projectId: string;
  readonly sessionId: string;
  readonly count: number;
  readonly data: Turns;
  readonly form: TextForm;
  readonly traceLink: (traceId: string) => string;
}

/** The turns of a session below each other, with all of them in short at the left. */
export function Conversation({ projectId, sessionId, count, data, form, traceLink }: ConversationProps): JSX.Element {
  const { turns, need } = data;
  const texts = useTexts(sessionId, turns);
  const list = useRef<WindowedListHandle>(null);
  const [chosen, setChosen] = useQueryParameter("turn", "");
  const [seen, setSeen] = useState(1);
  const [inView, setInView] = useState<readonly [number, number]>([0, 0]);
  const chosenNumber = Number.parseInt(chosen, 10);
  const current = chosenNumber >= 1 && chosenNumber <= count ? chosenNumber : seen;

  const choose = useCallback(
    (number: number) => {
      const to = Math.min(count, Math.max(1, number));
      need(to + 5);
      setChosen(String(to));
      list.current?.reveal(to - 1, "top");
    },
    [count, need, setChosen],
  );
  const first = useRef(chosen !== "");
  useEffect(() => {
    // A link into the middle of a session.
    if (!first.current || turns.length === 0) return;
    need(chosenNumber + 5);
    list.current?.reveal(chosenNumber - 1, "top");
    if (turns.length >= Math.min(count, chosenNumber)) first.current = false;
  }, [turns.length, chosenNumber, count, need]);

  const onView = useCallback(
    (from: number, to: number) => {
      setSeen(from + 1);
      setInView([from, to]);
      need(to + 10);
    },
    [need],
  );
  const [inRail, setInRail] = useState<readonly [number, number]>([0, 0]);
  const onRailView = useCallback(
    (from: number, to: number) => {
      setInRail([from, to]);
      need(to);
    },
    [need],
  );
  const { need: needTexts } = texts;
  useEffect(() => {
    needTexts(inView[0] - 2, inView[1] + 3);
    needTexts(...inRail);
  }, [needTexts, inView, inRail, turns]);

  useKeys([
    { keys: "j", label: "Next turn", group: "Session", run: () => choose(current + 1) },
    { keys: "k", label: "Previous turn", group: "Session", run: () => choose(current - 1) },
    {
      keys: "o",
      label: "Open the trace of the turn",
      group: "Session",
      run: () => {
        const turn = turns[current - 1];
        if (turn) navigate(traceLink(turn.traceId));
      },
    },
  ]);

  const opening = (index: number): string => {
    const input = texts.of(index)?.input;
    if (input?.form === "messages") return input.messages[input.messages.length - 1]?.text.slice(0, 160) ?? "";
    return input?.form === "text" ? input.text.slice(0, 160) : (turns[index]?.rootSpan?.input?.truncatedValue ?? "");
  };
  return (
    <div className="conversation">
      <TurnRail turns={turns} count={count} current={current} onChoose={choose} onView={onRailView} opening={opening} />
      <WindowedList
        ref={list}
        className="conversation-turns"
        role="feed"
        label="Conversation"
        count={count}
        guess={190}
        onView={onView}
        renderItem={(index) => {
          const turn = turns[index];
          if (!turn) return <div className="turn turn-waiting" />;
          return (
            <TurnItem
              projectId={projectId}
              number={index + 1}
              turn={turn}
              previousEnd={turns[index - 1]?.endTime ?? null}
              texts={texts.of(index)}
              previousTexts={texts.of(index - 1)}
              form={form}
              isCurrent={index + 1 === current}
              traceLink={traceLink(turn.traceId)}
              onChoose={choose}
            />
          );
        }}
      />
    </div>
  );
}

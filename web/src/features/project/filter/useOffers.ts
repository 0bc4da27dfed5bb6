import { useEffect, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { CompleteFilter } from "../../../generated/graphql";
import { codePointOffset, utf16Offset } from "./highlight";
import { filterHistory } from "./history";
import type { Language, Verdict } from "./languages";
import { completionOffers, isPlainText, operatorOffers, searchOffer, starters, stillMatching, valueOffers, wantsOperator, wantsValue, type Completion, type Offer } from "./offers";

const PAUSE_MS = 60;

/** What the server proposed for a place of a text. */
interface Answer {
  readonly key: string;
  readonly type: "word" | "value";
  readonly text: string;
  /** Where the word begins, in UTF-16 units. */
  readonly from: number;
  readonly completions: readonly Completion[];
}

async function ask(key: string, language: Language, id: string, text: string, cursor: number): Promise<Answer> {
  const before = text.slice(0, cursor);
  const isValue = wantsValue(before);
  const condition = isValue ? `${before}'` : text;
  const data = await fetchQuery(CompleteFilter, { id, language: language.key, condition, position: codePointOffset(condition, isValue ? condition.length : cursor) });
  const { start, completions } = data.node.__typename === "Project" ? data.node.filterCompletions : { start: 0, completions: [] };
  return { key, type: isValue ? "value" : "word", text, from: utf16Offset(condition, start), completions };
}

/** What the field proposes at a place: used conditions, completions of the server, operators, values, and a search for plain words. */
export function useOffers(language: Language, projectId: string, text: string, cursor: number, isOpen: boolean, verdict: Verdict | null): readonly Offer[] {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const before = text.slice(0, cursor);
  const key = `${language.key}\n${projectId}\n${text}\n${cursor}`;
  const isAsked = isOpen && text.trim() !== "" && !wantsOperator(before);
  useEffect(() => {
    if (!isAsked) return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      ask(key, language, projectId, text, cursor).then(
        (found) => isCurrent && setAnswer(found),
        // Without completions the field is a plain one.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, isAsked, cursor, text, language, projectId]);
  if (!isOpen) return [];
  if (text.trim() === "") return starters(filterHistory(language), language.examples);
  const search = verdict?.isValid === false && isPlainText(text) ? [searchOffer(text, language)] : [];
  return [...offersOf(answer, key, text, cursor), ...search];
}

function offersOf(answer: Answer | null, key: string, text: string, cursor: number): readonly Offer[] {
  const before = text.slice(0, cursor);
  if (wantsOperator(before)) return operatorOffers(cursor);
  if (answer === null) return [];
  if (answer.type === "value") return answer.key === key ? valueOffers(answer.completions, cursor, before) : [];
  if (answer.key === key) return completionOffers(answer.completions, text, answer.from, cursor);
  // While the word grows, what was proposed for its beginning stands until the server has answered.
  const isSameWord = cursor >= answer.from && text.slice(0, answer.from) === answer.text.slice(0, answer.from);
  return isSameWord ? completionOffers(stillMatching(answer.completions, text.slice(answer.from, cursor)), text, answer.from, cursor) : [];
}

import { useEffect, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { CompleteFilter } from "../../../generated/graphql";
import { codePointOffset, utf16Offset } from "./highlight";
import { filterHistory } from "./history";
import type { Language, Verdict } from "./languages";
import { completionOffers, operatorOffers, searchOffer, starters, valueOffers, wantsOperator, wantsValue, type Completion, type Offer } from "./offers";
import { tokens } from "./tokens";

const PAUSE_MS = 60;

async function complete(language: Language, id: string, condition: string, position: number): Promise<{ readonly start: number; readonly completions: readonly Completion[] }> {
  const data = await fetchQuery(CompleteFilter, { id, language: language.key, condition, position });
  return data.node.__typename === "Project" ? data.node.filterCompletions : { start: position, completions: [] };
}

/** What the field proposes at a place: used conditions, completions of the server, operators, values, and a search for plain words. */
export function useOffers(language: Language, projectId: string, text: string, cursor: number, isOpen: boolean, verdict: Verdict | null): readonly Offer[] {
  const [fetched, setFetched] = useState<{ readonly key: string; readonly offers: readonly Offer[] }>({ key: "", offers: [] });
  const before = text.slice(0, cursor);
  const key = `${language.key}\n${projectId}\n${text}\n${cursor}`;
  const isEmpty = text.trim() === "";
  useEffect(() => {
    if (!isOpen || isEmpty) return undefined;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      let offers: readonly Offer[];
      if (wantsOperator(before)) offers = operatorOffers(cursor);
      else if (wantsValue(before)) {
        const { completions } = await complete(language, projectId, `${before}'`, codePointOffset(before, before.length) + 1);
        offers = valueOffers(completions, cursor, before);
      } else {
        const { start, completions } = await complete(language, projectId, text, codePointOffset(text, cursor));
        offers = completionOffers(completions, text, utf16Offset(text, start), cursor);
      }
      if (isCurrent) setFetched({ key, offers });
    };
    // Without completions the field is a plain one.
    const timer = setTimeout(() => void ask().catch(() => undefined), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, isOpen, isEmpty, before, cursor, text, language, projectId]);
  if (!isOpen) return [];
  if (isEmpty) return starters(filterHistory(language), language.examples);
  const offers = fetched.key === key || fetched.key !== "" ? fetched.offers : [];
  const current = fetched.key === key ? offers : [];
  return verdict?.isValid === false && isPlainText(text) ? [searchOffer(text, language.textField), ...current] : current;
}

/** Words rather than the beginning of a condition. */
function isPlainText(text: string): boolean {
  const all = tokens(text);
  return all === null || !all.some((token) => token.type === "operator" && token.text !== "." && token.text !== ",");
}

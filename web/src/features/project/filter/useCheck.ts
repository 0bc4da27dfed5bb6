import { useEffect, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { verdictOf, type Language, type Verdict } from "./languages";

const PAUSE_MS = 180;
const FINE: Verdict = { isValid: true, errorMessage: null, warnings: [] };

/** What the server says of a condition; null until it has said something. While typing, only what stood for a moment is asked about. */
export function useCheck(language: Language, projectId: string, condition: string, isTyping: boolean): Verdict | null {
  const [said, setSaid] = useState<{ readonly key: string; readonly verdict: Verdict } | null>(null);
  const key = `${language.key}\n${projectId}\n${condition}`;
  useEffect(() => {
    if (condition.trim() === "") return undefined;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const verdict = verdictOf(await fetchQuery(language.check, { id: projectId, condition }));
      if (isCurrent && verdict) setSaid({ key, verdict });
    };
    // No answer says nothing about the condition; the list will tell what is wrong.
    const timer = setTimeout(() => void ask().catch(() => undefined), isTyping ? PAUSE_MS : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, language, projectId, condition, isTyping]);
  if (condition.trim() === "") return FINE;
  return said?.key === key ? said.verdict : null;
}

/** Asks once, at once. */
export async function checkNow(language: Language, projectId: string, condition: string): Promise<Verdict> {
  if (condition.trim() === "") return FINE;
  return verdictOf(await fetchQuery(language.check, { id: projectId, condition })) ?? FINE;
}

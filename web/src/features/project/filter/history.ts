import { isStrings, preference, type Preference } from "../../../base/preferences";
import type { Language } from "./languages";

const KEPT = 20;

const stored = (language: Language): Preference<readonly string[]> => preference<readonly string[]>(`filter-history.${language.key.toLowerCase()}`, [], isStrings);

/** Conditions that were used, the latest first. */
export const filterHistory = (language: Language): readonly string[] => stored(language).get();

export function rememberFilter(language: Language, condition: string): void {
  const text = condition.trim();
  if (text === "" || text === language.usual) return;
  stored(language).set((old) => [text, ...old.filter((one) => one !== text)].slice(0, KEPT));
}

export function forgetFilter(language: Language, condition: string): void {
  stored(language).set((old) => old.filter((one) => one !== condition));
}

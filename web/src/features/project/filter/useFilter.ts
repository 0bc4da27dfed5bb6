import { useCallback } from "react";
import { useLocation, setQuery } from "../../../base/router";
import type { Language } from "./languages";

/** The condition in force, held by the URL. An empty parameter means no condition; a missing one the usual condition. */
export function useFilter(language: Language): [string, (condition: string) => void] {
  const { query } = useLocation();
  const condition = query.get(language.parameter) ?? language.usual;
  const set = useCallback(
    (next: string) => setQuery({ [language.parameter]: next === language.usual ? null : next }, { replace: false }),
    [language],
  );
  return [condition, set];
}

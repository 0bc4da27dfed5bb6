import { useMemo } from "react";
import { usePreference } from "../../../base/preferences";
import { streaming, useTimeRange, type TimeRange } from "../../../base/timerange";
import type { TableSort } from "../../../parts/dataTable";
import { searchedTexts } from "../filter/facets";
import type { Language } from "../filter/languages";
import { useCheck } from "../filter/useCheck";
import { useFilter } from "../filter/useFilter";
import { useProject, type Project } from "../projectContext";
import { useSort } from "./useSort";

const NEWEST_FIRST = { key: "startTime", isDescending: true } as const;

/** What a tab with a table is asked by; the URL and the preferences hold it. */
export interface TabState {
  readonly project: Project;
  readonly language: Language;
  readonly condition: string;
  readonly setCondition: (condition: string) => void;
  /** False for a condition that the server cannot read: the list says so, and nothing is drawn or summed for it. */
  readonly isReadable: boolean;
  /** The texts that the condition looks for, to be marked in the cells. */
  readonly wanted: readonly string[];
  readonly range: TimeRange;
  /** Equal for equal choices, however far a preset moved on with the clock. */
  readonly rangeName: string;
  readonly sort: TableSort;
  readonly setSort: (key: string) => void;
  readonly isFollowing: boolean;
}

export function useTabState(language: Language, sortable: readonly string[]): TabState {
  const project = useProject();
  const [condition, setCondition] = useFilter(language);
  const { key, range } = useTimeRange();
  const rangeName = key === "custom" ? `${range.start}/${range.end}` : key;
  const [sort, setSort] = useSort((key) => sortable.includes(key) || sortable.some((one) => one.endsWith(":") && key.startsWith(one)), NEWEST_FIRST);
  const [isFollowing] = usePreference(streaming);
  const wanted = useMemo(() => searchedTexts(condition), [condition]);
  const isReadable = useCheck(language, project.id, condition, false)?.isValid !== false;
  return { project, language, condition, setCondition, isReadable, wanted, range, rangeName, sort, setSort, isFollowing };
}

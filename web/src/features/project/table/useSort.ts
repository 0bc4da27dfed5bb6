import { useCallback } from "react";
import { useQueryParameter } from "../../../base/router";
import type { TableSort } from "../../../parts/dataTable";

/** The order of a table, held by the URL: `latencyMs` goes up, `-latencyMs` down. */
export function useSort(isSortable: (key: string) => boolean, usual: TableSort): [TableSort, (key: string) => void] {
  const written = (sort: TableSort): string => (sort.isDescending ? "-" : "") + sort.key;
  const [text, setText] = useQueryParameter("sort", written(usual));
  const key = text.replace(/^-/u, "");
  const sort = isSortable(key) ? { key, isDescending: text.startsWith("-") } : usual;
  const choose = useCallback(
    (chosen: string) => setText(written({ key: chosen, isDescending: chosen === sort.key ? !sort.isDescending : true }), { replace: false }),
    [setText, sort.key, sort.isDescending],
  );
  return [sort, choose];
}

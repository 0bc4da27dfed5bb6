import { useCallback, useMemo } from "react";
import { useQueryParameter } from "../../base/router";
import type { Series } from "../../parts/charts";

export interface Toggled {
  /** The keys of a chart's series that are hidden. */
  readonly hidden: (chart: string, series: readonly Series[]) => ReadonlySet<string>;
  readonly toggle: (chart: string, key: string) => void;
}

/** The series that a reader switched, as `chart.key` in the URL. */
export function useToggled(): Toggled {
  const [text, setText] = useQueryParameter("series", "");
  const switched = useMemo(() => new Set(text.split(",").filter(Boolean)), [text]);
  const hidden = useCallback(
    (chart: string, series: readonly Series[]) =>
      new Set(series.filter((one) => (one.isOff === true) !== switched.has(`${chart}.${one.key}`)).map((one) => one.key)),
    [switched],
  );
  const toggle = useCallback(
    (chart: string, key: string) => {
      const name = `${chart}.${key}`;
      const next = switched.has(name) ? [...switched].filter((one) => one !== name) : [...switched, name];
      setText(next.sort().join(","));
    },
    [switched, setText],
  );
  return useMemo(() => ({ hidden, toggle }), [hidden, toggle]);
}

import type { Series } from "./series";

/** The colour of a series in the shape in which it is drawn. */
export function Swatch({ series }: { readonly series: Series }): JSX.Element {
  const isDashed = series.shape === "line" && series.isDashed === true;
  return (
    <i
      className="chart-swatch"
      data-shape={isDashed ? "dashed" : series.shape}
      aria-hidden="true"
      style={{ color: `var(${series.color})` }}
    />
  );
}

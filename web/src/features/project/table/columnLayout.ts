/** What the layout needs to know of a column. */
export interface ColumnShape {
  readonly key: string;
  readonly width: number;
  readonly isHidden?: boolean;
  /** Columns that hold the table together, such as the name, cannot be hidden. */
  readonly isFixed?: boolean;
}

/** How a person arranged the columns of a table. */
export interface ColumnLayout {
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
}

const WIDTH_MIN = 48;
const WIDTH_MAX = 1200;

export function defaultLayout(shapes: readonly ColumnShape[]): ColumnLayout {
  return { order: shapes.map((shape) => shape.key), hidden: shapes.filter((shape) => shape.isHidden).map((shape) => shape.key), widths: {} };
}

/** A stored layout made to fit the columns that exist: what is unknown goes, what is missing comes behind its usual neighbour. */
export function fitLayout(shapes: readonly ColumnShape[], stored: unknown): ColumnLayout {
  const usual = defaultLayout(shapes);
  if (typeof stored !== "object" || stored === null) return usual;
  const { order, hidden, widths } = stored as Readonly<Record<string, unknown>>;
  const known = (list: unknown): string[] => (Array.isArray(list) ? [...new Set(list.filter((key): key is string => usual.order.includes(key as string)))] : []);
  const kept = known(order);
  for (const [index, key] of usual.order.entries()) {
    if (kept.includes(key)) continue;
    const before = usual.order[index - 1];
    kept.splice(before === undefined ? 0 : kept.indexOf(before) + 1, 0, key);
  }
  const stays = (key: string): boolean => shapes.some((shape) => shape.key === key && shape.isFixed);
  const seen = new Set(known(order));
  const hiddenKeys = known(hidden).filter((key) => !stays(key));
  const fitted: Record<string, number> = {};
  if (typeof widths === "object" && widths !== null) {
    for (const [key, width] of Object.entries(widths)) {
      if (usual.order.includes(key) && typeof width === "number" && Number.isFinite(width)) fitted[key] = clampWidth(width);
    }
  }
  return { order: kept, hidden: [...hiddenKeys, ...usual.hidden.filter((key) => !seen.has(key) && !hiddenKeys.includes(key))], widths: fitted };
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)));
}

export function resizeColumn(layout: ColumnLayout, key: string, width: number): ColumnLayout {
  return { ...layout, widths: { ...layout.widths, [key]: clampWidth(width) } };
}

export function toggleColumn(layout: ColumnLayout, key: string): ColumnLayout {
  const hidden = layout.hidden.includes(key) ? layout.hidden.filter((one) => one !== key) : [...layout.hidden, key];
  return { ...layout, hidden };
}

/** Puts a column in the place of another one; the others make room. */
export function moveColumn(layout: ColumnLayout, key: string, target: string): ColumnLayout {
  const to = layout.order.indexOf(target);
  if (to < 0 || !layout.order.includes(key) || key === target) return layout;
  const order = layout.order.filter((one) => one !== key);
  order.splice(to, 0, key);
  return { ...layout, order };
}

/** Moves a column past its next visible neighbour. */
export function nudgeColumn(layout: ColumnLayout, key: string, by: 1 | -1): ColumnLayout {
  const visible = layout.order.filter((one) => !layout.hidden.includes(one));
  const target = visible[visible.indexOf(key) + by];
  return target === undefined ? layout : moveColumn(layout, key, target);
}

export function visibleColumns<Shape extends ColumnShape>(shapes: readonly Shape[], layout: ColumnLayout): readonly (Shape & { readonly width: number })[] {
  return layout.order.flatMap((key) => {
    const shape = shapes.find((one) => one.key === key);
    return shape === undefined || layout.hidden.includes(key) ? [] : [{ ...shape, width: layout.widths[key] ?? shape.width }];
  });
}

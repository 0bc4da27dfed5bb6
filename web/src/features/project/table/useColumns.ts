import { useMemo } from "react";
import { preference, usePreference } from "../../../base/preferences";
import { fitLayout, moveColumn, nudgeColumn, resizeColumn, toggleColumn, visibleColumns, type ColumnLayout, type ColumnShape } from "./columnLayout";

export interface Columns<Shape extends ColumnShape> {
  readonly all: readonly Shape[];
  readonly layout: ColumnLayout;
  readonly visible: readonly Shape[];
  readonly resize: (key: string, width: number) => void;
  readonly move: (key: string, target: string) => void;
  readonly nudge: (key: string, by: 1 | -1) => void;
  readonly toggle: (key: string) => void;
  readonly reset: () => void;
  readonly isChanged: boolean;
}

const anything = (value: unknown): value is unknown => value !== undefined;

/** The columns of a table as a person arranged them, kept in the browser. */
export function useColumns<Shape extends ColumnShape & { readonly grow?: number }>(table: string, all: readonly Shape[]): Columns<Shape> {
  const [stored, store] = usePreference(preference<unknown>(`columns.${table}`, null, anything));
  return useMemo(() => {
    const layout = fitLayout(all, stored);
    const visible = visibleColumns(all, layout).map((column) => {
      if (layout.widths[column.key] === undefined) return column;
      // A width that somebody chose is kept; the column does not grow any more.
      const { grow: _, ...fixed } = column;
      return fixed as Shape;
    });
    return {
      all,
      layout,
      visible,
      resize: (key: string, width: number) => store(resizeColumn(layout, key, width)),
      move: (key: string, target: string) => store(moveColumn(layout, key, target)),
      nudge: (key: string, by: 1 | -1) => store(nudgeColumn(layout, key, by)),
      toggle: (key: string) => store(toggleColumn(layout, key)),
      reset: () => store(null),
      isChanged: stored !== null,
    };
  }, [all, stored, store]);
}

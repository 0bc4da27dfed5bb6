import type { ReactNode } from "react";

export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  readonly width: number;
  /** How the column shares what room is left; none keeps its width. */
  readonly grow?: number;
  readonly align?: "end";
  readonly isSortable?: boolean;
  /** Where rows that hang below others are indented; the first column when none says so. */
  readonly isTree?: boolean;
  /** Stands behind the title, such as a mean of the column. */
  readonly extra?: ReactNode;
  /** A word on what the column holds, for its header. */
  readonly hint?: string;
  readonly cell: (row: Row) => ReactNode;
}

export interface TableSort {
  readonly key: string;
  readonly isDescending: boolean;
}

export interface TableSelection<Row> {
  readonly has: (row: Row) => boolean;
  /** `isRange` extends from the row that was toggled last. */
  readonly toggle: (index: number, isRange: boolean) => void;
  readonly all: "none" | "some" | "all";
  readonly toggleAll: () => void;
}

export interface TableExpansion<Row> {
  /** Null when there is nothing below the row. */
  readonly isOpen: (row: Row) => boolean | null;
  readonly depth: (row: Row) => number;
  readonly toggle: (row: Row, index: number) => void;
}

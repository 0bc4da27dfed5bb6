import { memo, type MouseEvent } from "react";
import type { TableColumn } from "./types";

/** What a row can ask of its table; the same object for all rows at all times. */
export interface RowActions<Row> {
  readonly activate: (index: number) => void;
  readonly open: (row: Row, index: number) => void;
  readonly select: (index: number, isRange: boolean) => void;
  readonly expand: (row: Row, index: number) => void;
}

interface BodyRowProps<Row> {
  readonly id: string;
  readonly index: number;
  /** Undefined while it is being read. */
  readonly row: Row | undefined;
  readonly columns: readonly TableColumn<Row>[];
  readonly template: string;
  readonly height: number;
  readonly isActive: boolean;
  readonly isSelectable: boolean;
  /** Undefined where rows cannot be selected. */
  readonly isSelected: boolean | undefined;
  /** Null when there is nothing below the row. */
  readonly isOpen: boolean | null;
  /** Undefined where nothing is below any row. */
  readonly depth: number | undefined;
  readonly mood: string | undefined;
  readonly actions: RowActions<Row>;
}

const INDENT = 14;

function PlainRow<Row>({ row, ...props }: BodyRowProps<Row>): JSX.Element {
  const { id, index, columns, template, height, isSelected, isOpen, depth, actions } = props;
  const style = { gridTemplateColumns: template, height };
  if (row === undefined) return <LoadingRow id={id} index={index} columns={columns} style={style} isSelectable={props.isSelectable} />;
  const treeAt = Math.max(0, columns.findIndex((column) => column.isTree));
  const click = (event: MouseEvent): void => {
    // Whoever marks text does not want to leave; links and buttons act for themselves.
    if (event.defaultPrevented || event.button !== 0 || (event.target as Element).closest("a, button, input, label")) return;
    actions.activate(index);
    if (document.getSelection()?.isCollapsed === false) return;
    if (event.shiftKey && isSelected !== undefined) actions.select(index, true);
    else actions.open(row, index);
  };
  return (
    // The grid, which has the focus, listens to the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      className="dt-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-expanded={isOpen ?? undefined}
      aria-level={depth === undefined ? undefined : depth + 1}
      data-active={props.isActive || undefined}
      data-mood={props.mood}
      style={style}
      onClick={click}
    >
      {isSelected !== undefined && (
        <div role="gridcell" className="dt-check">
          <label>
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`Select row ${index + 1}`}
              checked={isSelected}
              onChange={() => undefined}
              onClick={(event) => {
                actions.select(index, event.shiftKey);
                actions.activate(index);
              }}
            />
          </label>
        </div>
      )}
      {columns.map((column, at) => (
        <div key={column.key} role="gridcell" className={column.align === "end" ? "dt-end" : undefined}>
          {at === treeAt && depth !== undefined && (
            <span className="dt-twisty" style={{ marginInlineStart: depth * INDENT - 6 }}>
              {isOpen !== null && <button type="button" tabIndex={-1} aria-label={isOpen ? "Close" : "Open"} data-open={isOpen || undefined} onClick={() => actions.expand(row, index)} />}
            </span>
          )}
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

interface LoadingRowProps {
  readonly id: string;
  readonly index: number;
  readonly columns: readonly { readonly key: string }[];
  readonly style: { readonly gridTemplateColumns: string; readonly height: number };
  readonly isSelectable: boolean;
}

function LoadingRow({ id, index, columns, style, isSelectable }: LoadingRowProps): JSX.Element {
  return (
    <div id={id} className="dt-row dt-loading" role="row" aria-rowindex={index + 2} aria-busy="true" style={style}>
      {isSelectable && <div role="gridcell" className="dt-check" aria-label="Loading" />}
      {columns.map((column, at) => (
        <div key={column.key} role="gridcell" aria-label="Loading">
          <span className="dt-bone" data-length={(index * 7 + at * 5) % 4} />
        </div>
      ))}
    </div>
  );
}

/** A row of a table. It is drawn anew only when something of it changed, so that scrolling draws what comes into view and no more. */
export const BodyRow = memo(PlainRow) as typeof PlainRow;

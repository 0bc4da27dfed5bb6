import type { MouseEvent } from "react";
import type { TableColumn, TableExpansion, TableSelection } from "./types";

interface BodyRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly row: Row | undefined;
  readonly columns: readonly TableColumn<Row>[];
  readonly template: string;
  readonly height: number;
  readonly isActive: boolean;
  readonly mood: string | undefined;
  readonly selection: TableSelection<Row> | undefined;
  readonly expansion: TableExpansion<Row> | undefined;
  readonly onActive: (index: number) => void;
  readonly onOpen: (row: Row, index: number) => void;
}

export function BodyRow<Row>({ row, ...props }: BodyRowProps<Row>): JSX.Element {
  const { id, index, columns, template, height, selection, expansion } = props;
  const style = { gridTemplateColumns: template, height };
  if (row === undefined) {
    return (
      <div id={id} className="dt-row dt-loading" role="row" aria-rowindex={index + 2} aria-busy="true" style={style}>
        {selection && <div role="gridcell" className="dt-check" aria-label="Loading" />}
        {columns.map((column, at) => (
          <div key={column.key} role="gridcell" aria-label="Loading">
            <span className="dt-bone" data-length={(index * 7 + at * 5) % 4} />
          </div>
        ))}
      </div>
    );
  }
  const isSelected = selection?.has(row) ?? false;
  const isOpen = expansion?.isOpen(row) ?? null;
  const open = (event: MouseEvent): void => {
    // Whoever marks text does not want to leave; links and buttons act for themselves.
    if (event.defaultPrevented || event.button !== 0 || (event.target as Element).closest("a, button, input, label")) return;
    props.onActive(index);
    if (document.getSelection()?.isCollapsed === false) return;
    if (event.shiftKey && selection) selection.toggle(index, true);
    else props.onOpen(row, index);
  };
  return (
    // The grid, which has the focus, listens to the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      className="dt-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selection ? isSelected : undefined}
      aria-expanded={isOpen ?? undefined}
      aria-level={expansion ? expansion.depth(row) + 1 : undefined}
      data-active={props.isActive || undefined}
      data-mood={props.mood}
      style={style}
      onClick={open}
    >
      {selection && (
        <div role="gridcell" className="dt-check">
          <label>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select row ${index + 1}`}
            checked={isSelected}
            onChange={() => undefined}
            onClick={(event) => {
              selection.toggle(index, event.shiftKey);
              props.onActive(index);
            }}
          />
          </label>
        </div>
      )}
      {columns.map((column, at) => (
        <div key={column.key} role="gridcell" className={column.align === "end" ? "dt-end" : undefined}>
          {at === 0 && expansion && (
            <span className="dt-twisty" style={{ paddingInlineStart: expansion.depth(row) * 14 }}>
              {isOpen !== null && (
                <button type="button" tabIndex={-1} aria-label={isOpen ? "Close" : "Open"} data-open={isOpen || undefined} onClick={() => expansion.toggle(row, index)} />
              )}
            </span>
          )}
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { BodyRow, type RowActions } from "./BodyRow";
import { geometry, revealing } from "./geometry";
import { HeadCell } from "./HeadCell";
import type { TableColumn, TableExpansion, TableSelection, TableSort } from "./types";

export interface DataTableProps<Row> {
  readonly label: string;
  readonly count: number;
  /** Undefined while it is being read. */
  readonly row: (index: number) => Row | undefined;
  readonly rowId: (row: Row) => string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rowHeight?: number;
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (row: Row, index: number) => void;
  /** Rows that are drawn, for reading them. */
  readonly onSeen: (first: number, last: number) => void;
  readonly sort?: TableSort;
  readonly onSort?: (key: string) => void;
  readonly onResize?: (key: string, width: number) => void;
  readonly onMove?: (key: string, target: string) => void;
  readonly selection?: TableSelection<Row>;
  readonly expansion?: TableExpansion<Row>;
  /** A word that styles a row, such as `leaving`. */
  readonly mood?: (row: Row) => string | undefined;
  readonly isBusy?: boolean;
  /** Another value scrolls back to the first row. */
  readonly startKey?: number;
  /** A row of the document to show beneath the head, such as a pill of new rows. */
  readonly notice?: JSX.Element | null;
}

const SELECT_WIDTH = 34;
const HEAD_HEIGHT = 30;

/**
 * A table of any length: only rows in view are in the document, whatever `count` is.
 *
 * It is one tab stop; arrows or j and k move along rows, Enter opens, x selects, the right and left arrows open and
 * close what is below a row.
 */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { count, columns, rowHeight = 28, active, onActive, onSeen, selection, expansion } = props;
  const box = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const [view, setView] = useState({ top: 0, height: 600 });
  const { height, first, shown, offset, scale } = geometry(count, rowHeight, view.top, view.height);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => setView((known) => ({ ...known, height: Math.max(rowHeight, element.clientHeight - HEAD_HEIGHT) }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);

  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => seen.current(first, Math.max(first, first + shown - 1)), [first, shown, count]);

  // A row is brought into view when it becomes the active one, not whenever something is drawn.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || active < 0) return;
    const to = revealing(active, rowHeight, element.scrollTop, element.clientHeight - HEAD_HEIGHT, scale);
    if (to !== null) element.scrollTop = to;
  }, [active, rowHeight]); // oxlint-disable-line react/exhaustive-deps

  useLayoutEffect(() => {
    if (props.startKey && box.current) box.current.scrollTop = 0;
  }, [props.startKey]);

  const move = useCallback((to: number) => onActive(Math.max(0, Math.min(count - 1, to))), [count, onActive]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || count === 0) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: active + 1, j: active + 1, ArrowUp: active - 1, k: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: count - 1,
    };
    const target = targets[event.key];
    const row = active >= 0 ? props.row(active) : undefined;
    if (target !== undefined) move(target);
    else if ((event.key === "x" || event.key === "X" || event.key === " ") && selection && row !== undefined) selection.toggle(active, event.shiftKey);
    else if (event.key === "Enter" && row !== undefined) props.onOpen(row, active);
    else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && expansion && row !== undefined) {
      const isOpen = expansion.isOpen(row);
      if (isOpen === (event.key === "ArrowLeft")) expansion.toggle(row, active);
      else return;
    } else return;
    event.preventDefault();
  };

  const latest = useRef(props);
  latest.current = props;
  const actions = useMemo(
    (): RowActions<Row> => ({
      activate: (index) => latest.current.onActive(index),
      open: (row, index) => latest.current.onOpen(row, index),
      select: (index, isRange) => latest.current.selection?.toggle(index, isRange),
      expand: (row, index) => latest.current.expansion?.toggle(row, index),
    }),
    [],
  );
  const isSelectable = selection !== undefined;
  const template = useMemo(() => {
    const widths = columns.map((column) => (column.grow === undefined ? `${column.width}px` : `minmax(${column.width}px, ${column.grow}fr)`));
    const filler = columns.some((column) => column.grow !== undefined) ? [] : ["minmax(0, 1fr)"];
    return [...(isSelectable ? [`${SELECT_WIDTH}px`] : []), ...widths, ...filler].join(" ");
  }, [columns, isSelectable]);
  const minWidth = columns.reduce((sum, column) => sum + column.width, isSelectable ? SELECT_WIDTH : 0);

  return (
    <div className="dt" data-busy={props.isBusy || undefined}>
      {props.notice}
      <div
        className="dt-scroll"
        ref={box}
        role={expansion ? "treegrid" : "grid"}
        aria-label={props.label}
        aria-rowcount={count + 1}
        aria-colcount={columns.length + (selection ? 1 : 0)}
        aria-multiselectable={selection ? true : undefined}
        aria-busy={props.isBusy || undefined}
        tabIndex={0}
        aria-activedescendant={active >= first && active < first + shown ? `${prefix}-${active}` : undefined}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          const top = event.currentTarget.scrollTop;
          setView((known) => ({ ...known, top }));
        }}
      >
        <div className="dt-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth }}>
          {selection && (
            <div className="dt-check" role="columnheader">
              <input
                type="checkbox"
                aria-label="Select all rows that are loaded"
                title="Select all rows that are loaded"
                checked={selection.all === "all"}
                ref={(input) => {
                  if (input) input.indeterminate = selection.all === "some";
                }}
                onChange={selection.toggleAll}
              />
            </div>
          )}
          {columns.map((column) => (
            <HeadCell
              key={column.key}
              column={column}
              sort={props.sort}
              {...(props.onSort ? { onSort: props.onSort } : {})}
              {...(props.onResize ? { onResize: props.onResize } : {})}
              {...(props.onMove ? { onMove: props.onMove } : {})}
            />
          ))}
        </div>
        <div className="dt-body" role="rowgroup" style={{ height, minWidth }}>
          <div className="dt-rows" role="presentation" style={{ transform: `translateY(${offset}px)` }}>
            {Array.from({ length: shown }, (_, at) => {
              const index = first + at;
              const row = props.row(index);
              return (
                <BodyRow<Row>
                  key={row === undefined ? index : props.rowId(row)}
                  id={`${prefix}-${index}`}
                  index={index}
                  row={row}
                  columns={columns}
                  template={template}
                  height={rowHeight}
                  isActive={index === active}
                  isSelectable={isSelectable}
                  isSelected={selection && row !== undefined ? selection.has(row) : undefined}
                  isOpen={expansion && row !== undefined ? expansion.isOpen(row) : null}
                  depth={expansion && row !== undefined ? expansion.depth(row) : undefined}
                  mood={row === undefined ? undefined : props.mood?.(row)}
                  actions={actions}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

import { useRef, useState, type DragEvent, type KeyboardEvent, type PointerEvent } from "react";
import type { TableColumn, TableSort } from "./types";

interface HeadCellProps<Row> {
  readonly column: TableColumn<Row>;
  readonly sort: TableSort | undefined;
  readonly onSort?: (key: string) => void;
  readonly onResize?: (key: string, width: number) => void;
  readonly onMove?: (key: string, target: string) => void;
}

const STEP = 16;
const DRAGGED = "application/x-phoenix-column";

/** A head that sorts by click or Enter, is dragged to another place, and whose edge changes the width: by pointer, or by Alt and the arrows. */
export function HeadCell<Row>({ column, sort, onSort, onResize, onMove }: HeadCellProps<Row>): JSX.Element {
  const cell = useRef<HTMLDivElement>(null);
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const [isTarget, setIsTarget] = useState(false);
  const order = sort?.key === column.key ? (sort.isDescending ? "descending" : "ascending") : undefined;
  const width = (): number => cell.current?.offsetWidth ?? column.width;

  const onPointerDown = (event: PointerEvent<HTMLSpanElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width: width() };
  };
  const onPointerMove = (event: PointerEvent<HTMLSpanElement>): void => {
    if (start.current) onResize?.(column.key, start.current.width + event.clientX - start.current.x);
  };
  const onPointerUp = (): void => {
    start.current = null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || !event.altKey) return;
    event.preventDefault();
    if (event.shiftKey) {
      const sibling = by > 0 ? cell.current?.nextElementSibling : cell.current?.previousElementSibling;
      const target = sibling instanceof HTMLElement ? sibling.dataset["column"] : undefined;
      if (target !== undefined) onMove?.(column.key, target);
    } else onResize?.(column.key, width() + by * STEP);
  };
  const onDragStart = (event: DragEvent): void => {
    event.dataTransfer.setData(DRAGGED, column.key);
    event.dataTransfer.effectAllowed = "move";
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    setIsTarget(true);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsTarget(false);
    const key = event.dataTransfer.getData(DRAGGED);
    if (key !== "" && key !== column.key) onMove?.(key, column.key);
  };

  const isSorting = column.isSortable === true && onSort !== undefined;
  const title = [column.hint, isSorting ? "Sort by click." : "", onResize ? "Alt+arrows: width. Alt+Shift+arrows: place." : ""].filter(Boolean).join(" ");
  return (
    <div
      ref={cell}
      role="columnheader"
      className={column.align === "end" ? "dt-th dt-end" : "dt-th"}
      data-column={column.key}
      data-target={isTarget || undefined}
      aria-sort={isSorting ? (order ?? "none") : undefined}
      draggable={onMove !== undefined}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDragLeave={() => setIsTarget(false)}
      onDrop={onDrop}
    >
      <button type="button" className="dt-title" title={title} data-sortable={isSorting || undefined} onClick={isSorting ? () => onSort(column.key) : undefined} onKeyDown={onKeyDown}>
        <span className="ellipsis">{column.title}</span>
        {column.extra !== undefined && <span className="dt-extra">{column.extra}</span>}
        {order !== undefined && <span className="dt-order" aria-hidden="true">{order === "descending" ? "↓" : "↑"}</span>}
      </button>
      {onResize && (
        <span
          className="dt-edge"
          aria-hidden="true"
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={onPointerUp}
          onDragStart={(event) => event.preventDefault()}
        />
      )}
    </div>
  );
}

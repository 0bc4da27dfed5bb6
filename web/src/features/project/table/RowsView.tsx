import { useEffect, useRef, useState, type ReactNode } from "react";
import { plural } from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { Button } from "../../../parts/Button";
import { DataTable, type TableColumn, type TableExpansion, type TableSelection } from "../../../parts/dataTable";
import { EmptyState } from "../../../parts/EmptyState";
import { NoRows } from "../NoRows";
import type { Columns } from "./useColumns";
import type { ColumnShape } from "./columnLayout";
import type { ListState, RowList } from "./rowList";
import { useLiveHead } from "./useLiveHead";
import type { TabState } from "./useTabState";

type Shape<Row> = TableColumn<Row> & ColumnShape;

/** Rows by their place: those of a list, or those with others between them. */
interface Rows<Row> {
  readonly count: number;
  row(index: number): Row | undefined;
  /** -1 for a row that is not loaded. */
  indexOf(id: string): number;
  /** Loads what is on screen. */
  want(first: number, last: number): void;
}

interface RowsViewProps<Row extends { readonly id: string }, Base extends { readonly id: string }> {
  readonly label: string;
  readonly state: TabState;
  /** The list behind the rows. */
  readonly list: RowList<Base>;
  readonly rows: Rows<Row>;
  readonly isBusy: boolean;
  readonly columns: Columns<Shape<Row>>;
  readonly onOpen: (row: Row) => void;
  readonly selection?: TableSelection<Row>;
  readonly expansion?: TableExpansion<Row>;
  readonly mood?: (row: Row) => string | undefined;
  /** The row whose details are open. */
  readonly openId: string | null;
  readonly empty: ReactNode;
}

/** A table over a list, with its states: loading, empty, failed, and rows that came in meanwhile. */
export function RowsView<Row extends { readonly id: string }, Base extends { readonly id: string }>(props: RowsViewProps<Row, Base>): JSX.Element {
  const { list, rows, state, openId } = props;
  const { count } = rows;
  const { thing } = state.language;
  const row = (index: number): Row | undefined => rows.row(index);
  const [active, setActive] = useState({ index: -1, id: "" });
  const [isAtTop, setIsAtTop] = useState(true);
  const [startKey, setStartKey] = useState(0);
  // Another list begins at its first row.
  const formerList = useRef(list);
  useEffect(() => {
    if (formerList.current === list) return;
    formerList.current = list;
    setStartKey((key) => key + 1);
    setActive({ index: -1, id: "" });
  }, [list]);
  const live = useLiveHead({ projectId: state.project.id, list, isFollowing: state.isFollowing, isAtTop, isBusy: props.isBusy });

  const activate = (index: number): void => setActive({ index, id: row(index)?.id ?? "" });
  // The active row keeps being active when others come in before it.
  const found = active.id === "" ? active.index : row(active.index)?.id === active.id ? active.index : rows.indexOf(active.id);
  const at = Math.min(count - 1, found >= 0 ? found : active.index);

  const openedAt = openId === null ? -1 : rows.indexOf(openId);
  useEffect(() => {
    if (openId !== null && openedAt >= 0) setActive({ index: openedAt, id: openId });
  }, [openId, openedAt]);

  const current = useRef(at);
  current.current = at;
  const move = (by: number): void => activate(Math.max(0, Math.min(count - 1, current.current + by)));
  const open = (): void => {
    const one = row(current.current);
    if (one !== undefined) props.onOpen(one);
  };
  const isOpen = openId !== null;
  useKeys(
    isOpen
      ? []
      : [
          { keys: "j", label: "Next row", group: "Table", run: () => move(1) },
          { keys: "k", label: "Previous row", group: "Table", run: () => move(-1) },
          { keys: "o", label: "Open the row", group: "Table", run: open },
          ...(props.selection
            ? [
                { keys: "x", label: "Select the row", group: "Table", run: () => props.selection?.toggle(current.current, false) },
                { keys: "shift+x", label: "Select the rows up to this one", group: "Table", run: () => props.selection?.toggle(current.current, true) },
              ]
            : []),
        ],
  );

  const progress: ListState = list.state;
  if (progress === "failed" && list.loaded().length === 0) {
    if (!state.isReadable) return <NoRows state={state} />;
    return (
      <EmptyState icon="error" title={`The ${thing}s could not be read`} actions={<Button icon="refresh" onClick={() => list.retry()}>Try again</Button>}>
        <p role="alert">{list.error?.message}</p>
      </EmptyState>
    );
  }
  if (progress === "ready" && count === 0 && !props.isBusy) return <>{props.empty}</>;
  const pill = live.fresh > 0 && (
    <button
      type="button"
      className="rv-pill"
      onClick={() => {
        live.show();
        setStartKey((key) => key + 1);
      }}
    >
      ↑ {live.isMore ? `${live.fresh}+ new ${thing}s` : `${plural(live.fresh, `new ${thing}`)}`}
    </button>
  );
  return (
    <DataTable<Row>
      label={props.label}
      count={progress === "loading" && count === 0 ? 24 : count}
      row={row}
      rowId={(one) => one.id}
      columns={props.columns.visible}
      active={at}
      onActive={activate}
      onOpen={props.onOpen}
      onSeen={(first, last) => {
        setIsAtTop(first === 0);
        rows.want(first, last);
      }}
      sort={state.sort}
      onSort={state.setSort}
      onResize={props.columns.resize}
      onMove={props.columns.move}
      {...(props.selection ? { selection: props.selection } : {})}
      {...(props.expansion ? { expansion: props.expansion } : {})}
      mood={(one) => props.mood?.(one) ?? (live.flashing.has(one.id) ? "new" : undefined)}
      isBusy={props.isBusy}
      startKey={startKey}
      notice={
        <div className="rv-notice" role="status">
          {pill}
          {progress === "failed" && (
            <span className="rv-failure">
              {list.error?.message} <Button size="s" onClick={() => list.retry()}>Try again</Button>
            </span>
          )}
        </div>
      }
    />
  );
}

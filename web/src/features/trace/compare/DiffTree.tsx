import { memo, useEffect, useMemo, type KeyboardEvent } from "react";
import { duration, tokens } from "../../../base/format";
import { KindIcon } from "../../../parts/kind/Kind";
import { PlainText } from "../../../parts/text/PlainText";
import { ERROR, KINDS } from "../model/columns";
import type { DiffRow, TraceDiff } from "../model/diff";
import type { TraceModel } from "../model/trace";
import { indentation, indentStep } from "../tree/TreeRow";
import { ROW, useViewport } from "../tree/useViewport";
import { Delta, fineCost } from "./Delta";

export interface DiffTreeProps {
  readonly left: TraceModel;
  readonly right: TraceModel;
  readonly diff: TraceDiff;
  /** Which rows of the diff are on display. */
  readonly rows: readonly number[];
  readonly selected: number;
  readonly onSelect: (row: number) => void;
  readonly closed: ReadonlySet<number>;
  readonly onToggle: (row: number) => void;
  readonly onOpen: () => void;
}

/** Both trees in one: each line a pair, or a span that only one side has. Numbers are those of the whole subtree. */
export function DiffTree(props: DiffTreeProps): JSX.Element {
  const { left, right, diff, rows, selected, onSelect, closed, onToggle, onOpen } = props;
  const view = useViewport(rows.length), at = useMemo(() => rows.indexOf(selected), [rows, selected]);
  const indent = useMemo(() => indentStep(diff.rows.reduce((most, row) => Math.max(most, row.depth), 0)), [diff]);
  const { reveal } = view;
  useEffect(() => reveal(at), [at, reveal]);
  const onKey = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(1, Math.floor((view.box.current?.clientHeight ?? 400) / ROW) - 2), row = diff.rows[selected];
    const go = (to: number): void => { const i = rows[Math.min(rows.length - 1, Math.max(0, to))]; if (i !== undefined) onSelect(i); };
    const to = ({ ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 } as Readonly<Record<string, number>>)[e.key];
    if (to !== undefined) go(to);
    else if (e.key === "ArrowRight") { if (row && row.size > 0 && closed.has(selected)) onToggle(selected); else go(at + 1); }
    else if (e.key === "ArrowLeft") { if (row && row.size > 0 && !closed.has(selected)) onToggle(selected); else if (row) for (let k = at - 1; k >= 0; k--) if (diff.rows[rows[k]!]!.depth < row.depth) { go(k); break; } }
    else if (e.key === " ") onToggle(selected);
    else if (e.key === "Enter") onOpen();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div className="tree difftree">
      <div className="difftree-head" aria-hidden="true"><div>Span</div><div className="num">A</div><div className="num">B</div><div className="num">Δ time</div><div className="num difftree-tokens">Δ tokens</div><div className="num difftree-cost">Δ cost</div></div>
      <div ref={view.box} className="tree-scroll" role="tree" aria-label="Spans of both traces" tabIndex={0} aria-activedescendant={at >= 0 ? `pair-${selected}` : undefined} onKeyDown={onKey} onScroll={view.onScroll}>
        <div className="tree-body" role="presentation" style={{ height: rows.length * ROW, paddingTop: view.first * ROW }}>
          {rows.slice(view.first, view.first + view.count).map((i) => <PairRow key={i} id={i} row={diff.rows[i]!} left={left} right={right} indent={indent} isSelected={i === selected} isClosed={closed.has(i)} onSelect={onSelect} onToggle={onToggle} />)}
        </div>
      </div>
    </div>
  );
}

const WORDS = { same: "", changed: "changed", renamed: "renamed", added: "only in B", removed: "only in A", moved: "moved" } as const;
const SIGNS = { same: "", changed: "~", renamed: "~", added: "+", removed: "−", moved: "↕" } as const;

const PairRow = memo(function PairRow({ id, row, left, right, indent, isSelected, isClosed, onSelect, onToggle }: { readonly id: number; readonly row: DiffRow; readonly left: TraceModel; readonly right: TraceModel; readonly indent: number; readonly isSelected: boolean; readonly isClosed: boolean; readonly onSelect: (id: number) => void; readonly onToggle: (id: number) => void }): JSX.Element {
  const { left: l, right: r, change } = row, model = r >= 0 ? right : left, index = r >= 0 ? r : l, kind = KINDS[model.kind[index]!]!;
  const time = (m: TraceModel, i: number): number => m.end[i]! - m.start[i]!;
  const what = [row.input && "input", row.output && "output", row.tools && "call", row.status && "status"].filter(Boolean).join(", ") || WORDS[change];
  const lt = l >= 0 ? time(left, l) : 0, rt = r >= 0 ? time(right, r) : 0, tokenPair = [l >= 0 ? left.totalTokens[l]! : 0, r >= 0 ? right.totalTokens[r]! : 0] as const, costPair = [l >= 0 ? left.totalCost[l]! : 0, r >= 0 ? right.totalCost[r]! : 0] as const;
  const slower = Math.max(lt, rt);
  return (
    // The tree handles keys; a row only takes the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div id={`pair-${id}`} role="treeitem" aria-level={row.depth + 1} aria-selected={isSelected} aria-expanded={row.size > 0 ? !isClosed : undefined} tabIndex={-1} className={`tree-row difftree-row difftree-${change}`} data-kind={kind} onClick={() => onSelect(id)} onDoubleClick={() => row.size > 0 && onToggle(id)}>
      <div className="tree-name" style={{ paddingLeft: indentation(row.depth, indent) }}>
        <span className="difftree-sign" aria-hidden="true">{SIGNS[change]}</span>
        {row.size > 0 ? <button type="button" className="tree-twisty" tabIndex={-1} aria-hidden="true" data-open={!isClosed} onClick={(e) => { e.stopPropagation(); onToggle(id); }} /> : <span className="tree-twisty" />}
        <KindIcon kind={kind} />
        <span className="difftree-words">
          <span className="tree-text" title={change === "renamed" ? `${left.name(l)} → ${right.name(r)}` : model.name(index)}>{change === "renamed" && <span className="difftree-was"><s><PlainText text={left.name(l)} /></s> → </span>}<PlainText text={model.name(index) || "(no name)"} /></span>
          {what && <span className="difftree-what" title={what}>{what}</span>}
        </span>
        {isClosed && row.changedBelow > 0 && <span className="tree-count" title="Differences below">{row.changedBelow}</span>}
        {model.status[index] === ERROR && <span className="tree-failed" role="img" aria-label="error" />}
      </div>
      <div className="tree-cell">{l >= 0 ? <span className="difftree-time"><i style={{ width: `${slower > 0 ? (lt / slower) * 100 : 0}%` }} />{duration(lt)}</span> : ""}</div>
      <div className="tree-cell">{r >= 0 ? <span className="difftree-time difftree-right"><i style={{ width: `${slower > 0 ? (rt / slower) * 100 : 0}%` }} />{duration(rt)}</span> : ""}</div>
      <div className="tree-cell">{l >= 0 && r >= 0 ? <Delta from={lt} to={rt} format={duration} isLessBetter least={5} isQuiet /> : ""}</div>
      <div className="tree-cell difftree-tokens">{tokenPair[0] + tokenPair[1] > 0 ? <Delta from={tokenPair[0]} to={tokenPair[1]} format={tokens} isQuiet /> : ""}</div>
      <div className="tree-cell difftree-cost">{costPair[0] + costPair[1] > 0 ? <Delta from={costPair[0]} to={costPair[1]} format={fineCost} isLessBetter isQuiet /> : ""}</div>
    </div>
  );
});

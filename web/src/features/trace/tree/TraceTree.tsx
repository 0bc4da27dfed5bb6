import { useCallback, useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import type { Config, Summary } from "../../annotations/annotation";
import type { CriticalPath } from "../model/criticalPath";
import { NO_PHASES, type Phase } from "../model/phases";
import { rowOf } from "../model/rows";
import type { TraceModel } from "../model/trace";
import { Minimap } from "./Minimap";
import { Ruler } from "./Ruler";
import { DEEP, indentStep, TreeRow } from "./TreeRow";
import { ROW, useViewport } from "./useViewport";
import { around, isWhole, panned, zoomed, type Window } from "./zoom";

export interface TraceTreeProps {
  readonly model: TraceModel;
  readonly rows: Int32Array;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly closed: ReadonlySet<number>;
  readonly onToggle: (index: number, open?: boolean) => void;
  /** What `withAncestors` says of a search. */
  readonly matches: Uint8Array | undefined;
  readonly highlight: string | undefined;
  readonly window: Window;
  readonly onZoom: (window: Window) => void;
  readonly critical: CriticalPath | undefined;
  /** Of the selected span, whose details are known. */
  readonly phases: readonly Phase[];
  /** What spans are annotated with, by the ids of their nodes. */
  readonly annotations: ReadonlyMap<string, readonly Summary[]> | undefined;
  readonly configs: readonly Config[] | undefined;
  /** Enter: to the details. */
  readonly onOpen: () => void;
}

/** The spans of a trace as a tree, each with its bar on a common scale of time. */
export function TraceTree(props: TraceTreeProps): JSX.Element {
  const { model, rows, selected, onSelect, closed, onToggle, matches, highlight, window, onZoom, critical, phases, annotations, configs, onOpen } = props;
  const view = useViewport(rows.length), row = useMemo(() => rowOf(rows, selected), [rows, selected]);
  const whole = Math.max(model.duration, 1e-3);
  const { deepest, hasTokens, hasCosts } = useMemo(() => ({
    deepest: model.depth.reduce((most, d) => Math.max(most, d), 0), hasTokens: model.tokens.some((t) => t > 0), hasCosts: model.cost.some((c) => c > 0),
  }), [model]);
  const indent = indentStep(deepest);
  const { reveal, box } = view;
  useEffect(() => reveal(row), [row, reveal]);
  useWheelZoom(box, window, whole, onZoom);
  const toggle = useCallback((index: number) => onToggle(index), [onToggle]);

  const onKey = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / ROW) - 2);
    const go = (to: number): void => { const i = rows[Math.min(rows.length - 1, Math.max(0, to))]; if (i !== undefined) onSelect(i); };
    if (e.shiftKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) onZoom(panned(window, ((e.key === "ArrowLeft" ? -1 : 1) * (window.to - window.from)) / 5, whole));
    else if (e.key === "ArrowDown" || e.key === "j") go(row + 1);
    else if (e.key === "ArrowUp" || e.key === "k") go(row - 1);
    else if (e.key === "PageDown") go(row + page);
    else if (e.key === "PageUp") go(row - page);
    else if (e.key === "Home") go(0);
    else if (e.key === "End") go(rows.length - 1);
    else if (e.key === "ArrowRight") { if (model.size[selected]! > 1 && closed.has(selected)) onToggle(selected, true); else go(row + 1); }
    else if (e.key === "ArrowLeft") { if (model.size[selected]! > 1 && !closed.has(selected)) onToggle(selected, false); else if ((model.parent[selected] ?? -1) >= 0) onSelect(model.parent[selected]!); }
    else if (e.key === "Enter") onOpen();
    else if (e.key === " ") onToggle(selected);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  const shown = Array.from(rows.subarray(view.first, view.first + view.count));
  return (
    <div className={`tree${deepest < DEEP ? "" : " tree-deep"}${hasTokens ? "" : " tree-no-tokens"}${hasCosts ? "" : " tree-no-costs"}`}>
      <div className="tree-head">
        <div className="tree-head-name">Span</div>
        <div className="tree-cell tree-time">Time</div>
        <div className="tree-cell tree-tokens">Tokens</div>
        <div className="tree-cell tree-cost">Cost</div>
        <div className="tree-scale">
          <Minimap model={model} window={window} onZoom={onZoom} selected={selected} />
          <Ruler window={window} whole={whole} onZoom={onZoom} />
        </div>
      </div>
      <div ref={box} className="tree-scroll" role="tree" aria-label="Spans of the trace" tabIndex={0} aria-activedescendant={row >= 0 ? `span-${selected}` : undefined} onKeyDown={onKey} onScroll={view.onScroll}>
        <div className="tree-body" role="presentation" style={{ height: rows.length * ROW, paddingTop: view.first * ROW }}>
          {shown.map((i) => (
            <TreeRow
              key={i} model={model} index={i} isSelected={i === selected} isClosed={closed.has(i)} match={matches?.[i]} highlight={matches?.[i] === 2 ? highlight : undefined} window={window}
              critical={critical && (critical.on[i] === 1 ? critical.own[i]! : -1)} phases={i === selected ? phases : NO_PHASES} indent={indent} annotations={annotations?.get(model.nodeId(i))} configs={configs} onSelect={onSelect} onToggle={toggle}
            />
          ))}
        </div>
      </div>
      {!isWhole(window, whole) && <button type="button" className="tree-reset" onClick={() => onZoom({ from: 0, to: whole })}>Show all <kbd className="kbd">0</kbd></button>}
    </div>
  );
}

/** Zooms around a span. */
export const fitted = (model: TraceModel, index: number): Window => around(model.start[index]!, model.end[index]!, Math.max(model.duration, 1e-3));

/** Ctrl and the wheel zoom at the pointer, shift and the wheel move along. */
function useWheelZoom(box: { readonly current: HTMLElement | null }, window: Window, whole: number, onZoom: (w: Window) => void): void {
  const latest = useRef({ window, whole, onZoom });
  latest.current = { window, whole, onZoom };
  useEffect(() => {
    const el = box.current?.parentElement;
    if (!el) return undefined;
    const wheel = (e: WheelEvent): void => {
      const { window: w, whole: all, onZoom: zoom } = latest.current;
      const scale = el.querySelector<HTMLElement>(".tree-scale"), r = scale?.getBoundingClientRect();
      const isOverScale = e.target instanceof Element && scale?.contains(e.target);
      const isZoom = e.ctrlKey || e.metaKey || (isOverScale && !e.shiftKey && Math.abs(e.deltaY) > Math.abs(e.deltaX));
      const along = e.shiftKey && e.deltaX === 0 ? e.deltaY : e.deltaX;
      if (!r || r.width < 20 || (!isZoom && along === 0)) return;
      e.preventDefault();
      if (isZoom) zoom(zoomed(w, Math.exp(Math.max(-1, Math.min(1, e.deltaY * 0.002))), w.from + Math.min(1, Math.max(0, (e.clientX - r.left) / r.width)) * (w.to - w.from), all));
      else zoom(panned(w, (along / r.width) * (w.to - w.from), all));
    };
    el.addEventListener("wheel", wheel, { passive: false });
    return () => el.removeEventListener("wheel", wheel);
  }, [box]);
}

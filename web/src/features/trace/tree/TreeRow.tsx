import { memo } from "react";
import { cost, duration, tokens } from "../../../base/format";
import type { Config, Summary } from "../../annotations/annotation";
import { SummaryChips } from "../../annotations/SummaryChips";
import { KindIcon } from "../../../parts/kind/Kind";
import { PlainText } from "../../../parts/text/PlainText";
import { ERROR, KINDS } from "../model/columns";
import { phasesText, type Phase } from "../model/phases";
import { CYCLE, ORPHAN, PLAIN, type TraceModel } from "../model/trace";
import type { Window } from "./zoom";

/** Pixels that all levels of a trace may take together; deeper traces get smaller steps. */
const INDENT = 120;
const DEEPEST_INDENT = 40;
/** From this many levels on names need more room than bars. */
export const DEEP = 8;

export const indentStep = (deepest: number): number => Math.max(3, Math.min(14, INDENT / Math.max(1, deepest)));

/** Where a row begins; a tree that has little room squeezes it. */
export const indentation = (depth: number, step: number): string => `calc(6px + ${Math.min(depth, DEEPEST_INDENT) * step}px * var(--tree-squeeze, 1))`;

export interface TreeRowProps {
  readonly model: TraceModel;
  readonly index: number;
  readonly isSelected: boolean;
  readonly isClosed: boolean;
  /** 2 for a match of the search, 1 for what is above one; undefined without a search. */
  readonly match: number | undefined;
  readonly highlight: string | undefined;
  readonly window: Window;
  /** Milliseconds that the span holds up the trace, -1 when it does not; undefined while the critical path is off. */
  readonly critical: number | undefined;
  /** Where its time went, as far as that is known. */
  readonly phases: readonly Phase[];
  /** Pixels a level. */
  readonly indent: number;
  readonly annotations: readonly Summary[] | undefined;
  readonly configs: readonly Config[] | undefined;
  readonly onSelect: (index: number) => void;
  readonly onToggle: (index: number) => void;
}

export const TreeRow = memo(function TreeRow({ model, index, isSelected, isClosed, match, highlight, window, critical, phases, indent, annotations, configs, onSelect, onToggle }: TreeRowProps): JSX.Element {
  const start = model.start[index]!, end = model.end[index]!, kind = KINDS[model.kind[index]!]!, depth = model.depth[index]!;
  const failed = model.status[index] === ERROR, hasChildren = model.size[index]! > 1, oddity = model.oddity[index]!, isOpen = model.open[index] === 1;
  const hiddenErrors = isClosed ? model.totalErrors[index]! - (failed ? 1 : 0) : 0;
  const share = (t: number): number => ((t - window.from) / (window.to - window.from)) * 100;
  const left = share(start), right = share(end), isLeft = right < 0, isRight = left > 100;
  const from = Math.max(0, left), to = Math.min(100, right);
  /** Where a time is between the ends of the bar as it is drawn. */
  const within = (t: number): number => (Math.min(to, Math.max(from, share(t))) - from) / Math.max(1e-9, to - from) * 100;
  const faded = !isSelected && (match !== undefined ? match === 1 : critical !== undefined && critical < 0);
  return (
    // The tree handles keys; a row only takes the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`span-${index}`} role="treeitem" aria-level={depth + 1} aria-selected={isSelected} aria-expanded={hasChildren ? !isClosed : undefined} tabIndex={-1}
      className={`tree-row${faded ? " tree-faded" : ""}`} data-kind={kind} onClick={() => onSelect(index)} onDoubleClick={() => hasChildren && onToggle(index)}
    >
      <div className="tree-name" style={{ paddingLeft: indentation(depth, indent) }}>
        {hasChildren
          ? <button type="button" className="tree-twisty" tabIndex={-1} aria-hidden="true" onClick={(e) => { e.stopPropagation(); onToggle(index); }} data-open={!isClosed} />
          : <span className="tree-twisty" />}
        {depth > DEEPEST_INDENT && <span className="tree-depth" title={`Level ${depth + 1}`}>{depth + 1}</span>}
        <KindIcon kind={kind} />
        <span className="sr">{kind} </span>
        <span className="tree-text" title={model.name(index)}><PlainText text={model.name(index) || "(no name)"} highlight={highlight} /></span>
        {oddity !== PLAIN && <span className="tree-note" title={oddity === ORPHAN ? "The parent of this span is not stored." : "The parents of this span lead back to it; the circle was cut here."}>{oddity === CYCLE ? "cycle" : "orphan"}</span>}
        {isClosed && <span className="tree-count">{(model.size[index]! - 1).toLocaleString("en-US")}</span>}
        {annotations && <SummaryChips summaries={annotations} configs={configs} isReadOnly />}
        {failed && <span className="tree-failed" role="img" aria-label="error" />}
        {hiddenErrors > 0 && <span className="tree-failed tree-failed-below" role="img" aria-label={`${hiddenErrors} errors below`} title={`${hiddenErrors} below`} />}
      </div>
      <div className="tree-cell tree-time">{isOpen && end === start ? "…" : duration(end - start)}</div>
      <div className="tree-cell tree-tokens">{model.tokens[index]! > 0 ? tokens(model.tokens[index]) : isClosed && model.totalTokens[index]! > 0 ? <span className="tree-sum" title="Sum of what is below">{tokens(model.totalTokens[index])}</span> : ""}</div>
      <div className="tree-cell tree-cost">{model.cost[index]! > 0 ? cost(model.cost[index]) : isClosed && model.totalCost[index]! > 0 ? <span className="tree-sum" title="Sum of what is below">{cost(model.totalCost[index])}</span> : ""}</div>
      <div className="tree-lane">
        {isLeft ? <span className="tree-off" aria-hidden="true">‹</span> : isRight ? <span className="tree-off tree-off-right" aria-hidden="true">›</span> : (
          <div className={`tree-bar${failed ? " tree-bar-failed" : ""}${isOpen ? " tree-bar-open" : ""}${critical !== undefined && critical >= 0 ? " tree-bar-critical" : ""}`} style={{ left: `${from}%`, width: `max(2px, ${Math.max(0, to - from)}%)` }} title={phases.length > 0 ? phasesText(phases) : undefined}>
            {phases.map((p) => <span key={p.name} className={`tree-phase tree-phase-${p.name}`} style={{ left: `${within(start + p.from)}%`, right: `${100 - within(start + p.to)}%` }} />)}
          </div>
        )}
        {critical !== undefined && critical > 0 && !isLeft && !isRight && critical < end - start - 1e-9 && (
          <span className={to > 70 ? "tree-own tree-own-before" : "tree-own"} style={to > 70 ? { right: `${100 - from}%` } : { left: `${to}%` }}>{duration(critical)} own</span>
        )}
      </div>
    </div>
  );
});

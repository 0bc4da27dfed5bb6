import { useMemo, useRef } from "react";
import { cost, duration, integer, plural, time, tokens } from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { Link, setQuery, useQueryParameter } from "../../../base/router";
import { Button } from "../../../parts/Button";
import { Segmented } from "../../../parts/Segmented";
import { Split } from "../../../parts/Split";
import { PlainText } from "../../../parts/text/PlainText";
import { ERROR } from "../model/columns";
import type { TraceDiff } from "../model/diff";
import type { TraceModel } from "../model/trace";
import { Status } from "../Status";
import { spanLink } from "../TraceView";
import { Delta, fineCost } from "./Delta";
import { DiffTree } from "./DiffTree";
import { PairPanel } from "./PairPanel";

export interface CompareBodyProps {
  readonly left: TraceModel;
  readonly right: TraceModel;
  readonly diff: TraceDiff;
  readonly took: number;
  readonly projectId: string;
  readonly list: "spans" | "traces";
  readonly ids: readonly [string, string];
  readonly costs: readonly [number | null, number | null];
  readonly closed: ReadonlySet<number>;
  readonly setClosed: (change: (old: ReadonlySet<number>) => ReadonlySet<number>) => void;
}

export function CompareBody({ left, right, diff, projectId, list, ids, costs, closed, setClosed, took }: CompareBodyProps): JSX.Element {
  const [shown, setShown] = useQueryParameter("show", "all");
  const [pair, setPair] = useQueryParameter("pair", "0");
  const host = useRef<HTMLDivElement>(null);
  const selected = Math.min(Math.max(0, Number(pair) || 0), Math.max(0, diff.rows.length - 1));
  const rows = useMemo(() => {
    const out: number[] = [];
    for (let i = 0; i < diff.rows.length;) {
      const row = diff.rows[i]!;
      if (shown === "differences" && row.change === "same" && row.changedBelow === 0) { i += row.size + 1; continue; }
      out.push(i);
      i += closed.has(i) ? row.size + 1 : 1;
    }
    return out;
  }, [diff, shown, closed]);
  const changes = useMemo(() => diff.rows.flatMap((r, i) => (r.change === "same" ? [] : [i])), [diff]);
  const nextChange = (step: 1 | -1): void => {
    const to = step === 1 ? changes.find((i) => i > selected) ?? changes[0] : [...changes].reverse().find((i) => i < selected) ?? changes[changes.length - 1];
    if (to === undefined) return;
    setClosed((c) => { const next = new Set(c); for (const i of c) if (to > i && to <= i + diff.rows[i]!.size) next.delete(i); return next; });
    setPair(String(to));
  };
  useKeys([
    { keys: "n", label: "Next difference", group: "Compare", run: () => nextChange(1) },
    { keys: "shift+n", label: "Previous difference", group: "Compare", run: () => nextChange(-1) },
    { keys: "s", label: "Swap the two traces", group: "Compare", run: () => setQuery({ traceId: [ids[1], ids[0]], pair: null }) },
  ]);
  const total = (m: TraceModel, of: Float64Array): number => m.roots.reduce((sum, r) => sum + of[r]!, 0);
  const tokenTotals = [total(left, left.totalTokens), total(right, right.totalTokens)] as const;
  const costTotals = [costs[0] ?? total(left, left.totalCost), costs[1] ?? total(right, right.totalCost)] as const;
  return (
    <>
      <div className="compare-head">
        <TraceCard name="A" model={left} id={ids[0]} tokenTotal={tokenTotals[0]} costTotal={costTotals[0]} to={spanLink(projectId, list, ids[0], null)} />
        <div className="compare-between">
          <Button size="s" icon="compare" title="Swap the two traces (s)" onClick={() => setQuery({ traceId: [ids[1], ids[0]], pair: null })}>Swap</Button>
          <dl>
            <div><dt>Time</dt><dd><Delta from={left.duration} to={right.duration} format={duration} isLessBetter /></dd></div>
            <div><dt>Tokens</dt><dd><Delta from={tokenTotals[0]} to={tokenTotals[1]} format={tokens} /></dd></div>
            <div><dt>Cost</dt><dd><Delta from={costTotals[0]} to={costTotals[1]} format={fineCost} isLessBetter /></dd></div>
          </dl>
        </div>
        <TraceCard name="B" model={right} id={ids[1]} tokenTotal={tokenTotals[1]} costTotal={costTotals[1]} to={spanLink(projectId, list, ids[1], null)} />
      </div>
      <div className="compare-bar">
        <Segmented size="s" label="Show" value={shown === "differences" ? "differences" : "all"} options={[{ value: "all", label: "All spans" }, { value: "differences", label: "Only differences" }]} onChange={setShown} />
        <p className="compare-sum" role="status" title={`Aligned in ${Math.round(took)} ms`}>
          {plural(diff.pairs, "span")} in both{diff.changed > 0 && <>, <b className="compare-changed">{integer(diff.changed)} changed</b></>}{diff.removed > 0 && <>, <b className="compare-removed">{integer(diff.removed)} only in A</b></>}{diff.added > 0 && <>, <b className="compare-added">{integer(diff.added)} only in B</b></>}
        </p>
        <span className="push" />
        <Button size="s" variant="quiet" disabled={changes.length === 0} title="Previous difference (shift+n)" onClick={() => nextChange(-1)}>Previous</Button>
        <Button size="s" variant="quiet" disabled={changes.length === 0} title="Next difference (n)" onClick={() => nextChange(1)}>Next difference</Button>
      </div>
      <div className="compare-main" ref={host}>
        <Split
          name="compare" label="Width of the pair's details" initial={520} min={320} minFirst={300}
          first={rows.length === 0 ? <p className="compare-none">The two traces do not differ.</p> : <DiffTree left={left} right={right} diff={diff} rows={rows} selected={selected} onSelect={(i) => setPair(String(i))} closed={closed} onToggle={(i) => setClosed((c) => { const next = new Set(c); if (!next.delete(i)) next.add(i); return next; })} onOpen={() => host.current?.querySelector<HTMLElement>(".span-body")?.focus()} />}
          second={<PairPanel left={left} right={right} row={diff.rows[selected]} projectId={projectId} list={list} ids={ids} />}
        />
      </div>
    </>
  );
}

function TraceCard({ name, model, id, tokenTotal, costTotal, to }: { readonly name: string; readonly model: TraceModel; readonly id: string; readonly tokenTotal: number; readonly costTotal: number; readonly to: string }): JSX.Element {
  const root = model.roots[0] ?? 0;
  return (
    <section className="compare-trace" aria-label={`Trace ${name}`}>
      <div className="compare-line"><b className="compare-letter">{name}</b><Link to={to} className="compare-name" title={id}><PlainText text={model.count > 0 ? model.name(root) : "empty"} /></Link><Status failed={model.status[root] === ERROR} below={model.errors.length > 0} unset={model.status[root] === 2} /></div>
      <div className="compare-line compare-facts"><span>{duration(model.duration)}</span><span>{plural(model.count, "span")}</span>{tokenTotal > 0 && <span>{tokens(tokenTotal)} tok</span>}{costTotal > 0 && <span>{cost(costTotal)}</span>}<span>{time(model.startTime)}</span></div>
    </section>
  );
}

import { useMemo, useState } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { Link } from "../../base/router";
import { SessionTraceSpans } from "../../generated/graphql";
import { VisibleText } from "../../parts/text/PlainText";
import { WindowedList } from "../../parts/windowed";
import { spanTree, type SpanOfTree } from "./spanTree";
import type { LoadedTurn } from "./turnList";
import type { Turns } from "./useTurns";

interface SessionTracesProps {
  readonly count: number;
  readonly data: Turns;
  readonly traceLink: (traceId: string, spanId?: string) => string;
}

/** The traces of a session, each with its spans on demand. */
export function SessionTraces({ count, data, traceLink }: SessionTracesProps): JSX.Element {
  const { turns, need } = data;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void =>
    setOpen((known) => {
      const next = new Set(known);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <WindowedList
      className="session-traces"
      label="Traces"
      count={count}
      guess={30}
      onView={(_, last) => need(last + 10)}
      renderItem={(index) => {
        const turn = turns[index];
        if (!turn) return <div className="session-trace dim">…</div>;
        return <TraceRow turn={turn} number={index + 1} isOpen={open.has(turn.id)} onToggle={() => toggle(turn.id)} traceLink={traceLink} />;
      }}
    />
  );
}

interface TraceRowProps {
  readonly turn: LoadedTurn;
  readonly number: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly traceLink: (traceId: string, spanId?: string) => string;
}

function TraceRow({ turn, number, isOpen, onToggle, traceLink }: TraceRowProps): JSX.Element {
  const { rootSpan, costSummary } = turn;
  return (
    <>
      <div className="session-trace">
        <button type="button" className="session-toggle" aria-expanded={isOpen} aria-label={`Spans of trace ${number}`} onClick={onToggle}>
          {isOpen ? "▾" : "▸"}
        </button>
        <span className="dim num">{number}</span>
        <span className="mono">{format.time(turn.startTime)}</span>
        <Link className="ellipsis session-name" to={traceLink(turn.traceId)}>
          <VisibleText text={rootSpan?.name ?? turn.traceId} />
        </Link>
        <span className={turn.errorCount > 0 ? "turn-failed" : "dim"}>{turn.errorCount > 0 ? format.plural(turn.errorCount, "error") : "ok"}</span>
        <span className="num dim">{format.plural(turn.numSpans, "span")}</span>
        <span className="num">{format.duration(turn.latencyMs)}</span>
        <span className="num">{format.tokens(rootSpan?.cumulativeTokenCountTotal)}</span>
        <span className="num">{format.cost(costSummary.total.cost)}</span>
      </div>
      {isOpen && <Spans traceNodeId={turn.id} traceId={turn.traceId} traceLink={traceLink} />}
    </>
  );
}

interface SpansProps {
  readonly traceNodeId: string;
  readonly traceId: string;
  readonly traceLink: (traceId: string, spanId?: string) => string;
}

function Spans({ traceNodeId, traceId, traceLink }: SpansProps): JSX.Element {
  const { data, error } = useQuery(SessionTraceSpans, { id: traceNodeId });
  const page = data?.node.__typename === "Trace" ? data.node.spans : null;
  const rows = useMemo(() => spanTree(page?.edges.map((edge) => edge.node) ?? []), [page]);
  if (error) return <p className="session-spans turn-failed">{error.message}</p>;
  if (!page) return <p className="session-spans dim">Loading spans…</p>;
  return (
    <ul className="session-spans" aria-label="Spans">
      {rows.map(({ span, depth }) => (
        <SpanRow key={span.id} span={span} depth={depth} to={traceLink(traceId, span.id)} />
      ))}
      {page.pageInfo.hasNextPage && (
        <li className="session-span">
          <Link to={traceLink(traceId)}>All spans in the trace view</Link>
        </li>
      )}
    </ul>
  );
}

function SpanRow({ span, depth, to }: { readonly span: SpanOfTree; readonly depth: number; readonly to: string }): JSX.Element {
  return (
    <li className="session-span" data-kind={span.spanKind.toUpperCase()}>
      <Link className="ellipsis session-name" to={to} style={{ paddingInlineStart: Math.min(depth, 12) * 14 }}>
        <span className="session-kind">{span.spanKind}</span> <VisibleText text={span.name} />
      </Link>
      <span className={span.statusCode === "ERROR" ? "turn-failed" : "dim"}>{span.statusCode === "ERROR" ? "error" : ""}</span>
      <span className="num">{format.duration(span.latencyMs)}</span>
      <span className="num">{span.tokenCountTotal ? format.tokens(span.tokenCountTotal) : ""}</span>
      <span className="num">{span.costSummary?.total.cost ? format.cost(span.costSummary.total.cost) : ""}</span>
    </li>
  );
}

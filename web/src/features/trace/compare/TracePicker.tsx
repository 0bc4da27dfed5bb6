import { useState } from "react";
import { quoted } from "../../../base/filterText";
import { duration, time } from "../../../base/format";
import { useQuery } from "../../../base/cache";
import { RecentTraces } from "../../../generated/graphql";
import { EmptyState } from "../../../parts/EmptyState";
import { Input } from "../../../parts/Input";
import { Skeleton } from "../../../parts/Skeleton";
import { PlainText } from "../../../parts/text/PlainText";
import { Status } from "../Status";

/** Chooses a trace among the latest ones, by the name of its root or by its id. */
export function TracePicker({ projectId, chosen, onChoose }: { readonly projectId: string; readonly chosen: string; readonly onChoose: (traceId: string) => void }): JSX.Element {
  const [text, setText] = useState("");
  const wanted = text.trim(), isId = /^[0-9a-f]{32}$/i.test(wanted);
  const { data, isLoading, error } = useQuery(RecentTraces, { project: projectId, condition: `parent_id is None${wanted && !isId ? ` and ${quoted(wanted)} in name` : ""}` }, { keepPrevious: true });
  const spans = data?.node.__typename === "Project" ? data.node.spans.edges.map((e) => e.node).filter((s) => s.trace.traceId !== chosen) : [];
  return (
    <div className="picker">
      <h2>{chosen ? "With which trace?" : "Which trace?"}</h2>
      <form onSubmit={(e) => { e.preventDefault(); if (isId) onChoose(wanted.toLowerCase()); else if (spans[0]) onChoose(spans[0].trace.traceId); }}>
        <Input icon="search" type="search" value={text} onChange={(e) => setText(e.target.value)} placeholder="Name of the root span, or a trace id" aria-label="Find a trace by the name of its root span or by its id" />
      </form>
      {isId && <ul className="picker-list"><li><button type="button" onClick={() => onChoose(wanted.toLowerCase())}>Trace <code>{wanted}</code></button></li></ul>}
      {isLoading ? <Skeleton lines={6} label="Loading traces" /> : error ? <p className="dim" role="alert">{error.message}</p> : spans.length === 0 ? <EmptyState icon="traces" title="No trace like this" /> : (
        <ul className="picker-list" aria-label="Latest traces">
          {spans.map((s) => (
            <li key={s.id}><button type="button" onClick={() => onChoose(s.trace.traceId)}><span className="picker-name"><PlainText text={s.name} /></span><Status failed={s.statusCode === "ERROR"} unset={s.statusCode === "UNSET"} /><span className="num">{duration(s.latencyMs)}</span><span className="num dim">{time(s.startTime)}</span></button></li>
          ))}
        </ul>
      )}
    </div>
  );
}

import { Suspense } from "react";
import { cost, duration, integer, time, fullTime, tokens } from "../../base/format";
import { useKeys } from "../../base/keys";
import { lazily } from "../../base/lazily";
import { places } from "../../base/places";
import { useRecentlyViewed } from "../../base/recent";
import { href, Link, setQuery } from "../../base/router";
import { Button } from "../../parts/Button";
import { copyAndTell } from "../../parts/clipboard";
import { ErrorBoundary } from "../../parts/ErrorBoundary";
import { IconButton } from "../../parts/IconButton";
import { Menu } from "../../parts/Menu";
import { PlainText } from "../../parts/text/PlainText";
import { Icon } from "../../parts/Icon";
import { traceName, type LoadedTrace } from "./data/useTrace";
import { downloadTrace } from "./download";
import { ERROR } from "./model/columns";
import { Status } from "./Status";

const TraceFeedback = lazily(() => import("../annotations/TraceFeedback"));

export interface TraceHeaderProps {
  readonly projectId: string;
  readonly traceId: string;
  readonly list: "spans" | "traces";
  readonly isPage: boolean;
  readonly loaded: LoadedTrace;
  readonly onClose: () => void;
  readonly onStep: (step: 1 | -1) => void;
}

export function TraceHeader({ projectId, traceId, list, isPage, loaded, onClose, onStep }: TraceHeaderProps): JSX.Element {
  const { summary, model } = loaded;
  useKeys([
    { keys: "]", label: "Next trace", group: "Trace", run: () => onStep(1) },
    { keys: "[", label: "Previous trace", group: "Trace", run: () => onStep(-1) },
    { keys: "shift+f", label: isPage ? "Trace beside the table" : "Trace as a full page", group: "Trace", run: () => setQuery({ view: isPage ? null : "full" }) },
  ]);
  const root = model?.roots[0], name = traceName(loaded);
  useRecentlyViewed(name ? { kind: "trace", label: name, to: places.trace(projectId, traceId, list), hint: traceId.slice(0, 8) } : undefined);
  const failed = model ? model.errors.length > 0 : (summary?.errorCount ?? 0) > 0;
  const rootFailed = model && root !== undefined ? model.status[root] === ERROR : failed;
  const totalTokens = model ? model.roots.reduce((sum, r) => sum + model.totalTokens[r]!, 0) : undefined;
  const totalCost = summary?.costSummary.total.cost;
  const path = `/projects/${encodeURIComponent(projectId)}/${list}/${encodeURIComponent(traceId)}`;
  const copyAddress = (): void => void copyAndTell("the link to the trace", new URL(href(path), location.href).href);
  return (
    <header className="trace-header">
      <div className="trace-steps">
        <IconButton icon="arrow-up" label="Previous trace" keys="[" onClick={() => onStep(-1)} />
        <IconButton icon="arrow-down" label="Next trace" keys="]" onClick={() => onStep(1)} />
      </div>
      {!isPage && <h2 className="trace-title" title={name}><PlainText text={name ?? "Trace"} /></h2>}
      {model && <Status failed={rootFailed ?? false} below={failed && !rootFailed} unset={root !== undefined && model.status[root] === 2} />}
      <dl className="trace-facts">
        <div><dt>Time</dt><dd>{model ? duration(model.duration) : "…"}</dd></div>
        <div><dt>Spans</dt><dd>{model ? integer(model.count) : "…"}</dd></div>
        {totalTokens !== undefined && totalTokens > 0 && <div title={summary ? `${integer(summary.costSummary.prompt.tokens)} prompt, ${integer(summary.costSummary.completion.tokens)} completion` : undefined}><dt>Tokens</dt><dd>{tokens(totalTokens)}</dd></div>}
        {totalCost !== undefined && totalCost !== null && totalCost > 0 && <div title={`${cost(summary?.costSummary.prompt.cost)} prompt, ${cost(summary?.costSummary.completion.cost)} completion`}><dt>Cost</dt><dd>{cost(totalCost)}</dd></div>}
        {model && <div title={fullTime(model.startTime)}><dt>Start</dt><dd>{time(model.startTime)}</dd></div>}
        {summary?.userId && <div className="trace-user"><dt>User</dt><dd className="ellipsis"><PlainText text={summary.userId} /></dd></div>}
      </dl>
      {model && (
        <ErrorBoundary resetKey={traceId} fallback={null}>
          <Suspense fallback={null}><TraceFeedback projectId={projectId} traceId={traceId} /></Suspense>
        </ErrorBoundary>
      )}
      {summary?.session && <Link className="trace-session" to={`/projects/${encodeURIComponent(projectId)}/sessions/${encodeURIComponent(summary.session.id)}`} title={`Session ${summary.session.sessionId}`}><Icon name="sessions" size={14} /><span className="trace-word">Session</span></Link>}
      <span className="trace-copy"><IconButton icon="link" label="Copy a link to the trace" onClick={copyAddress} /></span>
      <Menu
        label="Trace" trigger={(props) => <IconButton icon="more" label="More" {...props} />}
        items={[
          { id: "link", label: "Copy a link to the trace", icon: "link", onSelect: copyAddress },
          { id: "id", label: "Copy the trace id", icon: "copy", hint: `${traceId.slice(0, 8)}…`, onSelect: () => void copyAndTell("the trace id", traceId) },
          { id: "compare", label: "Compare with another trace", icon: "compare", to: `/projects/${encodeURIComponent(projectId)}/${list}/compare?traceId=${encodeURIComponent(traceId)}` },
          { id: "json", label: "Download as JSON lines", icon: "download", startsGroup: true, onSelect: () => downloadTrace(projectId, traceId, "jsonl") },
          { id: "otlp", label: "Download as OTLP JSON", icon: "download", onSelect: () => downloadTrace(projectId, traceId, "otlp") },
        ]}
      />
      {isPage
        ? <Button size="s" icon="collapse" onClick={() => setQuery({ view: null })}>Beside the table</Button>
        : <><IconButton icon="expand" label="Full page" keys="shift+f" onClick={() => setQuery({ view: "full" })} /><IconButton icon="close" label="Close the trace" keys="Escape" onClick={onClose} /></>}
    </header>
  );
}

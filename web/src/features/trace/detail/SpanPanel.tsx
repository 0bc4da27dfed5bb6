import { Suspense, useId, useMemo, useState, type KeyboardEvent } from "react";
import { cost, duration, integer, time, fullTime, tokens } from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { lazily } from "../../../base/lazily";
import { isBoolean, preference, usePreference } from "../../../base/preferences";
import { useQueryParameter } from "../../../base/router";
import { copyAndTell } from "../../../parts/clipboard";
import { CopyButton } from "../../../parts/CopyButton";
import { EmptyState } from "../../../parts/EmptyState";
import { Button } from "../../../parts/Button";
import { Badge } from "../../../parts/Chip";
import { ErrorBoundary } from "../../../parts/ErrorBoundary";
import { IconButton } from "../../../parts/IconButton";
import { jsonText } from "../../../parts/json/json";
import { Kind } from "../../../parts/kind/Kind";
import { LateDialog } from "../../../parts/LateDialog";
import { Menu } from "../../../parts/Menu";
import { Popover } from "../../../parts/Popover";
import { Skeleton } from "../../../parts/Skeleton";
import { Tabs } from "../../../parts/Tabs";
import { PlainText } from "../../../parts/text/PlainText";
import { useSpan, type Detail } from "../data/useSpan";
import { downloadSpan, saveFile } from "../download";
import { ERROR, KINDS } from "../model/columns";
import { tokenDetails } from "../model/llm";
import type { JsonObject } from "../model/attributes";
import { NO_PHASES, phasesOf, phasesText } from "../model/phases";
import type { TraceModel } from "../model/trace";
import { Status } from "../Status";
import { AttributesTab } from "./AttributesTab";
import { EventsTab } from "./EventsTab";
import { InfoTab } from "./InfoTab";
import { RawTab } from "./RawTab";

const AddToDatasetDialog = lazily(() => import("../../datasets/AddToDatasetDialog"));
const SpanAnnotator = lazily(() => import("../../annotations/SpanAnnotator"));
const showsAnnotator = preference("trace-annotator", false, isBoolean);

export interface SpanPanelProps {
  readonly model: TraceModel;
  readonly index: number;
  readonly projectId: string;
  readonly traceId: string;
  readonly list: "spans" | "traces";
  readonly highlight: string | undefined;
  readonly onSelect: (index: number) => void;
  readonly onBack: () => void;
}

type TabId = "info" | "attributes" | "events" | "raw";
const isTab = (text: string): text is TabId => ["info", "attributes", "events", "raw"].includes(text);

/** All that is known of the selected span. */
export function SpanPanel({ model, index, projectId, highlight, onSelect, onBack }: SpanPanelProps): JSX.Element {
  const nodeId = model.count > 0 ? model.nodeId(index) : "", panelId = useId();
  const [wanted, setTab] = useQueryParameter("tab", "info");
  const tab: TabId = isTab(wanted) ? wanted : "info";
  const { span, attributes, error, retry } = useSpan(nodeId);
  const kind = KINDS[model.kind[index]!]!, name = model.name(index);
  const phases = useMemo(() => (kind === "llm" && span ? phasesOf(span, attributes) : NO_PHASES), [kind, span, attributes]);
  const exceptions = span?.events.filter(isException).length ?? 0, events = span?.events.length ?? 0;
  const [isAnnotating, setAnnotating] = usePreference(showsAnnotator);
  const [isAdding, setAdding] = useState(false);
  const [focus, setFocus] = useState<"form" | "note" | null>(null);
  const annotate = (on: "form" | "note"): void => { setAnnotating(true); setFocus(null); requestAnimationFrame(() => setFocus(on)); };
  const stopAnnotating = (): void => { setAnnotating(false); setFocus(null); onBack(); };
  useKeys([
    { keys: "a", label: "Annotate the span", group: "Trace", run: () => annotate("form") },
    { keys: "n", label: "Add a note to the span", group: "Trace", run: () => annotate("note") },
    { keys: "d", label: "Add the span to a dataset", group: "Trace", run: () => { if (nodeId !== "") setAdding(true); } },
  ]);
  const onKey = (e: KeyboardEvent): void => { if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); onBack(); } };
  return (
    <section className="span" aria-label="Span" data-kind={kind}>
      <header className="span-header">
        <div className="span-line">
          <Kind kind={kind} size={16} />
          <h2 className="span-title" title={name}><PlainText text={name || "(no name)"} /></h2>
          <Status failed={model.status[index] === ERROR} unset={model.status[index] === 2} />
          <span className="push" />
          <Button size="s" icon="tag" aria-pressed={isAnnotating} title="Annotate the span (a)" onClick={() => (isAnnotating ? stopAnnotating() : annotate("form"))}>Annotate</Button>
          <CopyButton text={() => model.spanId(index)} label="Copy the span id" size="m" />
          <Menu
            label="Span" trigger={(props) => <IconButton icon="more" label="More about the span" {...props} />}
            items={[
              { id: "dataset", label: "Add to a dataset…", icon: "datasets", keys: "d", onSelect: () => setAdding(true) },
              { id: "otel", label: "Copy the OpenTelemetry id", icon: "copy", startsGroup: true, hint: model.spanId(index), onSelect: () => void copyAndTell("the OpenTelemetry id", model.spanId(index)) },
              { id: "node", label: "Copy the node id", icon: "copy", hint: nodeId, onSelect: () => void copyAndTell("the node id", nodeId) },
              { id: "json", label: "Download as JSON", icon: "download", startsGroup: true, isDisabled: !span, onSelect: () => { if (span) saveFile(`span-${span.spanId}.json`, jsonText({ ...span, attributes })); } },
              { id: "otlp", label: "Download as OTLP JSON", icon: "download", onSelect: () => downloadSpan(projectId, model.spanId(index)) },
            ]}
          />
        </div>
        <div className="span-line span-facts">
          <span title={fullTime(model.startTime + model.start[index]!)}>{time(model.startTime + model.start[index]!, true)}</span>
          <span>{model.open[index] === 1 ? "no end" : duration(model.end[index]! - model.start[index]!)}</span>
          {phases.length > 0 && <span>{phasesText(phases)}</span>}
          {model.tokens[index]! > 0 && <Tokens span={span} attributes={attributes} total={model.tokens[index]!} />}
          {model.cost[index]! > 0 && <Costs span={span} total={model.cost[index]!} />}
          {model.size[index]! > 1 && <span title="Spans below this one">{integer(model.size[index]! - 1)} below{model.totalTokens[index]! > model.tokens[index]! ? ` · ${tokens(model.totalTokens[index])} tok in all` : ""}{model.totalCost[index]! > model.cost[index]! ? ` · ${cost(model.totalCost[index])}` : ""}</span>}
        </div>
        <Tabs
          label="Span" panelId={panelId} current={tab} onChange={setTab}
          tabs={[
            { id: "info", label: "Info" }, { id: "attributes", label: "Attributes" },
            { id: "events", label: "Events", extra: events > 0 ? <Badge tone={exceptions > 0 ? "bad" : "neutral"}>{events}</Badge> : undefined },
            { id: "raw", label: "Raw JSON" },
          ]}
        />
      </header>
      {isAdding && (
        <Suspense fallback={<LateDialog onGiveUp={() => setAdding(false)} />}>
          <AddToDatasetDialog spanIds={[nodeId]} onClose={() => setAdding(false)} onDone={() => setAdding(false)} />
        </Suspense>
      )}
      {isAnnotating && nodeId !== "" && (
        <Suspense fallback={<Skeleton lines={2} label="Loading the form" />}>
          <SpanAnnotator projectId={projectId} spanId={nodeId} focus={focus} onClose={stopAnnotating} />
        </Suspense>
      )}
      {/* Takes the focus from the tree, scrolls by keys, and gives it back on Escape. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div id={panelId} className="span-body" role="tabpanel" aria-label={tab} tabIndex={0} onKeyDown={onKey}>
        {error ? <EmptyState icon="error" title="The span could not be read" actions={<Button onClick={retry}>Try again</Button>}><p>{error}</p></EmptyState> : !span ? <Skeleton lines={8} label="Loading the span" /> : (
          <ErrorBoundary resetKey={`${nodeId} ${tab}`}>
            {tab === "info" && <InfoTab key={nodeId} model={model} index={index} projectId={projectId} span={span} attributes={attributes} highlight={highlight} onSelect={onSelect} onEvents={() => setTab("events")} />}
            {tab === "attributes" && <AttributesTab attributes={attributes} text={span.attributes} />}
            {tab === "events" && <EventsTab events={span.events} start={model.startTime + model.start[index]!} />}
            {tab === "raw" && <RawTab span={span} attributes={attributes} />}
          </ErrorBoundary>
        )}
      </div>
    </section>
  );
}

export const isException = (e: Detail["events"][number]): boolean => e.name.toLowerCase() === "exception" || e.message !== "" && typeof e.attributes === "object" && e.attributes !== null && "exception.type" in e.attributes;

function Tokens({ span, attributes, total }: { readonly span: Detail | undefined; readonly attributes: JsonObject; readonly total: number }): JSX.Element {
  const details = tokenDetails(attributes);
  return (
    <Popover label="Tokens" trigger={(props) => <button type="button" className="span-fact" {...props}>{tokens(total)} tok</button>}>
      {() => (
        <table className="span-table">
          <caption>Tokens</caption>
          <tbody>
            <tr><th scope="row">Prompt</th><td>{integer(span?.tokenCountPrompt)}</td></tr>
            <tr><th scope="row">Completion</th><td>{integer(span?.tokenCountCompletion)}</td></tr>
            {details.map((d) => <tr key={d.label} className="span-part"><th scope="row">{d.label}</th><td>{integer(d.count)}</td></tr>)}
            <tr className="span-total"><th scope="row">Total</th><td>{integer(total)}</td></tr>
          </tbody>
        </table>
      )}
    </Popover>
  );
}

function Costs({ span, total }: { readonly span: Detail | undefined; readonly total: number }): JSX.Element {
  return (
    <Popover label="Cost" trigger={(props) => <button type="button" className="span-fact" {...props}>{cost(total)}</button>}>
      {() => (
        <table className="span-table">
          <caption>Cost</caption>
          <thead><tr><th scope="col">Tokens</th><th scope="col">Count</th><th scope="col">US dollars</th></tr></thead>
          <tbody>
            {span?.costDetailSummaryEntries.map((e) => <tr key={`${e.isPrompt} ${e.tokenType}`}><th scope="row">{e.tokenType.replace(/_/g, " ")}{e.isPrompt ? " (prompt)" : " (completion)"}</th><td>{integer(e.value.tokens)}</td><td>{cost(e.value.cost)}</td></tr>)}
            <tr className="span-total"><th scope="row">Total</th><td>{integer(span?.costSummary?.total.tokens)}</td><td>{cost(total)}</td></tr>
          </tbody>
        </table>
      )}
    </Popover>
  );
}

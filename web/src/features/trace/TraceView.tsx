import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { fetchQuery } from "../../base/cache";
import { useKeys } from "../../base/keys";
import { href, navigate, setQuery, useLocation, withQuery } from "../../base/router";
import { TraceNeighbours } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { copyAndTell } from "../../parts/clipboard";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { Skeleton } from "../../parts/Skeleton";
import { Split } from "../../parts/Split";
import { visibleText } from "../../parts/text/visible";
import { toast } from "../../parts/Toast";
import { traceName, useTrace, type LoadedTrace } from "./data/useTrace";
import { usePrefetchedSpans, useSpan } from "./data/useSpan";
import { SpanPanel } from "./detail/SpanPanel";
import { criticalPath } from "./model/criticalPath";
import { NO_PHASES, phasesOf } from "./model/phases";
import { carriedOver, closedBelow, nextOf, opened, rowOf, visibleRows } from "./model/rows";
import type { TraceModel } from "./model/trace";
import { useAnnotatedSpans } from "../annotations/useAnnotatedSpans";
import { useAllConfigs } from "../annotations/useConfigs";
import { traceBeside } from "./neighbours";
import { TraceHeader } from "./TraceHeader";
import { fitted, TraceTree } from "./tree/TraceTree";
import { TreeBar } from "./tree/TreeBar";
import { isWhole, readWindow, windowText, zoomed, type Window } from "./tree/zoom";
import { useSearch } from "./useSearch";

export interface TraceViewProps {
  readonly projectId: string;
  readonly traceId: string;
  readonly list: "spans" | "traces";
  readonly isPage: boolean;
  /** The list that closing the trace leads to. */
  readonly back: string;
}

/** A trace: its tree with bars at the left, the selected span at the right. */
export function TraceView(props: TraceViewProps): JSX.Element {
  const { projectId, traceId, isPage, back } = props, loaded = useTrace(projectId, traceId);
  return (
    <>
      {isPage && <PageHeader crumbs={[{ label: "Projects", to: "/projects" }, { label: loaded.projectName ?? "Project", to: back }, { label: visibleText(traceName(loaded) ?? "Trace") }]} />}
      <Loaded {...props} loaded={loaded} />
    </>
  );
}

function Loaded({ projectId, traceId, list, isPage, back, loaded }: TraceViewProps & { readonly loaded: LoadedTrace }): JSX.Element {
  const { model } = loaded, onClose = (): void => navigate(back);
  if (loaded.isMissing) {
    return <EmptyState icon="traces" title="No such trace" actions={<Button variant="primary" onClick={onClose}>Back to the {list}</Button>}><p>This project has no trace with the id <code>{traceId}</code>. It may have been deleted or moved, or its spans have not arrived.</p></EmptyState>;
  }
  if (loaded.error && !model) return <EmptyState icon="error" title="The trace could not be read" actions={<Button variant="primary" onClick={loaded.retry}>Try again</Button>}><p>{loaded.error}</p></EmptyState>;
  return (
    <div className="trace">
      <TraceHeader projectId={projectId} traceId={traceId} list={list} isPage={isPage} loaded={loaded} onClose={onClose} onStep={(step) => void stepTrace(projectId, list, traceId, model, step)} />
      {model ? <Opened key={traceId} model={model} projectId={projectId} traceId={traceId} list={list} /> : (
        <div className="trace-loading"><Skeleton lines={14} label="Loading the trace" /></div>
      )}
    </div>
  );
}

/** A trace of more spans opens with as many of its upper levels as have about so many. */
const MANY = 5000;

function closedAtFirst(model: TraceModel): ReadonlySet<number> {
  if (model.count <= MANY) return NOTHING_CLOSED;
  const atDepth: number[] = [];
  for (let i = 0; i < model.count; i++) { const d = model.depth[i]!; atDepth[d] = (atDepth[d] ?? 0) + 1; }
  let depth = 0;
  for (let sum = atDepth[0] ?? 0; depth < atDepth.length && (depth === 0 || sum + (atDepth[depth + 1] ?? 0) <= MANY); depth++) sum += atDepth[depth + 1] ?? 0;
  return closedBelow(model, Math.max(1, depth));
}

function Opened({ model, projectId, traceId, list }: { readonly model: TraceModel; readonly projectId: string; readonly traceId: string; readonly list: "spans" | "traces" }): JSX.Element {
  const { query } = useLocation();
  const wanted = query.get("selectedSpanNodeId") ?? "", text = query.get("spanSearch") ?? "", isCritical = query.get("criticalPath") === "1";
  const [closed, setClosed] = useState<ReadonlySet<number>>(() => closedAtFirst(model));
  const [search, setSearch] = useState(text);
  const [zoom, setZoom] = useState<Window>(() => readWindow(query.get("zoom") ?? "", model.duration));
  const [selectedId, setSelectedId] = useState(wanted);
  const field = useRef<HTMLInputElement>(null), host = useRef<HTMLDivElement>(null);
  const selected = Math.max(0, model.indexOf(selectedId));
  const wantedText = useDeferredValue(search), found = useSearch(model, projectId, traceId, wantedText);
  const path = useMemo(() => (isCritical ? criticalPath(model) : undefined), [isCritical, model]);
  const rows = useMemo(() => visibleRows(model, found.shown ? NOTHING_CLOSED : closed, found.shown), [model, closed, found.shown]);

  // What the URL says when it changes from outside, such as by the back key or by a link to another span.
  useEffect(() => { if (wanted !== "") setSelectedId(wanted); }, [wanted]);
  // New spans may make the trace longer: what showed all of it goes on doing so.
  const before = useRef(model);
  useEffect(() => {
    const old = before.current;
    if (old === model) return;
    before.current = model;
    setZoom((z) => (isWhole(z, old.duration) ? readWindow("", model.duration) : z));
    setClosed((c) => carriedOver(c, old, model));
  }, [model]);
  useUrl({ selectedSpanNodeId: selectedId === "" || model.indexOf(selectedId) < 0 ? null : selectedId, spanSearch: search.trim() === "" ? null : search, zoom: isWhole(zoom, model.duration) ? null : windowText(zoom) });

  const select = useCallback((index: number) => {
    if (index < 0) return;
    setSelectedId(model.nodeId(index));
    setClosed((c) => opened(model, c, index));
  }, [model]);
  useEffect(() => { setClosed((c) => opened(model, c, Math.max(0, model.indexOf(selectedId)))); }, [model, selectedId]);
  const toggle = useCallback((index: number, open?: boolean) => setClosed((c) => {
    const next = new Set(c);
    if (open ?? next.has(index)) next.delete(index); else next.add(index);
    return next;
  }), []);
  const focusTree = useCallback(() => host.current?.querySelector<HTMLElement>("[role=tree]")?.focus(), []);
  const focusDetail = useCallback(() => host.current?.querySelector<HTMLElement>(".span-body")?.focus(), []);
  // Arrows work at once, unless the person is already somewhere in the page.
  useEffect(() => {
    const active = document.activeElement;
    if (!active || active === document.body || active.matches(".drawer")) focusTree();
  }, [focusTree]);
  const stepMatch = (step: 1 | -1): void => select(nextOf(found.matches, selected, step));
  const nextError = (step: 1 | -1 = 1): void => {
    if (model.errors.length === 0) toast({ message: "No span of this trace failed." }); else select(nextOf(model.errors, selected, step));
  };
  const setCritical = (): void => setQuery({ criticalPath: isCritical ? null : "1" });
  const fit = (): void => { const f = fitted(model, selected); setZoom(windowText(f) === windowText(zoom) ? readWindow("", model.duration) : f); };
  const middle = (model.start[selected]! + model.end[selected]!) / 2, anchor = middle >= zoom.from && middle <= zoom.to ? middle : (zoom.from + zoom.to) / 2;
  const whole = Math.max(model.duration, 1e-3);

  const moved = (step: 1 | -1): void => { const i = rows[Math.min(rows.length - 1, Math.max(0, rowOf(rows, selected) + step))]; if (i !== undefined) select(i); };
  useKeys([
    { keys: "j", label: "Next span", group: "Trace", run: () => moved(1) },
    { keys: "k", label: "Previous span", group: "Trace", run: () => moved(-1) },
    { keys: "e", label: "Next error", group: "Trace", run: () => nextError() },
    { keys: "shift+e", label: "Previous error", group: "Trace", run: () => nextError(-1) },
    { keys: "f", label: "Fit the scale to the span, or to the trace again", group: "Trace", run: fit },
    { keys: "c", label: "Critical path", group: "Trace", run: setCritical },
    { keys: "+", label: "Zoom in", group: "Trace", run: () => setZoom(zoomed(zoom, 0.6, anchor, whole)) },
    { keys: "-", label: "Zoom out", group: "Trace", run: () => setZoom(zoomed(zoom, 1 / 0.6, anchor, whole)) },
    { keys: "0", label: "Show the whole trace", group: "Trace", run: () => setZoom(readWindow("", model.duration)) },
    { keys: "/", label: "Search in the trace", group: "Trace", run: () => field.current?.focus() },
    { keys: "y", label: "Copy a link to the span", group: "Trace", run: () => void copyLink(projectId, list, traceId, model.nodeId(selected)) },
  ]);

  const near = [1, -1, 2].flatMap((by) => { const i = rows[rowOf(rows, selected) + by]; return i === undefined ? [] : [model.nodeId(i)]; });
  usePrefetchedSpans(near);
  const { span, attributes } = useSpan(model.count > 0 ? model.nodeId(selected) : "");
  const phases = useMemo(() => (span?.spanKind === "llm" ? phasesOf(span, attributes) : NO_PHASES), [span, attributes]);

  const annotations = useAnnotatedSpans(projectId, traceId), { configs } = useAllConfigs();
  return (
    <div className="trace-opened" ref={host}>
      <Split
        name="trace" label="Width of the span's details" initial={560} min={320} minFirst={380}
        first={
          <div className="trace-left">
            <TreeBar
              ref={field} search={search} onSearch={setSearch} matchCount={found.isSearching && found.matches.length === 0 ? undefined : found.matches.length} isSearching={found.isSearching} isCut={found.isCut} onStep={stepMatch} onLeaveSearch={focusTree}
              errorCount={model.errors.length} onNextError={() => nextError()} isCritical={isCritical} onCritical={setCritical} onFit={fit}
              isAllOpen={closed.size === 0} onOpenAll={() => setClosed(new Set())} onCloseAll={() => setClosed(closedBelow(model, 1))}
            />
            {found.shown && found.matches.length === 0 && !found.isSearching
              ? <EmptyState icon="search" title="Nothing found" actions={<Button onClick={() => setSearch("")}>Show all spans</Button>}><p>No name, input, output or attribute of this trace has “{search.trim()}”.</p></EmptyState>
              : <TraceTree model={model} rows={rows} selected={selected} onSelect={select} closed={found.shown ? NOTHING_CLOSED : closed} onToggle={toggle} matches={found.shown} highlight={search.trim() || undefined} window={zoom} onZoom={setZoom} critical={path} phases={phases} annotations={annotations} configs={configs} onOpen={focusDetail} />}
          </div>
        }
        second={<SpanPanel model={model} index={selected} projectId={projectId} traceId={traceId} list={list} highlight={search.trim() || undefined} onSelect={select} onBack={focusTree} />}
      />
    </div>
  );
}

const NOTHING_CLOSED: ReadonlySet<number> = new Set();

/** Writes to the URL once things have settled: browsers allow only so many changes of it. */
function useUrl(change: Readonly<Record<string, string | null>>): void {
  const key = JSON.stringify(change), latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    const timer = setTimeout(() => setQuery(latest.current), 250);
    return () => clearTimeout(timer);
  }, [key]);
}

/** A link to a span that says nothing of the table it was opened from. */
export const spanLink = (projectId: string, list: string, traceId: string, span: string | null): string =>
  `/projects/${encodeURIComponent(projectId)}/${list}/${encodeURIComponent(traceId)}${span ? `?selectedSpanNodeId=${encodeURIComponent(span)}` : ""}`;

const copyLink = (projectId: string, list: string, traceId: string, span: string): Promise<void> =>
  copyAndTell("the link to the span", new URL(href(spanLink(projectId, list, traceId, span)), location.href).href);

/** Opens the trace beside this one: of the table it was opened from, else by its start. */
async function stepTrace(projectId: string, list: string, traceId: string, model: TraceModel | undefined, step: 1 | -1): Promise<void> {
  const beside = traceBeside(traceId, step) ?? (model ? await besideInTime(projectId, traceId, model, step) : undefined);
  if (beside === undefined) { toast({ message: step === 1 ? "This is the last trace." : "This is the first trace." }); return; }
  navigate(withQuery({ selectedSpanNodeId: null, zoom: null }, `/projects/${encodeURIComponent(projectId)}/${list}/${beside}`), { replace: true });
}

async function besideInTime(project: string, traceId: string, model: TraceModel, step: 1 | -1): Promise<string | undefined> {
  const at = new Date(model.startTime), later = new Date(model.startTime + 1);
  try {
    const data = await fetchQuery(TraceNeighbours, step === 1 ? { project, before: later.toISOString(), dir: "desc" } : { project, after: at.toISOString(), dir: "asc" });
    const edges = data.node.__typename === "Project" ? data.node.spans.edges : [];
    return edges.map((e) => e.node.trace.traceId).find((id) => id !== traceId);
  } catch (failure) {
    toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
    return traceId;
  }
}

import { Suspense, useRef, useState, type ReactNode } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { useKeys } from "../../base/keys";
import { lazily } from "../../base/lazily";
import { isNoSuchNode } from "../../base/noSuchNode";
import { isOneOf, preference, usePreference } from "../../base/preferences";
import { useQueryParameter, withQuery } from "../../base/router";
import { useStore } from "../../base/store";
import { SessionHead } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { CopyButton } from "../../parts/CopyButton";
import { Segmented } from "../../parts/Segmented";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { VisibleText } from "../../parts/text/PlainText";
import { visibleText } from "../../parts/text/visible";
import { leavingAnnotations } from "../annotations/AnnotationList";
import { SessionVerdicts } from "../annotations/SessionAnnotations";
import { SummaryChips } from "../annotations/SummaryChips";
import { useAllConfigs } from "../annotations/useConfigs";
import { useSessionTarget } from "../annotations/useTarget";
import { Conversation } from "./Conversation";
import type { TextForm } from "./Said";
import { NoSession } from "./NoSession";
import { SessionFigures } from "./SessionFigures";
import { SessionTraces } from "./SessionTraces";
import { useSessionEvents } from "./useSessionEvents";
import { useTurns } from "./useTurns";

const SessionAnnotator = lazily(() => import("../annotations/SessionAnnotations"));

interface SessionViewProps {
  readonly projectId: string;
  readonly sessionId: string;
  /** Buttons of whatever the view stands in. */
  readonly actions?: ReactNode;
}

const textForm = preference<TextForm>("session-text", "markdown", isOneOf("text", "markdown", "raw"));
const PANELS = { turns: "Turns", traces: "Traces", annotations: "Annotations" } as const;
const FORMS = [
  { value: "markdown", label: "Markdown" },
  { value: "text", label: "Text" },
  { value: "raw", label: "Raw" },
] as const;

/** A session: what it amounts to, what was said of it, and its turns as a conversation or as traces. */
export function SessionView({ projectId, sessionId, actions }: SessionViewProps): JSX.Element {
  const head = useQuery(SessionHead, { id: sessionId });
  const session = head.data?.node.__typename === "ProjectSession" ? head.data.node : null;
  const data = useTurns(sessionId, session?.numTraces ?? 0);
  const [view, setView] = useQueryParameter("sessionView", "turns");
  const [form, setForm] = usePreference(textForm);
  useSessionEvents(projectId, sessionId, data);
  const target = useSessionTarget(sessionId);
  const { configs } = useAllConfigs();
  const leaving = useStore(leavingAnnotations);
  const said = [...(target.annotations ?? []), ...target.notes].filter((one) => !leaving.has(one.id)).length;
  const button = useRef<HTMLButtonElement>(null);
  const [isAnnotating, setAnnotating] = useState(false);
  const [focus, setFocus] = useState<"form" | "note" | null>(null);
  const annotate = (on: "form" | "note"): void => {
    setAnnotating(true);
    setFocus(null);
    requestAnimationFrame(() => setFocus(on));
  };
  const stopAnnotating = (): void => {
    setAnnotating(false);
    setFocus(null);
    button.current?.focus();
  };
  useKeys([
    { keys: "a", label: "Annotate the session", group: "Session", run: () => annotate("form") },
    { keys: "n", label: "Add a note to the session", group: "Session", run: () => annotate("note") },
  ]);

  if (head.isLoading) return <Skeleton lines={8} label="Loading the session" />;
  const isGone = head.error !== undefined && isNoSuchNode(head.error);
  if (!session || isGone) return <NoSession error={isGone ? undefined : head.error} onRetry={head.refetch} actions={actions} />;
  const count = Math.max(session.numTraces, data.turns.length);
  const traceLink = (traceId: string, spanId?: string): string =>
    withQuery(
      { selectedSpanNodeId: spanId ?? null, sessionView: null, turn: null },
      `/projects/${encodeURIComponent(projectId)}/traces/${encodeURIComponent(traceId)}`,
    );
  const tab = view === "traces" || view === "annotations" ? view : "turns";
  return (
    <div className="session">
      <header className="session-head">
        <div className="session-title">
          <h2>Session</h2>
          <span className="mono ellipsis" title={visibleText(session.sessionId)}>
            <VisibleText text={session.sessionId} />
          </span>
          <CopyButton text={session.sessionId} label="Copy session id" />
          <SummaryChips summaries={target.summaries} configs={configs} isReadOnly />
          <span className="push session-actions">
            <Button ref={button} size="s" icon="tag" aria-pressed={isAnnotating} title="Annotate the session (a)" onClick={() => (isAnnotating ? stopAnnotating() : annotate("form"))}>Annotate</Button>
            {actions}
          </span>
        </div>
        <SessionFigures session={session} />
      </header>
      <div className="session-bar">
        <Tabs
          label="Views of the session"
          current={tab}
          onChange={setView}
          panelId="session-panel"
          tabs={[
            { id: "turns", label: "Turns", extra: <span className="dim"> {format.integer(count)}</span> },
            { id: "traces", label: "Traces" },
            { id: "annotations", label: "Annotations", extra: said > 0 ? <span className="dim"> {format.integer(said)}</span> : undefined },
          ]}
        />
        {tab === "turns" && <Segmented label="Text as" value={form} options={FORMS} onChange={setForm} size="s" />}
      </div>
      {isAnnotating && (
        <Suspense fallback={<Skeleton lines={2} label="Loading the form" />}>
          <SessionAnnotator projectId={projectId} sessionId={sessionId} focus={focus} onClose={stopAnnotating} />
        </Suspense>
      )}
      <div className="session-panel" id="session-panel" role="tabpanel" aria-label={PANELS[tab]}>
        {data.error && (
          <p className="session-error" role="alert">
            {data.error}
          </p>
        )}
        {tab === "annotations" ? (
          <SessionVerdicts sessionId={sessionId} onAnnotate={() => annotate("form")} />
        ) : tab === "traces" ? (
          <SessionTraces count={count} data={data} traceLink={traceLink} />
        ) : (
          <Conversation projectId={projectId} sessionId={sessionId} count={count} data={data} form={form} traceLink={traceLink} />
        )}
      </div>
    </div>
  );
}

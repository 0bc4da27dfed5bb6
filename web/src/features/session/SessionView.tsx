import type { ReactNode } from "react";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { isOneOf, preference, usePreference } from "../../base/preferences";
import { useQueryParameter, withQuery } from "../../base/router";
import { SessionHead } from "../../generated/graphql";
import { CopyButton } from "../../parts/CopyButton";
import { Segmented } from "../../parts/Segmented";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { VisibleText } from "../../parts/text/PlainText";
import { visibleText } from "../../parts/text/visible";
import { Conversation } from "./Conversation";
import type { TextForm } from "./Said";
import { NoSession } from "./NoSession";
import { SessionFigures } from "./SessionFigures";
import { SessionTraces } from "./SessionTraces";
import { useSessionEvents } from "./useSessionEvents";
import { useTurns } from "./useTurns";

interface SessionViewProps {
  readonly projectId: string;
  readonly sessionId: string;
  /** Buttons of whatever the view stands in. */
  readonly actions?: ReactNode;
}

const textForm = preference<TextForm>("session-text", "markdown", isOneOf("text", "markdown", "raw"));
const FORMS = [
  { value: "markdown", label: "Markdown" },
  { value: "text", label: "Text" },
  { value: "raw", label: "Raw" },
] as const;

/** A session: what it amounts to, and its turns as a conversation or as traces. */
export function SessionView({ projectId, sessionId, actions }: SessionViewProps): JSX.Element {
  const head = useQuery(SessionHead, { id: sessionId });
  const session = head.data?.node.__typename === "ProjectSession" ? head.data.node : null;
  const data = useTurns(sessionId, session?.numTraces ?? 0);
  const [view, setView] = useQueryParameter("sessionView", "turns");
  const [form, setForm] = usePreference(textForm);
  useSessionEvents(projectId, sessionId, data);

  if (head.isLoading) return <Skeleton lines={8} label="Loading the session" />;
  const isGone = head.error?.kind === "refused" && head.error.status < 300;
  if (!session || isGone) return <NoSession error={isGone ? undefined : head.error} onRetry={head.refetch} actions={actions} />;
  const count = Math.max(session.numTraces, data.turns.length);
  const traceLink = (traceId: string, spanId?: string): string =>
    withQuery(
      { selectedSpanNodeId: spanId ?? null, sessionView: null, turn: null },
      `/projects/${encodeURIComponent(projectId)}/traces/${encodeURIComponent(traceId)}`,
    );
  const isTraces = view === "traces";
  return (
    <div className="session">
      <header className="session-head">
        <div className="session-title">
          <h2>Session</h2>
          <span className="mono ellipsis" title={visibleText(session.sessionId)}>
            <VisibleText text={session.sessionId} />
          </span>
          <CopyButton text={session.sessionId} label="Copy session id" />
          <span className="push session-actions">{actions}</span>
        </div>
        <SessionFigures session={session} />
      </header>
      <div className="session-bar">
        <Tabs
          label="Views of the session"
          current={isTraces ? "traces" : "turns"}
          onChange={setView}
          panelId="session-panel"
          tabs={[
            { id: "turns", label: "Turns", extra: <span className="dim"> {format.integer(count)}</span> },
            { id: "traces", label: "Traces" },
          ]}
        />
        {!isTraces && <Segmented label="Text as" value={form} options={FORMS} onChange={setForm} size="s" />}
      </div>
      <div className="session-panel" id="session-panel" role="tabpanel" aria-label={isTraces ? "Traces" : "Turns"}>
        {data.error && (
          <p className="session-error" role="alert">
            {data.error}
          </p>
        )}
        {isTraces ? (
          <SessionTraces count={count} data={data} traceLink={traceLink} />
        ) : (
          <Conversation sessionId={sessionId} count={count} data={data} form={form} traceLink={traceLink} />
        )}
      </div>
    </div>
  );
}

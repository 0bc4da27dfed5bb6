import { useQuery } from "../../base/cache";
import { useKeys } from "../../base/keys";
import { navigate, withQuery } from "../../base/router";
import { SessionHead } from "../../generated/graphql";
import { IconButton } from "../../parts/IconButton";
import { PageHeader } from "../../parts/PageHeader";
import { SessionView } from "./SessionView";

interface SessionPageProps {
  readonly projectId: string;
  readonly sessionId: string;
}

/** A session on a page of its own. */
export function SessionPage({ projectId, sessionId }: SessionPageProps): JSX.Element {
  const { data } = useQuery(SessionHead, { id: sessionId });
  const session = data?.node.__typename === "ProjectSession" ? data.node : null;
  const shrink = (): void => navigate(withQuery({ view: null }));
  useKeys([{ keys: "Escape", label: "Show as a drawer", group: "Session", run: shrink, quiet: true }]);
  const sessions = withQuery({ view: null, turn: null, sessionView: null }, `/projects/${encodeURIComponent(projectId)}/sessions`);
  return (
    <div className="session-page">
      <PageHeader
        crumbs={[
          { label: "Projects", to: "/projects" },
          { label: session?.project.name ?? "Project", to: sessions },
          { label: session?.sessionId ?? "Session" },
        ]}
      />
      <SessionView
        key={sessionId}
        projectId={projectId}
        sessionId={sessionId}
        actions={<IconButton icon="collapse" label="Show beside the sessions" keys="Escape" onClick={shrink} />}
      />
    </div>
  );
}

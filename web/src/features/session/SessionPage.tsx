import { navigate, withQuery } from "../../base/router";
import { useKeys } from "../../base/keys";
import { IconButton } from "../../parts/IconButton";
import { SessionView } from "./SessionView";

interface SessionPageProps {
  readonly projectId: string;
  readonly sessionId: string;
}

/** A session on a page of its own. */
export function SessionPage({ projectId, sessionId }: SessionPageProps): JSX.Element {
  const shrink = (): void => navigate(withQuery({ view: null }));
  useKeys([{ keys: "Escape", label: "Show as a drawer", group: "Session", run: shrink, quiet: true }]);
  return (
    <SessionView
      projectId={projectId}
      sessionId={sessionId}
      actions={<IconButton icon="collapse" label="Show beside the sessions" keys="Escape" onClick={shrink} />}
    />
  );
}

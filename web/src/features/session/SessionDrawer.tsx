import { navigate, withQuery } from "../../base/router";
import { Drawer } from "../../parts/Drawer";
import { IconButton } from "../../parts/IconButton";
import { SessionView } from "./SessionView";

interface SessionDrawerProps {
  readonly projectId: string;
  readonly sessionId: string;
}

/** A session over the list of sessions. */
export function SessionDrawer({ projectId, sessionId }: SessionDrawerProps): JSX.Element {
  const sessions = `/projects/${encodeURIComponent(projectId)}/sessions`;
  const close = (): void => navigate(withQuery({ sessionView: null, turn: null, view: null }, sessions));
  return (
    <Drawer name="session" label="Session" onClose={close}>
      <SessionView
        key={sessionId}
        projectId={projectId}
        sessionId={sessionId}
        actions={
          <>
            <IconButton icon="expand" label="Show as a page" onClick={() => navigate(withQuery({ view: "full" }))} />
            <IconButton icon="close" label="Close" keys="Escape" onClick={close} />
          </>
        }
      />
    </Drawer>
  );
}

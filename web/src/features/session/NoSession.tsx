import type { ReactNode } from "react";
import type { RequestFailure } from "../../base/graphql";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";

interface NoSessionProps {
  /** Why it could not be read; undefined when there is none. */
  readonly error: RequestFailure | undefined;
  readonly onRetry: () => void;
  readonly actions?: ReactNode;
}

/** What stands where a session would: there is none, the server is gone, or it does not tell. */
export function NoSession({ error, onRetry, actions }: NoSessionProps): JSX.Element {
  if (!error) {
    return (
      <EmptyState icon="sessions" title="No such session" actions={actions}>
        <p>It may have been deleted, or the address may be wrong.</p>
      </EmptyState>
    );
  }
  const isAway = error.kind === "disconnected";
  return (
    <EmptyState
      icon={isAway ? "offline" : "error"}
      title={isAway ? "The server does not answer" : "The session could not be read"}
      actions={
        <>
          <Button onClick={onRetry}>Try again</Button>
          {actions}
        </>
      }
    >
      <p>{isAway ? "The page shows the session as soon as it is back." : error.message}</p>
    </EmptyState>
  );
}

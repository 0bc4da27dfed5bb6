import type { RequestFailure } from "../../base/graphql";
import { navigate } from "../../base/router";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";

/** What stands where a project's dashboard would: there is no such project, or the server is gone. */
export function NoProject({ error, onRetry }: { readonly error: RequestFailure | undefined; readonly onRetry: () => void }): JSX.Element {
  const isAway = error?.kind === "disconnected";
  return (
    <EmptyState
      icon={isAway ? "offline" : "error"}
      title={isAway ? "The server does not answer" : "There is no such project"}
      actions={
        <>
          {isAway && <Button onClick={onRetry}>Try again</Button>}
          <Button variant="primary" onClick={() => navigate("/dashboards")}>
            All dashboards
          </Button>
        </>
      }
    >
      <p>{isAway ? "The page shows the dashboard as soon as it is back." : "It may have been deleted, or the address may be wrong."}</p>
    </EmptyState>
  );
}

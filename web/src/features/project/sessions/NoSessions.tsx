import { useQuery } from "../../../base/cache";
import { ProjectSessionStats } from "../../../generated/graphql";
import { CopyButton } from "../../../parts/CopyButton";
import { EmptyState } from "../../../parts/EmptyState";
import { NoRows } from "../NoRows";
import type { TabState } from "../table/useTabState";

const CODE = `from openinference.instrumentation import using_session

with using_session("conversation-42"):
    answer = my_agent(question)`;

/** A project without sessions needs to be told how spans name theirs; with sessions elsewhere the filter or the time is to blame. */
export function NoSessions({ state }: { readonly state: TabState }): JSX.Element {
  const { project } = state;
  const { data } = useQuery(ProjectSessionStats, { id: project.id, timeRange: null, filter: null });
  const count = data?.node.__typename === "Project" ? data.node.sessionCount : null;
  if (count !== 0 || !project.hasTraces) return <NoRows state={state} />;
  return (
    <EmptyState icon="sessions" title="No session began in this project">
      <p>
        Traces whose spans carry the same attribute <code>session.id</code> become one session. It belongs to the project in which it
        began, with all its traces.
      </p>
      <div className="ns-code">
        <pre>{CODE}</pre>
        <CopyButton text={CODE} label="Copy" />
      </div>
    </EmptyState>
  );
}

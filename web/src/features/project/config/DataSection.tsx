import { useState } from "react";
import { useQuery } from "../../../base/cache";
import { integer } from "../../../base/format";
import { navigate } from "../../../base/router";
import { useStore } from "../../../base/store";
import { ProjectStats } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { clearProject, deleteProject, leaving } from "../../projects/leaving";
import { RemoveBeforeDialog } from "../../projects/RemoveBeforeDialog";
import { useProject } from "../projectContext";
import { forgetLists } from "../table/useRowList";

/** What takes data away. All of it can be undone for some seconds. */
export function DataSection(): JSX.Element {
  const project = useProject();
  const [isRemoving, setIsRemoving] = useState(false);
  const isLeaving = useStore(leaving).has(project.id);
  const { data } = useQuery(ProjectStats, { id: project.id, timeRange: null, filter: null });
  const stats = data?.node.__typename === "Project" ? data.node : null;

  return (
    <section className="cf-section cf-data" aria-label="Data">
      <h2>Data</h2>
      <p className="dim" role="status">
        {isLeaving ? "Data is going; some seconds are left to undo it." : stats ? `${integer(stats.traceCount)} traces with ${integer(stats.recordCount)} spans.` : "…"}
      </p>
      <ul>
        <li>
          <div>
            <strong>Remove old data</strong>
            <p className="dim">Deletes all traces that began before a time.</p>
          </div>
          <Button onClick={() => setIsRemoving(!isLeaving)}>
            Remove…
          </Button>
        </li>
        <li>
          <div>
            <strong>Clear all data</strong>
            <p className="dim">Deletes every trace; the project stays.</p>
          </div>
          <Button variant="danger" onClick={() => isLeaving || clearProject(project, null, forgetLists)}>
            Clear
          </Button>
        </li>
        {project.name !== "default" && (
          <li>
            <div>
              <strong>Delete the project</strong>
              <p className="dim">With every trace in it.</p>
            </div>
            <Button
              variant="danger"
              icon="trash"
              onClick={() => {
                deleteProject(project);
                navigate("/projects");
              }}
            >
              Delete
            </Button>
          </li>
        )}
      </ul>
      {isRemoving && <RemoveBeforeDialog project={project} onClose={() => setIsRemoving(false)} onCleared={forgetLists} />}
    </section>
  );
}

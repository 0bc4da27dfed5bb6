import * as format from "../../../base/format";
import { CopyButton } from "../../../parts/CopyButton";
import { visibleText } from "../../../parts/text/visible";
import { useProject } from "../projectContext";

export function ProjectInfo(): JSX.Element {
  const project = useProject();
  return (
    <section className="pa-section" aria-label="Project">
      <h3>Project</h3>
      <dl className="pa-facts">
        <dt>Name</dt>
        <dd>
          <span className="ellipsis" title={visibleText(project.name)}>{visibleText(project.name)}</span>
          <CopyButton text={project.name} label="Copy the name" />
        </dd>
        <dt>ID</dt>
        <dd>
          <code className="ellipsis">{project.id}</code>
          <CopyButton text={project.id} label="Copy the ID" />
        </dd>
        {project.description && (
          <>
            <dt>About</dt>
            <dd className="pa-text">{visibleText(project.description)}</dd>
          </>
        )}
        <dt>Data</dt>
        <dd className="pa-text">{project.startTime === null ? "none" : `${format.time(project.startTime)} – ${format.time(project.endTime)}`}</dd>
      </dl>
    </section>
  );
}

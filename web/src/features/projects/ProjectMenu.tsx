import { copyAndTell } from "../../parts/clipboard";
import { IconButton } from "../../parts/IconButton";
import { Menu } from "../../parts/Menu";
import { visibleText } from "../../parts/text/visible";
import { clearProject, deleteProject } from "./leaving";
import type { ListedProject } from "./useProjects";

export interface ProjectActions {
  readonly onEdit: (project: ListedProject) => void;
  readonly onRemoveBefore: (project: ListedProject) => void;
}

export function ProjectMenu({ project, onEdit, onRemoveBefore }: ProjectActions & { project: ListedProject }): JSX.Element {
  return (
    <Menu
      label={visibleText(project.name)}
      trigger={(props) => <IconButton icon="more" size="s" label={`Actions of ${visibleText(project.name)}`} {...props} />}
      items={[
        { id: "name", label: "Copy name", icon: "copy", onSelect: () => void copyAndTell("the name", project.name) },
        { id: "id", label: "Copy id", icon: "copy", onSelect: () => void copyAndTell("the id", project.id) },
        { id: "edit", label: "Edit…", icon: "edit", onSelect: () => onEdit(project), startsGroup: true },
        { id: "before", label: "Remove data before…", icon: "history", isDisabled: !project.hasTraces, onSelect: () => onRemoveBefore(project), startsGroup: true },
        { id: "clear", label: "Clear all data", icon: "trash", isDangerous: true, isDisabled: !project.hasTraces, onSelect: () => clearProject(project, null) },
        ...(project.name === "default" ? [] : [{ id: "delete", label: "Delete", icon: "trash" as const, isDangerous: true, onSelect: () => deleteProject(project) }]),
      ]}
    />
  );
}

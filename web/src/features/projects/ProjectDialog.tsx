import { useState } from "react";
import { mutate } from "../../base/cache";
import { CreateProject, ChangeProject } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { GradientPicker } from "../../parts/gradient/GradientPicker";
import { Input, TextArea } from "../../parts/Input";
import type { ListedProject } from "./useProjects";

const NAME_MAX = 100;
/** What the pickers of own colours begin with; without a choice the server chooses by the name. */
const USUAL = { start: "#5bdbff", end: "#1c76fc" };

/** What is wrong with a name for a project; undefined when nothing is. */
export function wrongName(name: string): string | undefined {
  if (name === "") return "A project needs a name.";
  if (name.length > NAME_MAX) return `A name has at most ${NAME_MAX} characters.`;
  if (!/^[\p{L}\p{N}._-]+$/u.test(name)) return "Letters, digits, “-”, “_” and “.” only.";
  return undefined;
}

export interface ProjectDialogProps {
  /** The project to change; a new one without. */
  readonly project?: ListedProject;
  readonly onClose: () => void;
  readonly onDone: (project: { readonly id: string; readonly name: string }) => void;
}

export function ProjectDialog({ project, onClose, onDone }: ProjectDialogProps): JSX.Element {
  const [name, setName] = useState(project?.name ?? "");
  const [description, setDescription] = useState(project?.description ?? "");
  const [colours, setColours] = useState<{ gradientStartColor: string; gradientEndColor: string } | undefined>();
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const wrong = project ? undefined : wrongName(name.trim());
  const submit = async (): Promise<void> => {
    setTried(true);
    if (wrong) return;
    setBusy(true);
    try {
      const invalidates = { invalidates: ["Projects", "ShellStatus", "PaletteProjects"] };
      if (project) onDone((await mutate(ChangeProject, { input: { id: project.id, description: description.trim(), ...colours } }, invalidates)).patchProject.project);
      else onDone((await mutate(CreateProject, { input: { name: name.trim(), ...(description.trim() ? { description: description.trim() } : {}), ...colours } }, invalidates)).createProject.project);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={project ? `Edit ${project.name}` : "New project"}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {project ? "Save" : "Create"}
          </Button>
        </>
      }
    >
      {!project && (
        <Field label="Name" hint="Letters, digits, “-”, “_” and “.”" error={(isTried || name.length > 0) && wrong ? wrong : undefined}>
          <Input value={name} maxLength={NAME_MAX + 20} onChange={(event) => setName(event.target.value)} placeholder="support-agent" />
        </Field>
      )}
      <Field label="Description">
        <TextArea value={description} rows={3} maxLength={2000} onChange={(event) => setDescription(event.target.value)} />
      </Field>
      <GradientPicker
        label="Colour"
        start={colours?.gradientStartColor ?? project?.gradientStartColor ?? USUAL.start}
        end={colours?.gradientEndColor ?? project?.gradientEndColor ?? USUAL.end}
        onChange={(gradientStartColor, gradientEndColor) => setColours({ gradientStartColor, gradientEndColor })}
      />
      {failure && <p className="field-error" role="alert">{failure}</p>}
    </Dialog>
  );
}

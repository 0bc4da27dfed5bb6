import { useState } from "react";
import { mutate, useQuery } from "../../../base/cache";
import { integer } from "../../../base/format";
import { navigate } from "../../../base/router";
import { ClearProjectData, DeleteWholeProject, ProjectStats } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Input } from "../../../parts/Input";
import { toast, undoable } from "../../../parts/Toast";
import { useProject } from "../projectContext";
import { STALE } from "../select/stale";
import { forgetLists } from "../table/useRowList";

type Step = "clear" | "remove" | "delete";

const CHANGED = [...STALE, "ProjectPage", "ProjectSpans", "ProjectSessions", "ShellStatus"];

/** What takes data away. Deleting the project can be undone for some seconds; clearing asks first. */
export function DataSection(): JSX.Element {
  const project = useProject();
  const [step, setStep] = useState<Step | null>(null);
  const { data } = useQuery(ProjectStats, { id: project.id, timeRange: null, filter: null });
  const stats = data?.node.__typename === "Project" ? data.node : null;

  const remove = (): void => {
    navigate("/projects");
    undoable({
      message: `${project.name} deleted`,
      commit: ({ keepalive }) => mutate(DeleteWholeProject, { id: project.id }, { keepalive, invalidates: CHANGED }),
      undo: () => navigate(`/projects/${project.id}/config`),
    });
  };
  return (
    <section className="cf-section cf-data" aria-label="Data">
      <h2>Data</h2>
      <p className="dim">{stats ? `${integer(stats.traceCount)} traces with ${integer(stats.recordCount)} spans.` : "…"}</p>
      <ul>
        <li>
          <div>
            <strong>Remove old data</strong>
            <p className="dim">Deletes all traces that started before a day.</p>
          </div>
          <Button onClick={() => setStep("remove")}>Remove…</Button>
        </li>
        <li>
          <div>
            <strong>Clear all data</strong>
            <p className="dim">Deletes every trace; the project stays.</p>
          </div>
          <Button variant="danger" onClick={() => setStep("clear")}>
            Clear…
          </Button>
        </li>
        {project.name !== "default" && (
          <li>
            <div>
              <strong>Delete the project</strong>
              <p className="dim">With every trace in it.</p>
            </div>
            <Button variant="danger" icon="trash" onClick={remove}>
              Delete
            </Button>
          </li>
        )}
      </ul>
      {(step === "clear" || step === "remove") && <ClearDialog isAll={step === "clear"} onClose={() => setStep(null)} />}
    </section>
  );
}

const isoDay = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
const MONTH = 30 * 86_400_000;

function ClearDialog({ isAll, onClose }: { readonly isAll: boolean; readonly onClose: () => void }): JSX.Element {
  const project = useProject();
  const [day, setDay] = useState(() => isoDay(new Date(Date.now() - MONTH)));
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error: string | undefined }>({ isSending: false, error: undefined });
  const until = new Date(`${day}T00:00:00`);
  const isValid = isAll || !Number.isNaN(until.getTime());

  const submit = async (): Promise<void> => {
    if (!isValid) return;
    setState({ isSending: true, error: undefined });
    try {
      await mutate(ClearProjectData, { input: { id: project.id, ...(isAll ? {} : { endTime: until.toISOString() }) } }, { invalidates: CHANGED });
      forgetLists();
      toast({ message: isAll ? `All data of ${project.name} deleted` : `Data of ${project.name} before ${day} deleted`, tone: "good" });
      onClose();
    } catch (error) {
      setState({ isSending: false, error: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <Dialog
      title={isAll ? `Clear ${project.name}` : `Remove old data of ${project.name}`}
      size="s"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" disabled={!isValid} isBusy={state.isSending}>
            {isAll ? "Delete everything" : "Delete"}
          </Button>
        </>
      }
    >
      <p>{isAll ? "Every trace of this project will be deleted. This cannot be undone." : "Traces that started before this day will be deleted. This cannot be undone."}</p>
      {!isAll && (
        <Field label="Before" error={state.error}>
          <Input type="date" value={day} required onChange={(event) => setDay(event.target.value)} />
        </Field>
      )}
      {isAll && state.error && (
        <p className="field-error" role="alert">
          {state.error}
        </p>
      )}
    </Dialog>
  );
}

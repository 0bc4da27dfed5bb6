import { useState } from "react";
import { mutate, useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { Link } from "../../base/router";
import {
  AddConfigsToProject, DeleteProjectSessionAnnotations, DeleteProjectSpanAnnotations, DeleteProjectTraceAnnotations, ProjectAnnotationCounts, RemoveConfigsFromProject,
  type DeleteProjectAnnotationsInput,
} from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Dialog } from "../../parts/Dialog";
import { IconButton } from "../../parts/IconButton";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { visibleText } from "../../parts/text/visible";
import type { Config } from "./annotation";
import { annotationsChanged } from "./changes";
import ConfigDialog from "./ConfigDialog";
import { Values } from "./AnnotationSettings";
import { useAllConfigs, useProjectConfigs } from "./useConfigs";

/** Which configs a project asks for, and how often each name was annotated. */
export default function ProjectConfigs({ projectId }: { readonly projectId: string }): JSX.Element {
  const all = useAllConfigs();
  const own = useProjectConfigs(projectId);
  const [isCreating, setCreating] = useState(false);
  /** What was pressed and is on its way. */
  const [sent, setSent] = useState<ReadonlyMap<string, boolean>>(new Map());
  const change = async (config: Pick<Config, "id">, isOn: boolean): Promise<void> => {
    setSent((old) => new Map([...old, [config.id, isOn]]));
    try {
      const input = [{ projectId, annotationConfigId: config.id }];
      await (isOn ? mutate(AddConfigsToProject, { input }) : mutate(RemoveConfigsFromProject, { input }));
      own.refetch();
    } catch (failure) {
      toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
      setSent((old) => new Map([...old].filter(([id]) => id !== config.id)));
    }
  };
  const error = all.error ?? own.error;
  return (
    <section className="cf-section" aria-label="Annotations">
      <h2>Annotations</h2>
      <p className="dim">The form beside a trace asks for the configs that are chosen here. <Link className="link" to="/settings/annotations">All configs</Link></p>
      {error !== undefined ? <p className="field-error" role="alert">{error}</p> : !all.configs || !own.configs ? <Skeleton lines={3} label="Loading the configs" /> : (
        <ul className="ac-project">
          {all.configs.map((config) => (
            <li key={config.id}>
              <Checkbox isChecked={sent.get(config.id) ?? own.configs?.some((one) => one.id === config.id) ?? false} onChange={(isOn) => void change(config, isOn)}>{visibleText(config.name)}</Checkbox>
              <span className="dim ellipsis"><Values config={config} /></span>
            </li>
          ))}
        </ul>
      )}
      <Button icon="plus" size="s" onClick={() => setCreating(true)}>New config</Button>
      {isCreating && <ConfigDialog config={null} onClose={() => setCreating(false)} onSaved={(id) => void change({ id }, true)} />}
      <Counts projectId={projectId} />
    </section>
  );
}

const LEVELS = [
  { key: "spanAnnotationNameCounts", title: "on spans", remove: (input: DeleteProjectAnnotationsInput): Promise<unknown> => mutate(DeleteProjectSpanAnnotations, { input }) },
  { key: "traceAnnotationNameCounts", title: "on traces", remove: (input: DeleteProjectAnnotationsInput): Promise<unknown> => mutate(DeleteProjectTraceAnnotations, { input }) },
  { key: "sessionAnnotationNameCounts", title: "on sessions", remove: (input: DeleteProjectAnnotationsInput): Promise<unknown> => mutate(DeleteProjectSessionAnnotations, { input }) },
] as const;

function Counts({ projectId }: { readonly projectId: string }): JSX.Element | null {
  const { data } = useQuery(ProjectAnnotationCounts, { project: projectId });
  const [deleting, setDeleting] = useState<{ readonly level: (typeof LEVELS)[number]; readonly name: string; readonly count: number } | null>(null);
  const node = data?.node.__typename === "Project" ? data.node : undefined;
  const lines = node ? LEVELS.flatMap((level) => node[level.key].map((one) => ({ level, ...one }))) : [];
  if (lines.length === 0) return null;
  return (
    <>
      <h3>What is there</h3>
      <ul className="ac-project">
        {lines.map(({ level, name, count }) => (
          <li key={`${level.key} ${name}`}>
            <span className="ellipsis">{visibleText(name)}</span>
            <span className="dim">{format.integer(count)} {level.title}</span>
            <IconButton icon="trash" size="s" label={`Delete ${name} ${level.title}`} onClick={() => setDeleting({ level, name, count })} />
          </li>
        ))}
      </ul>
      {deleting && <DeleteDialog projectId={projectId} {...deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

interface DeleteDialogProps {
  readonly projectId: string;
  readonly level: (typeof LEVELS)[number];
  readonly name: string;
  readonly count: number;
  readonly onClose: () => void;
}

function DeleteDialog({ projectId, level, name, count, onClose }: DeleteDialogProps): JSX.Element {
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const submit = async (): Promise<void> => {
    setState({ isSending: true });
    try {
      await level.remove({ projectId, annotationName: name });
      await annotationsChanged();
      toast({ message: `Deleted ${name} ${level.title}`, tone: "good" });
      onClose();
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  return (
    <Dialog
      title={`Delete ${name}`} size="s" onClose={onClose} onSubmit={() => void submit()}
      footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="danger" isBusy={state.isSending}>Delete {format.integer(count)}</Button></>}
    >
      <p>{format.plural(count, "annotation")} {level.title} of this project, by whomever. This cannot be undone.</p>
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
    </Dialog>
  );
}

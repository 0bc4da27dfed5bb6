import { useStore } from "../../base/store";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";
import { Skeleton } from "../../parts/Skeleton";
import { Annotator } from "./Annotator";
import { AnnotationList, leavingAnnotations, NoteList } from "./AnnotationList";
import { useAllConfigs } from "./useConfigs";
import { useSessionTarget } from "./useTarget";

interface SessionAnnotatorProps {
  readonly projectId: string;
  readonly sessionId: string;
  readonly focus: "form" | "note" | null;
  readonly onClose: () => void;
}

/** The form for a session, and a line for notes. */
export default function SessionAnnotator({ sessionId, ...props }: SessionAnnotatorProps): JSX.Element {
  return <Annotator thing="session" id={sessionId} target={useSessionTarget(sessionId)} {...props} />;
}

/** Everything that was said of a session. */
export function SessionVerdicts({ sessionId, onAnnotate }: { readonly sessionId: string; readonly onAnnotate: () => void }): JSX.Element {
  const target = useSessionTarget(sessionId);
  const { configs } = useAllConfigs();
  const leaving = useStore(leavingAnnotations);
  if (target.error !== undefined) return <EmptyState icon="error" title="The annotations could not be read" actions={<Button icon="refresh" onClick={target.refetch}>Try again</Button>}><p role="alert">{target.error}</p></EmptyState>;
  if (target.annotations === undefined) return <div className="session-said"><Skeleton lines={4} label="Loading the annotations" /></div>;
  const annotations = target.annotations.filter((one) => !leaving.has(one.id));
  const notes = target.notes.filter((one) => !leaving.has(one.id));
  if (annotations.length + notes.length === 0) {
    return (
      <EmptyState icon="tag" title="Nothing has been said of this session" actions={<Button variant="primary" icon="tag" onClick={onAnnotate}>Annotate</Button>}>
        <p>Annotations judge the whole conversation: whether it solved what the user came for, for instance. Single turns have thumbs of their own.</p>
      </EmptyState>
    );
  }
  return (
    <div className="session-said">
      {annotations.length > 0 && <section aria-label="Annotations"><h3>Annotations</h3><AnnotationList annotations={annotations} configs={configs} onRemove={target.remove} /></section>}
      {notes.length > 0 && <section aria-label="Notes of the session"><h3>Notes</h3><NoteList notes={notes} onRemove={target.removeNote} /></section>}
    </div>
  );
}

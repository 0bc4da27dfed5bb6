import { Button } from "../../parts/Button";
import { Popover } from "../../parts/Popover";
import { useStore } from "../../base/store";
import { AnnotateForm } from "./AnnotateForm";
import { FEEDBACK, toneOf, verdictText } from "./annotation";
import { AnnotationChip } from "./AnnotationChip";
import { AnnotationList, leavingAnnotations, NoteList } from "./AnnotationList";
import { NoteLine } from "./NoteLine";
import { Thumbs } from "./Thumbs";
import { useAllConfigs } from "./useConfigs";
import { useTraceTarget } from "./useTarget";

interface TraceFeedbackProps {
  readonly projectId: string;
  readonly traceId: string;
  /** Names the trace where several are shown; without it there is one. */
  readonly name?: string;
  /** Shows what was said as chips, too. */
  readonly withChips?: boolean;
}

/** Thumbs for a trace in one press each, and what was said of it with the form to say more. */
export default function TraceFeedback({ projectId, traceId, name = "the trace", withChips = false }: TraceFeedbackProps): JSX.Element {
  const target = useTraceTarget(projectId, traceId);
  const { configs } = useAllConfigs();
  const leaving = useStore(leavingAnnotations);
  const annotations = (target.annotations ?? []).filter((one) => !leaving.has(one.id));
  const count = annotations.length + target.notes.length;
  return (
    <span className="an-feedback" role="group" aria-label={`Feedback on ${name}`}>
      {withChips && (
        <span className="an-chips">
          {annotations.filter((one) => one.name !== FEEDBACK).map((one) => <AnnotationChip key={one.id} name={one.name} text={verdictText(one)} tone={toneOf(configs?.find((config) => config.name === one.name), one)} />)}
        </span>
      )}
      <Thumbs target={target} of={FEEDBACK} up={{ label: "positive", score: 1, name: "Good answer" }} down={{ label: "negative", score: 0, name: "Bad answer" }} />
      <Popover
        label={`Annotations of ${name}`}
        placement="bottom-end"
        className="an-popover"
        trigger={(props) => (
          <Button {...props} size="s" variant="quiet" icon="tag" aria-label={count > 0 ? `Annotations of ${name}: ${count}` : `Annotations of ${name}`}>
            {count > 0 ? count : undefined}
          </Button>
        )}
      >
        {() => (
          <>
            <h3>Annotations of {name}</h3>
            {annotations.length > 0 && <AnnotationList annotations={annotations} configs={configs} onRemove={target.remove} />}
            {target.notes.length > 0 && <NoteList notes={target.notes} onRemove={target.removeNote} />}
            <AnnotateForm projectId={projectId} target={target} takesFocus />
            <NoteLine onAdd={target.addNote} />
          </>
        )}
      </Popover>
    </span>
  );
}

import { useRef, useState } from "react";
import { Button } from "../../parts/Button";
import { IconButton } from "../../parts/IconButton";
import { Popover } from "../../parts/Popover";
import { toast } from "../../parts/Toast";
import { AnnotateForm } from "./AnnotateForm";
import { FEEDBACK, ownOf } from "./annotation";
import { AnnotationList, NoteList } from "./AnnotationList";
import { useAllConfigs } from "./useConfigs";
import { useTraceTarget } from "./useTarget";

interface TraceFeedbackProps {
  readonly projectId: string;
  readonly traceId: string;
}

const UP = { label: "positive", score: 1 };
const DOWN = { label: "negative", score: 0 };

/** Thumbs for a trace in one press each, and what was said of it with the form to say more. */
export default function TraceFeedback({ projectId, traceId }: TraceFeedbackProps): JSX.Element {
  const target = useTraceTarget(projectId, traceId);
  const { configs } = useAllConfigs();
  const own = ownOf(target.annotations ?? [], FEEDBACK);
  const [sent, setSent] = useState<string | null | undefined>(undefined);
  const count = useRef(0);
  const chosen = sent === undefined ? (own?.label ?? null) : sent;
  const press = async (verdict: typeof UP): Promise<void> => {
    const isTakenBack = chosen === verdict.label;
    count.current += 1;
    const turn = count.current;
    setSent(isTakenBack ? null : verdict.label);
    try {
      if (!isTakenBack) await target.save(FEEDBACK, { ...verdict, explanation: own?.explanation ?? null }, own);
      else if (own) await target.remove([own.id]);
    } catch (failure) {
      toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
    }
    if (turn === count.current) setSent(undefined);
  };
  const others = (target.annotations ?? []).length;
  const isReady = target.annotations !== undefined;
  return (
    <span className="an-feedback" role="group" aria-label="Feedback on the trace">
      <IconButton icon="thumb-up" label="Good answer" aria-pressed={chosen === UP.label} disabled={!isReady} onClick={() => void press(UP)} />
      <IconButton icon="thumb-down" label="Bad answer" aria-pressed={chosen === DOWN.label} disabled={!isReady} onClick={() => void press(DOWN)} />
      <Popover
        label="Annotations of the trace"
        placement="bottom-end"
        className="an-popover"
        trigger={(props) => (
          <Button {...props} size="s" variant="quiet" icon="tag" aria-label={others > 0 ? `Annotations of the trace: ${others}` : "Annotations of the trace"}>
            {others > 0 ? others : undefined}
          </Button>
        )}
      >
        {() => (
          <>
            <h3>Annotations of the trace</h3>
            {target.annotations !== undefined && target.annotations.length > 0 && <AnnotationList annotations={target.annotations} configs={configs} onRemove={target.remove} />}
            {target.notes.length > 0 && <NoteList notes={target.notes} />}
            <AnnotateForm projectId={projectId} target={target} />
          </>
        )}
      </Popover>
    </span>
  );
}

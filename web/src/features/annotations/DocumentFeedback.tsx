import { useMemo, useState } from "react";
import * as format from "../../base/format";
import { useStore } from "../../base/store";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Input, TextArea } from "../../parts/Input";
import { Popover } from "../../parts/Popover";
import { visibleText } from "../../parts/text/visible";
import { AnnotateForm } from "./AnnotateForm";
import { isEmpty, NOTE, ownOf, RELEVANCE, toneOf, verdictText, type Config } from "./annotation";
import { AnnotationChip } from "./AnnotationChip";
import { AnnotationList, leavingAnnotations } from "./AnnotationList";
import { numberOf } from "./configDraft";
import { Thumbs } from "./Thumbs";
import { useAllConfigs } from "./useConfigs";
import { useDocumentTarget, useRetrievalMetrics, type Target } from "./useTarget";

interface DocumentFeedbackProps {
  readonly projectId: string;
  readonly spanId: string;
  /** The place of the document among those that were retrieved, from 0. */
  readonly position: number;
}

/** What is said of a retrieved document: whether it is relevant in one press, and more in a form. */
export default function DocumentFeedback({ projectId, spanId, position }: DocumentFeedbackProps): JSX.Element {
  const target = useDocumentTarget(spanId, position);
  const { configs: known } = useAllConfigs();
  const configs = useMemo(() => (known?.some((one) => one.name === RELEVANCE) ? known : known && [...known, PLAIN]), [known]);
  const leaving = useStore(leavingAnnotations);
  const annotations = (target.annotations ?? []).filter((one) => !leaving.has(one.id));
  const name = `document ${position + 1}`;
  return (
    <div className="an-document" role="group" aria-label={`Feedback on ${name}`}>
      <span className="an-chips">
        {annotations.map((one) => <AnnotationChip key={one.id} name={one.name} text={verdictText(one)} tone={toneOf(configs?.find((config) => config.name === one.name), one)} />)}
      </span>
      <span className="an-feedback">
        <Thumbs target={target} of={RELEVANCE} size="s" up={{ label: "relevant", score: 1, name: `Relevant: ${name}` }} down={{ label: "irrelevant", score: 0, name: `Not relevant: ${name}` }} />
        <Popover
          label={`Annotations of ${name}`}
          placement="bottom-end"
          className="an-popover"
          trigger={(props) => <Button {...props} size="s" variant="quiet" icon="tag" aria-label={`Annotate ${name}`}>{annotations.length > 0 ? annotations.length : undefined}</Button>}
        >
          {() => (
            <>
              <h3>Annotations of {name}</h3>
              {annotations.length > 0 && <AnnotationList annotations={annotations} configs={configs} onRemove={target.remove} />}
              <AnnotateForm projectId={projectId} target={target} takesFocus />
              <OtherForm target={target} />
            </>
          )}
        </Popover>
      </span>
    </div>
  );
}

/** Documents are judged by a name that needs no config; a higher score then is better. */
const PLAIN: Config = { __typename: "ContinuousAnnotationConfig", id: "", name: RELEVANCE, description: null, annotationType: "CONTINUOUS", optimizationDirection: "MAXIMIZE", lowerBound: 0, upperBound: 1 };

const BLANK = { name: "", label: "", score: "", explanation: "" };

/** An annotation under any name, also one that has no config. */
function OtherForm({ target }: { readonly target: Target }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [draft, setDraft] = useState(BLANK);
  const [fault, setFault] = useState<string>();
  const [isSending, setSending] = useState(false);
  const change = (part: Partial<typeof BLANK>): void => {
    setDraft((old) => ({ ...old, ...part }));
    setFault(undefined);
  };
  const submit = async (): Promise<void> => {
    const name = draft.name.trim();
    const score = numberOf(draft.score);
    const verdict = { label: draft.label.trim() || null, score, explanation: draft.explanation.trim() || null };
    const wrong = name === "" ? "Give the annotation a name." : name === NOTE ? "Notes have this name." : score !== null && !Number.isFinite(score) ? "The score is no number." : isEmpty(verdict) ? "Give a label, a score or an explanation." : undefined;
    setFault(wrong);
    if (wrong !== undefined) return;
    setSending(true);
    try {
      await target.save(name, verdict, ownOf(target.annotations ?? [], name));
      setDraft(BLANK);
      setOpen(false);
    } catch (failure) {
      setFault(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setSending(false);
    }
  };
  if (!isOpen) return <div className="an-more"><Button size="s" variant="quiet" icon="edit" onClick={() => setOpen(true)}>By another name…</Button></div>;
  return (
    <form className="an-other" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
      <Field label="Name"><Input autoFocus value={draft.name} placeholder={RELEVANCE} onChange={(event) => change({ name: event.target.value })} /></Field>
      <Field label="Label"><Input value={draft.label} onChange={(event) => change({ label: event.target.value })} /></Field>
      <Field label="Score"><Input inputMode="decimal" value={draft.score} onChange={(event) => change({ score: event.target.value })} /></Field>
      <div className="an-other-wide"><Field label="Explanation"><TextArea rows={2} value={draft.explanation} onChange={(event) => change({ explanation: event.target.value })} /></Field></div>
      {fault && <p className="field-error an-other-wide" role="alert">{fault}</p>}
      <span className="an-other-wide ds-inline"><Button type="submit" size="s" variant="primary" isBusy={isSending}>Save</Button><Button size="s" onClick={() => setOpen(false)}>Cancel</Button></span>
    </form>
  );
}

/** How good the order of the documents is by what models said of them. */
export function RetrievalFigures({ spanId }: { readonly spanId: string }): JSX.Element | null {
  const metrics = useRetrievalMetrics(spanId);
  if (metrics.length === 0) return null;
  return (
    <ul className="an-metrics" aria-label="Quality of the retrieval">
      {metrics.map(({ evaluationName, ndcg, precision, reciprocalRank, hit }) => (
        <li key={evaluationName}>
          <b>{visibleText(evaluationName)}</b>
          {[["nDCG", ndcg], ["precision", precision], ["reciprocal rank", reciprocalRank], ["hit", hit]].map(([title, value]) =>
            typeof value === "number" ? <span key={String(title)}><span className="dim">{title}</span> {format.score(value)}</span> : null,
          )}
        </li>
      ))}
    </ul>
  );
}

import { Suspense, useEffect, useRef, useState } from "react";
import { mutate } from "../../base/cache";
import { lazily } from "../../base/lazily";
import { AddConfigsToProject } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { IconButton } from "../../parts/IconButton";
import { LateDialog } from "../../parts/LateDialog";
import { Menu } from "../../parts/Menu";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { visibleText } from "../../parts/text/visible";
import { isEmpty, ownOf, type Config, type Verdict } from "./annotation";
import { CONFIGS } from "./changes";
import { useAllConfigs, useProjectConfigs } from "./useConfigs";
import type { Target } from "./useTarget";
import { Explanation, VerdictInput } from "./VerdictInput";

const ConfigDialog = lazily(() => import("./ConfigDialog"));
const CONTROLS = "button, input, textarea";

interface AnnotateFormProps {
  readonly projectId: string;
  readonly target: Target;
  /** Whether a key asked for the form: its first field gets the focus. */
  readonly takesFocus?: boolean;
}

/** One's own annotations of a span or a trace: a field for each config of the project. What is chosen is stored at once. */
export function AnnotateForm({ projectId, target, takesFocus = false }: AnnotateFormProps): JSX.Element {
  const { configs, error } = useProjectConfigs(projectId);
  const box = useRef<HTMLDivElement>(null);
  /** The config that was chosen last: its field gets the focus. */
  const [added, setAdded] = useState<string>();
  useFocusWithin(box, CONTROLS, takesFocus);
  const wrong = error ?? target.error;
  if (wrong !== undefined) return <p className="field-error" role="alert">{wrong}</p>;
  if (configs === undefined || target.annotations === undefined) return <Skeleton lines={2} label="Loading the form" />;
  return (
    <div ref={box} className="an-form" role="group" aria-label="Annotate">
      {configs.map((config) => <Row key={config.id} config={config} target={target} takesFocus={config.id === added} />)}
      <MoreConfigs projectId={projectId} configs={configs} onAdded={setAdded} />
    </div>
  );
}

const EMPTY: Verdict = { label: null, score: null, explanation: null };

function Row({ config, target, takesFocus }: { readonly config: Config; readonly target: Target; readonly takesFocus: boolean }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useFocusWithin(box, CONTROLS, takesFocus);
  const known = ownOf(target.annotations ?? [], config.name);
  const stored: Verdict = known ? { label: known.label, score: known.score, explanation: known.explanation } : EMPTY;
  /** What is on its way to the server. */
  const [sent, setSent] = useState<Verdict | null>(null);
  const [error, setError] = useState<string>();
  const [isExplaining, setExplaining] = useState(false);
  const latest = useRef(stored);
  const verdict = sent ?? stored;
  latest.current = verdict;
  const change = (part: Partial<Verdict>): void => {
    const next = { ...latest.current, ...part };
    latest.current = next;
    setSent(next);
    setError(undefined);
    const done = isEmpty(next) ? (known ? target.remove([known.id]) : Promise.resolve()) : target.save(config.name, next, known);
    done.then(
      () => setSent((now) => (now === next ? null : now)),
      (failure: unknown) => {
        setSent((now) => (now === next ? null : now));
        setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
  };
  const isFree = config.__typename === "FreeformAnnotationConfig";
  const hasWords = !isFree && (isExplaining || (verdict.explanation ?? "") !== "");
  return (
    <div ref={box} className="an-row" aria-busy={sent !== null || undefined}>
      <span className="an-row-name" title={config.description === null ? undefined : visibleText(config.description)}>{visibleText(config.name)}</span>
      <VerdictInput config={config} verdict={verdict} onChange={change} />
      <span className="an-row-end">
        {!isFree && <IconButton icon="message" size="s" label={`Explain ${config.name}`} aria-pressed={hasWords} onClick={() => setExplaining(!isExplaining)} />}
        <IconButton icon="close" size="s" label={`Take back ${config.name}`} disabled={isEmpty(verdict)} onClick={() => { setExplaining(false); change(EMPTY); }} />
      </span>
      {hasWords && <Explanation label={`Explanation of ${config.name}`} placeholder="Why?" text={verdict.explanation ?? ""} hasFocus={isExplaining} onChange={(explanation) => change({ explanation })} />}
      {error && <p className="field-error" role="alert">{error}</p>}
    </div>
  );
}

function MoreConfigs({ projectId, configs, onAdded }: { readonly projectId: string; readonly configs: readonly Config[]; readonly onAdded: (id: string) => void }): JSX.Element {
  const { configs: all } = useAllConfigs();
  const [isCreating, setCreating] = useState(false);
  const others = (all ?? []).filter((one) => !configs.some((known) => known.id === one.id));
  const add = async (id: string): Promise<void> => {
    try {
      await mutate(AddConfigsToProject, { input: [{ projectId, annotationConfigId: id }] }, { invalidates: CONFIGS });
      onAdded(id);
    } catch (failure) {
      toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
    }
  };
  return (
    <div className="an-more">
      {configs.length === 0 && <p className="dim">This project asks for no annotation yet. Choose what to judge:</p>}
      <Menu
        label="Annotate with"
        placement="bottom-start"
        items={[
          ...others.map((one) => ({ id: one.id, label: visibleText(one.name), hint: TYPES[one.annotationType], onSelect: () => void add(one.id) })),
          { id: "new", label: "New config…", icon: "plus" as const, startsGroup: others.length > 0, onSelect: () => setCreating(true) },
        ]}
        trigger={(props) => <Button {...props} size="s" variant="quiet" icon="plus">Add a config</Button>}
      />
      {isCreating && (
        <Suspense fallback={<LateDialog onGiveUp={() => setCreating(false)} />}>
          <ConfigDialog config={null} onClose={() => setCreating(false)} onSaved={(id) => void add(id)} />
        </Suspense>
      )}
    </div>
  );
}

export const TYPES = { CATEGORICAL: "labels", CONTINUOUS: "score", FREEFORM: "text" } as const;

/** Puts the focus onto the first control within once it is there, for what was asked to open it. */
export function useFocusWithin(box: { readonly current: HTMLElement | null }, selector: string, isWanted: boolean): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isWanted || isDone.current) return;
    const found = box.current?.querySelector<HTMLElement>(selector);
    if (!found) return;
    isDone.current = true;
    found.focus();
  });
  useEffect(() => {
    if (!isWanted) isDone.current = false;
  }, [isWanted]);
}

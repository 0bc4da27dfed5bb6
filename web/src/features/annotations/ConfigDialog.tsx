import { useState } from "react";
import { useMutation } from "../../base/cache";
import { CreateAnnotationConfig, UpdateAnnotationConfig, type AnnotationType, type OptimizationDirection } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { IconButton } from "../../parts/IconButton";
import { Input } from "../../parts/Input";
import { Segmented } from "../../parts/Segmented";
import { Select } from "../../parts/Select";
import { toast } from "../../parts/Toast";
import type { Config } from "./annotation";
import { CONFIGS } from "./changes";
import { configFaults, configInput, draftOfConfig, newDraft, type ConfigDraft, type ValueLine } from "./configDraft";

interface ConfigDialogProps {
  /** Null for a new one. */
  readonly config: Config | null;
  readonly onClose: () => void;
  readonly onSaved?: (id: string) => void;
}

const TYPES = [
  { value: "CATEGORICAL", label: "Labels" },
  { value: "CONTINUOUS", label: "Score" },
  { value: "FREEFORM", label: "Text" },
] as const;
const DIRECTIONS = [
  { value: "MAXIMIZE", label: "Higher is better" },
  { value: "MINIMIZE", label: "Lower is better" },
  { value: "NONE", label: "Neither" },
] as const;

/** Makes or changes a config: the name of an annotation and what it may say. */
export default function ConfigDialog({ config, onClose, onSaved }: ConfigDialogProps): JSX.Element {
  const [draft, setDraft] = useState<ConfigDraft>(() => (config ? draftOfConfig(config) : newDraft));
  const [wasSent, setWasSent] = useState(false);
  const create = useMutation(CreateAnnotationConfig, { invalidates: CONFIGS });
  const update = useMutation(UpdateAnnotationConfig, { invalidates: CONFIGS });
  const found = configFaults(draft);
  const shown = wasSent ? found : {};
  const change = (part: Partial<ConfigDraft>): void => setDraft((known) => ({ ...known, ...part }));
  const submit = async (): Promise<void> => {
    setWasSent(true);
    if (Object.keys(found).length > 0) return;
    const input = configInput(draft);
    const data = config ? (await update.run({ id: config.id, config: input }))?.updateAnnotationConfig : (await create.run({ config: input }))?.createAnnotationConfig;
    if (!data) return;
    onSaved?.(data.annotationConfig.id);
    toast({ message: `${config ? "Changed" : "Created"} ${draft.name.trim()}`, tone: "good" });
    onClose();
  };
  const refusal = create.error ?? update.error;
  return (
    <Dialog
      title={config ? `Edit ${config.name}` : "New annotation config"}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={create.isSending || update.isSending}>{config ? "Save" : "Create"}</Button>
        </>
      }
    >
      <Field label="Name" hint={config ? "Annotations that are stored keep the name they have." : undefined} error={shown["name"]}>
        <Input value={draft.name} placeholder="correctness" onChange={(event) => change({ name: event.target.value })} />
      </Field>
      <Field label="Description">
        <Input value={draft.description} onChange={(event) => change({ description: event.target.value })} />
      </Field>
      <div className="ac-pair">
        <div className="field">
          <span className="ac-caption">Says</span>
          <Segmented<AnnotationType> label="Type" value={draft.type} options={TYPES} onChange={(type) => change({ type })} />
        </div>
        <Field label="Scores">
          <Select<OptimizationDirection> value={draft.direction} options={DIRECTIONS} onChange={(direction) => change({ direction })} />
        </Field>
      </div>
      {draft.type === "CATEGORICAL" ? (
        <Values values={draft.values} shown={shown} onChange={(values) => change({ values })} />
      ) : (
        <div className="ac-bounds">
          <Field label="Lowest score" error={shown["lower"]}><Input inputMode="decimal" value={draft.lower} onChange={(event) => change({ lower: event.target.value })} /></Field>
          <Field label="Highest score" error={shown["upper"]}><Input inputMode="decimal" value={draft.upper} onChange={(event) => change({ upper: event.target.value })} /></Field>
          {draft.type === "FREEFORM" && (
            <Field label="Threshold" error={shown["threshold"]}><Input inputMode="decimal" value={draft.threshold} onChange={(event) => change({ threshold: event.target.value })} /></Field>
          )}
        </div>
      )}
      {refusal && <p className="field-error" role="alert">{refusal}</p>}
    </Dialog>
  );
}

interface ValuesProps {
  readonly values: readonly ValueLine[];
  readonly shown: Readonly<Record<string, string>>;
  readonly onChange: (values: readonly ValueLine[]) => void;
}

function Values({ values, shown, onChange }: ValuesProps): JSX.Element {
  const change = (key: number, part: Partial<ValueLine>): void => onChange(values.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const add = (): void => onChange([...values, { key: Math.max(0, ...values.map((one) => one.key)) + 1, label: "", score: "" }]);
  return (
    <fieldset className="ac-values">
      <legend>Labels and their scores</legend>
      {values.map((one, at) => (
        <div key={one.key} className="ac-value">
          <Input aria-label={`Label ${at + 1}`} aria-invalid={shown[`label ${one.key}`] ? true : undefined} value={one.label} placeholder={["correct", "incorrect"][at] ?? "label"} onChange={(event) => change(one.key, { label: event.target.value })} />
          <Input aria-label={`Score of label ${at + 1}`} aria-invalid={shown[`score ${one.key}`] ? true : undefined} inputMode="decimal" value={one.score} placeholder="no score" onChange={(event) => change(one.key, { score: event.target.value })} />
          <IconButton icon="minus" size="s" label={`Remove label ${at + 1}`} disabled={values.length === 1} onClick={() => onChange(values.filter((other) => other.key !== one.key))} />
          {(shown[`label ${one.key}`] ?? shown[`score ${one.key}`]) && <span className="field-error" role="alert">{shown[`label ${one.key}`] ?? shown[`score ${one.key}`]}</span>}
        </div>
      ))}
      <Button size="s" variant="quiet" icon="plus" onClick={add}>Another label</Button>
    </fieldset>
  );
}

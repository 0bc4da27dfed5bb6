import { useState } from "react";
import { invalidate, useMutation, useQuery } from "../../../base/cache";
import { CreateModel, PatternCheck, UpdateModel, type PricedModel } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { IconButton } from "../../../parts/IconButton";
import { Input } from "../../../parts/Input";
import { toast } from "../../../parts/Toast";
import { baseKind, draftOf, emptyDraft, faults, inputOf, SIDES, type ModelDraft, type PriceLine, type Side } from "./prices";

interface ModelFormProps {
  /** Null for a new model. */
  readonly model: PricedModel | null;
  /** The form makes another model like the given one. */
  readonly isCopy: boolean;
  readonly onClose: () => void;
}

/** Adds or changes a model and its prices. */
export function ModelForm({ model, isCopy, onClose }: ModelFormProps): JSX.Element {
  const [draft, setDraft] = useState<ModelDraft>(() => (model ? draftOf(model, isCopy) : emptyDraft));
  const [wasSent, setWasSent] = useState(false);
  const create = useMutation(CreateModel);
  const update = useMutation(UpdateModel);
  const isNew = !model || isCopy;
  const pattern = draft.pattern.trim();
  const check = useQuery(PatternCheck, { regex: pattern }, { skip: pattern === "", keepPrevious: true });
  const refused = check.data && !check.data.validateRegularExpression.isValid ? (check.data.validateRegularExpression.errorMessage ?? "This is no pattern.") : undefined;
  const found = faults(draft);
  const shown = wasSent ? found : {};
  const change = (part: Partial<ModelDraft>): void => setDraft((known) => ({ ...known, ...part }));
  const changeLine = (id: number, part: Partial<PriceLine>): void =>
    change({ lines: draft.lines.map((line) => (line.id === id ? { ...line, ...part } : line)) });

  const submit = (): void => {
    setWasSent(true);
    if (Object.keys(found).length > 0 || refused) return;
    const input = inputOf(draft);
    const sent = isNew || !model ? create.run({ input }) : update.run({ input: { ...input, id: model.id } });
    void sent.then((data) => {
      if (!data) return;
      invalidate(["Models"]);
      toast({ message: isNew ? `Added ${input.name}. It prices the next calls.` : `Changed ${input.name}. It prices the next calls.`, tone: "good" });
      onClose();
    });
  };

  const title = !model ? "Add a model" : isCopy ? `Override ${model.name}` : `Edit ${model.name}`;
  const refusal = create.error ?? update.error;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={create.isSending || update.isSending}>
            {isNew ? "Add" : "Save"}
          </Button>
        </>
      }
    >
      <div className="model-form">
        <Field label="Name" error={shown["name"]}>
          <Input value={draft.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field
          label="Name pattern"
          hint="A regular expression, searched for in the model name that a span reports; ^ and $ make it the whole name. Case matters."
          error={refused ?? shown["pattern"]}
        >
          <Input className="mono" value={draft.pattern} onChange={(event) => change({ pattern: event.target.value })} placeholder="^my-model$" />
        </Field>
        <div className="model-pair">
          <Field label="Provider" hint="Empty for any.">
            <Input value={draft.provider} onChange={(event) => change({ provider: event.target.value })} />
          </Field>
          <Field label="Since" hint="Empty for always; otherwise calls that start then or later.">
            <Input type="date" value={draft.since} onChange={(event) => change({ since: event.target.value })} />
          </Field>
        </div>
        {SIDES.map((side) => (
          <Prices key={side.side} {...side} draft={draft} shown={shown} onLine={changeLine} onLines={(lines) => change({ lines })} />
        ))}
        {refusal && (
          <p className="field-error" role="alert">
            {refusal}
          </p>
        )}
      </div>
    </Dialog>
  );
}

interface PricesProps {
  readonly side: Side;
  readonly label: string;
  readonly kinds: readonly string[];
  readonly draft: ModelDraft;
  readonly shown: Readonly<Record<string, string>>;
  readonly onLine: (id: number, part: Partial<PriceLine>) => void;
  readonly onLines: (lines: readonly PriceLine[]) => void;
}

function Prices({ side, label, kinds, draft, shown, onLine, onLines }: PricesProps): JSX.Element {
  const lines = draft.lines.filter((line) => line.side === side);
  const add = (): void => {
    const unused = kinds.find((kind) => !lines.some((line) => line.kind === kind)) ?? "";
    const id = Math.max(0, ...draft.lines.map((line) => line.id)) + 1;
    onLines([...draft.lines, { id, side, kind: unused, amount: "" }]);
  };
  return (
    <fieldset className="model-prices">
      <legend>{label}, dollars for a million tokens</legend>
      {lines.map((line) => {
        const isBase = line.kind === baseKind(side) && lines.find((other) => other.kind === line.kind) === line;
        return (
          <div key={line.id} className="model-line">
            {isBase ? (
              <span className="model-kind">{line.kind}</span>
            ) : (
              <Input aria-label={`Kind of ${label.toLowerCase()} tokens`} list={`kinds-${side}`} value={line.kind} onChange={(event) => onLine(line.id, { kind: event.target.value })} />
            )}
            <Input
              inputMode="decimal"
              aria-label={`Price of ${line.kind || "these"} tokens`}
              aria-invalid={shown[line.id] ? true : undefined}
              value={line.amount}
              placeholder="0.00"
              onChange={(event) => onLine(line.id, { amount: event.target.value })}
            />
            {!isBase && <IconButton icon="minus" size="s" label={`No price of its own for ${line.kind || "these tokens"}`} onClick={() => onLines(draft.lines.filter((other) => other.id !== line.id))} />}
            {shown[line.id] && (
              <span className="field-error" role="alert">
                {shown[line.id]}
              </span>
            )}
          </div>
        );
      })}
      <datalist id={`kinds-${side}`}>
        {kinds.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
      <Button size="s" variant="quiet" icon="plus" onClick={add}>
        Another kind of tokens
      </Button>
    </fieldset>
  );
}

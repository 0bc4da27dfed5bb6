import { useEffect, useId, useState, type KeyboardEvent } from "react";
import * as format from "../../base/format";
import { Input, TextArea } from "../../parts/Input";
import { visibleText } from "../../parts/text/visible";
import type { Config, Verdict } from "./annotation";

export interface VerdictInputProps {
  readonly config: Config;
  readonly verdict: Verdict;
  /** Called with what is to be stored: when a label is chosen, or when a field that was changed is left. */
  readonly onChange: (change: Partial<Verdict>) => void;
}

/** The field that a config asks for. */
export function VerdictInput(props: VerdictInputProps): JSX.Element {
  switch (props.config.__typename) {
    case "CategoricalAnnotationConfig":
      return <Labels {...props} values={props.config.values} />;
    case "ContinuousAnnotationConfig":
      return <Score {...props} lower={props.config.lowerBound} upper={props.config.upperBound} />;
    case "FreeformAnnotationConfig":
      return <FreeText {...props} lower={props.config.lowerBound} upper={props.config.upperBound} isScored={props.config.threshold !== null || props.config.lowerBound !== null || props.config.upperBound !== null} />;
  }
}

function Labels({ config, verdict, values, onChange }: VerdictInputProps & { readonly values: readonly { readonly label: string; readonly score: number | null }[] }): JSX.Element {
  const choose = (value: { readonly label: string; readonly score: number | null }): void =>
    onChange(verdict.label === value.label ? { label: null, score: null } : { label: value.label, score: value.score });
  const onKey = (event: KeyboardEvent): void => {
    const value = /^[1-9]$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey ? values[Number(event.key) - 1] : undefined;
    if (!value) return;
    event.preventDefault();
    event.stopPropagation();
    choose(value);
  };
  return (
    // The buttons within have the focus; the group takes the digits.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="an-labels" role="group" aria-label={config.name} onKeyDown={onKey}>
      {values.map((value, at) => (
        <button key={value.label} type="button" className="an-label" aria-pressed={verdict.label === value.label} title={value.score === null ? undefined : `Score ${format.score(value.score)}`} onClick={() => choose(value)}>
          {at < 9 && <span className="an-digit" aria-hidden="true">{at + 1}</span>}
          {visibleText(value.label)}
        </button>
      ))}
    </div>
  );
}

/** What is typed, until it is left: then it is handed on if it differs. */
function useTyped(stored: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState(stored);
  useEffect(() => setTyped(stored), [stored]);
  return [typed, setTyped];
}

function Score({ config, verdict, lower, upper, onChange }: VerdictInputProps & { readonly lower: number | null; readonly upper: number | null }): JSX.Element {
  const stored = verdict.score === null ? "" : String(verdict.score);
  const [typed, setTyped] = useTyped(stored);
  const id = useId();
  const number = typed.trim() === "" ? null : Number(typed.replace(",", "."));
  const fault =
    number === null ? undefined
    : !Number.isFinite(number) ? "This is no number."
    : lower !== null && number < lower ? `At least ${format.score(lower)}.`
    : upper !== null && number > upper ? `At most ${format.score(upper)}.`
    : undefined;
  const leave = (): void => {
    if (fault === undefined && number !== verdict.score) onChange({ score: number });
  };
  const hasRange = lower !== null && upper !== null && upper > lower;
  return (
    <div className="an-score">
      {hasRange && (
        <input
          type="range" className="an-range" aria-label={`${config.name}, slider`} min={lower} max={upper} step={(upper - lower) / 100} value={number ?? (lower + upper) / 2} data-unset={number === null || undefined}
          onChange={(event) => setTyped(String(Number(Number(event.target.value).toPrecision(6))))} onPointerUp={leave} onKeyUp={leave} onBlur={leave}
        />
      )}
      <Input
        inputMode="decimal" className="an-number" aria-label={config.name} aria-invalid={fault ? true : undefined} aria-describedby={fault ? id : undefined} value={typed}
        placeholder={lower !== null || upper !== null ? `${lower === null ? "" : format.score(lower)}–${upper === null ? "" : format.score(upper)}` : "number"}
        onChange={(event) => setTyped(event.target.value)} onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === "Enter") leave();
          else if (event.key === "Escape" && typed !== stored) {
            event.stopPropagation();
            setTyped(stored);
          }
        }}
      />
      {fault && <span id={id} className="field-error" role="alert">{fault}</span>}
    </div>
  );
}

function FreeText({ isScored, ...props }: VerdictInputProps & { readonly isScored: boolean; readonly lower: number | null; readonly upper: number | null }): JSX.Element {
  return (
    <div className="an-free">
      {isScored && <Score {...props} />}
      <Explanation label={isScored ? `Explanation of ${props.config.name}` : props.config.name} placeholder="Text" text={props.verdict.explanation ?? ""} onChange={(explanation) => props.onChange({ explanation })} />
    </div>
  );
}

interface ExplanationProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onChange: (text: string | null) => void;
  readonly hasFocus?: boolean;
}

/** A text that is stored when it is left, or by Ctrl and Enter. */
export function Explanation({ label, placeholder, text, onChange, hasFocus = false }: ExplanationProps): JSX.Element {
  const [typed, setTyped] = useTyped(text);
  const leave = (): void => {
    if (typed !== text) onChange(typed.trim() === "" ? null : typed);
  };
  return (
    <TextArea
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus={hasFocus} className="an-text" rows={typed.length > 60 || typed.includes("\n") ? 3 : 1} aria-label={label} placeholder={placeholder} value={typed}
      onChange={(event) => setTyped(event.target.value)} onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          leave();
        } else if (event.key === "Escape" && typed !== text) {
          event.stopPropagation();
          setTyped(text);
        }
      }}
    />
  );
}

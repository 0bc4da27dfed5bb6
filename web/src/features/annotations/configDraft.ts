import type { AnnotationConfigInput, AnnotationType, OptimizationDirection } from "../../generated/graphql";
import { NOTE, type Config } from "./annotation";

export interface ValueLine {
  /** Tells lines apart while they are edited. */
  readonly key: number;
  readonly label: string;
  readonly score: string;
}

/** A config as a form holds it: numbers as they were typed. */
export interface ConfigDraft {
  readonly type: AnnotationType;
  readonly name: string;
  readonly description: string;
  readonly direction: OptimizationDirection;
  readonly values: readonly ValueLine[];
  readonly lower: string;
  readonly upper: string;
  readonly threshold: string;
}

export const newDraft: ConfigDraft = {
  type: "CATEGORICAL", name: "", description: "", direction: "MAXIMIZE", lower: "0", upper: "1", threshold: "",
  values: [{ key: 1, label: "", score: "1" }, { key: 2, label: "", score: "0" }],
};

const typed = (value: number | null): string => (value === null ? "" : String(value));

export function draftOfConfig(config: Config): ConfigDraft {
  const all = { ...newDraft, type: config.annotationType, name: config.name, description: config.description ?? "", direction: config.optimizationDirection };
  switch (config.__typename) {
    case "CategoricalAnnotationConfig":
      return { ...all, values: config.values.map((value, at) => ({ key: at + 1, label: value.label, score: typed(value.score) })) };
    case "ContinuousAnnotationConfig":
      return { ...all, lower: typed(config.lowerBound), upper: typed(config.upperBound) };
    case "FreeformAnnotationConfig":
      return { ...all, lower: typed(config.lowerBound), upper: typed(config.upperBound), threshold: typed(config.threshold) };
  }
}

/** A number as typed, with a comma or a point; null when nothing is typed, NaN when it is no number. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? null : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** What is wrong with a draft, by field; a value's label and score by its key. */
export function configFaults(draft: ConfigDraft): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  const name = draft.name.trim();
  if (name === "") out["name"] = "Give the config a name.";
  else if (name === NOTE) out["name"] = "Notes have this name.";
  if (draft.type === "CATEGORICAL") {
    if (draft.values.length === 0) out["values"] = "There has to be a label.";
    for (const { key, label, score } of draft.values) {
      if (label.trim() === "") out[`label ${key}`] = "Give the label a text.";
      else if (draft.values.some((other) => other.key < key && other.label.trim() === label.trim())) out[`label ${key}`] = "This label is there already.";
      if (!isNumberOrEmpty(score)) out[`score ${key}`] = "This is no number.";
    }
    return out;
  }
  for (const field of ["lower", "upper", "threshold"] as const) {
    if (field === "threshold" && draft.type !== "FREEFORM") continue;
    if (!isNumberOrEmpty(draft[field])) out[field] = "This is no number.";
  }
  const lower = numberOf(draft.lower);
  const upper = numberOf(draft.upper);
  if (lower !== null && upper !== null && lower >= upper) out["upper"] = "This is not above the lowest score.";
  return out;
}

const isNumberOrEmpty = (text: string): boolean => !Number.isNaN(numberOf(text) ?? 0);

export function configInput(draft: ConfigDraft): AnnotationConfigInput {
  const base = { name: draft.name.trim(), description: draft.description.trim() || null, optimizationDirection: draft.direction };
  const bounds = { lowerBound: numberOf(draft.lower), upperBound: numberOf(draft.upper) };
  switch (draft.type) {
    case "CATEGORICAL":
      return { categorical: { ...base, values: draft.values.map(({ label, score }) => ({ label: label.trim(), score: numberOf(score) })) } };
    case "CONTINUOUS":
      return { continuous: { ...base, ...bounds } };
    case "FREEFORM":
      return { freeform: { ...base, ...bounds, threshold: numberOf(draft.threshold) } };
  }
}

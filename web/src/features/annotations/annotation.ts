import { quoted } from "../../base/filterText";
import * as format from "../../base/format";
import type { AnnotationConfigItem, SpanAnnotationItem, SummaryItem } from "../../generated/graphql";

export type Config = AnnotationConfigItem;
/** What somebody said of a span, a trace, a session or a document. */
export type Annotation = SpanAnnotationItem;
export type Summary = Pick<SummaryItem, "name" | "count" | "meanScore" | "labelFractions">;

/** What an annotation says: a label, a score, an explanation, or several of them. */
export interface Verdict {
  readonly label: string | null;
  readonly score: number | null;
  readonly explanation: string | null;
}

/** The name that notes have among annotations. */
export const NOTE = "note";
/** The name of the feedback that the thumbs give. */
export const FEEDBACK = "user_feedback";
/** The name under which documents are judged in one press. */
export const RELEVANCE = "relevance";
/** Who annotates through this page; a server with users adds who it is. */
export const OWN_IDENTIFIER = "px-app:";

export const isNote = (one: { readonly name: string }): boolean => one.name === NOTE;

/** Whether an annotation was given through the page, so that it can be changed there. */
export const isOwn = (one: Pick<Annotation, "identifier" | "source" | "annotatorKind">): boolean =>
  one.source === "APP" && one.annotatorKind === "HUMAN" && (one.identifier === "" || one.identifier.startsWith(OWN_IDENTIFIER));

/** The annotation of a name that the form changes. */
export const ownOf = <One extends Annotation>(all: readonly One[], name: string): One | undefined => all.find((one) => one.name === name && isOwn(one));

/** The identifier to write under: that of what is changed, else our own. */
export const identifierFor = (known: Annotation | undefined): string => known?.identifier ?? OWN_IDENTIFIER;

export const isEmpty = ({ label, score, explanation }: Verdict): boolean => label === null && score === null && (explanation ?? "").trim() === "";

export type Tone = "good" | "bad" | "neutral";

/** Whether a score counts as good under a config: above or below the middle of its range, or its threshold. */
export function toneOf(config: Config | undefined, verdict: { readonly label: string | null; readonly score: number | null }): Tone {
  if (!config || config.optimizationDirection === "NONE") return "neutral";
  const score = verdict.score ?? (config.__typename === "CategoricalAnnotationConfig" ? (config.values.find((one) => one.label === verdict.label)?.score ?? null) : null);
  const middle = middleOf(config);
  if (score === null || middle === null || score === middle) return "neutral";
  return score > middle === (config.optimizationDirection === "MAXIMIZE") ? "good" : "bad";
}

function middleOf(config: Config): number | null {
  if (config.__typename === "CategoricalAnnotationConfig") {
    const scores = config.values.flatMap((one) => (one.score === null ? [] : [one.score]));
    return scores.length < 2 ? null : (Math.min(...scores) + Math.max(...scores)) / 2;
  }
  if (config.__typename === "FreeformAnnotationConfig" && config.threshold !== null) return config.threshold;
  return config.lowerBound !== null && config.upperBound !== null ? (config.lowerBound + config.upperBound) / 2 : null;
}

/** A verdict in a few characters. */
export function verdictText({ label, score }: { readonly label: string | null; readonly score: number | null }): string {
  if (label !== null && label !== "") return score === null ? label : `${label} ${format.score(score)}`;
  return score === null ? "" : format.score(score);
}

/** Many annotations of a name in a few characters: the one label or the commonest, else the mean score. */
export function summaryText({ meanScore, labelFractions, count }: Summary): string {
  const common = commonest(labelFractions);
  if (common === undefined) return meanScore === null ? "" : `${count > 1 ? "⌀ " : ""}${format.score(meanScore)}`;
  return labelFractions.length === 1 ? common.label : `${common.label} ${format.percent(common.fraction)}`;
}

export function commonest<One extends { readonly fraction: number }>(fractions: readonly One[]): One | undefined {
  return fractions.reduce<One | undefined>((best, one) => (best === undefined || one.fraction > best.fraction ? one : best), undefined);
}

/** What conditions call the annotations of spans, those of the traces around them, and those of sessions. */
export type Scope = "annotations" | "trace_annotations" | "session_annotations";

/** The conditions that an annotation suggests for the filter of spans, with words for them. */
export function conditionsOf(one: { readonly name: string; readonly label: string | null; readonly score: number | null }, of: Scope = "annotations"): readonly { readonly id: string; readonly label: string; readonly condition: string }[] {
  const it = `${of}[${quoted(one.name)}]`;
  const out: { id: string; label: string; condition: string }[] = [];
  if (one.label !== null) {
    out.push({ id: "label", label: `Only “${one.label}”`, condition: `${it}.label == ${quoted(one.label)}` });
    out.push({ id: "not", label: `Without “${one.label}”`, condition: `${it}.label != ${quoted(one.label)}` });
  }
  if (one.score !== null && Number.isFinite(one.score)) {
    const score = Number(one.score.toPrecision(6));
    out.push({ id: "least", label: `Score of ${format.score(score)} or more`, condition: `${it}.score >= ${score}` });
    out.push({ id: "most", label: `Score of ${format.score(score)} or less`, condition: `${it}.score <= ${score}` });
  }
  out.push({ id: "has", label: `Annotated with ${one.name}`, condition: it });
  out.push({ id: "lacks", label: `Not annotated with ${one.name}`, condition: `not ${it}` });
  return out;
}

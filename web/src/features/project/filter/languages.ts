import type { Operation } from "../../../base/graphql";
import { CheckSessionFilter, CheckSpanFilter, CheckTraceFilter, type FilterConditionLanguage } from "../../../generated/graphql";
import { tokens } from "./tokens";

export interface Verdict {
  readonly isValid: boolean;
  readonly errorMessage: string | null;
  readonly warnings: readonly string[];
}

export interface Example {
  readonly condition: string;
  readonly meaning: string;
}

type Check = Operation<{ readonly node: unknown }, { readonly id: string; readonly condition: string }>;

/** One of the three filter languages: how it is checked, and what one might ask in it. */
export interface Language {
  readonly key: FilterConditionLanguage;
  /** What it selects. */
  readonly thing: "span" | "trace" | "session";
  readonly parameter: string;
  /** What is meant when the URL says nothing. */
  readonly usual: string;
  /** A condition that looks for a text. */
  readonly textField: string;
  /** Fields that hold an id, by the number of its hexadecimal digits. */
  readonly idFields: Readonly<Record<number, string>>;
  /** What an empty field says. */
  readonly placeholder: string;
  /** What helps when a name is unknown. */
  readonly namesHint: string;
  readonly check: Check;
  readonly examples: readonly Example[];
}

export const SPANS: Language = {
  key: "SPAN",
  thing: "span",
  parameter: "spanFilterCondition",
  usual: "parent_id is None",
  textField: "text",
  idFields: { 32: "trace_id", 16: "span_id" },
  placeholder: "Filter, or words to search for",
  namesHint: "",
  check: CheckSpanFilter,
  examples: [
    { condition: "status_code == 'ERROR'", meaning: "failed" },
    { condition: "latency_ms > 2_000", meaning: "slower than two seconds" },
    { condition: "span_kind == 'LLM'", meaning: "calls of language models" },
    { condition: "text contains 'refund'", meaning: "with a text in any attribute" },
    { condition: "llm.token_count.total > 1_000", meaning: "many tokens" },
    { condition: "metadata['tenant'] == 'acme'", meaning: "by metadata" },
    { condition: "user.id is not None", meaning: "of a known user" },
  ],
};

export const TRACES: Language = {
  key: "TRACE",
  thing: "trace",
  parameter: "traceFilterCondition",
  usual: "",
  textField: "input",
  idFields: { 32: "trace_id" },
  placeholder: "Filter, or words of the input",
  namesHint: "The name must be a field of a trace. Fields of its spans go into any(s.span_kind == 'LLM' for s in spans), or into the Spans tab.",
  check: CheckTraceFilter,
  examples: [
    { condition: "error_count > 0", meaning: "with a failed span" },
    { condition: "latency_ms > 2_000", meaning: "slower than two seconds" },
    { condition: "any(s.span_kind == 'TOOL' and s.status_code == 'ERROR' for s in spans)", meaning: "with a failed tool" },
    { condition: "'refund' in input", meaning: "asking for a word" },
    { condition: "llm_span_count > 3", meaning: "many model calls" },
    { condition: "total_cost > 0.01", meaning: "dearer than a cent" },
  ],
};

export const SESSIONS: Language = {
  key: "SESSION",
  thing: "session",
  parameter: "sessionFilterCondition",
  usual: "",
  textField: "any_input",
  idFields: {},
  placeholder: "Filter, or words of an input",
  namesHint: "The name must be a field of a session. Fields of spans go into the Spans tab.",
  check: CheckSessionFilter,
  examples: [
    { condition: "num_traces > 3", meaning: "long conversations" },
    { condition: "num_traces_with_error > 0", meaning: "with a failed trace" },
    { condition: "'refund' in any_input", meaning: "mentioning a word" },
    { condition: "duration_ms > 60_000", meaning: "longer than a minute" },
    { condition: "token_count_total > 10_000", meaning: "many tokens" },
  ],
};

/** What may help beside what the server says of a condition that it cannot read. */
export function hint(language: Language, condition: string, message: string): string {
  if (message.startsWith("invalid name")) return language.namesHint;
  const marks = tokens(condition);
  const hasAssignment = marks ? marks.some(({ type, text }) => type === "operator" && text === "=") : /[^=!<>]=(?!=)/u.test(condition);
  return hasAssignment ? "Equality is written ==." : "";
}

/** Reads the one field beside the id that a check selects. */
export function verdictOf(data: { readonly node: unknown }): Verdict | null {
  const node = data.node as Readonly<Record<string, unknown>> | null;
  const found = Object.values(node ?? {}).find((value) => typeof value === "object" && value !== null && "isValid" in value);
  return (found as Verdict | undefined) ?? null;
}

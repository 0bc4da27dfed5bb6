import { duration } from "../../../base/format";
import type { Json, JsonObject } from "./attributes";

/** A part of the time that a call of a model took, in milliseconds after its start. */
export interface Phase {
  /** Waiting for a free model, working on the prompt, giving out tokens. */
  readonly name: "queue" | "prompt" | "output";
  readonly from: number;
  readonly to: number;
}

interface Timed {
  readonly startTime: string;
  readonly endTime: string | null;
  readonly events: readonly { readonly name: string; readonly timestamp: string }[];
}

export const NO_PHASES: readonly Phase[] = [];

/** Attributes in seconds, as inference servers and the conventions for generative models have them. */
const IN_QUEUE = ["gen_ai.latency.time_in_queue"];
const TO_FIRST_TOKEN = ["gen_ai.latency.time_to_first_token", "gen_ai.server.time_to_first_token", "gen_ai.response.time_to_first_chunk"];
const FIRST_TOKEN = /\bfirst[\s_.-]*(?:token|chunk)/i;

/** Where the time of a call went, as far as its span says; nothing when it says no more than its start and its end. */
export function phasesOf(span: Timed, attributes: JsonObject): readonly Phase[] {
  if (span.endTime === null) return NO_PHASES;
  const start = Date.parse(span.startTime), whole = Date.parse(span.endTime) - start;
  const within = (time: number | undefined): number | undefined => (time !== undefined && time > 0 && time <= whole ? time : undefined);
  const event = span.events.find((e) => FIRST_TOKEN.test(e.name));
  const queue = within(seconds(attributes, IN_QUEUE)), first = within(seconds(attributes, TO_FIRST_TOKEN) ?? (event && Date.parse(event.timestamp) - start));
  // A queue that ends after the first token contradicts it; the token is what a person waited for.
  const queued = queue !== undefined && queue <= (first ?? whole) ? queue : 0;
  if (first === undefined && queued === 0) return NO_PHASES;
  const parts: readonly Phase[] = [
    { name: "queue", from: 0, to: queued },
    { name: "prompt", from: queued, to: first ?? queued },
    { name: "output", from: first ?? queued, to: whole },
  ];
  return parts.filter((part) => part.to > part.from);
}

/** The phases in words. */
export function phasesText(phases: readonly Phase[]): string {
  const of = (name: Phase["name"]): Phase | undefined => phases.find((phase) => phase.name === name);
  const queue = of("queue"), prompt = of("prompt"), output = of("output");
  return [queue && `${duration(queue.to)} in the queue`, prompt && `first token after ${duration(prompt.to)}`, prompt && output && `${duration(output.to - output.from)} of output`].filter(Boolean).join(", ");
}

function seconds(attributes: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    let at: Json | undefined = attributes;
    for (const step of name.split(".")) at = typeof at === "object" && at !== null && !Array.isArray(at) ? (at as JsonObject)[step] : undefined;
    if (typeof at === "number") return at * 1000;
  }
  return undefined;
}

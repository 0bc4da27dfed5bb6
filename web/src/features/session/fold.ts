import type { Message, Reading } from "./messages";

/** A side of a turn without what earlier turns already showed. */
export type Folded =
  | { readonly form: "text"; readonly earlier: string; readonly text: string }
  | { readonly form: "messages"; readonly earlier: readonly Message[]; readonly messages: readonly Message[] }
  | { readonly form: "json"; readonly value: unknown };

const SHORTEST_PREFIX = 40;

const key = (message: Message): string => `${message.role}\n${message.text.trim()}`;

const texts = (reading: Reading | null): readonly Message[] => {
  if (!reading || reading.form === "json") return [];
  return reading.form === "messages" ? reading.messages : [{ role: "", text: reading.text }];
};

/**
 * Folds the beginning of an input that the turn before already had: its input and its output.
 *
 * What is new always stays, at least the last message.
 */
export function foldInput(input: Reading, before: { readonly input: Reading | null; readonly output: Reading | null }): Folded {
  if (input.form === "json") return input;
  if (input.form === "text") return foldText(input.text, before.input);
  const seen = new Set([...texts(before.input), ...texts(before.output)].map(key));
  const said = new Set([...texts(before.input), ...texts(before.output)].map((one) => one.text.trim()));
  let count = 0;
  while (count < input.messages.length - 1) {
    const next = input.messages[count];
    // A plain output has no role, so an assistant's message is known by its text.
    if (!next || !(seen.has(key(next)) || (next.role === "assistant" && said.has(next.text.trim())) || (next.role === "user" && said.has(next.text.trim())))) break;
    count += 1;
  }
  return { form: "messages", earlier: input.messages.slice(0, count), messages: input.messages.slice(count) };
}

function foldText(text: string, before: Reading | null): Folded {
  const earlier = before?.form === "text" ? before.text.trimEnd() : "";
  const isRepeated = earlier.length >= SHORTEST_PREFIX && text.length > earlier.length && text.startsWith(earlier);
  const rest = isRepeated ? text.slice(earlier.length) : text;
  if (!isRepeated || !/^\s*\n/.test(rest)) return { form: "text", earlier: "", text };
  return { form: "text", earlier, text: rest.trimStart() };
}

/** Folds an output that repeats the whole conversation before it says what is new. */
export function foldOutput(output: Reading, input: Reading | null): Folded {
  if (output.form === "json") return output;
  if (output.form === "text") return { form: "text", earlier: "", text: output.text };
  const known = texts(input).map(key);
  let count = 0;
  while (count < output.messages.length - 1 && count < known.length) {
    const next = output.messages[count];
    if (!next || key(next) !== known[count]) break;
    count += 1;
  }
  return { form: "messages", earlier: output.messages.slice(0, count), messages: output.messages.slice(count) };
}

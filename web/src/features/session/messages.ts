/** What was said in a turn, read out of the many shapes in which frameworks record it. */
export interface Message {
  readonly role: string;
  readonly text: string;
}

export interface Recorded {
  readonly value: string;
  readonly mimeType: "text" | "json";
}

/** One side of a turn in the form in which it is best read. */
export type Reading =
  | { readonly form: "text"; readonly text: string }
  | { readonly form: "messages"; readonly messages: readonly Message[] }
  | { readonly form: "json"; readonly value: unknown };

type Fields = Readonly<Record<string, unknown>>;

/** Longer texts are not searched for messages: parsing them would hold up the page. */
const MOST_PARSED = 2_000_000;

const ROLES: Readonly<Record<string, string>> = { human: "user", ai: "assistant", HumanMessage: "user", AIMessage: "assistant", SystemMessage: "system", ToolMessage: "tool", model: "assistant" };
/** Keys under which frameworks put the one text that matters, in the order of preference. */
const TEXT_KEYS = ["input", "output", "query", "question", "prompt", "text", "answer", "response", "result", "content", "message"];
const LIST_KEYS = ["messages", "input_messages", "output_messages", "chat_history", "contents"];

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

export function read(recorded: Recorded): Reading {
  const value = parse(recorded);
  if (value === undefined) return { form: "text", text: recorded.value };
  if (typeof value === "string") return { form: "text", text: value };
  const messages = findMessages(value, 0);
  if (messages && messages.length > 0) return { form: "messages", messages };
  const text = soleText(value);
  return text === null ? { form: "json", value } : { form: "text", text };
}

function parse({ value, mimeType }: Recorded): unknown {
  const begin = value.trimStart()[0] ?? "";
  const looksLikeJson = mimeType === "json" || begin === "{" || begin === "[";
  if (!looksLikeJson || value.length > MOST_PARSED) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

function findMessages(value: unknown, depth: number): readonly Message[] | null {
  if (depth > 3) return null;
  if (Array.isArray(value)) {
    // LangChain records a batch of conversations, of which there is one.
    if (value.length === 1 && Array.isArray(value[0])) return findMessages(value[0], depth + 1);
    const messages = value.map(message);
    return messages.length > 0 && messages.every((one): one is Message => one !== null) ? messages : null;
  }
  if (!isFields(value)) return null;
  for (const key of LIST_KEYS) {
    const found = key in value ? findMessages(value[key], depth + 1) : null;
    if (found) return found;
  }
  const choices = value["choices"];
  if (Array.isArray(choices)) return findMessages(choices.map((choice: unknown) => (isFields(choice) ? choice["message"] : null)), depth + 1);
  for (const key of ["input", "output", "data", "kwargs"]) {
    const found = isFields(value[key]) || Array.isArray(value[key]) ? findMessages(value[key], depth + 1) : null;
    if (found) return found;
  }
  const single = message(value);
  return single && [single];
}

function message(value: unknown): Message | null {
  if (!isFields(value)) return null;
  const fields = isFields(value["kwargs"]) ? value["kwargs"] : isFields(value["message"]) ? value["message"] : value;
  const given = fields["role"] ?? fields["type"];
  if (typeof given !== "string") return null;
  const isPart = fields["role"] === undefined && !(given in ROLES) && given !== "system" && given !== "tool";
  if (isPart) return null;
  const text = content(fields["content"] ?? fields["parts"]);
  const calls = toolCalls(fields["tool_calls"]);
  if (text === null && calls === "") return null;
  return { role: ROLES[given] ?? given, text: [text ?? "", calls].filter(Boolean).join("\n") };
}

function content(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (!Array.isArray(value)) return isFields(value) ? soleText(value) : null;
  const parts = value.map((part: unknown): string => {
    if (typeof part === "string") return part;
    if (!isFields(part)) return "";
    if (typeof part["text"] === "string") return part["text"];
    const nested = content(part["content"] ?? null);
    if (nested) return nested;
    if (typeof part["name"] === "string") return `→ ${part["name"]}(${compactJson(part["input"] ?? {})})`;
    return typeof part["type"] === "string" ? `[${part["type"]}]` : "";
  });
  return parts.filter(Boolean).join("\n");
}

function toolCalls(value: unknown): string {
  if (!Array.isArray(value)) return "";
  const lines = value.map((call: unknown): string => {
    const fields = isFields(call) ? (isFields(call["function"]) ? call["function"] : call) : {};
    const name = fields["name"];
    if (typeof name !== "string") return "";
    const given = fields["arguments"] ?? fields["args"] ?? {};
    return `→ ${name}(${typeof given === "string" ? given : compactJson(given)})`;
  });
  return lines.filter(Boolean).join("\n");
}

const compactJson = (value: unknown): string => JSON.stringify(value) ?? "";

/** The text of an object that amounts to one text. */
function soleText(value: unknown): string | null {
  if (!isFields(value)) return null;
  const keys = Object.keys(value);
  const key = TEXT_KEYS.find((known) => typeof value[known] === "string") ?? (keys.length === 1 ? keys[0] : undefined);
  const text = key === undefined ? undefined : value[key];
  return typeof text === "string" ? text : null;
}

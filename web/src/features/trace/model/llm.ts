import { asText, at, isList, isObject, listAt, numberAt, parseContainer, textAt, type Json, type JsonObject } from "./attributes";
import { messagesAt, type Message } from "./messages";

export interface Tool {
  readonly name: string;
  readonly description: string | undefined;
  readonly parameters: Json | undefined;
  /** All that was said of the tool. */
  readonly definition: Json;
}

export interface PromptTemplate {
  readonly template: string;
  readonly version: string | undefined;
  readonly variables: JsonObject;
}

export interface TokenDetail { readonly label: string; readonly count: number }

export interface Call {
  readonly model: string | undefined;
  /** The model that was asked for or that answered, where it is not `model`. */
  readonly otherModels: readonly { readonly label: string; readonly name: string }[];
  readonly provider: string | undefined;
  readonly system: string | undefined;
  readonly input: readonly Message[];
  readonly output: readonly Message[];
  /** Of completion models, which know no messages. */
  readonly prompts: readonly string[];
  readonly choices: readonly string[];
  readonly tools: readonly Tool[];
  readonly parameters: JsonObject;
  /** The invocation parameters where they are no object. */
  readonly parametersText: string | undefined;
  readonly template: PromptTemplate | undefined;
  readonly finishReason: string | undefined;
}

export function readCall(attributes: JsonObject): Call {
  const llm = at(attributes, "llm");
  const model = textAt(llm, "model_name") ?? textAt(attributes, "embedding.model_name") ?? textAt(attributes, "reranker.model_name");
  const otherModels = [["asked for", "request.model_name"], ["answered by", "response.model_name"]]
    .map(([label, path]) => ({ label: label!, name: textAt(llm, path!) ?? "" })).filter((m) => m.name !== "" && m.name !== model);
  const rawParameters = at(llm, "invocation_parameters");
  const parsed = typeof rawParameters === "string" ? parseContainer(rawParameters) : rawParameters;
  const finish = at(llm, "finish_reason");
  return {
    model, otherModels, provider: textAt(llm, "provider"), system: textAt(llm, "system"),
    input: messagesAt(attributes, "llm.input_messages"), output: messagesAt(attributes, "llm.output_messages"),
    prompts: listAt(llm, "prompts").map((p) => textAt(p, "prompt.text") ?? asText(p)),
    choices: listAt(llm, "choices").map((c) => textAt(c, "completion.text") ?? asText(c)),
    tools: listAt(llm, "tools").map(readTool),
    parameters: isObject(parsed) ? parsed : {},
    parametersText: !isObject(parsed) && rawParameters !== undefined && asText(rawParameters) !== "" ? asText(rawParameters) : undefined,
    template: readTemplate(llm),
    finishReason: isList(finish) ? finish.map(asText).join(", ") : typeof finish === "string" ? finish.replace(/^\["(.*)"\]$/, "$1") : undefined,
  };
}

export function readTool(value: Json): Tool {
  const tool = at(value, "tool") ?? value;
  const text = at(tool, "json_schema") ?? at(tool, "parameters");
  const schema = typeof text === "string" ? parseContainer(text) ?? text : text;
  const inner = at(schema, "function") ?? at(schema, "toolSpec") ?? schema;
  return {
    name: textAt(tool, "name") ?? textAt(inner, "name") ?? "",
    description: textAt(tool, "description") ?? textAt(inner, "description"),
    parameters: at(inner, "parameters") ?? at(inner, "input_schema") ?? at(inner, "inputSchema.json") ?? (at(inner, "properties") === undefined ? undefined : inner),
    definition: schema ?? tool,
  };
}

function readTemplate(llm: Json | undefined): PromptTemplate | undefined {
  const template = at(llm, "prompt_template.template"), variables = at(llm, "prompt_template.variables");
  const parsed = typeof variables === "string" ? parseContainer(variables) : variables;
  const version = textAt(llm, "prompt_template.version");
  if (template === undefined && !isObject(parsed)) return undefined;
  return { template: asText(template), version, variables: isObject(parsed) ? parsed : {} };
}

const DETAILS: readonly (readonly [string, string])[] = [
  ["cache read", "prompt_details.cache_read"], ["cache write", "prompt_details.cache_write"], ["cached input", "prompt_details.cache_input"],
  ["audio in", "prompt_details.audio"], ["reasoning", "completion_details.reasoning"], ["audio out", "completion_details.audio"],
];

export function tokenDetails(attributes: JsonObject): readonly TokenDetail[] {
  const counts = at(attributes, "llm.token_count");
  return DETAILS.flatMap(([label, path]) => { const count = numberAt(counts, path); return count ? [{ label, count }] : []; });
}

/** The parts of a template in order: plain text and the variables that it names. */
export function templatePieces(template: string, names: ReadonlySet<string>): readonly { readonly text: string; readonly variable: boolean }[] {
  const out: { text: string; variable: boolean }[] = [];
  let from = 0;
  for (const m of template.matchAll(/\{\{\s*([\w.]+)\s*\}\}|\{([\w.]+)\}/g)) {
    const name = m[1] ?? m[2] ?? "";
    if (!names.has(name) && m[1] === undefined) continue;
    if (m.index! > from) out.push({ text: template.slice(from, m.index!), variable: false });
    out.push({ text: m[0]!, variable: true });
    from = m.index! + m[0]!.length;
  }
  if (from < template.length) out.push({ text: template.slice(from), variable: false });
  return out;
}

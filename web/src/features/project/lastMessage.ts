/** A value of JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const DEPTH_MAX = 12;
/** Where a wrapper keeps what it wraps, what is more telling first. */
const LISTS = ["messages", "contents", "msg_history", "chat_history", "conversation", "history"];
const ANSWERS = ["choices", "generations", "candidates", "replies", "completions"];
const WRAPPED = ["output", "outputs", "input", "inputs", "response", "result", "value", "data", "kwargs", "message", "query_bundle", "return_values"];
const TEXTS = [
  "content", "page_content", "text", "output_text", "query_str", "query", "question", "prompt", "input", "output", "answer", "response", "completion", "result", "message", "generated_text", "q",
];

/**
 * The words that a person looks for in an input or an output: of a list of messages the last one, of a
 * model's answer its text or its tool calls. Null when the value has no such shape.
 */
export function lastMessage(value: Json): string | null {
  const found = read(value, 0);
  const text = found?.trim() ?? "";
  return text === "" ? null : text;
}

/** What a cell shows of a value: its last message, or the value itself on one line. */
export function shownValue(value: string, isJson: boolean): string {
  if (!isJson) return value;
  try {
    const parsed = JSON.parse(value) as Json;
    return lastMessage(parsed) ?? (typeof parsed === "string" ? parsed : value);
  } catch {
    return value;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function read(value: Json | undefined, depth: number): string | null {
  if (value === undefined || value === null || depth > DEPTH_MAX) return null;
  if (typeof value === "string") return value === "" ? null : value;
  if (isList(value)) return readList(value, depth + 1);
  return isObject(value) ? readObject(value, depth + 1) : null;
}

function readObject(value: JsonObject, depth: number): string | null {
  const message = readMessage(value, depth);
  if (message !== null) return message;
  for (const key of LISTS) {
    const found = isList(value[key]) ? read(value[key], depth) : null;
    if (found !== null) return found;
  }
  for (const key of ANSWERS) {
    const list = value[key];
    const found = isList(list) ? read(list[0], depth) ?? read(list, depth) : null;
    if (found !== null) return found;
  }
  for (const key of TEXTS) {
    const text = value[key];
    if (typeof text === "string" && text !== "" && isMainText(value, key)) return text;
  }
  for (const key of WRAPPED) {
    const inner = value[key];
    const found = isObject(inner) || isList(inner) ? read(inner, depth) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Whether a text is what an object is about: it is alone, or beside settings, not beside equals such as further arguments of a tool. */
function isMainText(value: JsonObject, key: string): boolean {
  const isPrompt = ["model", "prompt_args", "metadata", "stream", "temperature", "instructions", "k", "kwargs", "image_path", "metadata_str", "text_chunks", "type", "context", "level", "context_str", "tools"];
  return Object.entries(value).every(([other, one]) => other === key || one === null || typeof one !== "string" || isPrompt.includes(other) || key === "content" || key === "page_content");
}

/** A list of messages, of parts of one message, or of messages once more. */
function readList(list: readonly Json[], depth: number): string | null {
  if (list.length > 0 && list.every(isPart)) return joinParts(list, depth);
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const item = list[at];
    const found = typeof item === "object" ? read(item, depth) : typeof item === "string" && list.length === 1 ? item : null;
    if (found !== null && found !== "") return found;
  }
  return null;
}

function isPart(value: Json): boolean {
  if (!isObject(value) || "role" in value || "kwargs" in value || "message" in value) return false;
  return "text" in value || "toolUse" in value || "toolResult" in value || "function_call" in value || "functionCall" in value || "functionResponse" in value || "function_response" in value || "inline_data" in value || "inlineData" in value
    || ("type" in value && ("image_url" in value || "source" in value || "input" in value || "content" in value || "image" in value || "thinking" in value || "toolName" in value || "input_audio" in value)) || "block_type" in value;
}

/** One chat message in any of the known dialects; null when the object is none. */
function readMessage(value: JsonObject, depth: number): string | null {
  const flat = value["message.content"];
  if (typeof flat === "string" && flat !== "") return flat;
  if (value["type"] === "function_call_output") return read(value["output"], depth);
  if (isObject(value["kwargs"]) && ("lc" in value || "id" in value)) return read(value["kwargs"], depth);
  if (isObject(value["data"]) && "content" in value["data"]) return read(value["data"], depth);
  const isMessage = "role" in value || "tool_calls" in value || "parts" in value || "blocks" in value || ("content" in value && !("page_content" in value));
  if (!isMessage) return isObject(value["message"]) ? read(value["message"], depth) : readCall(value);
  const content = value["content"] ?? value["parts"] ?? value["blocks"] ?? value["contents"];
  const text = typeof content === "string" ? content : isList(content) ? joinParts(content, depth) : isObject(content) ? read(content, depth) : null;
  const calls = value["tool_calls"] ?? value["toolCalls"] ?? (isObject(value["additional_kwargs"]) ? value["additional_kwargs"]["tool_calls"] : undefined);
  const called = isList(calls) ? calls.map((call) => (isObject(call) ? readCall(call) : null)).filter(isText).join(" ") : isObject(value["function_call"]) ? readCall(value["function_call"]) : null;
  return [text, called].filter(isText).join(" ") || null;
}

const isText = (value: string | null): value is string => value !== null && value !== "";

/** A call of a tool as `name(arguments)`. */
function readCall(value: JsonObject): string | null {
  const inner = [value["function"], value["function_call"], value["functionCall"], value["toolUse"]].find(isObject) ?? value;
  const name = inner["name"] ?? inner["toolName"];
  const given = inner["arguments"] ?? inner["args"] ?? (value["type"] === "tool_use" || "toolUse" in value || "toolName" in inner ? inner["input"] : undefined);
  if (typeof name !== "string" || given === undefined) return null;
  return `${name}(${callArguments(given)})`;
}

function callArguments(given: Json): string {
  let value = given;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value) as Json;
    } catch {
      return String(given);
    }
  }
  return isObject(value) ? Object.entries(value).map(([key, one]) => `${key}: ${JSON.stringify(one)}`).join(", ") : JSON.stringify(value);
}

function joinParts(parts: readonly Json[], depth: number): string | null {
  return parts.map((part) => readPart(part, depth + 1)).filter(isText).join(" ") || null;
}

function readPart(part: Json, depth: number): string | null {
  if (typeof part === "string") return part;
  if (!isObject(part) || depth > DEPTH_MAX) return null;
  const call = readCall(part);
  if (call !== null) return call;
  if (typeof part["text"] === "string") return part["text"];
  const type = String(part["type"] ?? part["block_type"] ?? "");
  if (type.includes("image") || "image_url" in part || "inline_data" in part || "inlineData" in part) return "[image]";
  if (type.includes("audio")) return "[audio]";
  if (type === "file" || type === "document") return "[file]";
  const result = [part["toolResult"], part["function_response"], part["functionResponse"]].find(isObject) ?? part;
  const content = result["content"] ?? result["response"] ?? result["output"] ?? result["result"] ?? result["json"] ?? result["thinking"];
  if (content === undefined || content === null) return null;
  return read(content, depth) ?? (typeof content === "object" ? JSON.stringify(content) : String(content));
}

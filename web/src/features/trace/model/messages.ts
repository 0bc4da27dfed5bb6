import { asText, at, isList, isObject, listAt, parseContainer, textAt, type Json, type JsonObject } from "./attributes";
import { jsonText } from "../../../parts/json/json";
import { hashText } from "./hash";

export interface ToolCall {
  readonly id: string | undefined;
  readonly name: string;
  /** As the model wrote them, which need not be JSON. */
  readonly arguments: string;
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string; readonly signed: boolean }
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "audio"; readonly url: string; readonly mimeType: string | undefined; readonly transcript: string | undefined }
  | { readonly kind: "file"; readonly what: string; readonly name: string | undefined; readonly url: string | undefined; readonly text: string | undefined }
  | { readonly kind: "toolCall"; readonly call: ToolCall }
  | { readonly kind: "other"; readonly value: Json };

export interface Message {
  readonly role: string;
  readonly name: string | undefined;
  readonly parts: readonly Part[];
  /** The call that a tool's message answers. */
  readonly answers: string | undefined;
  readonly finishReason: string | undefined;
  /** Equal for messages that say the same in the same role. */
  readonly hash: string;
}

/** The messages at `llm.input_messages` or `llm.output_messages`. */
export function messagesAt(attributes: JsonObject, path: string): readonly Message[] {
  return listAt(attributes, path).map(message);
}

export function message(value: Json): Message {
  const m = at(value, "message") ?? value;
  const parts: Part[] = [];
  const contents = listAt(m, "contents");
  for (const content of contents) parts.push(...contentParts(content));
  const content = at(m, "content");
  // Some instrumentations write both; the list then says what the text says, and more.
  if (typeof content === "string") { if (content !== "" && !parts.some((p) => p.kind === "text")) parts.unshift({ kind: "text", text: content }); }
  else if (isList(content)) for (const item of content) parts.push(...contentParts(item));
  else if (content !== undefined && content !== null) parts.push({ kind: "other", value: content });
  const known = new Set(parts.flatMap((p) => (p.kind === "toolCall" && p.call.id !== undefined ? [p.call.id] : [])));
  for (const item of listAt(m, "tool_calls")) {
    const call = toolCall(item);
    if (call && !(call.id !== undefined && known.has(call.id))) parts.push({ kind: "toolCall", call });
  }
  const legacy = textAt(m, "function_call_name");
  if (legacy !== undefined) parts.push({ kind: "toolCall", call: { id: undefined, name: legacy, arguments: asText(at(m, "function_call_arguments_json")) } });
  const role = textAt(m, "role") ?? "", answers = textAt(m, "tool_call_id"), name = textAt(m, "name");
  return { role, name, parts, answers, finishReason: textAt(m, "finish_reason"), hash: hashText(jsonText([role, answers ?? "", parts.map(essence)], 0)) };
}

// The id of a call differs between what a model answered and what is sent back by some libraries, and reasoning is often dropped.
const essence = (part: Part): unknown => part.kind === "toolCall" ? ["toolCall", part.call.name, compact(part.call.arguments)] : part.kind === "text" ? part.text : part;

function compact(text: string): string {
  const value = parseContainer(text);
  return value === undefined ? text : jsonText(value, 0);
}

function contentParts(value: Json): readonly Part[] {
  const out: Part[] = [];
  const content = at(value, "message_content") ?? value;
  const type = textAt(content, "type") ?? "";
  const text = textAt(content, "text") ?? textAt(content, "reasoning");
  const image = textAt(content, "image.image.url") ?? textAt(content, "image.url") ?? textAt(content, "image_url.url") ?? textAt(content, "image_url");
  const audio = at(content, "audio");
  if (image !== undefined) out.push({ kind: "image", url: image });
  else if (audio !== undefined) {
    const a = at(audio, "audio") ?? audio;
    out.push({ kind: "audio", url: textAt(a, "url") ?? "", mimeType: textAt(a, "mime_type"), transcript: textAt(a, "transcript") });
  } else if (type === "reasoning" || type === "thinking") out.push({ kind: "reasoning", text: text ?? textAt(content, "thinking") ?? "", signed: at(content, "signature") !== undefined });
  else if (type === "document" || type === "video" || type === "file") {
    const inner = at(content, `${type}.${type}`) ?? at(content, type) ?? content;
    out.push({ kind: "file", what: type, name: textAt(inner, "name"), url: textAt(inner, "url"), text });
  } else if (text !== undefined) out.push({ kind: "text", text });
  const call = at(value, "tool_call") ?? at(content, "tool_call");
  if (call !== undefined) { const c = toolCall(call); if (c) out.push({ kind: "toolCall", call: c }); }
  else if (type === "tool_use") { const c = toolCall(content); if (c && c.name !== "") out.push({ kind: "toolCall", call: c }); }
  else if (type === "tool_result") out.push({ kind: "text", text: asText(at(content, "content")) });
  if (out.length === 0 && typeof value === "string") out.push({ kind: "text", text: value });
  if (out.length === 0 && type !== "tool_use") out.push({ kind: "other", value });
  return out;
}

function toolCall(value: Json): ToolCall | undefined {
  const call = at(value, "tool_call") ?? value;
  if (!isObject(call)) return undefined;
  const name = textAt(call, "function.name") ?? textAt(call, "name") ?? "";
  const args = at(call, "function.arguments") ?? at(call, "input") ?? at(call, "arguments");
  return { id: textAt(call, "id"), name, arguments: asText(args) };
}

/** The hashes under which a message may come back in a later call: libraries also send its parts one by one. */
export function hashesOf(m: Message): readonly string[] {
  if (m.parts.length < 2) return [m.hash];
  return [m.hash, ...m.parts.map((p) => hashText(jsonText([m.role, m.answers ?? "", [essence(p)]], 0)))];
}

/** What one would read first of a message. */
export function gist(m: Message): string {
  for (const p of m.parts) if (p.kind === "text" && p.text.trim() !== "") return p.text;
  for (const p of m.parts) if (p.kind === "toolCall") return `${p.call.name}(${p.call.arguments})`;
  for (const p of m.parts) {
    if (p.kind === "reasoning") return p.text;
    if (p.kind === "audio") return p.transcript ?? "audio";
    if (p.kind === "image") return "image";
    if (p.kind === "file") return p.name ?? p.what;
  }
  return "";
}

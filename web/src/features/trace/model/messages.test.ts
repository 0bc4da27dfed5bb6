import assert from "node:assert/strict";
import test from "node:test";
import { at, nested, parseAttributes } from "./attributes";
import { alignDocuments, documentsAt } from "./documents";
import { historyRuns } from "./history";
import { readCall, templatePieces, tokenDetails } from "./llm";
import { gist, message, messagesAt } from "./messages";

test("flat attributes and nested ones read the same", () => {
  const flat = parseAttributes(JSON.stringify({ "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hi", "llm.input_messages.1.message.role": "assistant", "llm.model_name": "m" }));
  const deep = parseAttributes(JSON.stringify({ llm: { input_messages: [{ message: { role: "user", content: "hi" } }, { message: { role: "assistant" } }], model_name: "m" } }));
  assert.deepEqual(messagesAt(flat, "llm.input_messages"), messagesAt(deep, "llm.input_messages"));
  assert.equal(at(flat, "llm.model_name"), "m");
});

test("nothing that is not an object is attributes", () => {
  for (const text of ["", "[1]", "null", "{", "7", undefined]) assert.deepEqual(parseAttributes(text), {});
});

test("a key of an object's prototype is no attribute", () => {
  assert.equal(at({ a: 1 }, "constructor"), undefined);
  const hostile = nested(JSON.parse('{"__proto__.polluted": 1, "a.b": 2}') as { [k: string]: number });
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(at(hostile, "a.b"), 2);
});

test("contents of several parts", () => {
  const m = message({ message: { role: "user", contents: [
    { message_content: { type: "text", text: "look" } }, { message_content: { type: "image", image: { image: { url: "data:image/png;base64,AA" } } } },
    { message_content: { type: "audio", audio: { audio: { url: "data:audio/wav;base64,AA", mime_type: "audio/wav", transcript: "hi" } } } },
    { message_content: { type: "video", video: { video: { url: "https://x/v.mp4" } } } }, { message_content: { type: "reasoning", text: "hmm", signature: "s" } },
    { message_content: { type: "tool_use" }, tool_call: { id: "t", function: { name: "f", arguments: "{}" } } }] } });
  assert.deepEqual(m.parts.map((p) => p.kind), ["text", "image", "audio", "file", "reasoning", "toolCall"]);
  assert.equal(gist(m), "look");
});

test("a call named in contents and in the list is one call", () => {
  const m = message({ message: { role: "assistant", contents: [{ message_content: { type: "tool_use", id: "1", name: "f", input: { a: 1 } } }], tool_calls: [{ tool_call: { id: "1", function: { name: "f", arguments: "{\"a\":1}" } } }] } });
  assert.equal(m.parts.length, 1);
  assert.equal(gist(m), 'f({\n  "a": 1\n})');
});

test("messages that are not messages do no harm", () => {
  for (const odd of [null, 3, "text", [], {}, { message: null }, { message: { content: { a: 1 }, contents: "x", tool_calls: [null, 4, {}] } }, { message: { role: 5, contents: [null, 1, []] } }]) {
    assert.doesNotThrow(() => gist(message(odd as never)));
  }
  assert.deepEqual(messagesAt({ llm: { input_messages: "[{\"message.role\": \"user\", \"message.content\": \"x\"}]" } }, "llm.input_messages").map((m) => [m.role, gist(m)]), [["user", "x"]]);
});

test("what an earlier call showed is folded", () => {
  const m = (role: string, content: string) => message({ message: { role, content } });
  const first = [m("system", "s"), m("user", "u")], answer = m("assistant", "a");
  const seen = new Set([...first, answer].map((x) => x.hash));
  assert.deepEqual(historyRuns([...first, answer, m("user", "u2")], seen), [{ kind: "seen", from: 0, to: 3 }, { kind: "new", from: 3, to: 4 }]);
  assert.deepEqual(historyRuns(first, seen), [{ kind: "seen", from: 0, to: 1 }, { kind: "new", from: 1, to: 2 }]);
  assert.deepEqual(historyRuns([], seen), []);
});

test("a call is the same whatever its id and white space", () => {
  const m = (id: string, text: string) => message({ message: { role: "assistant", tool_calls: [{ tool_call: { id, function: { name: "f", arguments: text } } }] } });
  assert.equal(m("1", '{"a": 1}').hash, m("2", '{"a":1}').hash);
});

test("a model's call: tools in each vendor's form, parameters, template", () => {
  const call = readCall({ llm: {
    model_name: "m", response: { model_name: "m-2026" }, invocation_parameters: '{"temperature": 0.2}', finish_reason: '["stop"]',
    tools: [{ tool: { json_schema: '{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}' } }, { tool: { name: "g", json_schema: '{"name":"g","input_schema":{"type":"object"}}' } }, { tool: { json_schema: "broken" } }],
    prompt_template: { template: "Hi {name}", variables: '{"name": "Ada"}', version: "3" }, token_count: { prompt_details: { cache_read: 5, audio: 0 } },
  } });
  assert.deepEqual(call.tools.map((t) => t.name), ["f", "g", ""]);
  assert.deepEqual(call.parameters, { temperature: 0.2 });
  assert.deepEqual(call.template?.variables, { name: "Ada" });
  assert.equal(call.finishReason, "stop");
  assert.deepEqual(call.otherModels, [{ label: "answered by", name: "m-2026" }]);
  assert.deepEqual(tokenDetails({ llm: { token_count: { prompt_details: { cache_read: 5, audio: 0 } } } }), [{ label: "cache read", count: 5 }]);
});

test("a template's variables are told from other braces", () => {
  assert.deepEqual(templatePieces("Hi {name} {\"a\": 1} {{ q }}", new Set(["name"])).filter((p) => p.variable).map((p) => p.text), ["{name}", "{{ q }}"]);
});

test("documents are aligned by id, else by content", () => {
  const d = (id: string | undefined, content: string) => ({ document: { ...(id ? { id } : {}), content, score: 0.5 } });
  const before = documentsAt({ r: [d("1", "a"), d(undefined, "b"), d("3", "c")] }, "r"), after = documentsAt({ r: [d("3", "c"), d(undefined, "b"), d("9", "new")] }, "r");
  assert.deepEqual(alignDocuments(before, after).map((r) => [r.before, r.after]), [[2, 0], [1, 1], [undefined, 2], [0, undefined]]);
});

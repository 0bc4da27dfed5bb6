import test from "node:test";
import assert from "node:assert/strict";
import { lastMessage, shownValue } from "./lastMessage";

const cases: readonly (readonly [string, Parameters<typeof lastMessage>[0], string | null])[] = [
  ["OpenAI chat request", { messages: [{ role: "system", content: "be nice" }, { role: "user", content: "hi" }], model: "gpt-4o" }, "hi"],
  ["OpenAI chat answer", { id: "x", choices: [{ index: 0, message: { role: "assistant", content: "hello" } }], model: "m", usage: { total_tokens: 3 } }, "hello"],
  ["OpenAI tool call", { choices: [{ message: { role: "assistant", content: null, tool_calls: [{ id: "1", type: "function", function: { name: "weather", arguments: '{"city": "Paris"}' } }] } }] }, 'weather(city: "Paris")'],
  ["OpenAI legacy completion", { choices: [{ text: "done", index: 0 }] }, "done"],
  ["OpenAI image", { messages: [{ role: "user", content: [{ type: "text", text: "what is it" }, { type: "image_url", image_url: { url: "data:" } }] }] }, "what is it [image]"],
  ["OpenAI responses request", { input: "tell me", model: "m", instructions: "short" }, "tell me"],
  ["OpenAI responses answer", { id: "r", object: "response", output: [{ id: "m", type: "message", role: "assistant", content: [{ type: "output_text", text: "told" }] }] }, "told"],
  ["OpenAI agents tool result", [{ role: "user", content: "q" }, { call_id: "c", output: "42", type: "function_call_output" }], "42"],
  ["Anthropic request", { model: "claude", max_tokens: 5, system: "s", messages: [{ role: "user", content: [{ type: "text", text: "hey" }] }] }, "hey"],
  ["Anthropic tool use", { role: "assistant", content: [{ type: "text", text: "Let me see." }, { type: "tool_use", id: "t", name: "find", input: { q: "x" } }] }, 'Let me see. find(q: "x")'],
  ["Anthropic tool result", { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "found" }] }] }] }, "found"],
  ["Bedrock converse", [{ role: "user", content: [{ text: "weather?" }] }], "weather?"],
  ["Bedrock tool use", { role: "assistant", content: [{ toolUse: { toolUseId: "1", name: "w", input: { city: "Rome" } } }] }, 'w(city: "Rome")'],
  ["Gemini request", { contents: [{ parts: [{ text: "one" }, { text: "two" }], role: "user" }] }, "one two"],
  ["Gemini answer", { candidates: [{ content: { parts: [{ text: "three" }], role: "model" }, finish_reason: "STOP" }] }, "three"],
  ["LangChain chat request", { messages: [[{ lc: 1, type: "constructor", id: ["langchain", "HumanMessage"], kwargs: { content: "ask", type: "human" } }]] }, "ask"],
  ["LangChain answer", { generations: [[{ text: "reply", type: "ChatGeneration", message: { lc: 1, type: "constructor", id: ["a"], kwargs: { content: "reply" } } }]], llm_output: null }, "reply"],
  ["LangChain tool call", { generations: [[{ text: "", message: { lc: 1, type: "c", id: ["a"], kwargs: { content: "", tool_calls: [{ name: "add", args: { a: 1 }, id: "1", type: "tool_call" }] } } }]] }, "add(a: 1)"],
  ["LangGraph state", { messages: [{ type: "human", data: { content: "go", type: "human" } }] }, "go"],
  ["LangChain documents", { documents: [{ page_content: "doc text", metadata: { id: "1" }, type: "Document" }] }, null],
  ["LlamaIndex query", { query_bundle: { query_str: "who", image_path: null, custom_embedding_strs: null, embedding: null } }, "who"],
  ["LlamaIndex message", { role: "assistant", additional_kwargs: {}, blocks: [{ block_type: "text", text: "me" }] }, "me"],
  ["Vercel request", { messages: [{ role: "user", content: [{ type: "text", text: "ship it" }] }] }, "ship it"],
  ["Vercel tool call", { role: "assistant", content: [{ type: "tool-call", toolCallId: "1", toolName: "ship", input: { now: true } }] }, "ship(now: true)"],
  ["Vercel parts", { id: "1", role: "user", parts: [{ type: "text", text: "parts" }] }, "parts"],
  ["flattened messages", { messages: [{ "message.role": "tool", "message.content": "flat" }] }, "flat"],
  ["prompt with settings", { prompt: "Say it", prompt_args: { context: "c" } }, "Say it"],
  ["a question", { question: "why?" }, "why?"],
  ["arguments of a tool", { city: "Paris", unit: "c" }, null],
  ["an answer with its reason", { explanation: "because", label: "good" }, null],
  ["one text in a list", ["only"], "only"],
  ["numbers", [1, 2], null],
];

for (const [name, value, wanted] of cases) test(name, () => assert.equal(lastMessage(value), wanted));

test("text is shown as it is, JSON without messages too", () => {
  assert.equal(shownValue("{broken", true), "{broken");
  assert.equal(shownValue('{"a":1}', true), '{"a":1}');
  assert.equal(shownValue('{"question":"why"}', false), '{"question":"why"}');
});

test("depth without end ends", () => {
  let deep = "x" as Parameters<typeof lastMessage>[0];
  for (let level = 0; level < 5000; level += 1) deep = { output: deep };
  assert.equal(lastMessage(deep), null);
});

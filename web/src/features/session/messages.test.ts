import assert from "node:assert/strict";
import test from "node:test";
import { foldInput, foldOutput } from "./fold";
import { read, type Reading } from "./messages";

const json = (value: unknown): Reading => read({ value: JSON.stringify(value), mimeType: "json" });
const user = { role: "user", content: "Hello" };
const answer = { role: "assistant", content: "Hi" };

test("plain text stays text", () => {
  assert.deepEqual(read({ value: "hi {", mimeType: "text" }), { form: "text", text: "hi {" });
  assert.deepEqual(read({ value: "{broken", mimeType: "json" }), { form: "text", text: "{broken" });
  assert.deepEqual(json("quoted"), { form: "text", text: "quoted" });
});

test("messages are found in the shapes of several frameworks", () => {
  const expected = { form: "messages", messages: [{ role: "user", text: "Hello" }] };
  assert.deepEqual(json({ messages: [user], model: "m" }), expected);
  assert.deepEqual(json([user]), expected);
  assert.deepEqual(json({ input: { messages: [user] } }), expected);
  assert.deepEqual(json({ messages: [[{ lc: 1, kwargs: { type: "human", content: "Hello" } }]] }), expected);
  assert.deepEqual(json({ contents: [{ role: "user", parts: [{ text: "Hello" }] }] }), expected);
  assert.deepEqual(json({ messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }] }), expected);
  assert.deepEqual(json({ choices: [{ message: answer }] }), { form: "messages", messages: [{ role: "assistant", text: "Hi" }] });
});

test("tool calls and images are named", () => {
  const reading = json([{ role: "assistant", content: null, tool_calls: [{ function: { name: "f", arguments: '{"a":1}' } }] }]);
  assert.deepEqual(reading, { form: "messages", messages: [{ role: "assistant", text: '→ f({"a":1})' }] });
  const image = json([{ role: "user", content: [{ type: "image_url", image_url: {} }, { type: "text", text: "what?" }] }]);
  assert.deepEqual(image, { form: "messages", messages: [{ role: "user", text: "[image_url]\nwhat?" }] });
});

test("an object that holds one text is that text; other objects stay objects", () => {
  assert.deepEqual(json({ query: "q", top_k: 3 }), { form: "text", text: "q" });
  assert.deepEqual(json({ anything: "q" }), { form: "text", text: "q" });
  assert.deepEqual(json({ a: 1, b: 2 }), { form: "json", value: { a: 1, b: 2 } });
  assert.deepEqual(json([1, 2]), { form: "json", value: [1, 2] });
  assert.equal(json([{ type: "text", text: "x" }]).form, "json");
});

test("hostile shapes are survived", () => {
  for (const value of [null, [], {}, [null], { messages: null }, { messages: [null] }, { choices: [{}] }, [[[[[[]]]]]], { role: 3, content: {} }]) {
    assert.ok(json(value));
  }
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  assert.ok(read({ value: deep, mimeType: "json" }));
});

test("history that the turn before had is folded", () => {
  const next = json([user, answer, { role: "user", content: "More" }]);
  const folded = foldInput(next, { input: json([user]), output: read({ value: "Hi", mimeType: "text" }) });
  assert.ok(folded.form === "messages");
  assert.equal(folded.earlier.length, 2);
  assert.deepEqual(folded.messages, [{ role: "user", text: "More" }]);
});

test("the last message stays, even when it is repeated", () => {
  const folded = foldInput(json([user]), { input: json([user]), output: null });
  assert.ok(folded.form === "messages" && folded.messages.length === 1 && folded.earlier.length === 0);
});

test("a transcript that grows is folded, a similar text is not", () => {
  const first = "User: How do I rotate an API key without downtime?";
  const before = { input: read({ value: first, mimeType: "text" }), output: null };
  const grown = foldInput(read({ value: `${first}\nBot: Make two.\nUser: And then?`, mimeType: "text" }), before);
  assert.ok(grown.form === "text" && grown.text.startsWith("Bot:") && grown.earlier === first);
  const similar = foldInput(read({ value: `${first} Please.`, mimeType: "text" }), before);
  assert.ok(similar.form === "text" && similar.earlier === "");
});

test("an output that repeats its input shows what is new", () => {
  const folded = foldOutput(json({ messages: [user, answer] }), json({ messages: [user] }));
  assert.ok(folded.form === "messages");
  assert.deepEqual(folded.messages, [{ role: "assistant", text: "Hi" }]);
});

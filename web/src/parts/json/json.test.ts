import assert from "node:assert/strict";
import test from "node:test";
import { findInJson, pathText } from "./find";
import { jsonText, parseJson, type Json } from "./json";

test("keys and values are found with their path", () => {
  const { list } = findInJson({ llm: { model_name: "gpt", list: [{ "odd key": "GPT" }] } }, "gpt", 10);
  assert.deepEqual(list.map((f) => pathText(f.path)), ["llm.model_name", 'llm.list[0]["odd key"]']);
});

test("ten thousand keys and ten thousand levels are searched quickly", () => {
  const wide: Json = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]));
  let deep: Json = "end";
  for (let i = 0; i < 10_000; i++) deep = [deep];
  const from = performance.now();
  assert.equal(findInJson(wide, "key", 100).more, true);
  assert.equal(findInJson(deep, "end", 100).list.length, 0);
  assert.ok(performance.now() - from < 5000);
});

test("what is written as text is what was read", () => {
  const text = '{"a":1,"list":[1.5,"12345678901234567890"]}';
  assert.equal(jsonText(parseJson(text), 0), text);
  assert.equal(parseJson("{"), undefined);
  assert.equal(jsonText(BigInt("9223372036854775807")), "9223372036854775807");
});

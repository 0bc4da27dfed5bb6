import test from "node:test";
import assert from "node:assert/strict";
import { codePointOffset, errorOffset, highlight, utf16Offset } from "./highlight";

test("pieces make up the whole text, whatever it is", () => {
  for (const text of ["span_kind == 'LLM' and x", "'open", "🙂 'é", "a\u202eb", "((]", ""]) assert.equal(highlight(text).map((piece) => piece.text).join(""), text);
  assert.deepEqual(highlight("latency_ms > 2_000").map((piece) => piece.type), ["name", "plain", "operator", "plain", "number"]);
});

test("the place of an error is marked", () => {
  assert.equal(errorOffset("invalid syntax at character 11", "span_kind = 'LLM'"), 10);
  assert.deepEqual(highlight("span_kind = 'LLM'", 10).filter((piece) => piece.isWrong).map((piece) => piece.text), ["="]);
  assert.equal(errorOffset("invalid syntax", "x"), null);
  assert.equal(errorOffset("'(' was never closed at character 17", "name == 'é' and (x"), 16);
  assert.equal(errorOffset("at character 99", "abc"), 2);
});

test("code points and UTF-16 units", () => {
  assert.equal(utf16Offset("🙂a", 1), 2);
  assert.equal(codePointOffset("🙂a", 3), 2);
});

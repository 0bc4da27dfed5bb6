import assert from "node:assert/strict";
import test from "node:test";
import { gist } from "./gist";

test("the one text of a part is what is read of it", () => {
  assert.equal(gist({ question: "Who\n  is it?" }), "Who is it?");
  assert.equal(gist({ messages: [{ role: "user", content: "first" }, { role: "user", content: "last" }] }), "last");
  assert.equal(gist({ a: 1, b: "x" }), "a: 1 · b: x");
  assert.equal(gist({}), "");
  assert.equal(gist({ score: 0 }), "0");
  assert.equal(gist({ text: "x".repeat(1000) }).length, 400);
});

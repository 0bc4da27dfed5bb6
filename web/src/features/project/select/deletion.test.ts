import test from "node:test";
import assert from "node:assert/strict";
import { canWaitForUndo } from "../../../parts/Toast";
import { idBytes, inParts } from "./deletion";

const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => btoa(`Trace:${100_000 + at}`));

test("many ids go in parts, each once and in their order", () => {
  assert.deepEqual(inParts([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(inParts([], 2), []);
  assert.deepEqual(inParts(ids(2500)).map((part) => part.length), [1000, 1000, 500]);
});

test("what the browser would not send while the page closes cannot wait to be undone", () => {
  assert.equal(canWaitForUndo(idBytes(ids(1000))), true);
  assert.equal(canWaitForUndo(idBytes(ids(3000))), false);
});

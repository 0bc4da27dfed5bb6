import assert from "node:assert/strict";
import test from "node:test";
import { configFaults, configInput, newDraft, numberOf } from "./configDraft";

test("numbers are read with a comma or a point", () => {
  assert.equal(numberOf("0,5"), 0.5);
  assert.equal(numberOf(" -1e3 "), -1000);
  assert.equal(numberOf(""), null);
  assert.ok(Number.isNaN(numberOf("1.2.3")));
  assert.ok(Number.isNaN(numberOf("Infinity")));
});

test("a draft says what is wrong with it, by field", () => {
  assert.deepEqual(Object.keys(configFaults(newDraft)), ["name", "label 1", "label 2"]);
  const twice = { ...newDraft, name: "note", values: [{ key: 1, label: "a", score: "x" }, { key: 2, label: " a ", score: "" }] };
  assert.deepEqual(configFaults(twice), { name: "Notes have this name.", "score 1": "This is no number.", "label 2": "This label is there already." });
  assert.deepEqual(Object.keys(configFaults({ ...newDraft, name: "n", type: "CONTINUOUS", lower: "1", upper: "1" })), ["upper"]);
  assert.deepEqual(configFaults({ ...newDraft, name: "n", type: "CONTINUOUS", lower: "", upper: "", threshold: "no" }), {});
});

test("a draft becomes the input of its type alone", () => {
  assert.deepEqual(configInput({ ...newDraft, name: " tone ", values: [{ key: 3, label: "kind", score: "1" }, { key: 4, label: "rude", score: "" }] }), {
    categorical: { name: "tone", description: null, optimizationDirection: "MAXIMIZE", values: [{ label: "kind", score: 1 }, { label: "rude", score: null }] },
  });
  assert.deepEqual(configInput({ ...newDraft, type: "FREEFORM", name: "why", lower: "", upper: "", threshold: "0,5", description: "d" }), {
    freeform: { name: "why", description: "d", optimizationDirection: "MAXIMIZE", lowerBound: null, upperBound: null, threshold: 0.5 },
  });
});

import assert from "node:assert/strict";
import test from "node:test";
import { conditionsOf, identifierFor, isEmpty, isOwn, ownOf, summaryText, toneOf, verdictText, type Annotation, type Config } from "./annotation";

const said = (change: Partial<Annotation>): Annotation => ({
  id: "1", name: "good", annotatorKind: "HUMAN", label: null, score: null, explanation: null, metadata: {}, source: "APP", identifier: "px-app:", createdAt: "", updatedAt: "", ...change,
});
const yesNo: Config = {
  __typename: "CategoricalAnnotationConfig", id: "c", name: "good", description: null, annotationType: "CATEGORICAL", optimizationDirection: "MAXIMIZE",
  values: [{ label: "yes", score: 1 }, { label: "no", score: 0 }, { label: "unclear", score: null }],
};

test("what a model said under the same name is not one's own", () => {
  const all = [said({ id: "m", annotatorKind: "LLM", source: "API", identifier: "" }), said({ id: "h" })];
  assert.equal(ownOf(all, "good")?.id, "h");
  assert.equal(isOwn(all[0]!), false);
  assert.equal(ownOf(all, "bad"), undefined);
  assert.equal(identifierFor(undefined), "px-app:");
  assert.equal(identifierFor(said({ identifier: "px-app:VXNlcjox" })), "px-app:VXNlcjox");
});

test("a label counts by its score, and by the direction that is better", () => {
  assert.equal(toneOf(yesNo, { label: "yes", score: null }), "good");
  assert.equal(toneOf(yesNo, { label: "no", score: 0 }), "bad");
  assert.equal(toneOf(yesNo, { label: "unclear", score: null }), "neutral");
  assert.equal(toneOf({ ...yesNo, optimizationDirection: "MINIMIZE" }, { label: "yes", score: 1 }), "bad");
  assert.equal(toneOf({ ...yesNo, optimizationDirection: "NONE" }, { label: "yes", score: 1 }), "neutral");
  assert.equal(toneOf(undefined, { label: "yes", score: 1 }), "neutral");
});

test("texts are short", () => {
  assert.equal(verdictText({ label: "yes", score: 1 }), "yes 1");
  assert.equal(verdictText({ label: null, score: 0.25 }), "0.25");
  assert.equal(verdictText({ label: null, score: null }), "");
  assert.equal(summaryText({ name: "a", count: 3, meanScore: 0.5, labelFractions: [] }), "⌀ 0.5");
  assert.equal(summaryText({ name: "a", count: 1, meanScore: null, labelFractions: [{ label: "yes", fraction: 1 }] }), "yes");
  assert.equal(summaryText({ name: "a", count: 4, meanScore: null, labelFractions: [{ label: "no", fraction: 0.25 }, { label: "yes", fraction: 0.75 }] }), "yes 75 %");
  assert.equal(isEmpty({ label: null, score: null, explanation: "  " }), true);
});

test("conditions quote names and labels", () => {
  const [only] = conditionsOf({ name: "it's", label: "a\\b", score: null });
  assert.equal(only?.condition, `annotations["it's"].label == 'a\\\\b'`);
  assert.deepEqual(conditionsOf({ name: "s", label: null, score: 1 / 3 }).map((one) => one.condition), [
    "annotations['s'].score >= 0.333333", "annotations['s'].score <= 0.333333", "annotations['s']", "not annotations['s']",
  ]);
});

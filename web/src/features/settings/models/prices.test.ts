import assert from "node:assert/strict";
import test from "node:test";
import type { PricedModel } from "../../../generated/graphql";
import { basePrice, draftOf, emptyDraft, faults, findModels, inputOf, otherPrices, priceText } from "./prices";

const model: PricedModel = {
  id: "x",
  name: "gpt",
  provider: "openai",
  namePattern: "^gpt$",
  kind: "BUILT_IN",
  startTime: "2026-01-02T00:00:00+00:00",
  lastUsedAt: null,
  tokenPrices: [
    { tokenType: "cache_read", kind: "PROMPT", costPerMillionTokens: 0.125 },
    { tokenType: "input", kind: "PROMPT", costPerMillionTokens: 0.39999999999999997 },
    { tokenType: "output", kind: "COMPLETION", costPerMillionTokens: 1200 },
  ],
};

test("prices read as they were meant", () => {
  assert.equal(priceText(basePrice(model, "PROMPT")), "$0.40");
  assert.equal(priceText(basePrice(model, "COMPLETION")), "$1,200.00");
  assert.deepEqual(otherPrices(model, "PROMPT"), [{ kind: "cache_read", price: 0.125 }]);
  assert.equal(priceText(null), "–");
});

test("a model goes into a form and comes out the same", () => {
  const input = inputOf(draftOf(model, false));
  assert.equal(input.name, "gpt");
  assert.equal(input.startTime, "2026-01-02T00:00:00Z");
  assert.deepEqual(input.costs, [
    { tokenType: "input", kind: "PROMPT", costPerMillionTokens: 0.4 },
    { tokenType: "cache_read", kind: "PROMPT", costPerMillionTokens: 0.125 },
    { tokenType: "output", kind: "COMPLETION", costPerMillionTokens: 1200 },
  ]);
  assert.equal(draftOf(model, true).name, "gpt (override)");
});

test("faults name their field", () => {
  assert.deepEqual(Object.keys(faults(emptyDraft)).sort(), ["1", "2", "name", "pattern"]);
  const line = { id: 3, side: "PROMPT" as const, kind: "input", amount: "1" };
  const lines = [{ ...line, id: 1 }, { ...line, id: 2 }, { ...line, id: 3, kind: " " }, { ...line, id: 4, kind: "audio", amount: "-1" }, { ...line, id: 5, kind: "x", amount: "1,5" }];
  assert.deepEqual(Object.keys(faults({ ...emptyDraft, name: "a", pattern: "b", lines })), ["2", "3", "4"]);
  assert.equal(inputOf({ ...emptyDraft, lines: [{ ...line, amount: "1,5" }] }).costs[0]?.costPerMillionTokens, 1.5);
});

test("models are found by name, provider and pattern", () => {
  assert.equal(findModels([model], "OPENAI").length, 1);
  assert.equal(findModels([model], "^gpt").length, 1);
  assert.equal(findModels([model], "claude").length, 0);
  assert.equal(findModels([model], " ").length, 1);
});

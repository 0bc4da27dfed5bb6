import test from "node:test";
import assert from "node:assert/strict";
import { timeOfIndex } from "./spanSource";

test("the time of a row is found from counts", () => {
  const bins = [{ at: 0, count: 100 }, { at: 10, count: 0 }, { at: 20, count: 50 }];
  assert.equal(timeOfIndex(bins, 10, 0, false), 0);
  assert.equal(timeOfIndex(bins, 10, 50, false), 5);
  assert.equal(timeOfIndex(bins, 10, 125, false), 25);
  assert.equal(timeOfIndex(bins, 10, 0, true), 30);
  assert.equal(timeOfIndex(bins, 10, 100, true), 5);
  assert.equal(timeOfIndex(bins, 10, 150, true), null);
});

import test from "node:test";
import assert from "node:assert/strict";
import { backOff } from "./backOff";

test("pauses grow up to the last, and begin anew", () => {
  const pause = backOff(1000, 5000);
  assert.deepEqual([1, 2, 3, 4, 5].map(() => pause.take()), [1000, 2000, 4000, 5000, 5000]);
  pause.reset();
  assert.equal(pause.take(), 1000);
});

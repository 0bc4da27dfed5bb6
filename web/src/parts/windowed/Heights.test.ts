import assert from "node:assert/strict";
import test from "node:test";
import { Heights } from "./Heights";

test("guesses until measured", () => {
  const heights = new Heights(4, 10);
  assert.equal(heights.total, 40);
  assert.equal(heights.set(1, 25), 15);
  assert.deepEqual([0, 1, 2, 3, 4].map((index) => heights.offset(index)), [0, 10, 35, 45, 55]);
  assert.equal(heights.set(1, 5), -20);
  assert.equal(heights.total, 35);
});

test("finds items by position", () => {
  const heights = new Heights(3, 10);
  heights.set(0, 100);
  assert.deepEqual([-5, 0, 99, 100, 110, 500].map((y) => heights.indexAt(y)), [0, 0, 0, 1, 2, 2]);
  assert.equal(new Heights(0, 10).indexAt(5), 0);
});

test("a longer list keeps what was measured", () => {
  const short = new Heights(2, 10);
  short.set(1, 50);
  const long = new Heights(1000, 10, short);
  assert.equal(long.offset(2), 60);
  assert.equal(long.total, 10_040);
});

test("agrees with plain sums", () => {
  const heights = new Heights(257, 31);
  const plain = Array.from({ length: 257 }, () => 31);
  let seed = 7;
  for (let step = 0; step < 500; step += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    const index = seed % 257;
    plain[index] = seed % 400;
    heights.set(index, seed % 400);
  }
  let sum = 0;
  plain.forEach((height, index) => {
    assert.equal(heights.offset(index), sum);
    sum += height;
  });
  assert.equal(heights.total, sum);
});

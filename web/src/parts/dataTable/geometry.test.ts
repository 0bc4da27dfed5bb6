import test from "node:test";
import assert from "node:assert/strict";
import { geometry, revealing } from "./geometry";

test("only what shows is drawn", () => {
  assert.deepEqual(geometry(10_000, 28, 0, 560), { height: 280_000, first: 0, shown: 29, offset: 0, scale: 1 });
  const middle = geometry(10_000, 28, 2800, 560);
  assert.equal(middle.first, 96);
  assert.equal(middle.offset, 96 * 28);
});

test("a million rows reach from the first to the last", () => {
  const end = geometry(1_000_000, 28, 8_000_000 - 560, 560);
  assert.equal(end.height, 8_000_000);
  assert.ok(end.first + end.shown === 1_000_000, `${end.first} ${end.shown}`);
  assert.equal(geometry(1_000_000, 28, 0, 560).first, 0);
  for (const index of [0, 5, 500_000, 999_999]) {
    const top = revealing(index, 28, 4_000_000, 560, end.scale) ?? 4_000_000;
    const seen = geometry(1_000_000, 28, top, 560);
    assert.ok(index >= seen.first && index < seen.first + seen.shown, String(index));
  }
});

test("no rows and a tall box are no trouble", () => {
  assert.equal(geometry(0, 28, 0, 600).shown, 0);
  assert.equal(geometry(3, 28, 900, 600).shown, 3);
});

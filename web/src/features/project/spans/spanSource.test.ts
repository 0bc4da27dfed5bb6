import test from "node:test";
import assert from "node:assert/strict";
import { bracketOf, narrow } from "./spanSource";

test("the bin of a row is found from counts", () => {
  const bins = [{ at: 0, count: 100 }, { at: 10, count: 0 }, { at: 20, count: 50 }];
  assert.deepEqual(bracketOf(bins, 10, 0, false), { from: 0, to: 10, before: 0, through: 100 });
  assert.deepEqual(bracketOf(bins, 10, 125, false), { from: 20, to: 30, before: 100, through: 150 });
  assert.deepEqual(bracketOf(bins, 10, 60, true), { from: 10, to: 0, before: 50, through: 150 });
  assert.equal(bracketOf(bins, 10, 150, true), null);
});

test("a time shortly before a row is found in few counts, however uneven the rows lie", async () => {
  // A hundred thousand rows within the last tenth of an hour, newest first.
  const count = 100_000;
  const times = Array.from({ length: count }, (_, index) => 3_600_000 - index * 3.6);
  let asked = 0;
  const countBefore = async (at: number): Promise<number> => {
    asked += 1;
    return times.filter((time) => time >= at).length;
  };
  for (const index of [0, 1500, 50_000, 99_999]) {
    asked = 0;
    const place = await narrow({ from: 3_600_001, to: 0, before: 0, through: count }, index, countBefore);
    assert.ok(place && place.before <= index && index - place.before <= 2000, `${index} ${place?.before}`);
    assert.ok(asked <= 12, String(asked));
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { compact, countUnit, dollars, dollarUnit, duration, durationUnit, niceStep } from "./units";

test("steps are round", () => {
  assert.deepEqual([0.03, 0.7, 1, 1.1, 2.2, 4, 6, 99].map(niceStep), [0.05, 1, 1, 2, 2.5, 5, 10, 100]);
  assert.equal(niceStep(0), 1);
  assert.equal(niceStep(Number.NaN), 1);
});

test("counts are ticked in whole numbers and reach the top", () => {
  assert.deepEqual(countUnit.ticks(3, 4), [0, 1, 2, 3]);
  assert.deepEqual(countUnit.ticks(1, 4), [0, 1]);
  assert.deepEqual(countUnit.ticks(104, 4), [0, 50, 100, 150]);
});

test("ticks cover every size without dust", () => {
  for (const unit of [countUnit, durationUnit, dollarUnit]) {
    for (let max = 1e-6; max < 1e12; max *= 3.7) {
      const ticks = unit.ticks(max, 4);
      const top = ticks[ticks.length - 1] ?? 0;
      assert.ok(top >= max && ticks.length <= 7, `${max} ${ticks.length}`);
      const labels = ticks.map((tick) => unit.short(tick, (ticks[1] ?? 1) - (ticks[0] ?? 0)));
      assert.ok(labels.every((label) => label.length <= 10), labels.join(" "));
    }
  }
});

test("axis labels of one axis differ", () => {
  for (const [unit, max] of [[countUnit, 2600], [durationUnit, 7300], [dollarUnit, 0.09], [dollarUnit, 0.00009], [durationUnit, 500_000]] as const) {
    const ticks = unit.ticks(max, 4);
    const labels = ticks.map((tick) => unit.short(tick, ticks[1] ?? 1));
    assert.equal(new Set(labels).size, labels.length, labels.join(" "));
  }
});

test("numbers in words", () => {
  assert.deepEqual([0, 7, 950, 1200, 34_000_000, 2e9].map((value) => compact(value)), ["0", "7", "950", "1.2k", "34M", "2B"]);
  assert.deepEqual([0, 0.5, 8.25, 340, 1250, 61_000, 3_600_000, 90_000_000].map(duration), [
    "0 ms", "500 µs", "8.3 ms", "340 ms", "1.25 s", "1 m 01 s", "1 h", "1 d 01 h",
  ]);
  assert.deepEqual([0, 0.000042, 0.018, 3.2, 1204.4].map(dollars), ["$0", "$0.000042", "$0.018", "$3.20", "$1,204"]);
});

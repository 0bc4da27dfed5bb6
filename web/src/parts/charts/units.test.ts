import assert from "node:assert/strict";
import test from "node:test";
import { costUnit, countUnit, durationUnit, niceStep, percentUnit } from "./units";

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
  for (const unit of [countUnit, durationUnit, costUnit]) {
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
  for (const [unit, max] of [[countUnit, 2600], [durationUnit, 7300], [costUnit, 0.09], [costUnit, 0.00009], [durationUnit, 500_000]] as const) {
    const ticks = unit.ticks(max, 4);
    const labels = ticks.map((tick) => unit.short(tick, ticks[1] ?? 1));
    assert.equal(new Set(labels).size, labels.length, labels.join(" "));
  }
});

test("ticks are short", () => {
  assert.deepEqual([0, 500, 1000, 1500].map((value) => countUnit.short(value, 500)), ["0", "500", "1.0k", "1.5k"]);
  assert.deepEqual([0, 500, 1000, 1500].map((value) => durationUnit.short(value, 500)), ["0", "500 ms", "1 s", "1.5 s"]);
  assert.deepEqual([0, 0.005, 0.01].map((value) => costUnit.short(value, 0.005)), ["$0", "$0.005", "$0.010"]);
  assert.deepEqual([0, 2.5, 5].map((value) => percentUnit.short(value, 2.5)), ["0.0 %", "2.5 %", "5.0 %"]);
});

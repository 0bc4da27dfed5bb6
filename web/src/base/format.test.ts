import test from "node:test";
import assert from "node:assert/strict";
import { timeZone } from "./timeZone";
import { ago, compact, cost, duration, percent, ticks, tokens } from "./format";

test("durations keep three digits and change their unit", () => {
  const cases: readonly [number, string][] = [
    [0, "0 ms"], [0.04, "40 µs"], [0.4, "0.4 ms"], [12.4, "12 ms"], [999.6, "1.00 s"], [1530, "1.53 s"], [12_400, "12.4 s"], [59_960, "1 m 00 s"],
    [185_000, "3 m 05 s"], [8_040_000, "2 h 14 m"], [-1500, "−1.50 s"],
  ];
  for (const [ms, text] of cases) assert.equal(duration(ms), text);
});
test("what is missing is a dash", () => assert.deepEqual([duration(null), cost(undefined), tokens(NaN), compact(null)], ["–", "–", "–", "–"]));
test("large numbers are short", () => assert.deepEqual([999, 999.6, 1200, 34_000, 999_499, 999_500, 999_960, 5.6e6, -999_500].map(compact), ["999", "999.6", "1.2k", "34k", "999k", "1M", "1M", "5.6M", "-1M"]));
test("small costs are not nothing", () => assert.deepEqual([0, 0.00001, 0.0042, 0.31, 12.3, 1234].map(cost), ["$0", "<$0.0001", "$0.0042", "$0.31", "$12.30", "$1,234"]));
test("shares", () => assert.deepEqual([0, 0.0004, 0.004, 0.12, 1].map(percent), ["0 %", "<0.1 %", "0.4 %", "12 %", "100 %"]));
test("axis ticks are round", () => assert.deepEqual(ticks(0, 100, 4), [0, 20, 40, 60, 80, 100]));
test("a clock that is ahead does not say minus", () => assert.equal(ago(Date.now() + 5000), "just now"));
test("what is long ago is a date of the shown zone", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  for (const [zone, date] of [["UTC", "2026-03-31"], ["Asia/Tokyo", "2026-04-01"]] as const) {
    timeZone.set(zone);
    assert.equal(ago("2026-03-31T18:00:00Z", now), date);
  }
  timeZone.set("");
});

import assert from "node:assert/strict";
import test from "node:test";
import { makeBins } from "./bins";
import { binLabel, rangeLabel, timeTicks } from "./timeTicks";

const hour = 3_600_000;
const day = 24 * hour;
const year = new Date().getUTCFullYear();

test("ticks lie on round hours of the zone", () => {
  const start = Date.UTC(2026, 10, 20, 22, 10);
  const ticks = timeTicks(start, start + 6 * hour, "Europe/Berlin", 8);
  assert.deepEqual(ticks.map((tick) => tick.label), ["Nov 21", "01:00", "02:00", "03:00", "04:00", "05:00"]);
  assert.deepEqual(ticks.map((tick) => tick.isMajor), [true, false, false, false, false, false]);
});

test("days stay at midnight across a change of the clock", () => {
  const start = Date.UTC(2026, 2, 27, 12);
  const ticks = timeTicks(start, start + 4 * day, "Europe/Berlin", 5);
  assert.deepEqual(ticks.map((tick) => new Date(tick.at).toISOString().slice(5, 16)), [
    "03-27T23:00", "03-28T23:00", "03-29T22:00", "03-30T22:00",
  ]);
});

test("long ranges tick at months and years", () => {
  const months = timeTicks(Date.UTC(2025, 8, 10), Date.UTC(2026, 2, 10), "UTC", 6);
  assert.deepEqual(months.map((tick) => tick.label), ["Oct", "Nov", "Dec", "2026", "Feb", "Mar"]);
  const years = timeTicks(Date.UTC(2010, 8, 10), Date.UTC(2026, 2, 10), "UTC", 5);
  assert.deepEqual(years.map((tick) => tick.label), ["2015", "2020", "2025"]);
});

test("there are never more ticks than asked for, give or take one", () => {
  for (const length of [60_000, hour, 5 * hour, day, 7 * day, 33 * day, 400 * day, 9000 * day]) {
    for (const most of [2, 5, 12]) {
      const count = timeTicks(1e12, 1e12 + length, "America/New_York", most).length;
      assert.ok(count <= most + 1, `${length} ${most}: ${count}`);
    }
  }
});

test("no ticks in an empty or broken range", () => {
  assert.deepEqual(timeTicks(5, 5, "UTC", 4), []);
  assert.deepEqual(timeTicks(Number.NaN, 5, "UTC", 4), []);
});

test("bins in words", () => {
  const midnight = Date.UTC(year, 10, 21);
  const name = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][new Date(midnight).getUTCDay()] ?? "";
  assert.equal(binLabel(makeBins([midnight + 14 * hour], "HOUR"), 0, "UTC"), `${name} Nov 21, 14:00 – 15:00`);
  assert.equal(binLabel(makeBins([midnight], "DAY"), 0, "UTC"), `${name} Nov 21`);
  assert.equal(binLabel(makeBins([midnight + 23 * hour], "HOUR"), 0, "UTC"), `${name} Nov 21, 23:00 – 00:00`);
  assert.ok(/Nov 21 – \w+ Nov 23$/.test(rangeLabel(midnight, midnight + 3 * day, "UTC")));
});

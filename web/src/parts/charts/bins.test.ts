import assert from "node:assert/strict";
import test from "node:test";
import { binAt, binEnd, makeBins, pickScale, possibleScales } from "./bins";

const hour = 3_600_000;
const day = 24 * hour;

test("the contract's scales", () => {
  assert.equal(pickScale(0, 15 * 60_000), "MINUTE");
  assert.equal(pickScale(0, 5 * hour), "MINUTE");
  assert.equal(pickScale(0, 5 * hour + 1), "HOUR");
  assert.equal(pickScale(0, 7 * day), "DAY");
  assert.equal(pickScale(0, 40 * day), "WEEK");
  assert.equal(pickScale(0, 200 * day), "MONTH");
  assert.equal(pickScale(0, 2000 * day), "YEAR");
});

test("scales on offer give two bins at least and not too many", () => {
  assert.deepEqual(possibleScales(0, 7 * day), ["HOUR", "DAY"]);
  assert.deepEqual(possibleScales(0, 15 * 60_000), ["MINUTE"]);
  assert.ok(possibleScales(0, 40 * day).includes("WEEK"));
});

test("the last bin of months ends with its month, in the calendar of the offset", () => {
  const offset = -5 * hour;
  const bins = makeBins([Date.UTC(2026, 0, 1, 5), Date.UTC(2026, 1, 1, 5)], "MONTH", offset);
  assert.equal(bins.end, Date.UTC(2026, 2, 1, 5));
});

test("finding bins", () => {
  const bins = makeBins([0, hour, 2 * hour], "HOUR");
  assert.deepEqual([-1, 0, hour - 1, hour, 2.5 * hour, 9 * hour].map((instant) => binAt(bins, instant)), [0, 0, 0, 1, 2, 2]);
  assert.equal(binEnd(bins, 2), 3 * hour);
  assert.equal(binAt(makeBins([], "HOUR"), 5), -1);
});

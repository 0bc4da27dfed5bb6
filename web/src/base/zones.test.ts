import assert from "node:assert/strict";
import test from "node:test";
import { fromWall, toWall, utcOffsetMinutes } from "./zones";

const berlin = "Europe/Berlin";

test("offsets follow summer time", () => {
  assert.equal(utcOffsetMinutes(Date.UTC(2026, 0, 1), berlin), 60);
  assert.equal(utcOffsetMinutes(Date.UTC(2026, 6, 1), berlin), 120);
  assert.equal(utcOffsetMinutes(Date.UTC(2026, 6, 1), "Asia/Kathmandu"), 345);
  assert.equal(utcOffsetMinutes(Date.UTC(2026, 6, 1), "UTC"), 0);
});

test("wall clock and back", () => {
  for (const zone of ["UTC", berlin, "America/New_York", "Asia/Kathmandu", "Pacific/Chatham"]) {
    for (let month = 0; month < 12; month += 1) {
      const instant = Date.UTC(2026, month, 15, 13, 37);
      assert.equal(fromWall(toWall(instant, zone), zone), instant, `${zone} ${month}`);
    }
  }
});

test("a wall time that the clock skips is the instant after the gap", () => {
  // On 29 March 2026 Berlin goes from 02:00 to 03:00.
  assert.equal(fromWall(Date.UTC(2026, 2, 29, 2, 30), berlin), Date.UTC(2026, 2, 29, 1, 30));
});

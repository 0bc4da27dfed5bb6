import assert from "node:assert/strict";
import test from "node:test";
import { tickText, timeMarks, timeTicks } from "./tickText";
import { around, isWhole, panned, readWindow, windowText, within, zoomed } from "./zoom";

test("a window stays within the trace", () => {
  assert.deepEqual(within({ from: -10, to: 20 }, 100), { from: 0, to: 30 });
  assert.deepEqual(within({ from: 90, to: 130 }, 100), { from: 60, to: 100 });
  assert.deepEqual(within({ from: 0, to: 500 }, 100), { from: 0, to: 100 });
  assert.deepEqual(panned({ from: 0, to: 10 }, 95, 100), { from: 90, to: 100 });
});

test("zooming keeps what is under the pointer", () => {
  assert.deepEqual(zoomed({ from: 0, to: 100 }, 0.5, 40, 100), { from: 20, to: 70 });
  assert.ok(isWhole(zoomed({ from: 20, to: 70 }, 4, 40, 100), 100));
});

test("a window in the URL is read again, nonsense is the whole trace", () => {
  const w = around(12.3456, 40, 100);
  assert.ok(Math.abs(readWindow(windowText(w), 100).from - w.from) < 1e-3);
  for (const odd of ["", "a-b", "5-2", "-3-4", "200-300", "NaN-1"]) assert.deepEqual(readWindow(odd, 100), { from: 0, to: 100 });
});

test("marks on the axis are told from each other", () => {
  assert.equal(tickText(4160, 5, 4180), "4.160 s");
  assert.equal(tickText(4165, 5, 4180), "4.165 s");
  assert.equal(tickText(20, 20, 82), "20 ms");
  assert.equal(tickText(125_000, 5000, 600_000), "2:05");
  assert.equal(tickText(125_500, 500, 600_000), "2:05.5");
  assert.equal(tickText(7_200_000, 3_600_000, 9_000_000), "2:00 h");
  assert.equal(tickText(0.25, 0.05, 0.4), "250 µs");
});

test("long axes have marks that are round on the clock", () => {
  assert.deepEqual(timeTicks(0, 700_000, 5).map((t) => tickText(t, 120_000, 700_000)), ["0", "2:00", "4:00", "6:00", "8:00", "10:00"]);
  assert.deepEqual(timeTicks(0, 1000, 5), [0, 200, 400, 600, 800, 1000]);
});

test("marks of an axis have room for their texts, however narrow it is", () => {
  assert.deepEqual(timeMarks(0, 690, 80), { times: [0, 690], step: 6.9 });
  assert.deepEqual(timeMarks(0, 690, 20), { times: [0], step: 690 });
  assert.deepEqual(timeMarks(0, 134, 131), { times: [0, 50], step: 50 });
  assert.deepEqual(timeMarks(0, 474, 131), { times: [0, 200], step: 200 });
  assert.deepEqual(timeMarks(0, 1000, 306), { times: [0, 200, 400, 600, 800], step: 200 });
  // Far in, the texts are long.
  assert.equal(timeMarks(12_345, 12_347, 320).times.length, 4);
  assert.equal(timeMarks(12_345, 12_347, 260).times.length, 2);
  // One mark alone has a step too: its text needs no more digits than that.
  assert.deepEqual(timeMarks(500, 2400, 30), { times: [2000], step: 1900 });
});

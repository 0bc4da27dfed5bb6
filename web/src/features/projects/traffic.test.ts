import test from "node:test";
import assert from "node:assert/strict";
import { traffic, trafficScale } from "./traffic";

const point = (ms: number, totalCount: number, errorCount = 0) => ({ timestamp: new Date(ms).toISOString(), totalCount, errorCount });

test("bins gather in bars", () => {
  const { total, failed, traceCount, failedCount } = traffic([point(0, 3, 1), point(400, 2), point(999, 1, 1)], 0, 1000, 2);
  assert.deepEqual([total, failed, traceCount, failedCount], [[5, 1], [1, 1], 6, 2]);
});
test("a bin that begins before the stretch counts in its first bar", () => assert.deepEqual(traffic([point(-50, 1)], 0, 100, 2).total, [1, 0]));
test("few bins whatever the stretch", () => {
  const day = 86_400_000;
  assert.deepEqual([0.1, 7, 30, 1000].map((days) => trafficScale(0, days * day)), ["MINUTE", "HOUR", "DAY", "MONTH"]);
});

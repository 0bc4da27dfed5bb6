import test from "node:test";
import assert from "node:assert/strict";
import { readTimeRange } from "./timerange";

const now = Date.parse("2026-01-08T12:00:30Z");
const read = (query: string) => readTimeRange(new URLSearchParams(query), "7d", now);

test("a preset begins at a round time", () => assert.deepEqual(read("timeRangeKey=1h").range, { start: "2026-01-08T11:00:00.000Z", end: null }));
test("a start or an end alone is a custom range", () => {
  assert.equal(read("timeRangeStart=2026-01-01T00:00:00Z").key, "custom");
  assert.deepEqual(read("timeRangeKey=custom&timeRangeEnd=2026-01-02").range, { start: null, end: "2026-01-02T00:00:00.000Z" });
});
test("nonsense is the fallback", () => assert.equal(read("timeRangeKey=nonsense&timeRangeStart=yesterday").key, "7d"));

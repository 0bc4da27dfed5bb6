import assert from "node:assert/strict";
import test from "node:test";
import { failureSeries, latencySeries, statusSeries, tokenKindSeries } from "./chartSeries";

const timestamp = "2026-11-21T14:00:00Z";

test("spans without a status are shown only where there are any", () => {
  const point = { timestamp, okCount: 3, errorCount: 1, unsetCount: 0 };
  assert.deepEqual(statusSeries([point]).map((one) => one.key), ["ok", "error"]);
  assert.deepEqual(statusSeries([{ ...point, unsetCount: 2 }]).map((one) => one.key), ["ok", "unset", "error"]);
});

test("the share of failures is unknown where nothing happened", () => {
  const empty = { timestamp, okCount: null, errorCount: null, unsetCount: null };
  const rate = failureSeries([empty, { timestamp, okCount: 3, errorCount: 1, unsetCount: 0 }])[1];
  assert.deepEqual(rate?.values, [null, 25]);
});

test("every percentile has a line", () => {
  const point = { timestamp, p50: 1, p75: 2, p90: 3, p95: 4, p99: 5, p999: 6, max: 7 };
  const series = latencySeries([point]);
  assert.deepEqual(series.map((one) => one.values[0]), [4, 1, 2, 3, 4, 5, 6, 7]);
});

test("kinds of tokens become series, known ones first, missing ones zero", () => {
  const points = [
    { timestamp, kinds: [{ tokenType: "zeta", tokenCount: 1 }] },
    { timestamp, kinds: [{ tokenType: "cache_read", tokenCount: 5 }, { tokenType: "input", tokenCount: null }] },
  ];
  const series = tokenKindSeries(points, (point) => point.kinds);
  assert.deepEqual(series.map((one) => [one.label, one.values]), [["Input", [0, 0]], ["Cache read", [0, 5]], ["zeta", [1, 0]]]);
});

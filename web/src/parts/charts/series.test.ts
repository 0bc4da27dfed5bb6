import assert from "node:assert/strict";
import test from "node:test";
import { csv, seriesCsv } from "./csv";
import { makeBins } from "./bins";
import { isEmpty, largest, latest, stack, total, type Series } from "./series";

const bar = (key: string, values: readonly (number | null)[]): Series => ({ key, label: key, color: "--c", values, shape: "bar" });

test("bars stand on each other, lines do not", () => {
  const line: Series = { ...bar("p50", [10, null]), shape: "line" };
  const layers = stack([bar("ok", [1, 2]), bar("bad", [3, null]), line], 2);
  assert.deepEqual(layers.map((layer) => layer.from), [[0, 0], [1, 2], [10, null]]);
  assert.deepEqual(layers.map((layer) => layer.to), [[1, 2], [4, 2], [10, null]]);
  assert.equal(largest(layers, "left"), 10);
  assert.equal(largest(layers, "right"), 0);
});

test("axes have stacks of their own", () => {
  const right: Series = { ...bar("r", [5]), axis: "right" };
  const layers = stack([bar("l", [2]), right], 1);
  assert.equal(largest(layers, "left"), 2);
  assert.equal(largest(layers, "right"), 5);
});

test("nothing but zeros is empty", () => {
  assert.ok(isEmpty([bar("a", [0, null])]));
  assert.ok(isEmpty([]));
  assert.ok(!isEmpty([bar("a", [0, 1])]));
  assert.equal(total([1, null, 2]), 3);
  assert.equal(latest([1, 2, null]), 2);
  assert.equal(latest([null]), null);
});

test("CSV quotes what needs it and starts no formula", () => {
  assert.equal(csv([["a,b", 'say "x"', 1.5, null], ["=1+1", "-3", -3, Number.NaN]]), "\"a,b\",\"say \"\"x\"\"\",1.5,\r\n'=1+1,'-3,-3,\r\n");
});

test("a chart as CSV has its bins' times", () => {
  const text = seriesCsv(makeBins([0, 3_600_000], "HOUR"), [bar("ok", [1, null])]);
  assert.equal(text, "start,end,ok\r\n1970-01-01T00:00:00.000Z,1970-01-01T01:00:00.000Z,1\r\n1970-01-01T01:00:00.000Z,1970-01-01T02:00:00.000Z,\r\n");
});

import assert from "node:assert/strict";
import test from "node:test";
import { criticalPath } from "./criticalPath";
import { packLanes } from "./lanes";
import { carriedOver, closedBelow, nextOf, opened, rowOf, visibleRows, withAncestors } from "./rows";
import { findInNames } from "./search";
import { stubColumns, type StubSpan } from "./stub";
import { buildTrace, childrenOf, CYCLE, isBelow, ORPHAN, type TraceModel } from "./trace";
import { earlierCalls } from "./predecessors";

const trace = (...spans: readonly StubSpan[]): TraceModel => buildTrace(stubColumns(spans));
const ids = (m: TraceModel, list: Iterable<number> = m.source.keys()): string => [...list].map((i) => m.nodeId(i)).join(" ");

test("children follow their parent in the order of their starts", () => {
  const m = trace({ id: "c", parent: "a", start: 5 }, { id: "a", start: 0, duration: 9 }, { id: "d", parent: "c", start: 6 }, { id: "b", parent: "a", start: 1 });
  assert.equal(ids(m), "a b c d");
  assert.deepEqual([...m.depth], [0, 1, 1, 2]);
  assert.deepEqual([...m.size], [4, 1, 2, 1]);
  assert.deepEqual(childrenOf(m, 0), [1, 2]);
  assert.ok(isBelow(m, 3, 2) && !isBelow(m, 3, 1));
});

test("a span whose parent is missing is a root", () => {
  const m = trace({ id: "a", parent: "gone", start: 3 }, { id: "b", start: 1 }, { id: "c", parent: "a", start: 4 });
  assert.equal(ids(m, m.roots), "b a");
  assert.deepEqual([...m.oddity], [0, ORPHAN, 0]);
});

test("of spans that are each other's parents the earliest becomes a root", () => {
  const m = trace({ id: "a", parent: "c", start: 3 }, { id: "b", parent: "a", start: 1 }, { id: "c", parent: "b", start: 4 }, { id: "self", parent: "self", start: 9 }, { id: "x", parent: "c", start: 5 });
  assert.equal(ids(m), "b c a x self");
  assert.equal(ids(m, m.roots), "b self");
  assert.equal(m.oddity[0], CYCLE);
});

test("times that make no sense are mended", () => {
  const m = trace({ id: "a", start: 10, duration: 5 }, { id: "b", parent: "a", start: NaN, duration: NaN }, { id: "c", parent: "a", start: 12, duration: -4 });
  assert.deepEqual([...m.start], [0, 0, 2]);
  assert.deepEqual([...m.end], [5, 0, 2]);
  assert.deepEqual([...m.open], [0, 1, 1]);
  assert.equal(m.startTime, 10);
});

test("totals include all that is below", () => {
  const m = trace({ id: "a", tokens: 1 }, { id: "b", parent: "a", tokens: 2, cost: 0.5, failed: true }, { id: "c", parent: "b", tokens: 4, cost: 0.25 });
  assert.deepEqual([...m.totalTokens], [7, 6, 4]);
  assert.deepEqual([...m.totalCost], [0.75, 0.75, 0.25]);
  assert.deepEqual([...m.totalErrors], [1, 1, 0]);
  assert.deepEqual(m.errors, [1]);
});

test("an empty trace is a trace", () => {
  const m = trace();
  assert.equal(m.duration, 0);
  assert.equal(visibleRows(m, new Set()).length, 0);
  assert.equal(criticalPath(m).on.length, 0);
});

test("the critical path goes through what was waited for", () => {
  const m = trace(
    { id: "root", start: 0, duration: 100 }, { id: "fast", parent: "root", start: 0, duration: 30 }, { id: "slow", parent: "root", start: 0, duration: 80 },
    { id: "inner", parent: "slow", start: 10, duration: 60 }, { id: "last", parent: "root", start: 85, duration: 10 });
  const path = criticalPath(m);
  assert.equal(ids(m, [...m.source.keys()].filter((i) => path.on[i])), "root slow inner last");
  assert.deepEqual([...path.own], [10, 0, 20, 60, 10]);
  assert.equal(path.own.reduce((a, b) => a + b), 100);
});

test("a child that outlives its parent was waited for until the parent's end", () => {
  const m = trace({ id: "root", start: 0, duration: 50 }, { id: "late", parent: "root", start: 20, duration: 100 });
  assert.deepEqual([...criticalPath(m).own].map(Math.round), [20, 30]);
});

test("spans that overlap have different lanes, below their parent's", () => {
  const m = trace({ id: "r", duration: 10 }, { id: "a", parent: "r", start: 1, duration: 5 }, { id: "b", parent: "r", start: 2, duration: 5 }, { id: "c", parent: "r", start: 8, duration: 1 });
  const { lane, count } = packLanes(m);
  assert.deepEqual([...lane], [0, 1, 2, 1]);
  assert.equal(count, 3);
});

test("closed spans hide what is below, filters what matches not", () => {
  const m = trace({ id: "a" }, { id: "b", parent: "a", start: 1 }, { id: "c", parent: "b", start: 2 }, { id: "d", parent: "a", start: 3 });
  assert.equal(ids(m, visibleRows(m, new Set([1]))), "a b d");
  assert.equal(ids(m, visibleRows(m, new Set(), withAncestors(m, [2]))), "a b c");
  assert.deepEqual([...closedBelow(m, 1)], [1]);
  assert.deepEqual([...opened(m, new Set([0, 1]), 2)], []);
  assert.equal(rowOf(visibleRows(m, new Set([1])), 3), 2);
  assert.equal(rowOf(visibleRows(m, new Set([1])), 2), -1);
});

test("what is closed stays closed when more spans arrive", () => {
  const before = trace({ id: "a" }, { id: "c", parent: "a", start: 5 }, { id: "d", parent: "c", start: 6 });
  const after = trace({ id: "a" }, { id: "b", parent: "a", start: 1 }, { id: "c", parent: "a", start: 5 }, { id: "d", parent: "c", start: 6 });
  assert.deepEqual([...carriedOver(new Set([1]), before, after)], [2]);
});

test("next and previous wrap around", () => {
  assert.deepEqual([nextOf([2, 5], 0), nextOf([2, 5], 2), nextOf([2, 5], 5), nextOf([2, 5], 2, -1), nextOf([], 1)], [2, 5, 2, 5, -1]);
});

test("search finds names", () => {
  const m = trace({ id: "1", name: "Search flights" }, { id: "2", name: "plan" });
  assert.deepEqual(findInNames(m, " FLIGHT "), [0]);
});

test("earlier calls of the same branch come first", () => {
  const m = trace({ id: "r", duration: 100 }, { id: "x", parent: "r", start: 1, duration: 40 }, { id: "x1", parent: "x", kind: "llm", start: 2 }, { id: "x2", parent: "x", kind: "llm", start: 20 },
    { id: "y", parent: "r", start: 1.5, duration: 40 }, { id: "y1", parent: "y", kind: "llm", start: 10 });
  assert.equal(ids(m, earlierCalls(m, m.indexOf("x2"), 3)), "x1 y1");
});

test("a trace of 100,000 spans is built quickly, however deep", () => {
  const wide = Array.from({ length: 100_000 }, (_, i): StubSpan => ({ id: String(i), ...(i ? { parent: String(Math.floor((i - 1) / 7)) } : {}), start: i, duration: 100_000 - i }));
  const deep = Array.from({ length: 100_000 }, (_, i): StubSpan => ({ id: String(i), ...(i ? { parent: String(i - 1) } : {}), start: i, duration: 200_000 - 2 * i }));
  for (const columns of [stubColumns(wide), stubColumns(deep)]) {
    const from = performance.now();
    const m = buildTrace(columns);
    criticalPath(m);
    packLanes(m);
    visibleRows(m, new Set());
    assert.ok(performance.now() - from < 15_000, `${performance.now() - from} ms`);
  }
});

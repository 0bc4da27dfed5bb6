import assert from "node:assert/strict";
import test from "node:test";
import { spanTree } from "./spanTree";

const span = (spanId: string, parentId: string | null, startTime = spanId) => ({ spanId, parentId, startTime });
const shape = (spans: Parameters<typeof spanTree>[0]): string => spanTree(spans).map((row) => row.span.spanId + row.depth).join(" ");

test("children follow their parents by time", () => {
  assert.equal(shape([span("c", "a"), span("b", "a"), span("a", null), span("d", "b")]), "a0 b1 d2 c1");
});

test("orphans are roots, circles are cut, nothing is lost", () => {
  assert.equal(shape([span("a", "gone"), span("b", "a")]), "a0 b1");
  assert.equal(shape([span("a", "b"), span("b", "a"), span("c", null)]), "c0 a0 b1");
  assert.equal(shape([span("a", "a")]), "a0");
});

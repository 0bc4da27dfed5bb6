import test from "node:test";
import assert from "node:assert/strict";
import { openedCount, placeOf, rowOf, treeOrder } from "./expansions";

test("rows below others push the rest down", () => {
  const opened = [{ index: 1, count: 2 }, { index: 4, count: 1 }];
  const places = Array.from({ length: 9 }, (_, row) => placeOf(opened, row)).map((place) => (place.type === "base" ? `${place.index}` : `${place.index}.${place.at}`));
  assert.deepEqual(places, ["0", "1", "1.0", "1.1", "2", "3", "4", "4.0", "5"]);
  assert.deepEqual([0, 1, 2, 4, 5].map((index) => rowOf(opened, index)), [0, 1, 4, 6, 8]);
  assert.equal(openedCount(opened), 3);
});

test("descendants come in the order of the tree", () => {
  const span = (spanId: string, parentId: string | null, startTime: string) => ({ spanId, parentId, startTime });
  const order = treeOrder("root", [span("c", "a", "3"), span("b", "root", "2"), span("a", "root", "1"), span("lost", "nowhere", "0"), span("d", "a", "2")]);
  assert.deepEqual(order.map((one) => `${one.span.spanId}${one.depth}`), ["lost1", "a1", "d2", "c2", "b1"]);
});

test("spans that are each other's parents are all there", () => {
  const order = treeOrder("root", [{ spanId: "a", parentId: "b", startTime: "1" }, { spanId: "b", parentId: "a", startTime: "2" }, { spanId: "self", parentId: "self", startTime: "3" }]);
  assert.deepEqual(order.map((one) => one.span.spanId).sort(), ["a", "b", "self"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { changesBetween, type Outlined } from "./changes";

const at = (id: string, revisedAt: string): Outlined => ({ id, externalId: null, revisedAt });

test("a version is told by what it added, changed and removed", () => {
  const before = [at("a", "1"), at("b", "1"), at("c", "1")];
  const after = [at("a", "1"), at("b", "2"), at("d", "2")];
  assert.deepEqual(changesBetween(before, after).map(({ kind, id }) => `${kind} ${id}`), ["added d", "changed b", "removed c"]);
  assert.deepEqual(changesBetween([], after).map(({ kind }) => kind), ["added", "added", "added"]);
  assert.deepEqual(changesBetween(after, after), []);
});

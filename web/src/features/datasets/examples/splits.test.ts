import assert from "node:assert/strict";
import test from "node:test";
import { withSplit } from "./splits";

test("an example keeps its splits when it joins another; equal ones go together", () => {
  const inSplits = (id: string, ...splits: string[]) => ({ id, datasetSplits: splits.map((split) => ({ id: split })) });
  assert.deepEqual(withSplit([inSplits("1"), inSplits("2", "b", "a"), inSplits("3", "t"), inSplits("4", "a", "b"), inSplits("5")], "t"), [
    { exampleIds: ["1", "5"], datasetSplitIds: ["t"] },
    { exampleIds: ["2", "4"], datasetSplitIds: ["a", "b", "t"] },
  ]);
});

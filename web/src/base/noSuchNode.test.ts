import test from "node:test";
import assert from "node:assert/strict";
import { RequestFailure } from "./graphql";
import { isNoSuchNode } from "./noSuchNode";

test("only an id that names nothing is told from refusals that may pass", () => {
  for (const said of ["There is no Project with the id UHJvamVjdDo5. It may have been deleted.", "Unknown node: nonsense", "Invalid node id: UHJvamVjdDp4. The id of a Project node must be an integer"]) {
    assert.equal(isNoSuchNode(new RequestFailure("refused", said, 200)), true, said);
  }
  assert.equal(isNoSuchNode(new RequestFailure("refused", "The server answered 500 without data.", 500)), false);
  assert.equal(isNoSuchNode(new RequestFailure("disconnected", "There is no Project with the id 9", 503)), false);
});

import assert from "node:assert/strict";
import test from "node:test";
import { withMissing } from "./viewLink";

test("a link says what only this browser knows, and keeps what the URL says", () => {
  const query = new URLSearchParams("sort=name");
  assert.equal(withMissing(query, [{ timeRangeKey: "1h" }, { view: "table", sort: "-cost" }]).toString(), "sort=name&timeRangeKey=1h&view=table");
  assert.equal(query.toString(), "sort=name");
});

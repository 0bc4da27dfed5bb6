import test from "node:test";
import assert from "node:assert/strict";
import { textFilter } from "./textFilter";

test("a text becomes a literal of the filter language", () => {
  assert.equal(textFilter("it's a \\ line\n"), "text contains 'it\\'s a \\\\ line\\n'");
});

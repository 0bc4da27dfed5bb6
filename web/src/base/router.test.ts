import test from "node:test";
import assert from "node:assert/strict";
import { changed, match, parse } from "./router";

test("patterns match segments and a rest", () => {
  assert.deepEqual(match("/projects/:id/spans", "/projects/a%20b/spans"), { id: "a b" });
  assert.equal(match("/a", "/b"), null);
  assert.equal(match("/a/:x", "/a"), null);
  assert.deepEqual(match("/a/*", "/a/b/c"), { "*": "b/c" });
});
test("a broken escape is taken as it is", () => assert.deepEqual(match("/p/:id", "/p/%zz"), { id: "%zz" }));
test("paths are relative to the root", () => {
  assert.equal(parse("/phoenix/projects?x=1", "/phoenix/").path, "/projects");
  assert.equal(parse("/projects/", "/").path, "/projects");
  assert.equal(parse("/phoenix", "/phoenix/").path, "/");
});
test("a change of the query keeps the rest", () => {
  const query = changed(new URLSearchParams("a=1&b=2&b=3"), { b: null, c: ["4", "5"], d: undefined });
  assert.equal(query.toString(), "a=1&c=4&c=5");
});

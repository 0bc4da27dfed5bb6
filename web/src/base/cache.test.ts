import test from "node:test";
import assert from "node:assert/strict";
import { canonical, fetchQuery, invalidate } from "./cache";
import { RequestFailure, type Operation } from "./graphql";

let asked = 0;
let answer: () => Promise<Response> = async () => new Response(JSON.stringify({ data: { n: ++asked } }));
globalThis.fetch = (() => answer()) as typeof fetch;

const operation = (name: string): Operation<{ n: number }, { id: string }> => ({ name, kind: "query", hash: name, text: "{ n }" });

test("variables in any order are one key", () => {
  assert.equal(canonical({ b: [{ y: 1, x: 2 }], a: null }), canonical({ a: null, b: [{ x: 2, y: 1 }] }));
  assert.notEqual(canonical({ a: [1, 2] }), canonical({ a: [2, 1] }));
});

test("equal questions share a request, and what is fresh is not asked again", async () => {
  const before = asked;
  const [a, b] = await Promise.all([fetchQuery(operation("Shared"), { id: "1" }), fetchQuery(operation("Shared"), { id: "1" })]);
  assert.equal(a, b);
  assert.equal(await fetchQuery(operation("Shared"), { id: "1" }), a);
  assert.equal(asked, before + 1);
});

test("what is invalid is asked again", async () => {
  await fetchQuery(operation("Stale"), { id: "1" });
  const before = asked;
  invalidate(["Other"]);
  await fetchQuery(operation("Stale"), { id: "1" });
  assert.equal(asked, before);
  invalidate(["Stale"]);
  await fetchQuery(operation("Stale"), { id: "1" });
  assert.equal(asked, before + 1);
});

test("errors without data are failures that can be shown", async () => {
  const usual = answer;
  answer = async () => new Response(JSON.stringify({ data: null, errors: [{ message: "No." }, { message: "Never." }] }));
  const failure = await fetchQuery(operation("Refused"), { id: "1" }).then(() => undefined, (error: unknown) => error);
  assert.ok(failure instanceof RequestFailure);
  assert.equal((failure as RequestFailure).message, "No. · Never.");
  answer = async () => new Response("<html>", { status: 500 });
  await assert.rejects(fetchQuery(operation("Broken"), { id: "1" }), /answered 500/);
  answer = usual;
});

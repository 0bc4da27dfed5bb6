import test from "node:test";
import assert from "node:assert/strict";
import { connected, probeNow } from "./connection";
import { untilFetched } from "./lazily";

let isAnswering = true;
globalThis.fetch = (async () => {
  if (!isAnswering) throw new TypeError("Failed to fetch");
  return new Response("");
}) as typeof fetch;

/** Fails so many times, and tells how often it was asked. */
function code(failures: number) {
  const asked = { count: 0 };
  const load = async (): Promise<string> => {
    asked.count += 1;
    if (asked.count <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return "code";
  };
  return { asked, load };
}

test("one failure may be an accident", async () => {
  assert.equal(await untilFetched(code(1).load, 0), "code");
});

test("code that a server which answers does not have is given up", async () => {
  const { asked, load } = code(9);
  await assert.rejects(untilFetched(load, 0), /dynamically imported/);
  assert.equal(asked.count, 2);
});

test("while the server is away nothing is asked for, and what failed meanwhile is not counted", async () => {
  isAnswering = false;
  const { asked, load } = code(2);
  const fetched = untilFetched(load, 0);
  while (connected.get()) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked.count, 1);
  isAnswering = true;
  probeNow();
  assert.equal(await fetched, "code");
  assert.equal(asked.count, 3);
});

import test from "node:test";
import assert from "node:assert/strict";
import { nested } from "./attributes";
import { phasesOf, phasesText } from "./phases";

const call = (first?: string) => ({
  startTime: "2026-10-01T12:00:00.000Z",
  endTime: "2026-10-01T12:00:01.000Z",
  events: first === undefined ? [] : [{ name: "other", timestamp: "2026-10-01T12:00:00.100Z" }, { name: "First Token Stream Event", timestamp: first }],
});
const shown = (...given: Parameters<typeof phasesOf>): string => phasesOf(...given).map((p) => `${p.name} ${p.from}-${p.to}`).join(", ");

test("a call that says no more than its start and end has no phases", () => {
  assert.equal(shown(call(), {}), "");
  assert.equal(shown({ ...call("2026-10-01T12:00:00.300Z"), endTime: null }, {}), "");
});

test("an event tells the first token", () => {
  assert.equal(shown(call("2026-10-01T12:00:00.300Z"), {}), "prompt 0-300, output 300-1000");
});

test("attributes tell the queue and the first token", () => {
  const attributes = nested({ "gen_ai.latency.time_in_queue": 0.25, "gen_ai.latency.time_to_first_token": 0.5 });
  const phases = phasesOf(call("2026-10-01T12:00:00.300Z"), attributes);
  assert.deepEqual(phases.map((p) => [p.name, p.from, p.to]), [["queue", 0, 250], ["prompt", 250, 500], ["output", 500, 1000]]);
  assert.equal(phasesText(phases), "250 ms in the queue, first token after 500 ms, 500 ms of output");
});

test("a queue alone is shown, and times outside of the span are not", () => {
  assert.equal(shown(call(), nested({ "gen_ai.latency.time_in_queue": 0.25 })), "queue 0-250, output 250-1000");
  assert.equal(shown(call("2026-10-01T12:00:02.000Z"), nested({ "gen_ai.latency.time_in_queue": -1 })), "");
  assert.equal(shown(call("2026-10-01T12:00:00.300Z"), nested({ "gen_ai.latency.time_in_queue": 0.4 })), "prompt 0-300, output 300-1000");
});

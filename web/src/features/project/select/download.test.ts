import test from "node:test";
import assert from "node:assert/strict";
import { exportPath, joinOTLP } from "./download";

test("the address of a download says which spans", () => {
  const wish = { projectId: "UHJv=", projectName: "p", format: "otlp" } as const;
  assert.equal(exportPath({ ...wish, traceIds: ["a", "b"] }), "/v1/projects/UHJv%3D/spans/export?format=otlp&trace_id=a&trace_id=b");
  assert.equal(
    exportPath({ ...wish, format: "jsonl", filter: "a == 'b&c'", range: { start: "2026-01-01T00:00:00Z", end: null } }),
    "/v1/projects/UHJv%3D/spans/export?format=jsonl&filter=a+%3D%3D+%27b%26c%27&start_time=2026-01-01T00%3A00%3A00Z",
  );
});

test("parts of an export become one", () => {
  assert.equal(joinOTLP(['{"resourceSpans":[{"a":"1"}]}', '{"resourceSpans":[]}', '{"resourceSpans":[{"a":"2"}]}']), '{"resourceSpans":[{"a":"1"},{"a":"2"}]}');
});

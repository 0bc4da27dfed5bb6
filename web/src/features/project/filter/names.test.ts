import test from "node:test";
import assert from "node:assert/strict";
import { renamed } from "./names";

test("a name is replaced with all its parts", () => {
  assert.equal(renamed("span_knd == 'LLM' or span_knd is None", "span_knd", "span_kind"), "span_kind == 'LLM' or span_kind is None");
  assert.equal(renamed("span . kind == 'LLM'", "span.kind", "span_kind"), "span_kind == 'LLM'");
  assert.equal(renamed("statuscode == 'OK' and http.statuscode == 500 and statuscode.x == 1", "statuscode", "status_code"), "status_code == 'OK' and http.statuscode == 500 and statuscode.x == 1");
});

test("strings and subscripts stay as they are", () => {
  const condition = "name == 'span_knd' and attributes['span_knd'] == 1";
  assert.equal(renamed(condition, "span_knd", "span_kind"), condition);
  assert.equal(renamed("span['x'].kind == 1 and statuscode['x'] == 1", "span.kind", "span_kind"), "span['x'].kind == 1 and statuscode['x'] == 1");
  assert.equal(renamed("statuscode['x'] == 1", "statuscode", "status_code"), "statuscode['x'] == 1");
  assert.equal(renamed("name == 'open", "name", "x"), "name == 'open");
});

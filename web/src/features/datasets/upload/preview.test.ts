import assert from "node:assert/strict";
import test from "node:test";
import { csvRecords, previewOf, usualRoles } from "./preview";

test("quotes hold commas, line ends and quotes", () => {
  assert.deepEqual(csvRecords('a,b\r\n"x, ""y""\nz",2\n\n3,', 9, true), [["a", "b"], ['x, "y"\nz', "2"], ["3", ""]]);
  assert.deepEqual(csvRecords("a,b\n1,2\n3,", 9, false), [["a", "b"], ["1", "2"]]);
  assert.deepEqual(csvRecords("a\n1\n2\n3", 2, true), [["a"], ["1"]]);
});

test("a file is shown by its columns and rows, whatever its byte order mark", () => {
  const shown = previewOf("a.csv", "\uFEFFquestion,answer\nq,a\n", true);
  assert.deepEqual([shown.format, shown.columns, shown.rows], ["csv", ["question", "answer"], [["q", "a"]]]);
  const lines = previewOf("a.jsonl", '{"input":{"q":1},"n":2}\n{"input":{},"output":"o"}', true);
  assert.deepEqual(lines.columns, ["input", "n", "output"]);
  assert.deepEqual([...lines.objects], ["input"]);
  assert.deepEqual(lines.rows[0], ['{"q":1}', "2", ""]);
  assert.equal(previewOf("a.jsonl", '{"a":1}\n{"a":', false).rows.length, 1);
});

test("what is wrong with a file is said with its line", () => {
  assert.throws(() => previewOf("a.csv", "a,b\n1,2\n3\n", true), /Row 3 has 1 values, the head has 2/u);
  assert.throws(() => previewOf("a.csv", "a,a\n", true), /“a” is there twice/u);
  assert.throws(() => previewOf("a.jsonl", '{"a":1}\nno\n', true), /Line 2 is no JSON/u);
  assert.throws(() => previewOf("a.jsonl", "[1]\n", true), /Line 1 is no JSON object/u);
  assert.throws(() => previewOf("a.csv", " \n", true), /empty/u);
});

test("roles follow the names of the columns", () => {
  assert.deepEqual(usualRoles(["Question", "expected", "input.lang", "split", "group", "note"]), { Question: "input", expected: "output", "input.lang": "input", split: "split", group: "none", note: "none" });
  assert.deepEqual(usualRoles(["text", "label"]), { text: "input", label: "none" });
});

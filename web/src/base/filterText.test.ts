import test from "node:test";
import assert from "node:assert/strict";
import { escaped, quoted, textFilter } from "./filterText";

test("a text is quoted with the mark that it lacks", () => {
  assert.equal(quoted("plain"), "'plain'");
  assert.equal(quoted("it's"), `"it's"`);
  assert.equal(quoted(`it's "both"`), `'it\\'s "both"'`);
  assert.equal(quoted("a \\ line\n\r\t\u0007\u007f é"), "'a \\\\ line\\n\\r\\t\\x07\\x7f é'");
});

test("inside of a literal its own mark is escaped", () => {
  assert.equal(escaped(`it's "both"`, '"'), `it's \\"both\\"`);
  assert.equal(escaped(`it's "both"\n`, "'"), `it\\'s "both"\\n`);
});

test("a text is looked for anywhere in a span", () => {
  assert.equal(textFilter("it's a \\ line\n"), `text contains "it's a \\\\ line\\n"`);
});

import test from "node:test";
import assert from "node:assert/strict";
import { quoted } from "../../../base/filterText";
import { stringValue, tokens } from "./tokens";

test("a text survives quoting and reading", () => {
  for (const text of ["", "plain", "it's", 'say "hi"', "it's \"both\"", "back\\slash", "line\nbreak\ttab", "\u0007", "é 漢字 🙂"]) {
    const literal = quoted(text);
    assert.equal(tokens(literal)?.length, 1, literal);
    assert.equal(stringValue(literal), text);
  }
});

test("what cannot be read is not guessed", () => {
  for (const text of ["'open", "(a", "a)", "[a)", "a # comment", "'''three'''", "`a`"]) assert.equal(tokens(text), null, text);
});

import assert from "node:assert/strict";
import test from "node:test";
import { chunks, cut } from "./chunks";
import { diffTexts } from "./diffTexts";
import { hasHidden, visiblePieces, visibleText } from "./visible";

test("texts differ by words within changed lines", () => {
  assert.deepEqual(diffTexts("one\ntwo three\nfour\n", "one\ntwo 3\nfour\n"), [
    { kind: "same", text: "one\ntwo " }, { kind: "left", text: "three" }, { kind: "right", text: "3" }, { kind: "same", text: "\nfour\n" }]);
  assert.deepEqual(diffTexts("", "a"), [{ kind: "right", text: "a" }]);
  assert.deepEqual(diffTexts("a", "a"), [{ kind: "same", text: "a" }]);
});

test("both texts can be read back from the pieces", () => {
  let seed = 1;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 200; round++) {
    const text = (): string => Array.from({ length: random(30) }, () => "ab c\n.é😀"[random(8)]).join("");
    const a = text(), b = text(), pieces = diffTexts(a, b);
    assert.equal(pieces.filter((p) => p.kind !== "right").map((p) => p.text).join(""), a);
    assert.equal(pieces.filter((p) => p.kind !== "left").map((p) => p.text).join(""), b);
  }
});

test("texts of megabytes do not stall", () => {
  const a = Array.from({ length: 40_000 }, (_, i) => `line ${i}`).join("\n"), b = Array.from({ length: 40_000 }, (_, i) => `row ${i * 7}`).join("\n"), from = performance.now();
  diffTexts(a, b);
  assert.ok(performance.now() - from < 20_000);
});

test("characters that cannot be seen get a name", () => {
  assert.equal(hasHidden("Grüße, 你好, مرحبا, 👩‍👩‍👧\t\n"), false);
  assert.equal(hasHidden("a\u202eb"), true);
  assert.deepEqual(visiblePieces("a\u202eb"), [{ text: "a" }, { text: "RLO", code: 0x202e }, { text: "b" }]);
  assert.deepEqual(visiblePieces("\u0007\ud800\u{e0041}").map((p) => p.text), ["U+0007", "U+D800", "U+E0041"]);
  assert.equal(visibleText("a\u202eb"), "a⟨RLO⟩b");
  assert.equal(visibleText("مرحبا 👩‍👩‍👧"), "مرحبا 👩‍👩‍👧");
});

test("however many characters cannot be seen, none is left as it is", () => {
  const text = "\u202ea".repeat(5000), pieces = visiblePieces(text);
  assert.equal(hasHidden(pieces.map((p) => p.text).join("")), false);
  assert.equal(pieces.map((p) => p.text).join("").match(/a/g)?.length, 5000);
  assert.ok(pieces.length < 5000);
  assert.equal(hasHidden(visibleText(text)), false);
});

test("pieces of a text make the text", () => {
  const text = "línea 😀\n".repeat(500);
  for (const size of [10, 11, 100, 4096]) assert.equal(chunks(text, size).join(""), text);
  assert.equal(cut("ab😀", 3), "ab");
});

import test from "node:test";
import assert from "node:assert/strict";
import { parseTerms, writeTerms } from "./terms";
import { facetChoice, removeTerm, searchedTexts, selectsRoots, toggleFacet, withRoots } from "./facets";

const types = (condition: string): readonly string[] => parseTerms(condition).map((term) => term.type);

test("conditions joined by `and` become chips", () => {
  assert.deepEqual(types("span_kind == 'LLM' and latency_ms > 2_000 and parent_id is None"), ["compare", "compare", "null"]);
  assert.deepEqual(types("'refund' in input.value and metadata['tenant'] == 'acme'"), ["contains", "compare"]);
  assert.deepEqual(types("span_kind not in ('agent', 'CHAIN') and text contains 'x'"), ["oneOf", "contains"]);
  assert.deepEqual(types("attributes['llm']['model_name'] == 'gpt-4o'"), ["compare"]);
  assert.deepEqual(types("user.id is not None and llm.token_count.total >= -1.5"), ["null", "compare"]);
});

test("what a chip cannot show stays as it was written", () => {
  for (const condition of [
    "latency_ms > 3 or name == 'a'", "not span_kind == 'LLM'", "100 < latency_ms < 500", "llm.token_count.prompt > llm.token_count.completion * 4",
    "any(s.span_kind == 'TOOL' and s.status_code == 'ERROR' for s in spans)", "evals['x'].score > 0.5 if a else b", "name in ('a')", "name == 'open", "name ==", "x == 123456789012345678901",
  ]) {
    assert.deepEqual(parseTerms(condition).filter((term) => term.type === "text").length, 1, condition);
    assert.equal(writeTerms(parseTerms(condition)), condition);
  }
});

test("an unfinished `and` keeps every word", () => {
  assert.equal(writeTerms(parseTerms("parent_id is None and")), "parent_id is None and");
  assert.deepEqual(types("parent_id is None and"), ["text"]);
});

test("adding to an alternative keeps its meaning", () => {
  assert.equal(toggleFacet("a == 1 or b == 2", "c", 3), "(a == 1 or b == 2) and c == 3");
  assert.equal(toggleFacet("name == 'open", "c", 3), "c == 3 and name == 'open");
  assert.equal(toggleFacet("c == 3", "c", 3), "");
});

test("terms can be taken away one by one", () => {
  const condition = "span_kind == 'LLM' and (a == 1 or b == 2) and latency_ms > 2_000";
  assert.equal(removeTerm(condition, 1), "span_kind == 'LLM' and latency_ms > 2_000");
  assert.equal(removeTerm(removeTerm(condition, 0), 1), "(a == 1 or b == 2)");
});

test("facets, chips and text are one state", () => {
  let condition = "parent_id is None";
  condition = toggleFacet(condition, "span_kind", "LLM");
  assert.equal(condition, "parent_id is None and span_kind == 'LLM'");
  condition = toggleFacet(condition, "span_kind", "TOOL");
  assert.equal(condition, "parent_id is None and span_kind in ['LLM', 'TOOL']");
  assert.deepEqual(facetChoice(parseTerms(condition), "span_kind").included, ["LLM", "TOOL"]);
  condition = toggleFacet(condition, "span_kind", "TOOL", true);
  assert.equal(condition, "parent_id is None and span_kind == 'LLM' and span_kind != 'TOOL'");
  condition = toggleFacet(condition, "span_kind", "LLM");
  condition = toggleFacet(condition, "span_kind", "TOOL", true);
  assert.equal(condition, "parent_id is None");
  assert.equal(toggleFacet("", "user.id", null), "user.id is None");
});

test("root spans are one switch", () => {
  assert.ok(selectsRoots("parent_id is None and name == 'a'"));
  assert.ok(!selectsRoots("parent_id is None or name == 'a'"));
  assert.equal(withRoots("name == 'a' or b == 1", true), "parent_id is None and (name == 'a' or b == 1)");
  assert.equal(withRoots("parent_id is None", false), "");
});

test("searched texts are known", () => {
  assert.deepEqual(searchedTexts("text contains 'refund' and 'Order' in input.value and 'x' not in name"), ["refund", "Order"]);
});

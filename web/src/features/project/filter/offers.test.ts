import test from "node:test";
import assert from "node:assert/strict";
import { hint, SESSIONS, SPANS, TRACES } from "./languages";
import { completionOffers, isPlainText, searchOffer, starters, take, valueOffers, wantsOperator, wantsValue } from "./offers";

test("a taken completion replaces the word", () => {
  const [offer] = completionOffers([{ text: "latency_ms", kind: "FIELD" }], "lat", 0, 3);
  assert.ok(offer);
  assert.deepEqual(take(offer, "lat"), { text: "latency_ms ", cursor: 11 });
  assert.deepEqual(take({ ...offer, from: 0, to: 3 }, "lat > 3").text, "latency_ms  > 3");
});

test("a value inside quotes closes them", () => {
  const [offer] = completionOffers([{ text: "it's", kind: "VALUE" }], "name == '", 9, 9);
  assert.ok(offer);
  assert.equal(take(offer, "name == '").text, "name == 'it\\'s' ");
  const [closed] = completionOffers([{ text: "LLM", kind: "VALUE" }], "span_kind == 'L'", 14, 15);
  assert.ok(closed);
  assert.equal(take(closed, "span_kind == 'L'").text, "span_kind == 'LLM'");
});

test("operators follow names, values follow operators", () => {
  assert.ok(wantsOperator("latency_ms "));
  assert.ok(wantsOperator("a == 1 and metadata['k'] "));
  assert.ok(!wantsOperator("a and "));
  assert.ok(!wantsOperator("latency_ms"));
  assert.ok(wantsValue("span_kind =="));
  assert.ok(wantsValue("span_kind != "));
  const [offer] = valueOffers([{ text: "LLM", kind: "VALUE" }], 12, "span_kind ==");
  assert.ok(offer);
  assert.equal(take(offer, "span_kind ==").text, "span_kind == 'LLM' ");
});

test("plain words can be searched for", () => {
  assert.equal(take(searchOffer("where's my order ", SPANS), "where's my order ").text, `text contains "where's my order"`);
  assert.equal(searchOffer("x", TRACES).insert, "'x' in input");
  assert.equal(searchOffer('"refund policy" ', SPANS).insert, "text contains 'refund policy'");
  assert.equal(searchOffer('"refund" or "order"', SPANS).insert, `text contains '"refund" or "order"'`);
  assert.equal(searchOffer("5B8EFFF798038103D269B633813FC60C", SPANS).insert, "trace_id == '5b8efff798038103d269b633813fc60c'");
  assert.equal(searchOffer("eee19b7ec3c1b174", SPANS).insert, "span_id == 'eee19b7ec3c1b174'");
  assert.equal(searchOffer("eee19b7ec3c1b174", SESSIONS).insert, "'eee19b7ec3c1b174' in any_input");
});

test("words are told from conditions", () => {
  for (const text of ["refund policy", "where's my order", "lat", "hello, world.", "gpt-4o", "where is my refund?", "550e8400-e29b-41d4-a716-446655440000", "a@example.com", "10:15", "kind: LLM", '"refund"']) assert.ok(isPlainText(text), text);
  for (const text of ["name == 'open", "latency_ms > ", "a + b", "x = 3", "any(s for s in", "metadata['tenant']", "parent_id is None and"]) assert.ok(!isPlainText(text), text);
});

test("an error has a hint where one helps", () => {
  assert.match(hint(TRACES, "span_kind == 'LLM'", "invalid name `span_kind`"), /any\(s\.span_kind/u);
  assert.match(hint(SPANS, "span_kind = 'LLM'", "invalid syntax at character 11"), /==/u);
  for (const condition of ["span_kind == 'LLM' and", "latency_ms >= ", "a != 'b' c", "name == 'a=b' and"]) assert.equal(hint(SPANS, condition, "invalid syntax at character 20"), "");
});

test("what was used comes before examples", () => {
  assert.deepEqual(starters(["b"], [{ condition: "a", meaning: "" }, { condition: "b", meaning: "" }]).map((offer) => offer.text), ["b", "a"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { diffTraces, type TraceDiff } from "./diff";
import { stubColumns, type StubSpan } from "./stub";
import { buildTrace } from "./trace";

const diff = (a: readonly StubSpan[], b: readonly StubSpan[]): TraceDiff => diffTraces(buildTrace(stubColumns(a)), buildTrace(stubColumns(b)));
const shape = (d: TraceDiff, a: readonly StubSpan[], b: readonly StubSpan[]): string => {
  const l = buildTrace(stubColumns(a)), r = buildTrace(stubColumns(b));
  return d.rows.map((x) => `${" ".repeat(x.depth)}${x.left < 0 ? "" : l.nodeId(x.left)}${x.change === "same" ? "=" : x.change === "added" ? "+" : x.change === "removed" ? "-" : x.change[0]}${x.right < 0 ? "" : r.nodeId(x.right)}`).join("|");
};
const flat = (names: string, prefix: string): StubSpan[] => [{ id: `${prefix}r`, name: "root", duration: 99 }, ...[...names].map((name, i): StubSpan => ({ id: prefix + name + i, name, parent: `${prefix}r`, start: i + 1 }))];

test("equal traces are pairs", () => {
  const d = diff(flat("abc", "l"), flat("abc", "r"));
  assert.deepEqual([d.pairs, d.added, d.removed, d.changed], [4, 0, 0, 0]);
  assert.equal(d.rows[0]?.size, 3);
});

test("what one side alone has is added or removed", () => {
  const a = flat("abd", "l"), b = flat("acbd", "r");
  assert.equal(shape(diff(a, b), a, b), "lr=rr| la0=ra0| +rc1| lb1=rb2| ld2=rd3");
});

test("the same steps in another order are moved", () => {
  const a = flat("abc", "l"), b = flat("bca", "r"), d = diff(a, b);
  assert.deepEqual([d.added, d.removed], [0, 0]);
  assert.equal(d.rows.filter((r) => r.change === "moved").length, 1);
});

test("a span of the same kind alone in its gap is renamed", () => {
  const a = flat("axc", "l"), b = flat("ayc", "r");
  assert.equal(shape(diff(a, b), a, b), "lr=rr| la0=ra0| lx1rry1| lc2=rc2");
});

test("one more level around the same steps", () => {
  const a: StubSpan[] = [{ id: "r" }, { id: "x", parent: "r", start: 1, kind: "tool" }, { id: "y", parent: "r", start: 2, kind: "llm" }];
  const b: StubSpan[] = [{ id: "r" }, { id: "w", parent: "r", start: 1 }, { id: "x", parent: "w", start: 1, kind: "tool" }, { id: "y", parent: "w", start: 2, kind: "llm" }];
  assert.equal(shape(diff(a, b), a, b), "r=r| +w|  x=x|  y=y");
  assert.equal(shape(diff(b, a), b, a), "r=r| w-|  x=x|  y=y");
});

test("numbers in names do not matter, contents do", () => {
  const a: StubSpan[] = [{ id: "s", name: "step 1", input: 1 }], b: StubSpan[] = [{ id: "s", name: "step 2", input: 2 }];
  const d = diff(a, b);
  assert.deepEqual([d.rows[0]?.change, d.rows[0]?.input, d.changed], ["changed", true, 1]);
});

test("changes are counted upwards", () => {
  const d = diff([{ id: "r" }, { id: "a", parent: "r" }, { id: "b", parent: "a" }], [{ id: "r" }, { id: "a", parent: "r" }]);
  assert.deepEqual(d.rows.map((r) => r.changedBelow), [1, 1, 0]);
});

test("two traces of 5,000 spans within a second, wide or bushy", () => {
  const wide = (seed: number, count = 5000): StubSpan[] => [{ id: "r", duration: 9999 }, ...Array.from({ length: count - 1 }, (_, i): StubSpan => ({ id: String(i), name: `n${String.fromCharCode(97 + ((i * seed) % 23))}`, parent: "r", start: i }))];
  const bushy = (seed: number): StubSpan[] => Array.from({ length: 5000 }, (_, i): StubSpan => ({ id: String(i), name: `n${String.fromCharCode(97 + ((i * seed) % 7))}`, ...(i ? { parent: String(Math.floor((i - 1) / 5)) } : {}), start: i }));
  for (const [a, b] of [[wide(7), wide(11)], [bushy(1), bushy(3)], [wide(5), wide(5)], [wide(1), wide(1, 2500)]] as const) {
    const l = buildTrace(stubColumns(a)), r = buildTrace(stubColumns(b)), from = performance.now();
    const d = diffTraces(l, r);
    assert.ok(performance.now() - from < 10_000, `${performance.now() - from} ms`);
    assert.equal(d.pairs + d.removed, l.count);
    assert.equal(d.pairs + d.added, r.count);
  }
});

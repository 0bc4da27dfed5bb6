import test from "node:test";
import assert from "node:assert/strict";
import type { Turn } from "../../generated/graphql";
import { TurnList, type TurnPage } from "./turnList";

const PAGE = 3;

/** A session of turns by their ids, each of which is its own cursor; a read may be made to fail. */
function fixture(...ids: string[]) {
  const stored = { ids, isAway: false };
  const reads: (string | null)[] = [];
  const read = async (after: string | null): Promise<TurnPage> => {
    reads.push(after);
    if (stored.isAway) throw new Error("away");
    const behind = stored.ids.filter((id) => after === null || id > after);
    return { edges: behind.slice(0, PAGE).map((id) => ({ cursor: id, node: { id } as Turn })), hasNextPage: behind.length > PAGE };
  };
  let changes = 0;
  const list: TurnList = new TurnList(read, () => { changes += 1; });
  return { stored, reads, list, shown: () => list.turns.map((turn) => `${turn.id}${turn.version}`).join(" "), changes: () => changes };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

test("pages are read as far as they are needed", async () => {
  const { list, reads, shown } = fixture("a", "b", "c", "d", "e", "f", "g");
  list.need(0);
  await settled();
  assert.equal(shown(), "a0 b0 c0");
  list.need(4);
  await settled();
  assert.equal(shown(), "a0 b0 c0 d0 e0 f0");
  assert.deepEqual(reads, [null, "c"]);
});

test("a turn that changed is read again, and those behind it", async () => {
  const { list, reads, shown } = fixture("a", "b", "c", "d");
  list.need(3);
  await settled();
  list.hear(new Set(["c"]));
  await settled();
  assert.equal(shown(), "a0 b0 c1 d0");
  assert.deepEqual(reads.slice(2), ["b"]);
});

test("a turn that was deleted goes", async () => {
  const { list, stored, shown } = fixture("a", "b", "c", "d");
  list.need(3);
  await settled();
  stored.ids = ["a", "c", "d"];
  list.hear(new Set(["b"]));
  await settled();
  assert.equal(shown(), "a0 c0 d0");
});

test("when any may have changed all are read again", async () => {
  const { list, stored, shown } = fixture("a", "b", "c", "d");
  list.need(3);
  await settled();
  stored.ids = ["b", "c", "d", "e"];
  list.hear("any");
  await settled();
  assert.equal(shown(), "b1 c1 d1 e1");
});

test("news of others only looks behind the last turn", async () => {
  const { list, stored, reads, shown } = fixture("a", "b");
  list.need(0);
  await settled();
  stored.ids = ["a", "b", "c"];
  list.hear(new Set(["c"]));
  await settled();
  assert.equal(shown(), "a0 b0 c0");
  assert.deepEqual(reads, [null, "b"]);
});

test("what arrived out of order is found by the count, once", async () => {
  const { list, stored, reads, shown } = fixture("a", "c");
  list.need(0);
  await settled();
  stored.ids = ["a", "b", "c"];
  list.expect(3);
  await settled();
  assert.equal(shown(), "a1 b1 c1");
  list.expect(4);
  await settled();
  const count = reads.length;
  list.expect(4);
  await settled();
  assert.equal(reads.length, count);
});

test("news survives a server that is gone", async () => {
  const { list, stored, shown } = fixture("a", "b");
  list.need(0);
  await settled();
  stored.isAway = true;
  list.hear(new Set(["b"]));
  await settled();
  assert.equal(shown(), "a0 b0");
  assert.equal(list.error, "away");
  stored.isAway = false;
  list.retry();
  await settled();
  assert.equal(shown(), "a0 b1");
  assert.equal(list.error, null);
});

test("a closed list says nothing more", async () => {
  const { list, changes } = fixture("a", "b");
  list.open();
  list.close();
  await settled();
  assert.equal(changes(), 0);
});

import test from "node:test";
import assert from "node:assert/strict";
import { RowList, type RowSource } from "./rowList";

interface Row { readonly id: string }
const makeRows = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ id: `row ${index}` }));

/** A server whose cursors are the number of rows before them. */
function server(rows: Row[]): { source: RowSource<Row>; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    source: {
      load: async (after, first) => {
        calls.push(`load ${after ?? 0}`);
        const from = Number(after ?? 0);
        return { rows: rows.slice(from, from + first), endCursor: String(Math.min(rows.length, from + first)), hasNext: from + first < rows.length };
      },
      skip: async (after, count) => {
        calls.push(`skip ${after ?? 0}+${count}`);
        const to = Number(after ?? 0) + count;
        return to < rows.length ? String(to) : null;
      },
    },
  };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 80; turn += 1) await Promise.resolve();
};

test("rows are read as they are looked at", async () => {
  const { source, calls } = server(makeRows(1000));
  const list = new RowList(source);
  assert.equal(list.state, "loading");
  list.want(0, 30);
  await settle();
  assert.deepEqual(calls, ["load 0"]);
  assert.equal(list.row(99)?.id, "row 99");
  assert.equal(list.count, 101);
  list.want(60, 90);
  await settle();
  assert.deepEqual(calls, ["load 0", "load 100"]);
  assert.ok(!list.isCountExact);
});

test("a list is read once when it is first shown, and anew when it is shown again", async () => {
  const { source, calls } = server(makeRows(50));
  const list = new RowList(source);
  // A rendering that was given up made the list, and the next one shows it; the table may ask for its rows before.
  list.want(0, 30);
  list.show();
  await settle();
  assert.deepEqual(calls, ["load 0"]);
  list.show();
  await settle();
  assert.deepEqual(calls, ["load 0", "load 0"]);
});

test("a list that could not be read is read anew when it is shown again", async () => {
  const { source } = server(makeRows(50));
  let isAway = true;
  const list = new RowList({ ...source, load: async (...asked) => (isAway ? Promise.reject(new Error("away")) : await source.load(...asked)) });
  list.show();
  await settle();
  assert.equal(list.state, "failed");
  isAway = false;
  list.show();
  await settle();
  assert.equal(list.state, "ready");
});

test("the end is found, and outranks what was announced", async () => {
  const { source } = server(makeRows(230));
  const list = new RowList(source);
  list.announce(5000);
  list.want(0, 40);
  await settle();
  assert.equal(list.count, 5000);
  list.want(4900, 4950);
  await settle();
  assert.equal(list.count, 230);
  assert.equal(list.row(229)?.id, "row 229");
  list.want(180, 229);
  await settle();
  assert.equal(list.row(200)?.id, "row 200");
});

test("an empty list is ready", async () => {
  const { source } = server([]);
  const list = new RowList(source);
  list.want(0, 40);
  await settle();
  assert.equal(list.state, "ready");
  assert.equal(list.count, 0);
});

test("a jump passes over rows without reading them", async () => {
  const { source, calls } = server(makeRows(100_000));
  const list = new RowList(source);
  list.announce(100_000);
  list.want(0, 30);
  await settle();
  list.want(3210, 3240);
  await settle();
  assert.deepEqual(calls.slice(1), ["skip 100+1000", "skip 1100+1000", "skip 2100+1000", "skip 3100+100", "load 3200"]);
  assert.equal(list.row(3210)?.id, "row 3210");
});

test("a jump that is no longer wanted stops", async () => {
  const { source, calls } = server(makeRows(1_000_000));
  const list = new RowList(source);
  list.announce(1_000_000);
  list.want(0, 30);
  await settle();
  list.want(900_000, 900_030);
  await Promise.resolve();
  list.want(0, 30);
  await settle();
  assert.ok(calls.length < 6, calls.join());
});

test("a far place is located and its window aligned", async () => {
  const rows = makeRows(1_000_000);
  const { source, calls } = server(rows);
  const list = new RowList({ ...source, locate: async (index) => ({ index: index - 37, after: String(index - 37) }) });
  list.announce(1_000_000);
  list.want(500_000, 500_020);
  await settle();
  assert.equal(list.row(500_010)?.id, "row 500010");
  assert.ok(calls.length < 5, calls.join());
});

test("what is far away is forgotten and can be read again", async () => {
  const { source } = server(makeRows(50_000));
  const list = new RowList(source);
  list.announce(50_000);
  for (let first = 0; first < 20_000; first += 100) {
    list.want(first, first + 40);
    await settle();
  }
  assert.ok(list.loaded().length <= 6100);
  assert.equal(list.row(0), undefined);
  list.want(0, 40);
  await settle();
  assert.equal(list.row(0)?.id, "row 0");
});

test("new rows come in at the head", async () => {
  const rows = makeRows(300);
  const { source } = server(rows);
  const list = new RowList(source);
  list.want(0, 40);
  await settle();
  rows.unshift({ id: "new" });
  const page = await list.peek();
  assert.equal(list.row(0)?.id, "row 0");
  assert.equal(list.indexOf("new"), -1);
  list.replaceHead(page);
  assert.equal(list.row(0)?.id, "new");
  assert.equal(list.indexOf("row 0"), 1);
});

test("deleted rows leave, and what is shown stays until then", async () => {
  const rows = makeRows(1000);
  const { source } = server(rows);
  const list = new RowList(source);
  list.want(0, 40);
  await settle();
  list.want(210, 240);
  await settle();
  rows.splice(215, 10);
  list.reload();
  assert.equal(list.row(215)?.id, "row 215");
  await settle();
  assert.equal(list.row(215)?.id, "row 225");
});

test("a failure is told and can be tried again", async () => {
  const { source } = server(makeRows(10));
  let isDown = true;
  const list = new RowList({ ...source, load: async (after, first, signal) => {
    if (isDown) throw new Error("no answer");
    return await source.load(after, first, signal);
  } });
  list.want(0, 40);
  await settle();
  assert.equal(list.state, "failed");
  assert.equal(list.error?.message, "no answer");
  isDown = false;
  list.retry();
  await settle();
  assert.equal(list.count, 10);
});

import test from "node:test";
import assert from "node:assert/strict";
import { Rereader } from "./rereader";

interface Read {
  readonly signal: AbortSignal;
  readonly answer: (value: string) => void;
  readonly fail: (why: string) => void;
}

function fixture(): { readonly reads: Read[]; readonly told: string[]; readonly reader: Rereader<string> } {
  const reads: Read[] = [];
  const told: string[] = [];
  const reader = new Rereader<string>(
    (signal) => new Promise<string>((answer, fail) => { reads.push({ signal, answer, fail }); }),
    (value) => told.push(value),
    (failure) => told.push(`failed: ${String(failure)}`),
  );
  return { reads, told, reader };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

test("news during a read leaves it alone and is followed by one more", async () => {
  const { reads, told, reader } = fixture();
  reader.request();
  reader.request();
  reader.request();
  assert.equal(reads.length, 1);
  assert.equal(reads[0]!.signal.aborted, false);
  reads[0]!.answer("first");
  await settled();
  assert.deepEqual(told, ["first"]);
  assert.equal(reads.length, 2);
  reads[1]!.answer("second");
  await settled();
  assert.deepEqual(told, ["first", "second"]);
  assert.equal(reads.length, 2);
});

test("a read that fails is told, and read again when asked", async () => {
  const { reads, told, reader } = fixture();
  reader.request();
  reads[0]!.fail("away");
  await settled();
  assert.deepEqual(told, ["failed: away"]);
  assert.equal(reads.length, 1);
  reader.request();
  reads[1]!.answer("back");
  await settled();
  assert.deepEqual(told, ["failed: away", "back"]);
});

test("what was stopped tells nothing", async () => {
  const { reads, told, reader } = fixture();
  reader.request();
  reader.request();
  reader.stop();
  assert.equal(reads[0]!.signal.aborted, true);
  reads[0]!.answer("late");
  await settled();
  assert.deepEqual(told, []);
  assert.equal(reads.length, 1);
});

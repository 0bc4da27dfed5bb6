import assert from "node:assert/strict";
import test from "node:test";
import { toast, undoable, undoLatest } from "./Toast";

test("the key takes back the newest first, however many toasts came after", () => {
  const undone: string[] = [];
  const act = (name: string): void => undoable({ message: name, commit: async () => undefined, undo: () => undone.push(name) });
  act("first");
  act("second");
  for (let i = 0; i < 6; i++) toast({ message: `news ${i}` });
  for (let i = 0; i < 3; i++) undoLatest();
  assert.deepEqual(undone, ["second", "first"]);
});

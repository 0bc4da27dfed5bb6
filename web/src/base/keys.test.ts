import test from "node:test";
import assert from "node:assert/strict";
import { keyCaps, pressed } from "./keys";

const key = (name: string, more: Partial<KeyboardEvent> = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("names of keys", () => {
  assert.equal(pressed(key("K", { ctrlKey: true })), "mod+k");
  assert.equal(pressed(key("?", { shiftKey: true })), "?");
  assert.equal(pressed(key("X", { shiftKey: true })), "shift+x");
  assert.equal(pressed(key("Enter", { shiftKey: true })), "shift+Enter");
});
test("caps of keys", () => assert.deepEqual([keyCaps("mod+k"), keyCaps("g p"), keyCaps("?")], [["Ctrl", "K"], ["g", "p"], ["?"]]));

import test from "node:test";
import assert from "node:assert/strict";
import { fuzzy } from "./fuzzy";

test("starts of words fit better", () => assert.ok(fuzzy("emb", "Go to Embeddings") > fuzzy("emb", "remember")));
test("letters out of order do not fit", () => assert.equal(fuzzy("ba", "ab"), -1));

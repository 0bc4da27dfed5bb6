import test from "node:test";
import assert from "node:assert/strict";
import { snippets } from "./snippets";

test("every language names the project and the address", () => {
  for (const { code } of snippets("http://localhost:6006/phoenix/", "my-app")) {
    assert.ok(code.includes('"my-app"'));
    assert.ok(code.includes("http://localhost:6006/phoenix/v1/traces"));
  }
});
test("a name with quotes stays a text", () => {
  const [python, , , curl] = snippets("http://h", `it's "x"`);
  assert.ok(python?.code.includes(String.raw`project_name="it's \"x\""`));
  assert.ok(curl?.code.includes(String.raw`"it'\''s \"x\""`));
});

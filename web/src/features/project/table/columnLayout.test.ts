import test from "node:test";
import assert from "node:assert/strict";
import { defaultLayout, fitLayout, moveColumn, nudgeColumn, resizeColumn, toggleColumn, visibleColumns } from "./columnLayout";

const shapes = [{ key: "status", width: 60 }, { key: "name", width: 200, isFixed: true }, { key: "input", width: 300 }, { key: "user", width: 80, isHidden: true }];
const keys = (layout: ReturnType<typeof defaultLayout>): string => visibleColumns(shapes, layout).map((one) => one.key).join(" ");

test("columns hide, move and change their width", () => {
  const usual = defaultLayout(shapes);
  assert.equal(keys(usual), "status name input");
  assert.equal(keys(toggleColumn(usual, "user")), "status name input user");
  assert.equal(keys(toggleColumn(usual, "status")), "name input");
  assert.equal(keys(moveColumn(usual, "input", "status")), "input status name");
  assert.equal(keys(moveColumn(usual, "status", "input")), "name input status");
  assert.equal(keys(nudgeColumn(usual, "status", 1)), "name status input");
  assert.equal(keys(nudgeColumn(usual, "status", -1)), "status name input");
  assert.equal(visibleColumns(shapes, resizeColumn(usual, "input", 5))[2]?.width, 48);
});

test("a stored layout survives and fits", () => {
  const stored = JSON.parse(JSON.stringify(toggleColumn(moveColumn(defaultLayout(shapes), "input", "status"), "user"))) as unknown;
  assert.equal(keys(fitLayout(shapes, stored)), "input status name user");
  assert.equal(keys(fitLayout(shapes, { order: ["gone", "input", "input", "status"], hidden: ["name", "status"], widths: { input: "x", status: 99999 } })), "input name");
  for (const broken of [null, 3, "x", [], { order: {}, hidden: 1, widths: [] }]) assert.equal(keys(fitLayout(shapes, broken)), "status name input");
});

test("a column that is new to a layout stands where it usually does", () => {
  const stored = { order: ["status", "name", "user"], hidden: [], widths: {} };
  assert.equal(keys(fitLayout(shapes, stored)), "status name input user");
});

// Every bundled package and font has its licence in licenses/, named as the package; the texts ship with the UI.
import { existsSync, readFileSync } from "node:fs";
import { at, fail } from "./paths.mjs";

const OWNERS = { "react-dom": "react", scheduler: "react", "react-is": "react" };
const FONTS = ["inter", "jetbrains-mono"];

export function licenceTexts(inputs) {
  const packages = new Set(FONTS);
  for (const input of inputs) {
    const [, inside] = input.split("node_modules/");
    if (inside) packages.add(OWNERS[inside.split("/")[0]] ?? inside.split("/")[0]);
  }
  return [...packages]
    .sort()
    .map((name) => {
      const file = at("licenses", `${name}.txt`);
      if (!existsSync(file)) fail(`${name} is bundled but licenses/${name}.txt is not there.`);
      return `${"=".repeat(80)}\n${name}\n${"=".repeat(80)}\n\n${readFileSync(file, "utf8").trim()}\n`;
    })
    .join("\n");
}

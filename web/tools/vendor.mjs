// Copies the third-party code that the UI bundles into node_modules, from what apt and pip installed. Versions and hashes are
// those of vendored.json; `--record` writes the hashes anew after somebody looked at what changed.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { at, fail, sha256 } from "./paths.mjs";

const record = process.argv.includes("--record");
const list = JSON.parse(readFileSync(at("tools/vendored.json"), "utf8"));
const modules = at("node_modules");

function check(name, file, entry, key) {
  const hash = sha256(readFileSync(file));
  if (record) entry[key] = hash;
  else if (entry[key] !== hash) fail(`${name}: ${file} has the sha-256 ${hash} where tools/vendored.json expects ${entry[key]}.`);
}

export function vendor() {
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(path.join(modules, "@types"), { recursive: true });
  for (const [name, entry] of Object.entries(list.debian)) {
    const from = path.join("/usr/share/nodejs", name);
    if (!existsSync(from)) fail(`${name} is not installed. Run scripts/setup ui.`);
    const { version } = JSON.parse(readFileSync(path.join(from, "package.json"), "utf8"));
    if (version !== entry.version) fail(`${name} ${entry.version} is expected, ${version} is installed.`);
    for (const file of Object.keys(entry.sha256 ?? {})) check(name, path.join(from, file), entry.sha256, file);
    // Real copies: a bundler that follows links would look for their dependencies outside.
    cpSync(realpathSync(from), path.join(modules, name), { recursive: true, dereference: true });
  }
  codemirror();
  if (record) writeFileSync(at("tools/vendored.json"), JSON.stringify(list, null, 2) + "\n");
}

/** CodeMirror 6 is one module that exports every package of it; of its languages those named in vendored.json stay. */
function codemirror() {
  const { wheel, languages } = list.codemirror6;
  const from = at(".cache/wheel/nicegui/elements/codemirror/dist");
  if (!existsSync(from)) fail(`${wheel.file} is not unpacked. Run scripts/setup ui.`);
  check("codemirror6", at(".cache/download", wheel.file), wheel, "sha256");
  const to = path.join(modules, "codemirror6");
  cpSync(from, to, { recursive: true, filter: (file) => !file.endsWith(".map") });
  const main = readdirSync(to).find((file) => file.endsWith(".js") && readFileSync(path.join(to, file), "utf8").includes('name:"Python",'));
  if (!main) fail("codemirror6: the module that lists the languages was not found.");
  const text = readFileSync(path.join(to, main), "utf8");
  const kept = new Set();
  for (const [, name, file] of text.matchAll(/name:"([^"]+)"(?:(?!name:")[^])*?import\("(\.\/[^"]+)"\)/g)) {
    if (languages.includes(name)) kept.add(file);
  }
  // The chunk of a language that nothing imports is not bundled.
  writeFileSync(path.join(to, main), text.replace(/import\("(\.\/[^"]+)"\)/g, (all, file) => (kept.has(file) ? all : "Promise.reject()")));
  writeFileSync(
    path.join(to, "package.json"),
    JSON.stringify({ name: "codemirror6", version: "6.0.2", type: "module", main: "index.js", module: "index.js", sideEffects: false }),
  );
}

if (process.argv[1] === new URL(import.meta.url).pathname) vendor();

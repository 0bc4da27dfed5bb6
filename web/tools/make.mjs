// All steps from sources to dist/ui.pack. Does nothing when the sources, the tools and the schema are those of the last build.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "./build.mjs";
import { generate } from "./gql.mjs";
import { at, fail, filesBelow, hashOf, schemaFiles } from "./paths.mjs";
import { unitTests } from "./unit.mjs";
import { vendor } from "./vendor.mjs";

const stamps = { built: at(".cache/built"), vendored: at(".cache/vendored"), fonts: at(".cache/fonts/stamp") };
const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");
const force = process.argv.includes("--force");

export function sources() {
  return [
    ...["tools", "src", "operations", "licenses"].flatMap((folder) => filesBelow(at(folder), (f) => !f.includes("/generated/"))),
    at("tsconfig.json"), at(".oxlintrc.json"), ...schemaFiles(),
  ];
}

function run(what, command, args) {
  const { status, error } = spawnSync(command, args, { cwd: at(), stdio: "inherit" });
  if (error || status !== 0) fail(`${what} found something wrong${error ? `: ${error.message}` : ""}.`);
}

/** What a build and a development server need before they bundle. */
export function prepare() {
  mkdirSync(at(".cache"), { recursive: true });
  const vendored = hashOf([at("tools/vendored.json"), at("tools/vendor.mjs")]);
  if (force || read(stamps.vendored) !== vendored || !existsSync(at("node_modules/codemirror6"))) {
    vendor();
    writeFileSync(stamps.vendored, vendored);
  }
  const fonts = hashOf([at("tools/fonts.py"), at("tools/requirements.txt")]);
  if (force || read(stamps.fonts) !== fonts) {
    run("fonts", at(".cache/venv/bin/python"), [at("tools/fonts.py"), at(".cache/fonts")]);
    writeFileSync(stamps.fonts, fonts);
  }
  generate();
}

export function checks() {
  run("tsc", "tsc", ["-p", "."]);
  run("oxlint", at(".cache/venv/bin/oxlint"), ["--deny-warnings", "src"]);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const now = hashOf(sources());
  if (!force && read(stamps.built) === now && existsSync(at("dist/ui.pack"))) process.exit(0);
  console.log("ui: building web/dist");
  prepare();
  checks();
  await unitTests();
  await build().catch(() => fail("the bundler found something wrong."));
  writeFileSync(stamps.built, now);
}

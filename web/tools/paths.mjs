// Where things are. Everything that a build makes lies in .cache, node_modules, src/generated and dist.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const repository = path.dirname(web);
export const at = (...parts) => path.join(web, ...parts);
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Every file below a folder, sorted, as absolute paths. */
export function filesBelow(folder, wanted = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name);
      return statSync(file).isDirectory() ? filesBelow(file, wanted) : wanted(file) ? [file] : [];
    });
}

/** The schema files of the server. */
export function schemaFiles() {
  return filesBelow(path.join(repository, "Sources"), (file) => /\/GraphQL\/Schema\/.*\.graphql$/.test(file));
}

/** One hash over the names and the contents of files. */
export function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(path.relative(web, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** Debian keeps esbuild's JavaScript interface in a folder named after the architecture, apart from its binary. */
export function esbuild() {
  process.env.ESBUILD_BINARY_PATH ??= "/usr/bin/esbuild";
  const found = execFileSync("dpkg", ["-L", "esbuild"], { encoding: "utf8" })
    .split("\n")
    .find((line) => line.endsWith("/nodejs/esbuild/lib/main.js"));
  if (!found) throw new Error("The package esbuild has no JavaScript interface here.");
  return createRequire(import.meta.url)(found);
}

export function fail(message) {
  console.error(`ui: ${message}`);
  process.exit(1);
}

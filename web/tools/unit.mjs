// Runs src/**/*.test.ts with Node's own test runner; esbuild turns each into one module first.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { at, esbuild, fail, filesBelow } from "./paths.mjs";

export async function unitTests() {
  const tests = filesBelow(at("src"), (file) => /\.test\.tsx?$/.test(file));
  if (tests.length === 0) return;
  const outdir = at(".cache/unit");
  rmSync(outdir, { recursive: true, force: true });
  await esbuild().build({
    entryPoints: tests, bundle: true, platform: "node", format: "esm", target: "node18", jsx: "automatic", outdir, outbase: at("src"), outExtension: { ".js": ".mjs" },
    logLevel: "warning", resolveExtensions: [".ts", ".tsx", ".mjs", ".js"], define: { "process.env.NODE_ENV": '"production"' }, external: ["react", "react-dom"],
  });
  const files = filesBelow(outdir, (file) => file.endsWith(".mjs"));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", ...files], { encoding: "utf8" });
  if (status !== 0) {
    console.error(stdout.slice(Math.max(0, stdout.indexOf("failing tests"))) + stderr);
    fail("unit tests failed.");
  }
  console.log(`ui: unit tests: ${/^ℹ pass (\d+)/m.exec(stdout)?.[1] ?? "all"} pass`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await unitTests();

// Bundles src/main.tsx into dist: split by route, minified, under stable names below a folder named by the hash of all, and packed
// into one file with a table. README.md tells the format.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { at, esbuild, fail, filesBelow, sha256 } from "./paths.mjs";
import { generate } from "./gql.mjs";
import { licenceTexts } from "./licences.mjs";

const BUDGET = { firstLoad: 130_000, withFonts: 250_000 };
const MEDIA = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".json": "application/json",
};
const options = (development) => ({
  absWorkingDir: at(), bundle: true, format: "esm", target: "es2022", jsx: "automatic", charset: "utf8", logLevel: "warning", write: false,
  resolveExtensions: [".ts", ".tsx", ".mjs", ".js"],
  minify: !development, sourcemap: development ? "inline" : false, legalComments: "none",
  define: { "process.env.NODE_ENV": development ? '"development"' : '"production"' },
  loader: { ".woff2": "file", ".svg": "file" },
});

export async function build({ development = false } = {}) {
  const bundler = esbuild();
  const main = await bundler.build({
    ...options(development), entryPoints: ["src/main.tsx"], splitting: true, metafile: true, outdir: "dist/assets",
    // A chunk's own style sheet would not be loaded with it: all style sheets are one file, below.
    loader: { ".css": "empty" },
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
  });
  const styles = await bundler.build({
    ...options(development), entryNames: "main-[hash]", assetNames: "[name]-[hash]", outdir: "dist/assets",
    stdin: { contents: styleSheets().map((file) => `@import ${JSON.stringify(file)};`).join("\n"), loader: "css", resolveDir: at(), sourcefile: "main.css" },
  });
  // Runs before the first paint, so it is neither a module nor part of the bundle.
  const early = await bundler.build({ ...options(false), entryPoints: ["src/early.ts"], format: "iife", outdir: "dist/assets" });
  const { outputs } = main.metafile;
  const [entry] = Object.entries(outputs).find(([, o]) => o.entryPoint === "src/main.tsx");
  const names = stableNames(outputs, entry);
  const swaps = [...names].sort(([a], [b]) => b.length - a.length);
  const rename = (text) => swaps.reduce((t, [from, to]) => t.replaceAll(from, to), text);
  const assets = new Map();
  for (const file of main.outputFiles) {
    const name = names.get(path.basename(file.path));
    assets.set(name, Buffer.from(rename(file.text)));
  }
  for (const file of styles.outputFiles) {
    const base = path.basename(file.path);
    if (base.endsWith(".css")) assets.set("main.css", Buffer.from(file.text.replace(/-[A-Z0-9]{8}\.(woff2|svg)\b/g, ".$1")));
    else assets.set(base.replace(/-[A-Z0-9]{8}\./, "."), Buffer.from(file.contents));
  }
  assets.set("early.js", Buffer.from(early.outputFiles[0].contents));
  assets.set("licenses.txt", Buffer.from(licenceTexts(Object.keys(main.metafile.inputs))));
  assets.set("icon.svg", readFileSync(at("src/icon.svg")));

  const buildId = sha256([...assets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([n, b]) => `${n} ${sha256(b)}`).join("\n")).slice(0, 12);
  const folder = `assets/${buildId}/`;
  const statics = staticImports(outputs, entry).map((p) => names.get(path.basename(p)));
  const head = [
    `<link rel="icon" href="${folder}icon.svg" type="image/svg+xml">`,
    `<link rel="stylesheet" href="${folder}main.css">`,
    `<script src="${folder}early.js"></script>`,
    `<script type="module" src="${folder}main.js"></script>`,
    ...statics.map((name) => `<link rel="modulepreload" href="${folder}${name}">`),
  ].join("\n");
  const page = readFileSync(at("src/index.html"), "utf8").replace("<!-- head -->", () => head);
  const files = new Map([["index.html", Buffer.from(page)], ...[...assets].map(([name, body]) => [folder + name, body])]);
  files.set("operations.json", readFileSync(at("src/generated/operations.json")));
  const first = new Set(["index.html", ...["main.js", "main.css", "early.js", ...statics].map((name) => folder + name)]);
  return write(files, buildId, first, development);
}

/** All style sheets: the theme's first, then those of parts and features, whose order the layers make irrelevant. */
function styleSheets() {
  const first = ["fonts", "tokens", "base"].map((name) => at("src/theme", `${name}.css`));
  return [...first, ...filesBelow(at("src"), (file) => file.endsWith(".css") && !first.includes(file))];
}

/** Chunks get the name of what is in them, so that a build can be compared with another by file. */
function stableNames(outputs, entry) {
  const names = new Map([[path.basename(entry), "main.js"]]);
  const taken = new Set(["main.js", "main.css", "early.js", "licenses.txt"]);
  for (const [file, output] of Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const base = path.basename(file);
    if (names.has(base)) continue;
    const largest = Object.entries(output.inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput || (a[0] < b[0] ? -1 : 1))[0];
    const source = output.entryPoint ?? largest?.[0] ?? base.replace(/-[A-Z0-9]{8}\./, ".");
    const [, vendored] = source.split("node_modules/");
    const stem = path.basename(source).replace(/\.[a-z0-9]+$/, "").replace(/-[\w-]{8}$/, "");
    const parent = path.basename(path.dirname(source));
    const readable = vendored ? `${vendored.split("/")[0]}-${stem}` : stem === "index" ? parent : stem;
    const plain = (output.entryPoint || !/\.(js|css)$/.test(file) ? "" : "shared-") + readable.replace(/[^\w.-]/g, "-");
    let name = plain + path.extname(file);
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}${path.extname(file)}`;
    taken.add(name);
    names.set(base, name);
  }
  return names;
}

function staticImports(outputs, from, seen = new Set()) {
  for (const { path: file, kind } of outputs[from].imports) {
    if (kind !== "import-statement" || seen.has(file) || !outputs[file]) continue;
    seen.add(file);
    staticImports(outputs, file, seen);
  }
  return [...seen];
}

function write(files, buildId, first, development) {
  rmSync(at("dist"), { recursive: true, force: true });
  const bodies = [];
  let end = 0;
  const place = (bytes) => {
    const offset = end;
    bodies.push(bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16));
    end += Math.ceil(bytes.length / 16) * 16;
    return { offset, length: bytes.length };
  };
  const total = { raw: 0, compressed: 0, first: 0, fonts: 0 };
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, body]) => {
    const file = at("dist", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, body);
    const entry = { path: name, mediaType: MEDIA[path.extname(name)] ?? "application/octet-stream", sha256: sha256(body), identity: place(body) };
    let smallest = body.length;
    if (!development && !name.endsWith(".woff2")) {
      const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
      const gzip = gzipSync(body, { level: 9 });
      smallest = Math.min(smallest, br.length);
      if (name !== "index.html") {
        if (br.length < body.length) entry.br = place(br);
        if (gzip.length < body.length) entry.gzip = place(gzip);
      }
    }
    total.raw += body.length;
    total.compressed += smallest;
    if (first.has(name)) total.first += smallest;
    if (name.endsWith(".woff2")) total.fonts += smallest;
    return entry;
  });
  const table = Buffer.from(JSON.stringify({ buildId, entries }));
  const start = Math.ceil((16 + table.length) / 16) * 16;
  const head = Buffer.alloc(start);
  head.write("PHXUI\0\0\x01", 0, "latin1");
  head.writeUInt32LE(table.length, 8);
  head.writeUInt32LE(start, 12);
  table.copy(head, 16);
  writeFileSync(at("dist/ui.pack"), Buffer.concat([head, ...bodies]));
  writeFileSync(at("dist/ui.json"), JSON.stringify({ buildId, entries }, null, 1) + "\n");
  const kB = (n) => `${(n / 1000).toFixed(1)} kB`;
  console.log(`ui: ${files.size} files, ${kB(total.raw)}, compressed ${kB(total.compressed)}; first load ${kB(total.first)}, fonts ${kB(total.fonts)}`);
  if (!development && total.first > BUDGET.firstLoad) fail(`The first load is over its budget of ${kB(BUDGET.firstLoad)}.`);
  if (!development && total.first + total.fonts > BUDGET.withFonts) fail(`The first load with its fonts is over its budget of ${kB(BUDGET.withFonts)}.`);
  return { buildId };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  generate();
  // The bundler has said by now what is wrong.
  await build({ development: process.argv.includes("--development") }).catch(() => process.exit(1));
}

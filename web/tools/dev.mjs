// Serves web/dist as a server would, builds anew when a source changes and reloads the page; every other request goes to a running
// Phoenix. Options: --server http://localhost:6006 --port 5173 --root /  and --once, which serves the files as they are.
import { createServer, request } from "node:http";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "./build.mjs";
import { at, filesBelow } from "./paths.mjs";
import { prepare } from "./make.mjs";

const option = (name, fallback) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? fallback : process.argv[i + 1];
};
const server = new URL(option("server", "http://localhost:6006"));
const port = Number(option("port", "5173"));
const root = `/${option("root", "/")}/`.replace(/\/+/g, "/");
const watching = !process.argv.includes("--once");
const API = /^(graphql|v1\/|healthz|readyz|arize_phoenix_version|openapi\.json|docs|metrics|exports|auth\/|schemas\/)/;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' data: blob:; frame-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
const MEDIA = { ".js": "text/javascript", ".css": "text/css", ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
const pages = new Set();

function page(response) {
  if (!existsSync(at("dist/index.html"))) {
    response.writeHead(503, { "content-type": "text/plain" });
    response.end("There is no build yet; the terminal tells why.\n");
    return;
  }
  const boot = JSON.stringify({ platformVersion: "development", ...(watching ? { reloadFrom: `${root}__reload` } : {}) });
  const text = readFileSync(at("dist/index.html"), "utf8")
    .replace('<base href="/">', `<base href="${root}">`)
    .replace('id="boot">{}', () => `id="boot">${boot.replaceAll("<", "\\u003c")}`);
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache", "content-security-policy": POLICY });
  response.end(text);
}

function forward(incoming, response, target) {
  const headers = { ...incoming.headers, host: server.host };
  delete headers.origin;
  const onward = request(new URL(target, server), { method: incoming.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => {
    if (!response.headersSent) response.writeHead(502, { "content-type": "text/plain" });
    response.end("The server does not answer.\n");
  });
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function serve(incoming, response) {
  const url = new URL(incoming.url, "http://here");
  if (!url.pathname.startsWith(root)) {
    response.writeHead(302, { location: root }).end();
    return;
  }
  const below = url.pathname.slice(root.length);
  if (below === "__reload") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 300\n\n");
    pages.add(response);
    response.on("close", () => pages.delete(response));
  } else if (API.test(below)) {
    forward(incoming, response, `/${below}${url.search}`);
  } else if (below.startsWith("assets/")) {
    const file = at("dist", path.normalize(below));
    if (!file.startsWith(at("dist/assets/")) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": MEDIA[path.extname(file)] ?? "application/octet-stream", "cache-control": "max-age=31536000, immutable" });
    response.end(readFileSync(file));
  } else page(response);
}

// Not every Node watches folders with what is below them, so the times of the files are compared.
const timesBelow = (folder) => filesBelow(at(folder), (f) => !f.includes("/generated/")).map((f) => `${f} ${statSync(f).mtimeMs}`).join("\n");
const look = () => ({ sources: timesBelow("src"), operations: timesBelow("operations") });

/** Types the operations in a process of its own, which an operation that is wrong may end. */
function typed() {
  return spawnSync(process.execPath, [at("tools/gql.mjs")], { stdio: "inherit" }).status === 0;
}

async function follow(seen) {
  let next = seen;
  try {
    next = look();
    const areOperationsNew = next.operations !== seen.operations;
    if ((areOperationsNew || next.sources !== seen.sources) && (!areOperationsNew || typed())) {
      await build({ development: true });
      for (const p of pages) p.write("data: reload\n\n");
    }
  } catch (error) {
    // What is wrong is told, and the next change is looked at again.
    console.error(error.message);
  }
  setTimeout(() => void follow(next), 350);
}

if (watching) {
  prepare();
  // What lies in dist from here on is not what `make ui` would leave there.
  rmSync(at(".cache/built"), { force: true });
  const seen = look();
  await build({ development: true }).catch((error) => console.error(error.message));
  void follow(seen);
}
createServer(serve).listen(port, () => console.log(`ui: http://localhost:${port}${root} in front of ${server.origin}`));

#!/usr/bin/env python3
"""What the web UI takes in a browser: the spans page, a huge trace, the diff of two, and a span that arrives.

    bench.py runs it on the database of a million spans; on its own it asks a running server:
    ui.py http://127.0.0.1:6006 [--project load] [--rounds 5] [--reference]

Chromium is started anew for each load of the spans page, with an empty profile and nothing cached.
Times are the page's own: from the start of its navigation, from the answer that it waited for, or
from the acknowledgement of an export, until the frame after the first that shows the rows. With
`--reference` the server is Arize Phoenix, of which the first and the last are asked.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import struct
import sys
import tempfile
import time
import urllib.parse
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

sys.path[:0] = [str(Path(__file__).resolve().parent)]

import bodies  # noqa: E402
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright  # noqa: E402

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WEEK = 7 * 86400
#: A row that holds something, in our table and in the reference's.
ROWS = {False: '[role=grid] [role=row][aria-rowindex="2"]:not([aria-busy])', True: "table tbody tr"}
TABLE = {False: "[role=grid]", True: "table tbody"}

#: Notes when a selector first matches something with text, and all tasks of 50 ms and more.
WATCH = """
(selector) => {
  window.watched = { long: [], seen: 0 };
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) watched.long.push([e.startTime, e.duration]);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const found = document.querySelector(selector);
    if (found && found.textContent.trim().length > 8) {
      requestAnimationFrame(() => { watched.seen = performance.now(); });
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
#: Scrolls an element from end to end, two frames a step.
SCROLL = """
async (selector) => {
  const box = document.querySelector(selector), steps = 120, took = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const began = performance.now();
  for (let i = 0; i <= steps; i++) {
    const from = performance.now();
    box.scrollTop = (box.scrollHeight - box.clientHeight) * i / steps;
    await frame(); await frame();
    took.push(performance.now() - from);
  }
  await new Promise((done) => setTimeout(done, 300));
  took.sort((a, b) => a - b);
  const long = watched.long.filter(([at]) => at >= began).map(([, length]) => length);
  return { p95: took[Math.floor(took.length * .95)], longest: Math.max(0, ...long),
           elements: document.querySelectorAll("*").length };
}
"""


def median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


# -------------------------------------------------------------------- the server


class Client:
    """Asks a server, each time on a connection of its own: servers close those that wait."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname or "", parts.port or 80)

    def post(self, path: str, body: bytes, kind: str) -> bytes:
        link = http.client.HTTPConnection(*self.address, timeout=600)
        link.request("POST", path, body, {"content-type": kind})
        answer = link.getresponse()
        data = answer.read()
        link.close()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered by {answer.status}: {data[:300]!r}")
        return data

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        value = json.loads(self.post("/graphql", body, "application/json"))
        if value.get("errors"):
            raise RuntimeError(str(value["errors"])[:300])
        return value["data"]

    def send(self, request: bytes) -> None:
        self.post("/v1/traces", request, "application/x-protobuf")

    def project(self, name: str, patience: float = 300) -> str:
        """The id of a project; waits for one whose spans were taken but are not stored yet."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            found = self.ask("{ projects(first: 1000) { edges { node { id name } } } }")
            for edge in found["projects"]["edges"]:
                if edge["node"]["name"] == name:
                    return str(edge["node"]["id"])
            time.sleep(1)
        raise RuntimeError(f"there is no project {name}")


def export(project: str, spans: list[bytes]) -> bytes:
    resource = bodies.field(1, bodies.attribute(1, "openinference.project.name", project))
    encoded = b"".join(bodies.field(2, span) for span in spans)
    return bodies.field(1, resource + bodies.field(2, encoded))


def span(
    trace: bytes, own: bytes, parent: bytes | None, name: str, start: int, length: int, text: str
) -> bytes:
    kind = "LLM" if name.startswith("call") else "CHAIN"
    body = bodies.field(1, trace) + bodies.field(2, own)
    if parent:
        body += bodies.field(4, parent)
    body += bodies.field(5, name.encode())
    body += bodies.varint(7 << 3 | 1) + struct.pack("<Q", start)
    body += bodies.varint(8 << 3 | 1) + struct.pack("<Q", start + length)
    body += bodies.attribute(9, "openinference.span.kind", kind)
    body += bodies.attribute(9, "input.value", text)
    return body


def send_trace(client: Client, project: str, count: int, seed: int, changed: bool = False) -> str:
    """A trace of many spans, three below each; a changed one lacks some, and others differ."""
    rng, ids = random.Random(seed), random.Random(f"{seed} {changed} {time.time_ns()}")
    trace = ids.randbytes(16)
    start = time.time_ns() - 3600 * 10**9
    own = [ids.randbytes(8) for _ in range(count)]
    batch: list[bytes] = []
    for index in range(count):
        name = f"{'call' if index % 3 == 2 else 'step'} {rng.randrange(40)}"
        text = bodies.prose(rng, 60)
        differs = changed and index and rng.random() < 0.04
        if differs and index * 3 + 1 >= count and rng.random() < 0.5:
            continue  # A span without any below it is missing.
        parent = own[(index - 1) // 3] if index else None
        length = (count - index) * 10**6 * (2 if differs else 1)
        text = text[::-1] if differs else text
        batch.append(span(trace, own[index], parent, name, start + index * 10**6, length, text))
        if len(batch) == 2000:
            client.send(export(project, batch))
            batch = []
    if batch:
        client.send(export(project, batch))
    return trace.hex()


# -------------------------------------------------------------------- the browser


@contextmanager
def browser(playwright: Playwright) -> Iterator[BrowserContext]:
    """Chromium with an empty profile."""
    profile = tempfile.mkdtemp(prefix="phoenix-ui-bench-")
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path="/usr/bin/chromium", headless=True, args=FLAGS,
        color_scheme="dark", viewport={"width": 1440, "height": 900},
    )  # fmt: skip
    try:
        yield context
    finally:
        context.close()
        shutil.rmtree(profile, ignore_errors=True)


def visit(context: BrowserContext, address: str, selector: str) -> Page:
    """Opens a page and waits until the selector matches something with text."""
    page = context.new_page()
    page.add_init_script(f"({WATCH})({json.dumps(selector)})")
    page.goto(address, timeout=120_000)
    page.wait_for_function("() => window.watched.seen > 0", timeout=180_000)
    return page


def spans_page(playwright: Playwright, address: str, rounds: int, reference: bool) -> dict[str, float]:
    """First paint, first rows, bytes and requests of the spans page, each load with an empty profile."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        with browser(playwright) as context:
            page = visit(context, address, ROWS[reference])
            page.wait_for_timeout(500)
            found = page.evaluate(
                """() => {
                  const all = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
                  return { paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
                           rows: watched.seen, bytes: all.reduce((sum, e) => sum + e.encodedBodySize, 0),
                           requests: all.length, heap: performance.memory.usedJSHeapSize };
                }"""
            )
            taken.setdefault("spans page, first contentful paint ms", []).append(found["paint"])
            taken.setdefault("spans page, first rows ms", []).append(found["rows"])
            taken.setdefault("spans page, kB fetched", []).append(found["bytes"] / 1e3)
            taken.setdefault("spans page, requests", []).append(found["requests"])
            taken.setdefault("spans page, JavaScript heap MB", []).append(found["heap"] / 1e6)
    return {name: median(values) for name, values in taken.items()}


#: When the last answer came that a view waited for.
ANSWERED = """() => Math.max(...performance.getEntriesByType("resource")
    .filter((e) => e.name.includes("/skeleton")).map((e) => e.responseEnd))"""


def huge_trace(playwright: Playwright, url: str, project: str, trace: str) -> dict[str, float]:
    tree = '[role="tree"]'
    with browser(playwright) as context:
        address = f"{url}/projects/{project}/traces/{trace}?view=full"
        page = visit(context, address, f'{tree} [role="treeitem"]')
        shown = page.evaluate("watched.seen") - page.evaluate(ANSWERED)
        total = page.evaluate("watched.seen")
        scrolled = page.evaluate(SCROLL, tree)
        return {
            "100,000 spans, answer to screen ms": shown,
            "100,000 spans, opened ms": total,
            "100,000 spans, scroll step p95 ms": scrolled["p95"],
            "100,000 spans, longest task while scrolling ms": scrolled["longest"],
            "100,000 spans, elements": scrolled["elements"],
        }


def diff(playwright: Playwright, url: str, project: str, left: str, right: str) -> dict[str, float]:
    with browser(playwright) as context:
        address = f"{url}/projects/{project}/traces/compare?traceId={left}&traceId={right}"
        page = visit(context, address, '[role="tree"] [role="treeitem"]')
        seen = page.evaluate("watched.seen")
        return {
            "two traces of 5,000 spans, answers to diff ms": seen - page.evaluate(ANSWERED),
            "two traces of 5,000 spans, diff opened ms": seen,
        }


def arrivals(
    playwright: Playwright, client: Client, address: str, project: str, rounds: int, reference: bool
) -> dict[str, float]:
    """Milliseconds from the acknowledgement of an export to the frame that shows its span."""
    waits: list[float] = []
    with browser(playwright) as context:
        page = visit(context, address, ROWS[reference])
        page.wait_for_timeout(1500)
        page.evaluate(
            """(selector) => {
              window.arrived = {};
              const look = () => {
                for (const [found] of (document.querySelector(selector)?.textContent ?? "").matchAll(/probe-[0-9a-f]{8}/g)) {
                  if (!(found in arrived)) {
                    arrived[found] = 0;
                    requestAnimationFrame(() => { arrived[found] = Date.now(); });
                  }
                }
                requestAnimationFrame(look);
              };
              look();
            }""",
            TABLE[reference],
        )
        for _ in range(rounds):
            name = f"probe-{random.randbytes(4).hex()}"
            request = export(project, [
                span(random.randbytes(16), random.randbytes(8), None, name, time.time_ns(), 10**6, name)
            ])  # fmt: skip
            client.send(request)
            acknowledged = time.time() * 1000
            page.wait_for_function("(name) => window.arrived[name] > 0", arg=name, timeout=60_000)
            waits.append(page.evaluate("(name) => arrived[name]", name) - acknowledged)
            page.wait_for_timeout(700)
    waits.sort()
    return {"export to screen, p50 ms": median(waits), "export to screen, longest ms": waits[-1]}


def measure(
    url: str, project: str = "load", rounds: int = 5, reference: bool = False
) -> dict[str, float]:
    client = Client(url)
    node = client.project(project)
    week = "timeRangeKey=7d"
    address = f"{url}/projects/{node}/spans?{week}"
    figures: dict[str, float] = {}

    def add(more: dict[str, float]) -> None:
        figures.update(more)
        for name, value in more.items():
            print(f"  {name:52} {value:12,.1f}", flush=True)

    with sync_playwright() as playwright:
        add(spans_page(playwright, address, rounds, reference))
        # Spans of another project, so that a page of it holds few rows besides.
        client.send(export("bench-ui", [span(random.randbytes(16), random.randbytes(8), None, "first", time.time_ns(), 10**6, "first")]))
        small = client.project("bench-ui")
        live = f"{url}/projects/{small}/spans?{week}"
        add(arrivals(playwright, client, live, "bench-ui", rounds * 3, reference))
        if not reference:
            add(arrivals_in_large(playwright, client, address, project, rounds))
            big = send_trace(client, "bench-ui", 100_000, 1)
            add(huge_trace(playwright, url, small, big))
            left, right = (send_trace(client, "bench-ui", 5000, 2, changed) for changed in (False, True))
            add(diff(playwright, url, small, left, right))
    return figures


def arrivals_in_large(
    playwright: Playwright, client: Client, address: str, project: str, rounds: int
) -> dict[str, float]:
    found = arrivals(playwright, client, address, project, rounds * 3, False)
    return {f"{name}, in the large project": value for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--project", default="load")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reference", action="store_true")
    given = parser.parse_args()
    measure(given.url.rstrip("/"), given.project, given.rounds, given.reference)


if __name__ == "__main__":
    main()

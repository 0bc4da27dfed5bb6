#!/usr/bin/env python3
"""Latencies of what the pages of the user interface ask, while spans arrive.

    bench.py runs it on a database of a million spans; on its own it asks a running server:
    questions.py http://127.0.0.1:6006 [--project load] [--rate 2000] [--rounds 40]

One client asks one question after the other; meanwhile another process sends spans at a steady
rate. Each question varies from round to round, so that no cache of ours answers it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import struct
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path
from typing import Any, Callable

sys.path[:0] = [str(Path(__file__).resolve().parent)]

import bodies  # noqa: E402

#: What the table of spans shows.
SPAN = """
    id name spanKind statusCode startTime endTime latencyMs spanId tokenCountTotal
    cumulativeTokenCountTotal input { truncatedValue } output { truncatedValue }
    trace { id traceId } costSummary { total { cost } }
"""
SPANS = """
    query ($id: ID!, $first: Int!, $sort: SpanSort, $filter: String, $range: TimeRange) {
      node(id: $id) { ... on Project {
        spans(first: $first, sort: $sort, filterCondition: $filter, timeRange: $range) {
          edges { node { %s } } pageInfo { hasNextPage endCursor } } } } }
""" % SPAN
COLUMNS = [
    "startTime", "endTime", "latencyMs", "tokenCountTotal", "tokenCountPrompt",
    "tokenCountCompletion", "cumulativeTokenCountTotal", "cumulativeTokenCountPrompt",
    "cumulativeTokenCountCompletion", "tokenCostTotal", "cumulativeTokenCostTotal",
]  # fmt: skip
#: Twelve filters as people type them; hits that are frequent, rare and missing.
FILTERS: dict[str, Callable[[int], str]] = {
    "kind": lambda i: "span_kind == 'LLM'",
    "errors": lambda i: "status_code == 'ERROR'",
    "slow": lambda i: f"latency_ms > {9000 + i}",
    "input contains, hit": lambda i: "'retrieval' in input.value",
    "output contains, miss": lambda i: f"'zeppelin{i}' in output.value",
    "metadata, hit": lambda i: f"metadata['tenant'] == 't{i % 20}'",
    "metadata, miss": lambda i: f"metadata['tenant'] == 'nobody{i}'",
    "model": lambda i: "llm.model_name == 'gpt-4o'",
    "session": lambda i: f"session.id == 'session-{(i * 379) % 19000:08}'",
    "user": lambda i: f"user.id == 'user-{i % 50:03}'",
    "slow roots": lambda i: "parent_id is None and latency_ms > 1000",
    "tokens and cost": lambda i: f"cumulative_token_count.total > {2000 + i} and total_cost > 0.001",
}
COUNTS = """
    query ($id: ID!, $range: TimeRange) { node(id: $id) { ... on Project {
      recordCount(timeRange: $range) traceCount(timeRange: $range)
      tokenCountTotal(timeRange: $range) sessionCount(timeRange: $range)
      costSummary(timeRange: $range) { total { cost tokens } } } } }
"""
QUANTILES = """
    query ($id: ID!, $range: TimeRange) { node(id: $id) { ... on Project {
      p50: latencyMsQuantile(probability: 0.5, timeRange: $range)
      p99: latencyMsQuantile(probability: 0.99, timeRange: $range) } } }
"""
SPAN_QUANTILES = """
    query ($id: ID!) { node(id: $id) { ... on Project {
      p50: spanLatencyMsQuantile(probability: 0.5) p99: spanLatencyMsQuantile(probability: 0.99)
    } } }
"""
METRICS = """
    query ($id: ID!, $range: TimeRange!, $bins: TimeBinConfig!) { node(id: $id) { ... on Project {
      spanCountTimeSeries(timeRange: $range, timeBinConfig: $bins) {
        data { timestamp okCount errorCount unsetCount totalCount } }
      traceCountTimeSeries(timeRange: $range, timeBinConfig: $bins) { data { timestamp value } }
      traceCountByStatusTimeSeries(timeRange: $range, timeBinConfig: $bins) {
        data { timestamp okCount errorCount totalCount } }
      traceLatencyMsPercentileTimeSeries(timeRange: $range, timeBinConfig: $bins) {
        data { timestamp p50 p75 p90 p95 p99 p999 max } }
      traceTokenCountTimeSeries(timeRange: $range, timeBinConfig: $bins) {
        data { timestamp promptTokenCount completionTokenCount totalTokenCount } }
      traceTokenCostTimeSeries(timeRange: $range, timeBinConfig: $bins) {
        data { timestamp promptCost completionCost totalCost } }
      topModelsByCost(timeRange: $range) { name costSummary(timeRange: $range, projectId: $id) {
        total { cost } } }
      topModelsByTokenCount(timeRange: $range) { name
        costSummary(timeRange: $range, projectId: $id) { total { tokens } } } } } }
"""
TRACE = """
    query ($id: String!) { getTraceByOtelId(traceId: $id) {
      id numSpans latencyMs costSummary { total { cost } } rootSpan { id }
      spans(first: 1000) { edges { node { %s parentId cumulativeTokenCountPrompt } } } } }
""" % SPAN
PROJECTS = """
    query ($range: TimeRange) { projects(first: 50) { edges { node {
      id name gradientStartColor gradientEndColor endTime recordCount(timeRange: $range)
      traceCount(timeRange: $range) tokenCountTotal(timeRange: $range)
      latencyMsP50: latencyMsQuantile(probability: 0.5, timeRange: $range)
      costSummary(timeRange: $range) { total { cost } } } } } }
"""


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))]


class Client:
    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self.link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)

    def ask(self, query: str, variables: dict[str, Any]) -> tuple[float, Any]:
        """Milliseconds until the whole answer, and its data."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        began = time.perf_counter()
        self.link.request("POST", "/graphql", body, {"content-type": "application/json"})
        answer = self.link.getresponse()
        data = answer.read()
        milliseconds = (time.perf_counter() - began) * 1e3
        value = json.loads(data)
        if answer.status != 200 or value.get("errors"):
            raise RuntimeError(f"{answer.status} {data[:300]!r}")
        return milliseconds, value["data"]

    def get(self, path: str) -> tuple[float, Any]:
        began = time.perf_counter()
        self.link.request("GET", path)
        answer = self.link.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {data[:300]!r}")
        return (time.perf_counter() - began) * 1e3, json.loads(data)

    def send(self, body: bytes) -> None:
        headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
        while True:
            self.link.request("POST", "/v1/traces", body, headers)
            answer = self.link.getresponse()
            answer.read()
            if answer.status == 200:
                return
            time.sleep(float(answer.getheader("retry-after") or 0.1))


# -------------------------------------------------------------------- arrivals


def arrive(url: str, project: str, rate: int, seconds: float) -> None:
    """Sends spans at a steady rate, in a process of its own; prints the rate when it is ended.

    Each request is made when its turn comes: many made at once would keep a processor from the server
    for seconds, and come in a burst after that.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    traces = 100 // bodies.SPANS_PER_TRACE
    maker = bodies.RequestMaker(project, random.randrange(1 << 30))
    client = Client(url)
    began, sent, made = time.monotonic(), 0, 0
    try:
        while time.monotonic() - began < seconds:
            # The traces began a minute ago, so that all have ended.
            body, count, _ = maker.request(10**7 + made, [time.time_ns() - 60 * 10**9] * traces)
            client.send(body)
            made += traces
            sent += count
            ahead = sent / rate - (time.monotonic() - began)
            if ahead > 0:
                time.sleep(ahead)
    finally:
        print(sent / (time.monotonic() - began))


def long_trace(spans: int, project: str) -> tuple[str, bytes]:
    """A trace of many small spans in one request: its id and the request."""
    rng = random.Random(spans)
    trace = rng.getrandbits(128).to_bytes(16, "big")
    start = time.time_ns() - 3600 * 10**9
    encoded = b""
    ids = [rng.getrandbits(64).to_bytes(8, "big") for _ in range(spans)]
    for index, own in enumerate(ids):
        body = bodies.field(1, trace) + bodies.field(2, own)
        if index:
            body += bodies.field(4, ids[(index - 1) // 3])
        body += bodies.field(5, f"step {index}".encode())
        body += bodies.varint(7 << 3 | 1) + struct.pack("<Q", start + index * 10**6)
        body += bodies.varint(8 << 3 | 1) + struct.pack("<Q", start + (index + spans) * 10**6)
        body += bodies.attribute(9, "openinference.span.kind", "CHAIN")
        body += bodies.attribute(9, "input.value", bodies.prose(rng, 400))
        body += bodies.attribute(9, "output.value", bodies.prose(rng, 400))
        encoded += bodies.field(2, body)
    resource = bodies.field(1, bodies.attribute(1, "openinference.project.name", project))
    request = bodies.field(1, resource + bodies.field(2, encoded))
    return trace.hex(), request


# -------------------------------------------------------------------- asking


def questions(client: Client, project: str) -> dict[str, Callable[[int], tuple[float, Any]]]:
    _, data = client.ask("query ($n: String!) { getProjectByName(name: $n) { id } }", {"n": project})
    node = data["getProjectByName"]["id"]
    now = time.time()

    def iso(seconds: float) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def spans(i: int, **more: Any) -> tuple[float, Any]:
        return client.ask(SPANS, {"id": node, "first": 50 + i % 3, **more})

    trace, request = long_trace(1000, project)
    client.link.request(
        "POST", "/v1/traces", request, {"content-type": "application/x-protobuf"})
    client.link.getresponse().read()
    week = {"start": iso(now - 7 * 86400), "end": iso(now + 3600)}
    asked: dict[str, Callable[[int], tuple[float, Any]]] = {}
    for column in COLUMNS:
        asked[f"spans by {column}"] = lambda i, c=column: spans(
            i, sort={"col": c, "dir": "asc" if i % 4 == 3 else "desc"})
    for name, condition in FILTERS.items():
        asked[f"filter: {name}"] = lambda i, c=condition: spans(
            i, filter=c(i), sort={"col": "startTime", "dir": "desc"})
    asked["counts, sums and costs"] = lambda i: client.ask(COUNTS, {"id": node})
    asked["counts, sums and costs of a day"] = lambda i: client.ask(
        COUNTS, {"id": node, "range": {"start": iso(now - 86400 - i * 7)}})
    asked["quantiles of traces"] = lambda i: client.ask(QUANTILES, {"id": node})
    asked["quantiles of traces of a day"] = lambda i: client.ask(
        QUANTILES, {"id": node, "range": {"start": iso(now - 86400 - i * 7)}})
    asked["quantiles of spans"] = lambda i: client.ask(SPAN_QUANTILES, {"id": node})
    asked["all series of the metrics page"] = lambda i: client.ask(
        METRICS,
        {"id": node, "range": week | {"start": iso(now - 7 * 86400 - i)},
         "bins": {"scale": "HOUR", "utcOffsetMinutes": 60}})
    asked["a trace of 1,000 spans"] = lambda i: client.ask(TRACE, {"id": trace})
    asked["projects with statistics"] = lambda i: client.ask(PROJECTS, {})
    path = f"/v1/projects/{project}/text_search?limit=20&q="
    asked["text search, hit"] = lambda i: client.get(
        path + urllib.parse.quote(["vector embedding", "retrieval", "lookup"][i % 3]))
    asked["text search, miss"] = lambda i: client.get(
        path + urllib.parse.quote(f"zeppelin over {i} harbour"))
    return asked


def measure(
    url: str, project: str = "load", rate: int = 2000, rounds: int = 40
) -> dict[str, float]:
    """p50 and p95 of every question in milliseconds, while `rate` spans a second arrive."""
    client = Client(url)
    figures: dict[str, float] = {}
    asked = questions(client, project)
    sender = subprocess.Popen(
        [sys.executable, __file__, url, "--project", project, "--rate", str(rate), "--arrive"],
        stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(3)
        for name, ask in asked.items():
            times: list[float] = []
            try:
                for i in range(rounds):
                    times.append(ask(i)[0])
                    if sum(times) > 60_000:
                        break
            # A contender without the question answers with a page, which is no JSON.
            except (RuntimeError, OSError, ValueError) as error:
                print(f"  {name}: {error}", file=sys.stderr)
                client = Client(url)
                continue
            figures[f"{name}, p50 ms"] = quantile(times, 0.5)
            figures[f"{name}, p95 ms"] = quantile(times, 0.95)
            print(f"  {name:36} p50 {quantile(times, 0.5):9.1f}   p95 {quantile(times, 0.95):9.1f}",
                  flush=True)
        if sender.poll() is not None:
            print("  the spans stopped arriving", file=sys.stderr)
    finally:
        sender.terminate()
        arrived = sender.communicate(timeout=60)[0]
    return figures | {"spans that arrived a second": float(arrived)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--project", default="load")
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--arrive", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arrive:
        arrive(given.url, given.project, given.rate, 3600)
    else:
        measure(given.url, given.project, given.rate, given.rounds)


if __name__ == "__main__":
    main()

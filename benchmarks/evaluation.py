#!/usr/bin/env python3
"""What evaluating takes: annotations written, a dataset uploaded, runs of an experiment paged.

    bench.py runs it on the larger database; on its own it asks a running server:
    evaluation.py http://127.0.0.1:6006 [--project load] [--runs 10000]

Annotations are written with `sync=true`, so each request is answered when its rows are durable.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
import urllib.parse
import uuid
from pathlib import Path
from typing import Any, Callable

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from questions import Client, quantile  # noqa: E402

EXAMPLES = 10_000
REPETITIONS = 4
CONNECTIONS = 4
TIME = "2026-01-01T00:00:00+00:00"
LATER = "2026-01-01T00:00:01+00:00"

RUNS = """
    query ($id: ID!, $first: Int!, $after: String, $sort: ExperimentRunSort) {
      node(id: $id) { ... on Experiment {
        runs(first: $first, after: $after, sort: $sort) {
          edges { node {
            id repetitionNumber output error latencyMs startTime traceId
            annotations { edges { node { name label score explanation } } }
          } } pageInfo { hasNextPage endCursor } } } } }
"""
SUMMARIES = """
    query ($id: ID!) { node(id: $id) { ... on Experiment {
      runCount errorRate averageRunLatencyMs
      annotationSummaries { annotationName meanScore count labelFractions { label fraction } } } } }
"""


class Poster:
    """One connection that posts JSON."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self.link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=300)

    def post(self, path: str, value: Any) -> Any:
        self.link.request(
            "POST", path, json.dumps(value).encode(), {"content-type": "application/json"})
        answer = self.link.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {data[:300]!r}")
        return json.loads(data) if data else None


def in_parallel(url: str, work: list[Any], one: Callable[[Poster, Any], None]) -> float:
    """Seconds that several connections take together for all the work."""
    errors: list[Exception] = []

    def run(part: list[Any]) -> None:
        poster = Poster(url)
        try:
            for item in part:
                one(poster, item)
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=(work[i::CONNECTIONS],)) for i in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - began


def annotations(url: str, project: str, count: int, batch: int) -> float:
    """Annotations a second, each request with `batch` of them."""
    found = Client(url).get(f"/v1/projects/{project}/spans?limit=1000")[1]["data"]
    spans = [span["context"]["span_id"] for span in found]
    name = f"bench-{uuid.uuid4().hex[:6]}"
    # Every annotation is new: a thousand spans, each with one a batch number.
    requests = [
        {"data": [
            {"span_id": spans[i % len(spans)], "name": name, "annotator_kind": "CODE",
             "identifier": str(i // len(spans)),
             "result": {"label": "good", "score": 0.5, "explanation": "It says what was asked."},
             "metadata": {"batch": i // batch}}
            for i in range(start, min(start + batch, count))]}
        for start in range(0, count, batch)]
    seconds = in_parallel(
        url, requests, lambda poster, body: poster.post("/v1/span_annotations?sync=true", body))
    return count / seconds


def upload(url: str, name: str, count: int) -> tuple[float, str]:
    """Seconds of one upload of `count` examples, and the dataset's id."""
    body = {
        "action": "create", "name": name,
        "inputs": [{"question": f"What is {i} times {i + 1}?", "index": i} for i in range(count)],
        "outputs": [{"answer": str(i * (i + 1))} for i in range(count)],
        "metadata": [{"source": "bench", "topic": f"t{i % 20}"} for i in range(count)]}
    poster = Poster(url)
    began = time.perf_counter()
    answer = poster.post("/v1/datasets/upload?sync=true", body)
    return time.perf_counter() - began, answer["data"]["dataset_id"]


def experiment(url: str, runs: int) -> dict[str, float]:
    """Runs and evaluations written one a request, as the client does, and pages of them read."""
    _, dataset = upload(url, f"runs-{uuid.uuid4().hex[:6]}", runs // REPETITIONS)
    client, poster = Client(url), Poster(url)
    made = poster.post(
        f"/v1/datasets/{dataset}/experiments", {"name": "bench", "repetitions": REPETITIONS})
    identifier = made["data"]["id"]
    examples = client.get(f"/v1/datasets/{dataset}/examples")[1]["data"]["examples"]
    work = [(example["id"], i + 1) for example in examples for i in range(REPETITIONS)]

    def one(poster: Poster, item: tuple[str, int]) -> None:
        example, repetition = item
        run = poster.post(f"/v1/experiments/{identifier}/runs", {
            "dataset_example_id": example, "repetition_number": repetition,
            "output": {"answer": "It is a number.", "steps": [1, 2, 3]},
            "start_time": TIME, "end_time": LATER})
        poster.post("/v1/experiment_evaluations", {
            "experiment_run_id": run["data"]["id"], "name": "correct", "annotator_kind": "CODE",
            "start_time": TIME, "end_time": LATER,
            "result": {"label": "yes", "score": 1.0, "explanation": "Equal."}})

    seconds = in_parallel(url, work, one)
    figures = {"runs with an evaluation, written a second": len(work) / seconds}
    figures |= pages(client, identifier)
    return figures


def pages(client: Client, identifier: str) -> dict[str, float]:
    times: dict[str, list[float]] = {"page of 100 runs, REST": [], "page of 100 runs, GraphQL": []}
    cursor, after = "", None
    for _ in range(50):
        took, answer = client.get(f"/v1/experiments/{identifier}/runs?limit=100{cursor}")
        times["page of 100 runs, REST"].append(took)
        cursor = f"&cursor={answer['next_cursor']}" if answer.get("next_cursor") else ""
        took, data = client.ask(RUNS, {"id": identifier, "first": 100, "after": after})
        times["page of 100 runs, GraphQL"].append(took)
        after = data["node"]["runs"]["pageInfo"]["endCursor"]
    for name, sort in {
        "latency": {"col": {"metric": "latencyMs"}, "dir": "desc"},
        "score": {"col": {"annotationName": "correct"}, "dir": "desc"},
    }.items():
        times[f"page of 100 runs by {name}, GraphQL"] = [
            client.ask(RUNS, {"id": identifier, "first": 100, "sort": sort})[0] for _ in range(20)]
    times["summaries of the experiment"] = [
        client.ask(SUMMARIES, {"id": identifier})[0] for _ in range(20)]
    figures = {}
    for name, values in times.items():
        figures[f"{name}, p50 ms"] = quantile(values, 0.5)
        figures[f"{name}, p95 ms"] = quantile(values, 0.95)
    return figures


def measure(url: str, project: str = "load", runs: int = 10_000) -> dict[str, float]:
    """Every figure; a contender that cannot do one of them has it missing, and says why."""
    figures: dict[str, float] = {}

    def attempt(name: str, ask: Callable[[], dict[str, float]]) -> None:
        try:
            found = ask()
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            print(f"  {name}: {error}", file=sys.stderr)
            return
        figures.update(found)
        for key, value in found.items():
            print(f"  {key:50} {value:10,.1f}", flush=True)

    attempt("annotations", lambda: {
        "span annotations a second, 100 a request": annotations(url, project, 20_000, 100)})
    attempt("annotations", lambda: {
        "span annotations a second, 1 a request": annotations(url, project, 2_000, 1)})
    attempt("upload", lambda: {
        f"upload of {EXAMPLES:,} examples, s": sorted(
            upload(url, f"upload-{uuid.uuid4().hex[:6]}", EXAMPLES)[0] for _ in range(3))[1]})
    attempt("experiment", lambda: experiment(url, runs))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--project", default="load")
    parser.add_argument("--runs", type=int, default=10_000)
    given = parser.parse_args()
    measure(given.url, given.project, given.runs)


if __name__ == "__main__":
    main()

"""A crowd of clients that write runs, evaluations and annotations, and what they were promised.

Every write that was acknowledged is remembered with the id that it was given. Most writes are a
client's own; some are made by all clients at once, of which the server must let one win (a run) or
make one of them all (an annotation, an evaluation).
"""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections import Counter
from typing import Any, Callable, Iterator

import httpx

from support.clients import span
from support.server import Server

SPANS = 100
EXAMPLES = 100
REPETITIONS = 10_000
PROJECT = "crowd"
TIMES = {"start_time": "2026-05-01T12:00:00+00:00", "end_time": "2026-05-01T12:00:01+00:00"}


class Ground:
    """What there is to write to: spans with traces, sessions and documents, and an experiment."""

    def __init__(self, server: Server) -> None:
        self.server = server
        made = [
            span(
                i, span_kind="RETRIEVER",
                attributes={
                    "session.id": f"crowd-{i}",
                    "retrieval.documents.0.document.content": "a",
                    "retrieval.documents.1.document.content": "b",
                },
            )
            for i in range(SPANS)
        ]  # fmt: skip
        self.spans = [s["context"]["span_id"] for s in made]
        self.traces = [s["context"]["trace_id"] for s in made]
        self.sessions = [f"crowd-{i}" for i in range(SPANS)]
        http = server.http
        _ok(http.post(f"/v1/projects/{PROJECT}/spans", json={"data": made}))
        body = {
            "action": "create", "name": "crowd",
            "inputs": [{"n": i} for i in range(EXAMPLES)],
        }  # fmt: skip
        dataset = _ok(http.post("/v1/datasets/upload?sync=true", json=body))["data"]
        path = f"/v1/datasets/{dataset['dataset_id']}"
        listed = _ok(http.get(f"{path}/examples"))["data"]["examples"]
        self.examples = [e.get("node_id") or e["id"] for e in listed]
        made = _ok(http.post(f"{path}/experiments", json={"repetitions": REPETITIONS}))
        self.experiment = made["data"]["id"]
        server.settle(SPANS)


def _ok(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 202), f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


class Writer:
    """One client. ``promises`` are its acknowledged writes: what it is, and the id that was given."""

    def __init__(self, ground: Ground, number: int, contested: Iterator[int]) -> None:
        self.ground, self.number = ground, number
        self.contested = contested
        self.random = random.Random(number)
        self.counter = itertools.count()
        self.http = httpx.Client(base_url=ground.server.url, timeout=60)
        self.statuses: Counter[str] = Counter()
        self.promises: dict[tuple[str, ...], str | None] = {}
        self.failures: list[str] = []
        self.slowest = 0.0
        #: Ids of own runs.
        self.runs: list[tuple[str, str]] = []

    def post(self, what: str, path: str, body: Any) -> httpx.Response | None:
        began = time.monotonic()
        try:
            answer = self.http.post(path, json=body)
        except httpx.HTTPError as error:
            self.failures.append(f"{what}: {error!r}")
            return None
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.statuses[f"{what} {answer.status_code}"] += 1
        if answer.status_code >= 500:
            self.failures.append(f"{what}: {answer.status_code} {answer.text[:200]}")
        return answer

    def step(self) -> None:
        self.random.choice(
            [
                self.run, self.run, self.run_again, self.contested_run, self.evaluation,
                self.shared_evaluation, self.annotations, self.later_annotations, self.targets,
                self.shared_annotation, self.note,
            ]
        )()  # fmt: skip

    # ---------------------------------------------------------------- runs

    def run_body(self, slot: int, output: str) -> dict[str, Any]:
        example = self.ground.examples[slot % EXAMPLES]
        return {
            "dataset_example_id": example, "repetition_number": 1 + slot // EXAMPLES,
            "output": output, **TIMES,
        }  # fmt: skip

    @property
    def runs_path(self) -> str:
        return f"/v1/experiments/{self.ground.experiment}/runs"

    def run(self) -> None:
        """A run in a slot of its own: slots are dealt to the writers in turn."""
        slot = (self.number + 1) * 20_000 + next(self.counter)
        output = f"own {self.number} {slot}"
        answer = self.post("run", self.runs_path, self.run_body(slot, output))
        if answer and answer.status_code == 200:
            run = answer.json()["data"]["id"]
            self.promises["run", output] = run
            self.runs.append((output, run))

    def run_again(self) -> None:
        """A finished run stays what it is."""
        if not self.runs:
            return
        output, _ = self.random.choice(self.runs)
        slot = int(output.split()[2])
        answer = self.post("run again", self.runs_path, self.run_body(slot, output + " again"))
        if answer and answer.status_code != 409:
            self.failures.append(f"a finished run was posted again: {answer.status_code}")

    def contested_run(self) -> None:
        """Slots that several writers want at the same time."""
        slot = next(self.contested) // 4
        output = f"contested {slot} by {self.number}"
        answer = self.post("contested run", self.runs_path, self.run_body(slot, output))
        if answer and answer.status_code == 200:
            self.promises["run", output] = answer.json()["data"]["id"]
        elif answer and answer.status_code != 409:
            self.failures.append(f"a contested run: {answer.status_code} {answer.text[:200]}")

    def evaluation(self, name: str | None = None) -> None:
        if not self.runs:
            return
        _, run = self.random.choice(self.runs)
        name = name or f"e{next(self.counter)}"
        body = {
            "experiment_run_id": run, "name": name, "annotator_kind": "CODE",
            "result": {"score": 1, "label": name}, **TIMES,
        }  # fmt: skip
        answer = self.post("evaluation", "/v1/experiment_evaluations", body)
        if answer and answer.status_code == 200:
            self.promise(("evaluation", run, name), answer.json()["data"]["id"])

    def shared_evaluation(self) -> None:
        self.evaluation("again and again")

    # ---------------------------------------------------------------- annotations

    def promise(self, key: tuple[str, ...], given: str | None) -> None:
        if given and self.promises.get(key, given) not in (given, None):
            self.failures.append(f"{key} has two ids, {self.promises[key]} and {given}")
        self.promises[key] = given or self.promises.get(key)

    def annotate(self, what: str, kind: str, items: list[dict[str, Any]], sync: bool) -> None:
        path = f"/v1/{kind}_annotations" + ("?sync=true" if sync else "")
        answer = self.post(what, path, {"data": items})
        if not answer or answer.status_code != 200:
            return
        data = answer.json()["data"] if sync else itertools.repeat({"id": None})
        for item, inserted in zip(items, data):
            target = item["span_id" if kind in ("span", "document") else f"{kind}_id"]
            place = str(item.get("document_position", ""))
            key = (kind, target, item["name"], item.get("identifier", ""), place)
            self.promise(key, inserted["id"])

    def item(self, kind: str, name: str, identifier: str = "") -> dict[str, Any]:
        targets: dict[str, list[str]] = {
            "span": self.ground.spans, "document": self.ground.spans,
            "trace": self.ground.traces, "session": self.ground.sessions,
        }  # fmt: skip
        key = "span_id" if kind == "document" else f"{kind}_id"
        item: dict[str, Any] = {
            key: self.random.choice(targets[kind]), "name": name, "annotator_kind": "CODE",
            "result": {"score": self.random.random(), "label": name},
        }  # fmt: skip
        if kind == "document":
            item["document_position"] = self.random.randrange(2)
        if identifier:
            item["identifier"] = identifier
        return item

    def fresh(self) -> str:
        return f"{self.number}.{next(self.counter)}"

    def annotations(self) -> None:
        items = [self.item("span", "quality", self.fresh()) for _ in range(5)]
        self.annotate("annotations", "span", items, sync=True)

    def later_annotations(self) -> None:
        items = [self.item("span", "later", self.fresh()) for _ in range(5)]
        self.annotate("later annotations", "span", items, sync=False)

    def targets(self) -> None:
        kind = self.random.choice(["trace", "session", "document"])
        self.annotate(kind, kind, [self.item(kind, f"q{self.fresh()}")], sync=True)

    def shared_annotation(self) -> None:
        """Many writers, one annotation: in the opposite order every other time."""
        items = [
            {**self.item("span", name), "span_id": self.ground.spans[0]}
            for name in ("shared a", "shared b", "shared c")
        ]
        order = 1 if self.random.random() < 0.5 else -1
        self.annotate("shared annotation", "span", items[::order], sync=True)

    def note(self) -> None:
        body = {"data": {"span_id": self.random.choice(self.ground.spans), "note": self.fresh()}}
        answer = self.post("note", "/v1/span_notes", body)
        if answer and answer.status_code == 200:
            self.promises["note", body["data"]["note"]] = answer.json()["data"]["id"]


# -------------------------------------------------------------------- the whole


def write(server: Server, seconds: float, clients: int = 32) -> dict[str, Any]:
    """Lets the crowd write, then looks whether each promise was kept once. Returns the figures."""
    ground = Ground(server)
    contested = iter(itertools.count())
    lock = threading.Lock()

    def next_contested() -> Iterator[int]:
        while True:
            with lock:
                number = next(contested)
            yield number

    writers = [Writer(ground, i, next_contested()) for i in range(clients)]
    end = time.monotonic() + seconds

    def work(writer: Writer) -> None:
        while time.monotonic() < end:
            writer.step()
        writer.http.close()

    threads = [threading.Thread(target=work, args=(w,)) for w in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    promises: dict[tuple[str, ...], str | None] = {}
    faults = [f for w in writers for f in w.failures]
    for writer in writers:
        for key, given in writer.promises.items():
            known = promises.get(key)
            if known and given and known != given:
                faults.append(f"{key} has two ids, {known} and {given}")
            promises[key] = given or known
    deadline = time.monotonic() + 60
    while True:
        missing, doubled, wrong = kept(promises, stored(server, ground))
        later = all(k[2] == "later" for k in missing if len(k) > 2) and missing
        if not later or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    statuses: Counter[str] = sum((w.statuses for w in writers), Counter())
    return {
        "seconds": seconds,
        "clients": clients,
        "requests_per_s": round(sum(statuses.values()) / seconds),
        "slowest_s": round(max(w.slowest for w in writers), 2),
        "statuses": dict(sorted(statuses.items())),
        "promises": dict(Counter(k[0] for k in promises)),
        "missing": len(missing),
        "doubled": len(doubled),
        "wrong_id": len(wrong),
        "examples": [str(x) for x in [*missing[:3], *doubled[:3], *wrong[:3]]],
        "faults": len(faults),
        "first_faults": faults[:5],
    }


def stored(server: Server, ground: Ground) -> list[tuple[tuple[str, ...], str]]:
    """Everything that the API shows, as promises are written down."""
    found: list[tuple[tuple[str, ...], str]] = []
    for run in server.pages(f"/v1/experiments/{ground.experiment}/runs", limit=1000):
        found.append((("run", run["output"]), run["id"]))
    records = _ok(server.http.get(f"/v1/experiments/{ground.experiment}/json", timeout=300))
    runs = {
        (output[1], given) for output, given in found
    }  # fmt: skip
    by_output = dict(runs)
    for record in records:
        for annotation in record["annotations"]:
            run = by_output[record["output"]]
            found.append((("evaluation", run, annotation["name"]), ""))
    kinds: dict[str, tuple[str, list[str]]] = {
        "span": ("span_ids", ground.spans), "trace": ("trace_ids", ground.traces),
        "session": ("session_ids", ground.sessions),
    }  # fmt: skip
    for kind, (parameter, targets) in kinds.items():
        path = f"/v1/projects/{PROJECT}/{kind}_annotations"
        for annotation in server.pages(path, limit=1000, **{parameter: targets}):
            if annotation["name"] == "note":
                found.append((("note", annotation["result"]["explanation"]), annotation["id"]))
                continue
            key = (
                kind, annotation[f"{kind}_id"], annotation["name"], annotation["identifier"], "",
            )  # fmt: skip
            found.append((key, annotation["id"]))
    documents = (
        "SELECT d.id, s.span_id, d.name, d.identifier, d.document_position"
        " FROM document_annotations d JOIN spans s ON s.id = d.span_rowid"
    ).replace("s.span_id,", server.hex("s.span_id") + ",")
    for row in server.query(documents):
        key = ("document", str(row[1]), str(row[2]), str(row[3]), str(row[4]))
        found.append((key, ""))
    return found


Keys = list[tuple[str, ...]]


def kept(
    promises: dict[tuple[str, ...], str | None], found: list[tuple[tuple[str, ...], str]]
) -> tuple[Keys, Keys, Keys]:
    """What is missing, what is there twice, and what has another id than was given."""
    counts = Counter(key for key, _ in found)
    ids = dict(found)
    missing = [key for key in promises if key not in counts]
    doubled = [key for key, count in counts.items() if count > 1]
    wrong = [
        key for key, given in promises.items()
        if given and key in ids and ids[key] and ids[key] != given
    ]  # fmt: skip
    return missing, doubled, wrong

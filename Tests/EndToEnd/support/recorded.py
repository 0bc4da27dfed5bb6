"""The recorded traces, and what a server must hold once it has received them.

`Tests/Fixtures/traces/README.md` explains the files. The expectations here say one thing more than
they do: spans that Arize Phoenix loses through a fault of its own are expected to be kept.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, Iterable

from support.server import REFERENCE

TRACES = Path(__file__).resolve().parents[2] / "Fixtures" / "traces"

#: Reasons for which Arize Phoenix stores nothing and this server does the same.
REFUSED = {"no trace id", "no span id"}
#: The reason of a line whose span id was taken before: the first one stays.
REPEATED = "a span with this span_id was stored before"


@dataclass(frozen=True)
class Request:
    file: str
    index: int
    body: bytes

    def __str__(self) -> str:
        return f"{self.file}#{self.index}"


@cache
def lines(name: str) -> list[dict[str, Any]]:
    with open(TRACES / name, encoding="utf-8") as f:
        result = [json.loads(line) for line in f]
    for line in result:
        if line.get("decoded") is False:
            # The one span on which Arize Phoenix stumbled while decoding: its attribute key has a
            # superscript digit for a segment, which is a name like any other here.
            assert line["name"] == "superscript key"
            line |= {
                "parent_id": None,
                "start_time": "2026-09-21T14:13:20.066000+00:00",
                "end_time": "2026-09-21T14:13:20.066500+00:00",
                "span_kind": "UNKNOWN",
                "status_code": "UNSET",
                "status_message": "",
                "attributes": {"a": {"\u00b2": {"b": 1}}},
                "events": [],
            }
    return result


@cache
def requests() -> list[Request]:
    """Every request of every file, in the order of the manifest."""
    result = []
    for entry in lines("manifest.jsonl"):
        data = (TRACES / entry["file"]).read_bytes()
        for index, r in enumerate(entry["requests"]):
            result.append(
                Request(entry["file"], index, data[r["offset"] : r["offset"] + r["length"]])
            )
    return result


def shuffled(seed: int) -> list[Request]:
    result = list(requests())
    random.Random(seed).shuffle(result)
    return result


def is_kept(line: dict[str, Any]) -> bool:
    """Whether this server has a row for the span of this line, repeated ids aside."""
    if REFERENCE:
        return line["stored"] or line.get("reason") == REPEATED
    return line.get("reason") not in REFUSED


# -------------------------------------------------------------------- values


def in_json(value: Any) -> Any:
    """A decoded value as this server stores it: see Tests/EndToEnd/README.md."""
    if isinstance(value, dict):
        if set(value) == {"__bytes__"}:
            return value["__bytes__"]
        if set(value) == {"__float__"}:
            return None
        return {in_json(k): in_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [in_json(v) for v in value]
    if isinstance(value, str):
        # A lone surrogate cannot be said in UTF-8.
        return "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in value)
    return value


def flatten(value: Any, prefix: str = "", mixed: bool = False) -> Iterable[tuple[str, Any, bool]]:
    """Nested attributes as REST shows them: dotted keys, lists kept unless objects are in them.

    The third item says that a server may leave the key out, as Arize Phoenix does with nulls and
    with what stands beside objects in a list. It is stored all the same.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list) and any(isinstance(v, dict) for v in value):
        for index, inner in enumerate(value):
            yield from flatten(
                inner, f"{prefix}.{index}" if prefix else str(index), not isinstance(inner, dict)
            )
    else:
        yield prefix, value, mixed or value is None


def same(a: Any, b: Any) -> bool:
    """Equal as JSON: numbers by value and never equal to booleans, objects in any order."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return a == b


def moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)


def events(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": e["name"],
            "timestamp": moment(e["timestamp"]),
            "attributes": e.get("attributes") or {},
        }
        for e in value
    ]


def difference(line: dict[str, Any], span: dict[str, Any]) -> list[str]:
    """Where a span as REST shows it departs from a line of expected.jsonl."""
    wrong = []

    def compare(what: str, want: Any, got: Any) -> None:
        if not same(want, got):
            wrong.append(f"{what}: expected {want!r:.300}, got {got!r:.300}")

    compare("trace_id", line["trace_id"], span["context"]["trace_id"])
    compare("span_id", line["span_id"], span["context"]["span_id"])
    compare("name", line["name"], span["name"])
    compare("parent_id", line["parent_id"], span["parent_id"])
    compare("status_code", line["status_code"], span["status_code"])
    compare("status_message", line["status_message"], span["status_message"])
    compare("start_time", moment(line["start_time"]), moment(span["start_time"]))
    compare("end_time", moment(line["end_time"]), moment(span["end_time"]))
    want = {key: (v, hidden) for key, v, hidden in flatten(in_json(line["attributes"]))}
    # REST lifts the kind out of the attributes, as it was spelled.
    kind = want.pop("openinference.span.kind", ("UNKNOWN", False))[0]
    compare("span_kind", kind if isinstance(kind, str) else line["span_kind"], span["span_kind"])
    got = span["attributes"]
    for key in sorted(want.keys() | got.keys()):
        value, hidden = want.get(key, ("(absent)", False))
        if key in got or not hidden:
            compare(f"attribute {key}", value, got.get(key, "(absent)"))
    compare("events", events(in_json(line["events"])), events(span["events"]))
    return [f"{line['file']}#{line['index']} {line['name']!r:.60}: {w}" for w in wrong]


# -------------------------------------------------------------------- whole traces


@dataclass
class Trace:
    project: str
    session: str | None
    start: datetime
    end: datetime
    spans: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class World:
    """What must be stored after some requests, in the order in which they were sent."""

    spans: dict[str, dict[str, Any]] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)

    @staticmethod
    def after(order: list[Request]) -> "World":
        by_request: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for line in lines("expected.jsonl"):
            by_request[line["file"], line["request"]].append(line)
        world = World()
        for request in order:
            for line in by_request[request.file, request.index]:
                if is_kept(line):
                    world.add(line)
        return world

    def add(self, line: dict[str, Any]) -> None:
        """The rules: first project, first session and first span stay; times only widen."""
        start, end = moment(line["start_time"]), moment(line["end_time"])
        trace = self.traces.get(line["trace_id"])
        if trace is None:
            trace = Trace(line["project"], None, start, end)
            self.traces[line["trace_id"]] = trace
        trace.start, trace.end = min(trace.start, start), max(trace.end, end)
        trace.session = trace.session or session_of(line)
        if line["span_id"] not in self.spans:
            self.spans[line["span_id"]] = line
            trace.spans.append(line)

    def sessions(self) -> dict[str, tuple[datetime, datetime, set[str]]]:
        """Start, end and traces of each session."""
        result: dict[str, tuple[datetime, datetime, set[str]]] = {}
        for trace_id, trace in self.traces.items():
            if trace.session is not None:
                start, end, ids = result.get(trace.session, (trace.start, trace.end, set()))
                result[trace.session] = (
                    min(start, trace.start), max(end, trace.end), ids | {trace_id},
                )  # fmt: skip
        return result

    def cumulative(self) -> dict[str, tuple[int, int, int]]:
        """Errors, prompt and completion tokens of each span and all below it in its trace.

        Spans on a cycle of parents, and their descendants, are left out: what they count depends
        on the order of arrival.
        """
        result: dict[str, tuple[int, int, int]] = {}
        for trace in self.traces.values():
            parents = {s["span_id"]: s["parent_id"] for s in trace.spans}
            sums = {s["span_id"]: [0, 0, 0] for s in trace.spans}
            cyclic: set[str] = set()
            for span in trace.spans:
                path, seen = span["span_id"], []
                own = own_counts(span)
                while path in sums and path not in seen:
                    seen.append(path)
                    sums[path] = [a + b for a, b in zip(sums[path], own)]
                    path = parents[path]
                if path in seen:
                    cyclic.update(seen)
            for span_id, counts in sums.items():
                if span_id not in cyclic:
                    result[span_id] = (counts[0], counts[1], counts[2])
        return result


def session_of(line: dict[str, Any]) -> str | None:
    session = line["attributes"].get("session")
    value = session.get("id") if isinstance(session, dict) else None
    if value is None or isinstance(value, (dict, list)):
        return None
    text = str(in_json(value)).strip()
    return text or None


def own_counts(line: dict[str, Any]) -> tuple[int, int, int]:
    return (
        int(line["status_code"] == "ERROR"),
        own_tokens(line, "prompt") or 0,
        own_tokens(line, "completion") or 0,
    )


def own_tokens(line: dict[str, Any], which: str) -> int | None:
    """The token column of a span: what the fixture says, or for a span that Arize Phoenix lost,
    what its attribute says. Spans of other kinds than LLM have none."""
    if line["span_kind"] != "LLM":
        return None
    column = f"llm_token_count_{which}"
    if column in line:
        return line[column]
    llm = line["attributes"].get("llm", {})
    count = llm.get("token_count", {}).get(which, 0) if isinstance(llm, dict) else 0
    try:
        return int(count)
    except (TypeError, ValueError):
        return 0


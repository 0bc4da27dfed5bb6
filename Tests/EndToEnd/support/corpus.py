"""The spans behind the recorded answers: the recorded traces, and a generated set that adds depth.

Both are fixed to the byte, so that whoever receives them in this order holds the same rows. Spans
that Arize Phoenix loses or cannot show through a fault of its own are left out; see ``lost``.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from support import recorded
from support.otlp import attributes, make_span, request

SECOND = 1_000_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
#: 2026-09-01T00:00:00Z, when the generated set begins.
EPOCH = int(datetime(2026, 9, 1, tzinfo=timezone.utc).timestamp()) * SECOND

#: Models that exist before the first span arrives, so that some costs do not depend on what a
#: server has in its own price list.
MODELS: list[dict[str, Any]] = [
    {
        "name": "corpus-small",
        "provider": None,
        "namePattern": "^corpus-small$",
        "costs": [
            {"tokenType": "input", "kind": "PROMPT", "costPerMillionTokens": 0.5},
            {"tokenType": "output", "kind": "COMPLETION", "costPerMillionTokens": 2},
        ],
    },
    {
        "name": "corpus-large",
        "provider": "acme",
        "namePattern": "^(acme/)?corpus-large(-\\d+)?$",
        "costs": [
            {"tokenType": "input", "kind": "PROMPT", "costPerMillionTokens": 4},
            {"tokenType": "cache_read", "kind": "PROMPT", "costPerMillionTokens": 1},
            {"tokenType": "cache_write", "kind": "PROMPT", "costPerMillionTokens": 5},
            {"tokenType": "audio", "kind": "PROMPT", "costPerMillionTokens": 40},
            {"tokenType": "output", "kind": "COMPLETION", "costPerMillionTokens": 16},
            {"tokenType": "reasoning", "kind": "COMPLETION", "costPerMillionTokens": 12},
            {"tokenType": "audio", "kind": "COMPLETION", "costPerMillionTokens": 80},
        ],
    },
]


@dataclass(frozen=True)
class Body:
    name: str
    data: bytes
    #: The ids of the spans in it, in order.
    span_ids: tuple[str, ...]


# -------------------------------------------------------------------- the recorded traces


def lost(line: dict[str, Any]) -> bool:
    """Whether Arize Phoenix has no row for this span, or one that it cannot show."""
    if not line.get("stored") and line.get("reason") != recorded.REPEATED:
        return True
    spelled = line.get("attributes", {}).get("openinference", {})
    if isinstance(spelled, dict) and isinstance(spelled.get("span"), dict):
        return not isinstance(spelled["span"].get("kind", ""), str)
    return False


def recorded_bodies() -> list[Body]:
    by_request: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for line in recorded.lines("expected.jsonl"):
        by_request.setdefault((line["file"], line["request"]), []).append(line)
    result = []
    for item in recorded.requests():
        lines = by_request.get((item.file, item.index), [])
        message = ExportTraceServiceRequest.FromString(item.body)
        dropped, at, kept = False, 0, []
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                spans = list(scope.spans)
                del scope.spans[:]
                for span in spans:
                    assert span.name == lines[at]["name"], (str(item), span.name, lines[at]["name"])
                    if lost(lines[at]):
                        dropped = True
                    else:
                        scope.spans.append(span)
                        kept.append(span.span_id.hex())
                    at += 1
        assert at == len(lines), str(item)
        if kept:
            data = message.SerializeToString() if dropped else item.body
            result.append(Body(str(item), data, tuple(kept)))
    return result


# -------------------------------------------------------------------- the generated set


class Maker:
    """Makes spans whose ids follow from a project and a count."""

    def __init__(self, project: str, number: int) -> None:
        self.project, self.number = project, number
        self.traces = self.spans = 0
        self.made: list[Span] = []

    def trace(self) -> bytes:
        self.traces += 1
        return bytes.fromhex(f"c0{self.number:02x}{self.traces:028x}")

    def span(self, name: str, trace: bytes, parent: bytes = b"", **values: Any) -> bytes:
        self.spans += 1
        span_id = bytes.fromhex(f"c0{self.number:02x}{self.spans:012x}")
        error = values.pop("error", None)
        status = values.pop("status", "ERROR" if error else "OK")
        span = make_span(name, trace_id=trace, span_id=span_id, parent=parent, **values)
        span.status.code = getattr(Status, f"STATUS_CODE_{status}")
        if error:
            kind, text = error
            span.status.message = text
            event = span.events.add(name="exception", time_unix_nano=span.end_time_unix_nano)
            event.attributes.extend(
                attributes({"exception.type": kind, "exception.message": text})
            )
        self.made.append(span)
        return span_id

    def bodies(self, size: int = 50) -> list[Body]:
        result = []
        for start in range(0, len(self.made), size):
            part = self.made[start : start + size]
            data = request(*part, project=self.project).SerializeToString()
            result.append(
                Body(f"{self.project}#{start // size}", data, tuple(s.span_id.hex() for s in part))
            )
        return result


ERRORS = [
    ("TimeoutError", "The model took longer than 30 s."),
    ("ValueError", "no such order"),
    ("openai.RateLimitError", "429: slow down"),
]
#: Models, providers and the token details that each of them reports.
CALLS: list[tuple[str, str | None, dict[str, int]]] = [
    ("corpus-small", None, {}),
    ("corpus-large", "acme", {"prompt_details.cache_read": 30, "completion_details.reasoning": 8}),
    ("corpus-large-2", "acme", {"prompt_details.cache_write": 20, "prompt_details.audio": 5}),
    ("acme/corpus-large", None, {"completion_details.audio": 6}),
    ("gpt-4o", "openai", {"prompt_details.cache_read": 16}),
    ("gpt-4o-mini", "openai", {}),
    ("model-of-nobody", None, {}),
]


def llm(call: int, prompt: int, completion: int, **more: Any) -> dict[str, Any]:
    model, provider, details = CALLS[call % len(CALLS)]
    result: dict[str, Any] = {
        "llm.model_name": model,
        "llm.token_count.prompt": prompt,
        "llm.token_count.completion": completion,
        "llm.token_count.total": prompt + completion,
    }
    if provider:
        result["llm.provider"] = provider
    for key, value in details.items():
        result[f"llm.token_count.{key}"] = value
    return result | more


def documents(turn: int) -> dict[str, Any]:
    """One to four retrieved documents, of which every third has neither score nor metadata."""
    result: dict[str, Any] = {}
    for i in range(turn % 4 + 1):
        key = f"retrieval.documents.{i}.document"
        result |= {f"{key}.id": f"doc-{turn}-{i}", f"{key}.content": f"text {i} of {turn}"}
        if i % 3 != 2:
            result[f"{key}.score"] = round(1 / (i + 1), 3)
            result[f"{key}.metadata"] = json.dumps({"page": i, "from": {"book": f"b{turn}"}})
    return result


def load_project() -> Maker:
    """Eight days of turns in sessions of one to 25 traces, some failing, some without a session."""
    maker, rng = Maker("load", 1), random.Random(20_261)
    sessions = ["s-busy"] * 25 + [f"s-{i}" for i in range(10) for _ in range(1 + i % 3)]
    sessions += [""] * 6
    rng.shuffle(sessions)
    for turn, session in enumerate(sessions):
        start = EPOCH + rng.randrange(0, 8 * DAY // SECOND) * SECOND
        start += rng.randrange(1000) * 1_000_000
        trace = maker.trace()
        common: dict[str, Any] = {"session.id": session} if session else {}
        if session:
            common["user.id"] = f"user-{len(session) % 3}"
        error = ERRORS[turn % len(ERRORS)] if turn % 7 == 3 else None
        length = rng.randrange(200, 9_000)
        root = maker.span(
            "turn", trace, kind="AGENT" if turn % 2 else "CHAIN", start=start, duration_ms=length,
            error=error, status="ERROR" if error else ("UNSET" if turn % 5 == 0 else "OK"),
            attributes=common | {
                "input.value": f"question {turn}: where is order {1000 + turn}?",
                "output.value": json.dumps({"answer": turn, "ok": error is None}),
                "output.mime_type": "application/json",
                "metadata": json.dumps({"turn": turn, "channel": ["web", "app"][turn % 2]}),
                "tag.tags": ["corpus", f"day-{(start - EPOCH) // DAY}"],
            },
        )  # fmt: skip
        if turn % 3 == 0:
            maker.span(
                "search", trace, root, kind="RETRIEVER", start=start + 5_000_000, duration_ms=40,
                attributes={"input.value": f"order {1000 + turn}"} | documents(turn),
            )  # fmt: skip
        for call in range(1 + turn % 3):
            prompt, completion = rng.randrange(40, 400), rng.randrange(10, 120)
            maker.span(
                "answer", trace, root, kind="LLM", start=start + (call + 1) * 100_000_000,
                duration_ms=rng.randrange(50, 1_500), error=error if call == 0 else None,
                attributes=llm(
                    turn + call, prompt, completion,
                    **{
                        "input.value": f"prompt {turn}.{call}",
                        "output.value": f"Réponse {turn} 🏕",
                        "llm.invocation_parameters": json.dumps({"temperature": call / 10}),
                    },
                ),
            )  # fmt: skip
        if turn % 4 == 0:
            maker.span(
                "lookup", trace, root, kind="TOOL", start=start + 30_000_000, duration_ms=17,
                attributes={"tool.name": "lookup", "tool.parameters": json.dumps({"n": turn})},
            )
    return maker


def ties_project() -> Maker:
    """Equal sort keys, and none: spans of one instant, of equal length, with and without tokens."""
    maker = Maker("ties", 2)
    for number in range(12):
        trace = maker.trace()
        start = EPOCH + HOUR * (number // 4)
        common = {"session.id": f"tie-{number // 3}"}
        root = maker.span(
            f"tie {number % 3}", trace, start=start, duration_ms=100, attributes=common
        )
        if number % 2 == 0:
            maker.span(
                "call", trace, root, kind="LLM", start=start, duration_ms=100,
                attributes=llm(number // 4, 100, 10),
            )  # fmt: skip
        if number % 3 == 0:
            maker.span("untold", trace, root, kind="LLM", start=start, duration_ms=50)
    return maker


def tree_project() -> Maker:
    """A tree eight deep, with two to four children each at the top; late and missing parents."""
    maker = Maker("tree", 3)
    trace = maker.trace()
    start = EPOCH + 9 * HOUR

    def grow(parent: bytes, depth: int, path: str) -> None:
        for child in range(4 - depth if depth < 3 else 1):
            kind = "LLM" if depth == 7 else ("TOOL" if child % 2 else "CHAIN")
            values = llm(child, 10 * depth, depth) if kind == "LLM" else {}
            span = maker.span(
                f"{path}.{child}", trace, parent, kind=kind, attributes=values,
                # Later children begin earlier, so that neither order passes for the other.
                start=start + depth * SECOND - child * 10_000_000, duration_ms=1000 - depth * 100,
                error=ERRORS[1] if path.endswith(".1.0.0.0") else None,
            )  # fmt: skip
            if depth < 7:
                grow(span, depth + 1, f"{path}.{child}")

    root = maker.span("root", trace, kind="AGENT", start=start, duration_ms=9_000)
    grow(root, 1, "n")
    wide = maker.trace()
    top = maker.span("wide", wide, start=start + HOUR, duration_ms=5_000)
    for number in range(60):
        begin = start + HOUR + number % 7
        maker.span(f"child {number}", wide, top, start=begin, duration_ms=number)
    return maker


def orphans_project() -> Maker:
    """Traces without a strict root, with several roots, with a root that comes last."""
    maker = Maker("orphans", 4)
    start = EPOCH + 3 * DAY
    missing = bytes.fromhex("c0ffffffffffffff")
    trace = maker.trace()
    orphan = maker.span(
        "orphan", trace, missing, kind="AGENT", start=start, duration_ms=700,
        attributes={
            "input.value": "who is my parent?", "output.value": "nobody", "session.id": "o-1"
        },
    )  # fmt: skip
    maker.span("below orphan", trace, orphan, kind="LLM", start=start, attributes=llm(1, 50, 5))
    trace = maker.trace()
    for number in range(3):
        maker.span(
            f"root {number}", trace, start=start + HOUR - number * SECOND, duration_ms=300,
            error=ERRORS[number] if number else None, attributes={"session.id": "o-1"},
        )  # fmt: skip
    trace = maker.trace()
    maker.span("first orphan", trace, missing, start=start + 2 * HOUR, duration_ms=20)
    maker.span("real root", trace, start=start + 2 * HOUR + SECOND, duration_ms=20)
    trace = maker.trace()
    last = bytes.fromhex(f"c0{maker.number:02x}{maker.spans + 3:012x}")
    for number in range(2):
        maker.span(f"early child {number}", trace, last, kind="TOOL", start=start + 3 * HOUR)
    maker.span("late root", trace, start=start + 3 * HOUR, duration_ms=400, status="UNSET")
    return maker


def odd_project() -> Maker:
    """Values at the edges: no duration, long texts, odd token counts, odd metadata, many events."""
    maker = Maker("odd / names?", 5)
    start = EPOCH + 5 * DAY
    values: list[dict[str, Any]] = [
        {"input.value": "x" * 500, "output.value": "y" * 101},
        {"input.value": "{\"a\": 1}", "input.mime_type": "application/json", "output.value": ""},
        {"metadata": "not json", "input.value": "line\nbreak\ttab \"quote\" \\ back"},
        {"metadata": json.dumps({"nested": {"deep": [1, 2.5, None, True]}, "text": "é"})},
        {"metadata": {"native": "map", "n": 3}},
        {"user.id": "u", "session.id": " spaced ", "input.value": 5},
        {"user.id": 7, "session.id": 8},
        {
            "llm.token_count.prompt": 0, "llm.token_count.completion": 0,
            "llm.model_name": "corpus-small",
        },
        {"llm.token_count.prompt": 10, "llm.model_name": "corpus-small"},
        {"llm.token_count.completion": 10, "llm.model_name": "corpus-small"},
        {"llm.token_count.total": 99, "llm.model_name": "corpus-small"},
        {
            "llm.token_count.prompt": "12", "llm.token_count.completion": 1.5,
            "llm.model_name": "gpt-4o",
        },
        {"a.b": 1, "a.c": [1, 2], "a.d": "5", "deep.er.still": True, "none": "None"},
        {"list": ["a", "b"], "number": 3.25, "flag": False, "digits": "0042", "empty": ""},
    ]  # fmt: skip
    for number, attribute in enumerate(values):
        trace = maker.trace()
        kind = "LLM" if any(k.startswith("llm.") for k in attribute) else "CHAIN"
        maker.span(
            f"odd {number}", trace, kind=kind, start=start + number * MINUTE,
            duration_ms=0 if number == 0 else number * 250, attributes=attribute,
            status=["UNSET", "OK"][number % 2],
        )  # fmt: skip
    span = maker.made[-1]
    for number in range(5):
        event = span.events.add(name=f"event {number}", time_unix_nano=start + number * SECOND)
        event.attributes.extend(attributes({"n": number, "message": f"happened {number}"}))
    return maker


@cache
def generated_bodies() -> list[Body]:
    makers = [load_project(), ties_project(), tree_project(), orphans_project(), odd_project()]
    return [body for maker in makers for body in maker.bodies()]

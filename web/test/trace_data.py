"""Traces that the tests of the trace view look at."""

from __future__ import annotations

import json
import random
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from support.otlp import attributes, make_span, request

SECOND = 1_000_000_000
#: 2026-10-01T12:00:00Z
BASE = 1_790_856_000 * SECOND


def trace_id(number: int) -> str:
    return f"7{number:031x}"


class Trace:
    """Spans of one trace, made one by one; times are milliseconds after its start."""

    def __init__(self, number: int, base: int = BASE) -> None:
        self.id, self.number, self.base = trace_id(number), number, base + number * SECOND
        self.spans: list[Span] = []

    def add(self, name: str, kind: str = "CHAIN", parent: int | bytes = -1, start: float = 0, ms: float = 10, failed: str = "", **values: Any) -> int:
        index = len(self.spans)
        span = make_span(
            name,
            trace_id=bytes.fromhex(self.id),
            span_id=self.span_id(index),
            parent=b"" if parent == -1 else parent if isinstance(parent, bytes) else self.span_id(parent),
            kind=kind,
            start=self.base + int(start * 1_000_000),
            duration_ms=0,
            **values,
        )
        span.end_time_unix_nano = span.start_time_unix_nano + int(ms * 1_000_000)
        span.status.code = 2 if failed else 1
        span.status.message = failed
        self.spans.append(span)
        return index

    def span_id(self, index: int) -> bytes:
        return (self.number * 1_000_000 + index + 1).to_bytes(8, "big")


def messages(side: str, *said: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for i, message in enumerate(said):
        for key, value in message.items():
            out[f"llm.{side}_messages.{i}.message.{key}"] = value
    return out


def call(name: str, arguments: dict[str, Any], call_id: str, at: int = 0) -> dict[str, Any]:
    prefix = f"tool_calls.{at}.tool_call"
    return {f"{prefix}.id": call_id, f"{prefix}.function.name": name, f"{prefix}.function.arguments": json.dumps(arguments)}


PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
STACK = """Traceback (most recent call last):
  File "/app/shop/orders.py", line 42, in status
    return table[order]
  File "/app/.venv/lib/python3.11/site-packages/db/table.py", line 7, in __getitem__
    raise LookupError(order)
LookupError: LO-1
"""


def agent(number: int = 1, city: str = "Lisbon", slower: float = 0) -> Trace:
    """An agent that plans, calls tools in parallel, one of which fails, retrieves, reranks and answers."""
    t = Trace(number)
    tool = {"llm.tools.0.tool.json_schema": json.dumps({"type": "function", "function": {"name": "search_flights", "description": "Finds flights.", "parameters": {
        "type": "object", "properties": {"to": {"type": "string", "description": "Where to"}}, "required": ["to"]}}})}  # fmt: skip
    system = {"role": "system", "content": "You plan trips. Use tools; never invent prices."}
    user = {"role": "user", "content": f"Plan **four days** in {city}."}
    asked = {"role": "assistant", **call("search_flights", {"to": city}, "call-1"), **call("get_weather", {"city": city, "days": 4}, "call-2", 1)}
    common = {"llm.model_name": "gpt-4o-mini", "llm.provider": "openai", "llm.invocation_parameters": json.dumps({"temperature": 0.2, "max_tokens": 512})}
    root = t.add("travel_agent", "AGENT", ms=1000 + slower, attributes={"input.value": user["content"], "output.value": "Done.", "session.id": "trip", "user.id": "ines"})
    guard = {"input.value": user["content"], "output.value": json.dumps({"allowed": True, "reason": "harmless"}), "output.mime_type": "application/json"}
    t.add("input_guard", "GUARDRAIL", root, 1, 8, attributes=guard)
    plan = {**common, **messages("input", system, user), **messages("output", asked), **tool, "llm.token_count.prompt": 120, "llm.token_count.completion": 30, "llm.token_count.total": 150, "llm.token_count.prompt_details.cache_read": 64}
    t.add("plan", "LLM", root, 10, 200, attributes=plan)
    t.add("search_flights", "TOOL", root, 220, 300, attributes={"tool.name": "search_flights", "tool.description": "Finds flights.", "input.value": json.dumps({"to": city}), "input.mime_type": "application/json", "output.value": '[{"price": 242}]', "output.mime_type": "application/json"})
    weather = t.add("get_weather", "TOOL", root, 222, 90, failed="LookupError: LO-1", attributes={"tool.name": "get_weather", "input.value": json.dumps({"city": city, "days": 4}), "input.mime_type": "application/json"})
    event = t.spans[weather].events.add(name="exception", time_unix_nano=t.base + 300_000_000)
    event.attributes.extend(attributes({"exception.type": "LookupError", "exception.message": "LO-1", "exception.stacktrace": STACK}))
    documents = {f"{prefix}.{i}.document.{key}": value for prefix, order in (("reranker.input_documents", (0, 1, 2)), ("reranker.output_documents", (2, 0))) for i, d in enumerate(order)
                 for key, value in {"id": f"doc-{d}", "content": f"Guide number {d} to {city}.", "score": 0.9 - 0.1 * i}.items()}  # fmt: skip
    t.add("retrieve", "RETRIEVER", root, 530, 40, attributes={"input.value": f"sights of {city}", **{f"retrieval.documents.{i}.document.{k}": v for i in range(3) for k, v in {"id": f"doc-{i}", "content": f"Guide number {i} to {city}.", "score": 0.8 - 0.2 * i, "metadata": json.dumps({"title": f"Guide {i}", "lang": "en"})}.items()}})
    t.add("rerank", "RERANKER", root, 575, 20, attributes={"reranker.query": f"sights of {city}", "reranker.model_name": "rerank-v3", "reranker.top_k": 2, **documents})
    t.add("embed", "EMBEDDING", root, 600, 10, attributes={"embedding.model_name": "text-embedding-3-small", "embedding.embeddings.0.embedding.text": f"sights of {city}", "embedding.embeddings.0.embedding.vector": [0.1] * 16})
    results = [{"role": "tool", "tool_call_id": "call-1", "content": '[{"price": 242}]'}, {"role": "tool", "tool_call_id": "call-2", "content": "LookupError"}]
    template = {"llm.prompt_template.template": "Answer about {city} from {context}.", "llm.prompt_template.variables": json.dumps({"city": city, "context": "the guides"}), "llm.prompt_template.version": "3"}
    answer = {**common, **template, **messages("input", system, user, asked, *results), **messages("output", {"role": "assistant", "content": f"Fly to {city} for 242."}), "output.value": f"Fly to {city} for 242.", "llm.token_count.prompt": 300, "llm.token_count.completion": 80, "llm.token_count.total": 380}
    t.add("answer", "LLM", root, 640, 350 + slower, attributes=answer)
    look = {f"llm.input_messages.0.message.contents.{i}.message_content.{k}": v for i, part in enumerate(({"type": "text", "text": "What is this?"}, {"type": "image", "image.image.url": PIXEL}, {"type": "image", "image.image.url": "https://elsewhere.example/cat.png"}, {"type": "reasoning", "text": "A cat?"})) for k, v in part.items()}
    t.add("look", "LLM", root, 992, 5, attributes={**common, **look, "llm.input_messages.0.message.role": "user"})
    t.add("judge", "EVALUATOR", root, 998, 1, attributes={"input.value": "answer", "output.value": json.dumps({"label": "correct", "score": 0.9, "explanation": "It names a price."}), "output.mime_type": "application/json"})
    return t


#: Contents that would do harm if they were taken for more than text, by name.
TRICKS = {
    "script": "<script>window.hacked = 1; alert(1)</script>",
    "image": '<img src="https://evil.example/x.png" onerror="window.hacked=1">',
    "svg": '<svg onload="window.hacked=1"><script>window.hacked=1</script></svg>',
    "frame": '<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object>',
    "form": '<form action="https://evil.example/"><input autofocus onfocus="window.hacked=1"></form>',
    "style": "<style>*{display:none}</style><link rel=stylesheet href=https://evil.example/a.css>",
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">',
    "markdown link": "**see** [click](javascript:window.hacked=1) and [data](data:text/html,<script>alert(1)</script>)",
    "markdown image": "**see** ![x](https://evil.example/x.png) ![y](javascript:alert(1))",
    "markdown reference": "**see** [a][b]\n\n[b]: javascript:alert(1)\n\n<https://evil.example/auto>",
    "markdown html": "# title\n\n<details open ontoggle=window.hacked=1><summary>x</summary></details>\n\n| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "markdown nesting": ">" * 5000 + " deep " + "*" * 5000 + "[" * 5000,
    "bidi": "invoice\u202egnp.exe and \u2066hidden\u2069 and \u200bzero",
    "controls": "bell\u0007 escape\u001b[31m null-ish\u0001 tag\U000e0041",
    "template": "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 7*7 %>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b&#x3e; &amp;amp;",
    "long line": "x" * 1_000_000,
    "five megabytes": ("A line of a very long text.\n" * 190_000)[:5_000_000],
    "ten thousand keys": json.dumps({f"key {i}": i for i in range(10_000)}),
    "deep nesting": "[" * 400 + "1" + "]" * 400,
    "prototype": '{"__proto__": {"hacked": 1}, "constructor": {"prototype": {"hacked": 1}}, "toString": "x"}',
    "unicode": "Z\u0351\u036b\u0343\u036a\u0302A\u034c\u0352\u030aLGO " + "\u0301" * 2000 + " 👩‍👩‍👧‍👦 \ufffd",
}


def hostile(number: int = 2, suffix: str = "") -> Trace:
    """One span a trick; nothing of them may do anything."""
    t = Trace(number)
    root = t.add("<script>alert('root')</script>", "AGENT", ms=500)
    for i, (name, text) in enumerate(TRICKS.items()):
        text += suffix
        kind = ("CHAIN", "LLM", "TOOL", "RETRIEVER")[i % 4]
        values: dict[str, Any] = {"input.value": text, "output.value": text, "tool.name": text[:300], "metadata": json.dumps({"note": text[:2000]})}
        if kind == "LLM":
            values = {**messages("input", {"role": "user", "content": text}, {"role": text[:50], "content": "x"}), **messages("output", {"role": "assistant", "content": text}), "llm.model_name": text[:200]}
        if kind == "RETRIEVER":
            values = {"input.value": "q", "retrieval.documents.0.document.content": text, "retrieval.documents.0.document.id": text[:100], "retrieval.documents.0.document.score": 1.0}
        t.add(f"{name}: {text[:40]}", kind, root, i * 10, 9, failed=text[:400] if i % 5 == 0 else "", attributes=values)
    media = {"llm.input_messages.0.message.role": "user"}
    for i, url in enumerate(("javascript:alert(1)", "https://evil.example/a.png", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "//evil.example/b.png")):
        media |= {f"llm.input_messages.0.message.contents.{i}.message_content.type": "image", f"llm.input_messages.0.message.contents.{i}.message_content.image.image.url": url}
    t.add("media", "LLM", root, 300, 9, attributes=media)
    return t


def broken(number: int = 3) -> Trace:
    """Missing parents, circles of parents, times that make no sense."""
    t = Trace(number)
    t.add("orphan", parent=b"\x99" * 8, start=5, ms=5)
    first = t.add("circle a", start=20)
    second = t.add("circle b", parent=first, start=15)
    t.spans[first].parent_span_id = t.span_id(second)
    own = t.add("own parent", start=30)
    t.spans[own].parent_span_id = t.span_id(own)
    t.add("ends before it starts", start=40, ms=-30)
    t.add("plain", start=50)
    return t


def many(number: int, count: int, seed: int = 1) -> Trace:
    """A tree of `count` spans: steps with calls, tools and a branch below each."""
    rng, t = random.Random(seed), Trace(number)
    t.add("research", "AGENT", ms=count * 7)
    step = 0
    while len(t.spans) < count:
        at = len(t.spans) * 7
        parent = t.add(f"step {step}", "CHAIN", 0, at, 44)
        for k, (name, kind) in enumerate((("ChatCompletion", "LLM"), ("search", "TOOL"), ("vector_search", "RETRIEVER"), ("delegate", "AGENT"))):
            if len(t.spans) >= count or (seed > 1 and rng.random() < 0.02):
                continue
            values = {"input.value": f"question {step if rng.random() > 0.01 else rng.random()}"}
            if kind == "LLM":
                values |= {"llm.model_name": "gpt-4o-mini", "llm.token_count.prompt": 100 + step % 7, "llm.token_count.completion": 20, "llm.token_count.total": 120 + step % 7}
            t.add("odd_tool" if kind == "TOOL" and step % 1000 == 500 else name, kind, parent, at + k * 11, 10, failed="no seats" if kind == "TOOL" and step % 500 == 250 else "", attributes=values)
        if len(t.spans) < count:
            t.add("parse", "CHAIN", len(t.spans) - 1, at + 35, 8)
        step += 1
    return t


def send(site: Any, *traces: Trace, project: str = "trace-view") -> None:
    for t in traces:
        for i in range(0, len(t.spans), 5000):
            site.send(request(*t.spans[i : i + 5000], project=project))

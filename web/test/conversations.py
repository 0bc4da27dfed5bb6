"""A week of a shop's assistant: conversations with retrieval, tools, several models, errors and growing histories.

    conversations.py http://localhost:6006 [--project shop-assistant] [--sessions 60]

Everything follows from a seed, apart from the time at which it ends.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

DAY = 86_400
MILLISECOND = 1_000_000

#: Questions with the answers that an assistant might give.
TALK = [
    ("Where is my order 4417?", "It left our warehouse **yesterday** and should be with you on Thursday. The tracking number is `JD0146-88`."),
    ("Can I still change the delivery address?", "Yes, until the parcel reaches your local depot. Tell me the new address and I will change it."),
    ("It should go to 12 Harbour Street, Bergen.", "Done. The parcel now goes to:\n\n> 12 Harbour Street\n> 5003 Bergen"),
    ("Do you have the blue kettle in 1.7 litres?", "We do, 14 are in stock:\n\n| size | colour | price |\n|---|---|---|\n| 1.7 l | blue | €49 |\n| 1.7 l | steel | €45 |"),
    ("What is the return policy for opened items?", "You have **30 days**, also for opened items, as long as all parts are there. Return shipping is free."),
    ("The lid does not close. Is this a known problem?", "There is a known fault in batch 22-B: the hinge pin may sit too high.\n\n1. Open the lid fully.\n2. Press the pin in until it clicks.\n3. Close it slowly.\n\nIf that does not help I send you a new lid."),
    ("That did not help.", "Then I have ordered a new lid for you; it ships today. You need not send the old one back."),
    ("Which coffee grinder is the quietest?", "The *Moka 3* at 58 dB. The next one, *Burr S*, has 63 dB but grinds twice as fast."),
    ("How do I descale the machine?", "Fill the tank with one part vinegar and two parts water, then run the `CLEAN` programme twice with fresh water after it."),
    ("Send me the invoice as PDF, please.", "I have sent the invoice *2026-10441* to the address of your account."),
]
MODELS = [("gpt-4o", "openai", 1900), ("gpt-4o-mini", "openai", 700), ("claude-sonnet-4-5", "anthropic", 1500), ("o3-mini", "openai", 2600)]
SYSTEM = "You are the assistant of a shop for kitchen things. Answer briefly, and only what the documents say. Never promise a date that you do not know."
USERS = [f"customer-{number:02}" for number in range(17)]


def value(of: Any) -> AnyValue:
    if isinstance(of, bool):
        return AnyValue(bool_value=of)
    if isinstance(of, int):
        return AnyValue(int_value=of)
    if isinstance(of, float):
        return AnyValue(double_value=of)
    return AnyValue(string_value=str(of))


def attributes(values: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=value(of)) for key, of in values.items()]


@dataclass
class Trace:
    """The spans of one trace, times in milliseconds after its start."""

    rng: random.Random
    start: int
    shared: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.rng.randbytes(16)

    def add(
        self, name: str, kind: str, begin: float, length: float, parent: Span | None = None, error: str = "", **values: Any
    ) -> Span:
        start = self.start + int(begin * MILLISECOND)
        named = {key.replace("__", "."): of for key, of in values.items()}
        span = Span(
            trace_id=self.id, span_id=self.rng.randbytes(8), name=name,
            parent_span_id=parent.span_id if parent else b"",
            start_time_unix_nano=start, end_time_unix_nano=start + int(length * MILLISECOND),
            attributes=attributes({"openinference.span.kind": kind, **self.shared, **named}),
            status=Status(code=2, message=error) if error else Status(code=1),
        )
        if error:
            event = span.events.add(name="exception", time_unix_nano=start + int(length * MILLISECOND))
            event.attributes.extend(attributes({"exception.type": "TimeoutError", "exception.message": error}))
        self.spans.append(span)
        return span


def turn(rng: random.Random, start: int, session: str, user: str, history: list[dict[str, str]], style: str) -> Trace:
    """One question with what it sets in motion; the history grows by both sides."""
    trace = Trace(rng, start, {"session.id": session, "user.id": user, "metadata": json.dumps({"shop": "eu", "style": style})})
    question, answer = TALK[(len(history) // 2) % len(TALK)]
    model, provider, usual = MODELS[min(len(MODELS) - 1, int(rng.expovariate(1.1)))]
    pace = rng.lognormvariate(0, 0.45)
    fails = rng.random() < 0.07
    slow = usual * pace * (5 if rng.random() < 0.03 else 1)
    history.append({"role": "user", "content": question})
    as_messages = style == "messages"
    given = json.dumps({"messages": [{"role": "system", "content": SYSTEM}, *history]}) if as_messages else question
    told = json.dumps({"role": "assistant", "content": answer}) if as_messages else answer
    mime = "application/json" if as_messages else "text/plain"
    result = {} if fails else {"output__value": told, "output__mime_type": mime}
    root = trace.add("answer", "AGENT" if as_messages else "CHAIN", 0, slow + 420, error="The model did not answer in time." if fails else "",
                     input__value=given, input__mime_type=mime, **result)
    retriever = trace.add("search_help", "RETRIEVER", 8, 130 * pace, root, input__value=question,
                          retrieval__documents__0__document__content="Opened items can be returned within 30 days.",
                          retrieval__documents__0__document__score=0.81)
    trace.add("embed_query", "EMBEDDING", 14, 40, retriever, embedding__model_name="text-embedding-3-small", llm__token_count__prompt=12)
    if rng.random() < 0.45:
        trace.add("order_status", "TOOL", 150 * pace, 90, root, tool__name="order_status", input__value=json.dumps({"order": 4417}),
                  error="The warehouse does not answer." if rng.random() < 0.08 else "", output__value=json.dumps({"state": "sent"}))
    prompt = 420 + sum(len(one["content"]) for one in history) // 3 + rng.randrange(300)
    completion = 40 + len(answer) // 3 + rng.randrange(80)
    details: dict[str, Any] = {"llm__token_count__prompt_details__cache_read": int(prompt * 0.55) if len(history) > 2 else 0}
    if model == "o3-mini":
        details["llm__token_count__completion_details__reasoning"] = completion * 3
        completion *= 4
    llm = {"llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": SYSTEM}
    for index, one in enumerate(history, 1):
        llm[f"llm.input_messages.{index}.message.role"] = one["role"]
        llm[f"llm.input_messages.{index}.message.content"] = one["content"]
    trace.add("ChatCompletion", "LLM", 300, slow, root, error="The model did not answer in time." if fails else "",
              llm__model_name=model, llm__provider=provider, llm__token_count__prompt=prompt, llm__token_count__completion=0 if fails else completion,
              input__value=given, input__mime_type=mime, **result, **details,
              **({} if fails else {"llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": answer}), **llm)
    history.append({"role": "assistant", "content": answer})
    return trace


def week(sessions: int, seed: int = 4) -> list[Trace]:
    """Conversations that began within the last seven days, more by day than by night."""
    rng = random.Random(seed)
    now = time.time()
    traces: list[Trace] = []
    for number in range(sessions):
        while True:
            at = now - rng.random() * 7 * DAY
            hour = time.gmtime(at).tm_hour
            if rng.random() < (1.0 if 8 <= hour < 21 else 0.25):
                break
        history: list[dict[str, str]] = []
        style = rng.choice(["messages", "text"])
        for _ in range(1 + min(11, int(rng.expovariate(0.28)))):
            if at > now - 30:
                break
            traces.append(turn(rng, int(at * 1e9), f"chat-{number:03}", USERS[number % len(USERS)], history, style))
            at += 6 + rng.expovariate(1 / 45)
    return traces


def long_session(turns: int, session: str = "long-conversation", seed: int = 9) -> list[Trace]:
    """One conversation of many short turns, each with a text of its own."""
    rng = random.Random(seed)
    start = int((time.time() - turns * 20 - 60) * 1e9)
    traces = []
    for number in range(turns):
        trace = Trace(rng, start + number * 20 * 1000 * MILLISECOND, {"session.id": session, "user.id": "patient-user"})
        text = " ".join(["why"] * (1 + number % 60))
        trace.add("answer", "CHAIN", 0, 300 + number % 7 * 100, input__value=f"Question {number + 1}: {text}?", input__mime_type="text/plain",
                  output__value=f"Answer {number + 1}.\n\n" + "Because it is so.\n\n" * (number % 5), output__mime_type="text/plain")
        traces.append(trace)
    return traces


def send(url: str, project: str, traces: list[Trace], batch: int = 100) -> None:
    resource = Resource(attributes=attributes({"openinference.project.name": project, "service.name": "shop"}))
    for first in range(0, len(traces), batch):
        spans = [span for trace in traces[first : first + batch] for span in trace.spans]
        request = ExportTraceServiceRequest(resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=spans)])])
        body = request.SerializeToString()
        call = urllib.request.Request(f"{url}/v1/traces", body, {"content-type": "application/x-protobuf"}, method="POST")
        with urllib.request.urlopen(call, timeout=60) as answer:
            answer.read()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--project", default="shop-assistant")
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--long", type=int, default=0, help="also a session of that many turns")
    given = parser.parse_args()
    traces = week(given.sessions)
    if given.long:
        traces += long_session(given.long)
    send(given.url, given.project, traces)
    print(len(traces), "traces,", sum(len(trace.spans) for trace in traces), "spans")


if __name__ == "__main__":
    main()

"""Export requests that are ready to be sent, in a file.

OpenInference traces of a retrieval application, five spans each (chain, retriever, embedding, LLM,
tool), some 23 attributes and 2.5 KB a span. A trace is encoded once for each of a few hundred
variants; ids, times and sessions are patched into copies, so a million spans take a minute.
"""

from __future__ import annotations

import gzip
import json
import mmap
import random
import struct
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

SPANS_PER_TRACE = 5

# --------------------------------------------------------------------------- protobuf, by hand


def varint(n: int) -> bytes:
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def any_value(v: Any) -> bytes:
    if isinstance(v, bool):
        return varint(2 << 3) + varint(int(v))
    if isinstance(v, int):
        return varint(3 << 3) + varint(v & (1 << 64) - 1)
    if isinstance(v, float):
        return varint(4 << 3 | 1) + struct.pack("<d", v)
    if isinstance(v, list):
        return field(5, b"".join(field(1, any_value(x)) for x in v))
    return field(1, str(v).encode())


def attribute(number: int, key: str, v: Any) -> bytes:
    return field(number, field(1, key.encode()) + field(2, any_value(v)))


# --------------------------------------------------------------------------- the traces

WORDS = (
    "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which "
    "one you were all her she there would their we him been has when who will no more if out so up said what its about "
    "than into them can only other time new some could these two may first then do any like my now over such our man "
    "me even most made after also did many off before must well back through years much where your way down should "
    "because long each just state those people too mr how little good world make very year still see own work men day "
    "get here between both life being under three never know same last another while us off might great go come since "
    "against right came take used himself few house american use place during high without again home around small "
    "however found mrs part school thought went say general once upon war every left don't does got united number "
    "retrieval index vector embedding prompt context latency token window model agent tool span trace dataset"
).split()


def prose(rng: random.Random, size: int) -> str:
    out: list[str] = []
    length = 0
    while length < size:
        word = rng.choice(WORDS)
        out.append(word)
        length += len(word) + 1
    return " ".join(out)


class Template:
    """One encoded trace with the places of its ids and times."""

    def __init__(self, rng: random.Random, variant: int, vector: int) -> None:
        question, answer = prose(rng, 160), prose(rng, 600)
        documents = [prose(rng, 560) for _ in range(4)]
        model = rng.choice(["gpt-4o-mini", "gpt-4o", "claude-sonnet-4"])
        prompt, completion = rng.randrange(400, 3000), rng.randrange(20, 500)
        shared = {
            "session.id": "session-00000000",
            "user.id": f"user-{variant % 50:03}",
            "metadata": json.dumps({"tenant": f"t{variant % 20}", "route": "/ask", "flags": {"beta": variant % 2 == 0}}),
            "tag.tags": ["load", f"group-{variant % 8}"],
            "service.version": "1.42.0",
            "deployment.environment": "production",
            "http.route": "/v1/ask",
            "app.request_id": f"{rng.getrandbits(64):016x}",
            "app.region": "eu-north-1",
            "app.build": rng.randrange(10_000),
            "app.cache_hit": variant % 3 == 0,
        }
        chain = {
            "openinference.span.kind": "CHAIN",
            "input.value": question,
            "input.mime_type": "text/plain",
            "output.value": answer,
            "output.mime_type": "text/plain",
            "llm.prompt_template.template": "Answer {question} using {context}. " + prose(rng, 200),
            "llm.prompt_template.variables": json.dumps({"question": question}),
            "llm.prompt_template.version": "v7",
        }
        retriever: dict[str, Any] = {
            "openinference.span.kind": "RETRIEVER",
            "input.value": question,
            "input.mime_type": "text/plain",
        }
        for i, d in enumerate(documents):
            key = f"retrieval.documents.{i}.document."
            retriever[key + "content"] = d
            retriever[key + "score"] = round(0.9 - i * 0.07, 4)
            retriever[key + "id"] = f"doc-{rng.randrange(10**6)}"
            retriever[key + "metadata"] = json.dumps({"source": f"page-{i}", "chunk": i})
        embedding = {
            "openinference.span.kind": "EMBEDDING",
            "embedding.model_name": "text-embedding-3-small",
            "embedding.embeddings.0.embedding.text": question,
            "embedding.embeddings.0.embedding.vector": [round(rng.uniform(-1, 1), 6) for _ in range(vector)],
            "input.value": question,
            "llm.token_count.prompt": 40,
            "llm.token_count.total": 40,
        }
        llm: dict[str, Any] = {
            "openinference.span.kind": "LLM",
            "llm.model_name": model,
            "llm.provider": "anthropic" if model.startswith("claude") else "openai",
            "llm.system": "anthropic" if model.startswith("claude") else "openai",
            "llm.invocation_parameters": json.dumps({"temperature": 0.2, "max_tokens": 512, "top_p": 0.9}),
            "llm.token_count.prompt": prompt,
            "llm.token_count.completion": completion,
            "llm.token_count.total": prompt + completion,
            "llm.token_count.prompt_details.cache_read": prompt // 4,
            "input.value": json.dumps({"messages": [{"role": "user", "content": question}]}),
            "input.mime_type": "application/json",
            "output.value": answer,
            "output.mime_type": "text/plain",
            "llm.tools.0.tool.json_schema": json.dumps(
                {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}}}}
            ),
        }
        for i, (role, text) in enumerate((("system", prose(rng, 500)), ("user", question + "\n" + documents[0] + documents[1]))):
            llm[f"llm.input_messages.{i}.message.role"] = role
            llm[f"llm.input_messages.{i}.message.content"] = text
        llm["llm.output_messages.0.message.role"] = "assistant"
        llm["llm.output_messages.0.message.content"] = answer
        tool = {
            "openinference.span.kind": "TOOL",
            "tool.name": "lookup",
            "tool.description": prose(rng, 120),
            "tool.parameters": json.dumps({"q": question[:60]}),
            "input.value": json.dumps({"q": question}),
            "input.mime_type": "application/json",
            "output.value": prose(rng, 900),
            "output.mime_type": "text/plain",
        }
        # (name, attributes, parent's place, start ms, length ms)
        plan = [
            ("answer_question", chain, None, 0, 1900 + variant * 13 % 700),
            ("retrieve", retriever, 0, 20, 300),
            ("embed_query", embedding, 1, 30, 90),
            ("generate", llm, 0, 400, 1300),
            ("lookup", tool, 3, 700, 150),
        ]
        failed = variant % 20 == 7
        buffer = bytearray()
        self.trace_ids: list[int] = []
        self.span_ids: list[tuple[int, int]] = []  # (offset, index in the trace)
        self.times: list[tuple[int, int]] = []  # (offset, ns after the trace's start)
        self.sessions: list[int] = []
        self.attributes = 0
        for index, (name, own, parent, start, length) in enumerate(plan):
            body, marks = bytearray(), []
            for number, size, what in ((1, 16, "t"), (2, 8, index)):
                body += varint(number << 3 | 2) + varint(size)
                marks.append((len(body), what))
                body += bytes(size)
            if parent is not None:
                body += varint(4 << 3 | 2) + varint(8)
                marks.append((len(body), parent))
                body += bytes(8)
            body += field(5, name.encode()) + varint(6 << 3) + varint(1)
            clocks = []
            for number, ms in ((7, start), (8, start + length)):
                body += varint(number << 3 | 1)
                clocks.append((len(body), ms * 1_000_000))
                body += bytes(8)
            places = []
            for key, v in {**own, **shared}.items():
                self.attributes += 1
                encoded = attribute(9, key, v)
                if key == "session.id":
                    places.append(len(body) + encoded.index(str(v).encode()) + len(str(v)) - 8)
                body += encoded
            if failed and index == 0:
                at = varint(1 << 3 | 1)
                event = at + bytes(8) + field(2, b"exception")
                event += attribute(3, "exception.type", "TimeoutError") + attribute(3, "exception.message", prose(rng, 80))
                clocks.append((len(body) + len(varint(11 << 3 | 2) + varint(len(event))) + len(at), 5_000_000))
                body += field(11, event)
            code = varint(3 << 3) + varint(2 if failed and index == 0 else 1)
            body += field(15, (field(2, b"upstream timed out") if failed and index == 0 else b"") + code)
            head = varint(2 << 3 | 2) + varint(len(body))  # ScopeSpans.spans
            base = len(buffer) + len(head)
            for offset, what in marks:
                if what == "t":
                    self.trace_ids.append(base + offset)
                else:
                    self.span_ids.append((base + offset, what))  # type: ignore[arg-type]
            self.times += [(base + o, ns) for o, ns in clocks]
            self.sessions += [base + o for o in places]
            buffer += head + body
        self.bytes = bytes(buffer)

    def make(self, rng: random.Random, start_ns: int, session: int) -> bytearray:
        out = bytearray(self.bytes)
        trace = rng.getrandbits(128).to_bytes(16, "big")
        ids = [rng.getrandbits(64) or 1 for _ in range(SPANS_PER_TRACE)]
        for offset in self.trace_ids:
            out[offset : offset + 16] = trace
        for offset, index in self.span_ids:
            struct.pack_into(">Q", out, offset, ids[index])
        for offset, ns in self.times:
            struct.pack_into("<Q", out, offset, start_ns + ns)
        name = b"%08d" % session
        for offset in self.sessions:
            out[offset : offset + 8] = name
        return out


class RequestMaker:
    """Makes requests for one project; what takes long is done at the beginning."""

    def __init__(self, project: str, seed: int) -> None:
        self.rng = random.Random(seed)
        # The variants are the same whatever the seed: only ids and choices differ.
        self.templates = [Template(random.Random(v), v, VECTOR) for v in range(VARIANTS)]
        self.resource = field(
            1,
            attribute(1, "openinference.project.name", project) + attribute(1, "service.name", "load"),
        )
        self.scope = field(1, field(1, b"load.generator") + field(2, b"1.0"))

    def request(self, first_trace: int, starts: list[int]) -> tuple[bytes, int, int]:
        """A compressed body with a trace for each start, its span count, its size uncompressed."""
        encoded = b"".join(
            self.rng.choice(self.templates).make(self.rng, start, (first_trace + i) // 10)
            for i, start in enumerate(starts)
        )
        body = field(1, self.resource + field(2, self.scope + encoded))
        return gzip.compress(body, 6), len(starts) * SPANS_PER_TRACE, len(body)


def requests(
    spans: int, batch: int, project: str, seed: int, first_trace: int, days: float
) -> tuple[list[tuple[bytes, int]], int]:
    """Compressed bodies with their span counts, and their size before compression."""
    maker = RequestMaker(project, seed)
    per_batch, traces = max(1, batch // SPANS_PER_TRACE), spans // SPANS_PER_TRACE
    span_of_time = int(days * 86400 * 10**9)
    first, step = time.time_ns() - span_of_time, span_of_time // max(1, traces)
    result, raw = [], 0
    for done in range(0, traces, per_batch):
        starts = [first + i * step for i in range(done, min(done + per_batch, traces))]
        body, count, size = maker.request(first_trace + done, starts)
        raw += size
        result.append((body, count))
    return result, raw


VARIANTS = 400
#: Length of embedding vectors: short, so that texts make up most of a span as they do in life.
VECTOR = 16


def generate(path: Path, spans: int, batch: int = 512, project: str = "load") -> None:
    """Writes a file of bodies, unless it is there already."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = 25 * batch
    jobs = [
        (min(part, spans - at), batch, project, 1 + at // part, at // SPANS_PER_TRACE, 0.5)
        for at in range(0, spans, part)
    ]
    raw = wire = count = 0
    unfinished = path.with_suffix(".part")
    with open(unfinished, "wb") as file, ProcessPoolExecutor() as pool:
        for bodies, size in pool.map(requests, *zip(*jobs)):
            raw += size
            for body, n in bodies:
                file.write(struct.pack("<II", len(body), n) + body)
                wire += len(body)
                count += n
    path.with_suffix(".json").write_text(
        json.dumps(
            {
                "spans": count,
                "bytes_per_span": round(raw / count),
                "wire_bytes_per_span": round(wire / count),
            }
        )
    )
    unfinished.rename(path)


def load(path: Path) -> list[tuple[memoryview, int]]:
    """The bodies of a file with the number of spans in each; nothing is read before it is used."""
    with open(path, "rb") as file:
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    at, result = 0, []
    while at < len(view):
        size, spans = struct.unpack_from("<II", view, at)
        result.append((view[at + 8 : at + 8 + size], spans))
        at += 8 + size
    return result

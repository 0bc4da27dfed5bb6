"""Bad input: a clear answer, bounded time and memory, nothing lost, the server still serving."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import time
import zlib
from pathlib import Path
from typing import Any, Callable, Iterator

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from support.otlp import (
    PROTOBUF,
    attributes,
    grpc_channel,
    make_span,
    request,
    send_grpc,
    send_http,
    send_json,
)
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original does not promise this")

#: For tests that no database has a part in.
on_sqlite = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

MEBIBYTE = 1024 * 1024
#: What one request may cost the server above what it needed before.
MEMORY_GROWTH_MAX = 700 * MEBIBYTE


@pytest.fixture(autouse=True)
def still_serving(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test the server is the same process, stores a span, and shows it."""
    if "server" not in request.fixturenames:
        yield
        return
    server: Server = request.getfixturevalue("server")
    pid = server.pid
    yield
    assert server.running() and server.pid == pid, server.log_tail()
    span = make_span("afterwards")
    assert send_http(server, request_of(span)).accepted
    assert send_grpc(server, request_of(span)).accepted
    answer = server.http.get("/v1/projects/test/spans", params={"span_id": span.span_id.hex()})
    assert [s["name"] for s in answer.json()["data"]] == ["afterwards"]


def request_of(*spans: Span, project: str = "test") -> bytes:
    return request(*spans, project=project).SerializeToString()


def shown(server: Server, span: Span, project: str = "test") -> dict[str, Any]:
    answer = server.http.get(
        f"/v1/projects/{project}/spans", params={"span_id": span.span_id.hex()}
    )
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["data"]
    return found


class Meter:
    """Time and memory that a block of work cost the server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def __enter__(self) -> "Meter":
        Path(f"/proc/{self.server.pid}/clear_refs").write_text("5")  # resets the peak
        self.before = self.server.resident_bytes()
        self.began = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds = time.monotonic() - self.began
        self.growth = self.server.resident_bytes("VmHWM") - self.before


# -------------------------------------------------------------------- protobuf and encodings


@pytest.mark.parametrize("way", [send_http, send_grpc], ids=["http", "grpc"])
def test_random_and_truncated_protobuf(server: Server, way: Callable[..., Any]) -> None:
    rng = random.Random(5)
    whole = request_of(*[make_span(f"s{i}") for i in range(3)], project="fuzz")
    answers = set()
    for i in range(150):
        if i % 3 == 0:
            body = rng.randbytes(rng.randrange(1, 400))
        elif i % 3 == 1:
            body = whole[: rng.randrange(1, len(whole))]
        else:
            damaged = bytearray(whole)
            for _ in range(rng.randrange(1, 6)):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            body = bytes(damaged)
        answers.add(way(server, body).status)
    assert answers <= {"200", "422", "OK", "INVALID_ARGUMENT"}, answers
    assert answers & {"422", "INVALID_ARGUMENT"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-protobuf", "content-encoding": "br"}, 415),
        ({"content-type": "application/x-protobuf", "content-encoding": "gzip"}, 400),
        ({"content-type": "application/x-protobuf", "content-encoding": "zstd"}, 400),
        ({"content-type": "application/x-protobuf", "content-encoding": "deflate"}, 400),
        ({"content-type": "application/json"}, 422),
    ],
)
def test_wrong_types_and_encodings(server: Server, headers: dict[str, str], status: int) -> None:
    answer = send_http(server, request_of(make_span()), headers)
    assert answer.status == str(status), answer
    assert len(answer.message) > 10


def test_spans_sent_to_a_wrong_place_are_named_in_the_log(make_server: Callable[..., Server]) -> None:
    server = make_server()
    answer = server.http.post(
        "/v1/trace", content=b"", headers={"content-type": "application/x-protobuf"}
    )
    assert answer.status_code in (404, 405)
    warning = "Spans were sent to a path that takes in none. path=/v1/trace traces_path=/v1/traces"
    assert warning in server.log_tail()


def test_grpc_at_the_port_of_http_is_told_the_other_port(make_server: Callable[..., Server]) -> None:
    server = make_server()
    with grpc_channel(f"127.0.0.1:{server.http_port}") as channel:
        answer = send_grpc(channel, request(make_span("lost")).SerializeToString())
    assert answer.status == "UNIMPLEMENTED"
    assert f"Send gRPC to port {server.grpc_port}." in answer.message
    assert f"by gRPC to the port of HTTP. grpc_port={server.grpc_port}" in server.log_tail()


def test_a_json_body_that_is_not_json_or_not_otlp(server: Server) -> None:
    for body in (b"{", b"[]", b"nul", b'{"resourceSpans": 5}', b'{"resourceSpans": [5]}', b"\xff"):
        answer = send_http(server, body, {"content-type": "application/json"})
        assert answer.status == "422", (body, answer)


@on_sqlite
@pytest.mark.parametrize("way", ["gzip", "zstd", "grpc"])
def test_a_small_body_that_inflates_to_a_gibibyte(server: Server, way: str) -> None:
    if way == "zstd":
        import zstandard

        compressor = zstandard.ZstdCompressor(level=3).compressobj()
    else:
        compressor = zlib.compressobj(9, wbits=31)
    chunk = bytes(MEBIBYTE)
    bomb = b"".join([*(compressor.compress(chunk) for _ in range(1024)), compressor.flush()])
    assert len(bomb) < 1.2 * MEBIBYTE
    with Meter(server) as meter:
        if way == "grpc":
            status = grpc_frame_status(server, b"\x01" + len(bomb).to_bytes(4, "big") + bomb)
            assert status == "8", status  # RESOURCE_EXHAUSTED
        else:
            answer = send_http(server, bomb, {**PROTOBUF, "content-encoding": way})
            assert answer.status == "413", answer
    assert meter.seconds < 5
    assert meter.growth < 200 * MEBIBYTE, meter.growth


def grpc_frame_status(server: Server, frame: bytes) -> str:
    """Sends a message frame as it is, which no gRPC library would do; returns the grpc-status."""
    with socket.create_connection(("127.0.0.1", server.grpc_port), timeout=30) as link:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        connection.initiate_connection()
        headers = [
            (":method", "POST"), (":scheme", "http"), (":authority", "localhost"),
            (":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"),
            ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-encoding", "gzip"),
        ]  # fmt: skip
        connection.send_headers(1, headers)
        rest, seen = frame, {}
        while True:
            room = min(connection.local_flow_control_window(1), connection.max_outbound_frame_size)
            if rest and room and "grpc-status" not in seen:
                part, rest = rest[:room], rest[room:]
                connection.send_data(1, part, end_stream=not rest)
                link.sendall(connection.data_to_send())
                continue
            link.sendall(connection.data_to_send())
            data = link.recv(65536)
            if not data:
                return seen.get("grpc-status", "connection closed")
            for event in connection.receive_data(data):
                if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                    seen |= dict(event.headers)
                if isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
                    return seen.get("grpc-status", f"http {seen.get(':status')}")


# -------------------------------------------------------------------- size and depth


@pytest.mark.parametrize("way", [send_http, send_grpc], ids=["http", "grpc"])
def test_a_span_beyond_the_size_limit(server: Server, way: Callable[..., Any]) -> None:
    span = make_span(attributes={"input.value": "x" * (64 * MEBIBYTE)})
    with Meter(server) as meter:
        answer = way(server, request_of(span))
    assert answer.status in ("413", "RESOURCE_EXHAUSTED"), answer
    assert not (answer.status == "RESOURCE_EXHAUSTED" and answer.retry_after), "nothing to wait for"
    assert meter.seconds < 20 and meter.growth < MEMORY_GROWTH_MAX, (meter.seconds, meter.growth)


@pytest.mark.parametrize("way", [send_http, send_grpc], ids=["http", "grpc"])
def test_a_span_just_below_the_size_limit_is_kept(
    server: Server, way: Callable[..., Any]
) -> None:
    span = make_span(attributes={"input.value": "x" * (63 * MEBIBYTE)})
    with Meter(server) as meter:
        answer = way(server, request_of(span, project="huge"))
        assert answer.accepted, answer
        value = shown(server, span, "huge")["attributes"]["input.value"]
    assert len(value) == 63 * MEBIBYTE
    assert meter.seconds < 30 and meter.growth < MEMORY_GROWTH_MAX, (meter.seconds, meter.growth)
    server.http.delete("/v1/projects/huge")


@pytest.fixture(scope="module")
def wide_span() -> Span:
    """A span of a million attributes, which Python takes its time to make."""
    span = make_span()
    span.attributes.extend(attributes({f"k{i}": i for i in range(1_000_000)}))
    return span


def test_a_million_attributes(server: Server, wide_span: Span) -> None:
    body = request_of(wide_span, project="wide")
    with Meter(server) as meter:
        answer = send_http(server, body)
    assert answer.accepted or answer.status in ("413", "422"), answer
    assert meter.seconds < 30 and meter.growth < 2 * MEMORY_GROWTH_MAX, meter.growth
    if answer.accepted:
        assert shown(server, wide_span, "wide")["attributes"]["k999999"] == 999_999
        server.http.delete("/v1/projects/wide")


def test_a_million_deep_dots_in_a_key(server: Server) -> None:
    span = make_span(attributes={".".join("a" * 500_000): 1})
    with Meter(server) as meter:
        answer = send_http(server, request_of(span))
    assert answer.accepted or answer.status in ("413", "422"), answer
    assert meter.seconds < 30 and meter.growth < MEMORY_GROWTH_MAX


def nested_bytes(depth: int) -> bytes:
    """An AnyValue of arrays in arrays, encoded by hand: protobuf itself refuses to build it."""
    value = b"\x0a\x01x"

    def varint(n: int) -> bytes:
        out = bytearray()
        while n > 127:
            out.append(n & 127 | 128)
            n >>= 7
        out.append(n)
        return bytes(out)

    parts, length = [value], len(value)
    for _ in range(depth):
        inner = b"\x0a" + varint(length)
        length += len(inner)
        outer = b"\x2a" + varint(length)
        length += len(outer)
        parts += [inner, outer]
    return b"".join(reversed(parts))


@on_sqlite
@pytest.mark.parametrize("way", [send_http, send_grpc], ids=["http", "grpc"])
def test_values_nested_a_hundred_thousand_deep(server: Server, way: Callable[..., Any]) -> None:
    value = nested_bytes(100_000)
    span = make_span()
    marker = AnyValue(string_value="\x01" * len(value))
    span.attributes.append(KeyValue(key="deep", value=marker))
    # The marker is one field of the size of the value plus its own head; the lengths around it are
    # made right by building the request from the inside out.
    body = splice(span, value)
    with Meter(server) as meter:
        answer = way(server, body)
    assert answer.status in ("422", "INVALID_ARGUMENT"), answer
    assert meter.seconds < 5 and meter.growth < 200 * MEBIBYTE


def splice(span: Span, value: bytes) -> bytes:
    from google.protobuf.internal import encoder

    def field(number: int, content: bytes) -> bytes:
        tag: list[bytes] = []
        encoder._EncodeVarint(tag.append, number << 3 | 2)
        encoder._EncodeVarint(tag.append, len(content))
        return b"".join(tag) + content

    clean = Span()
    clean.CopyFrom(span)
    del clean.attributes[-1]
    attribute = field(1, b"deep") + field(2, value)
    body = clean.SerializeToString() + field(9, attribute)
    return field(1, field(2, field(2, body)))


@on_sqlite
def test_json_nested_a_hundred_thousand_deep(server: Server) -> None:
    deep = '{"arrayValue":{"values":[' * 100_000 + "]}}" * 100_000
    span = (
        '{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x",'
        f'"attributes":[{{"key":"deep","value":{deep}}}]}}'
    )
    body = f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}}]}}]}}'.encode()
    with Meter(server) as meter:
        answer = send_http(server, body, {"content-type": "application/json"})
    assert answer.status == "422", answer
    assert meter.seconds < 5


def test_a_json_attribute_nested_deep_is_kept(server: Server) -> None:
    text = '{"a":' * 3000 + "1" + "}" * 3000
    span = make_span(attributes={"metadata": text})
    answer = send_http(server, request_of(span))
    assert answer.accepted, answer
    assert send_http(server, request_of(make_span("neighbour"))).accepted


# -------------------------------------------------------------------- text


def test_nul_and_invalid_utf8_are_stored_and_shown_escaped(server: Server) -> None:
    span = make_span("nul \0 name", attributes={"nul\0key": "nul \0 value", "user.id": "a\0b"})
    assert send_http(server, request_of(span)).accepted
    found = shown(server, span)
    assert found["name"] == "nul \0 name"
    assert found["attributes"]["nul\0key"] == "nul \0 value"
    assert found["attributes"]["user.id"] == "a\0b"

    span = make_span("name-\x01\x01", attributes={"key-\x01\x01": "value-\x01\x01"})
    body = request_of(span).replace(b"\x01\x01", b"\xff\xfe")
    for way in (send_http, send_grpc):
        assert way(server, body).accepted
    found = shown(server, span)
    assert found["name"] == r"name-\xff\xfe"
    assert found["attributes"][r"key-\xff\xfe"] == r"value-\xff\xfe"


@pytest.mark.parametrize("way", [send_http, send_json], ids=["protobuf", "json"])
def test_odd_text_survives(server: Server, way: Callable[..., Any]) -> None:
    text = "\U0001f469\u200d\U0001f52c \u202e rtl \u0301 \x7f \x1b[31m <script> ' \" \\ \ufeff \uffff"
    span = make_span(text, attributes={"input.value": text, text: "key"})
    assert way(server, request_of(span)).accepted
    found = shown(server, span)
    assert found["name"] == text
    assert found["attributes"]["input.value"] == text


def test_projects_and_sessions_with_odd_names(server: Server) -> None:
    for name in ("with space", "unicode \u00fc", "percent%41", "q?x=1", "a#b", "dots..", "'; --"):
        span = make_span(attributes={"session.id": name})
        assert send_http(server, request_of(span, project=name)).accepted
        assert name in server.projects()
        found = server.spans(server.projects()[name])
        assert span.span_id.hex() in [s["context"]["span_id"] for s in found]


# -------------------------------------------------------------------- identifiers and times


@pytest.mark.parametrize("way", [send_http, send_grpc, send_json], ids=["http", "grpc", "json"])
def test_spans_without_ids_are_refused_one_by_one(server: Server, way: Callable[..., Any]) -> None:
    good, no_trace, no_span = make_span("good"), make_span(trace_id=b""), make_span(span_id=b"")
    answer = way(server, request_of(no_trace, good, no_span))
    assert answer.accepted and answer.rejected == 2, answer
    assert "trace" in answer.message or "id" in answer.message
    assert shown(server, good)["name"] == "good"


def test_ids_of_wrong_length_or_all_zero(server: Server) -> None:
    """As recorded from Arize Phoenix: stored as they are, whatever their length."""
    for trace_id, span_id in (
        (b"\1" * 8, random.randbytes(4)), (random.randbytes(32), random.randbytes(32)),
    ):  # fmt: skip
        span = make_span("odd", trace_id=trace_id, span_id=span_id)
        answer = send_http(server, request_of(span))
        assert answer.accepted, answer
        if not answer.rejected:
            assert shown(server, span)["context"]["span_id"] == span_id.hex()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, 0),
        (1, 2),
        (1_700_000_000_000_000_000, 1_600_000_000_000_000_000),
        (7_258_118_400_000_000_000, 7_258_118_401_000_000_000),
        (2**63, 2**63 + 1),
        (2**64 - 1, 2**64 - 1),
        (0, 2**64 - 1),
    ],
    ids=["zero", "1970", "end first", "2200", "beyond int64", "uint64 max", "all of time"],
)
def test_odd_times(server: Server, start: int, end: int) -> None:
    span = make_span(
        "time", start=start, duration_ms=0, attributes={"session.id": f"odd {start} {end}"}
    )
    span.end_time_unix_nano = end
    assert send_http(server, request_of(span)).accepted
    found = shown(server, span)
    assert found["start_time"] and found["end_time"]
    assert server.http.get("/v1/projects/test/traces", params={"limit": 1000}).status_code == 200
    by_latency = {"sort": "latency_ms", "limit": 1000}
    assert server.http.get("/v1/projects/test/traces", params=by_latency).status_code == 200
    assert server.http.get("/v1/projects/test/sessions").status_code == 200


def test_repeated_span_ids_keep_the_first(server: Server) -> None:
    first = make_span("first")
    second = make_span("second", span_id=first.span_id)
    third = make_span("third", span_id=first.span_id, trace_id=first.trace_id)
    assert send_http(server, request_of(first, second)).accepted
    assert send_http(server, request_of(third)).accepted
    assert shown(server, first)["name"] == "first"
    assert server.span_ids().count(first.span_id.hex()) == 1


def test_children_before_parents_and_parents_elsewhere(server: Server) -> None:
    root = make_span("root")
    child = make_span("child", trace_id=root.trace_id, parent=root.span_id)
    far = make_span("far", parent=root.span_id)
    assert send_http(server, request_of(child, far, project="children")).accepted
    assert send_http(server, request_of(root, project="parents")).accepted
    names = {s["name"] for s in server.spans("children")}
    assert names == {"root", "child", "far"}  # A trace stays where it was first seen.


# -------------------------------------------------------------------- connections


def test_ten_thousand_idle_connections(make_server: Callable[..., Server]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 10_000
    if hard < wanted + 2000:
        pytest.skip(f"this machine allows {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + 2000), hard))
    server = make_server()
    links: list[socket.socket] = []
    try:
        before = server.resident_bytes()
        for i in range(wanted):
            port = server.grpc_port if i % 2 else server.http_port
            link = socket.socket()
            # Addresses of their own, since one has too few ports for all tests in a row.
            link.bind((f"127.0.0.{2 + i % 50}", 0))
            link.settimeout(10)
            link.connect(("127.0.0.1", port))
            links.append(link)
        began = time.monotonic()
        span = make_span("among many")
        assert send_http(server, request_of(span)).accepted
        assert send_grpc(server, request_of(make_span())).accepted
        assert time.monotonic() - began < 5
        assert shown(server, span)["name"] == "among many"
        growth = server.resident_bytes() - before
        assert growth < 400 * MEBIBYTE, growth
    finally:
        for link in links:
            link.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert send_http(server, request_of(make_span())).accepted


def read_until_closed(link: socket.socket) -> bytes:
    data = b""
    try:
        while part := link.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


@on_sqlite
@pytest.mark.slow
def test_a_head_that_never_ends_is_cut_off(server: Server) -> None:
    links = []
    for port in (server.http_port, server.grpc_port):
        link = socket.create_connection(("127.0.0.1", port), timeout=40)
        link.sendall(b"POST /v1/traces HTTP/1.1\r\nhost: x\r\n")
        links.append(link)
    began = time.monotonic()
    for link in links:
        data = read_until_closed(link)
        assert data == b"" or b"408" in data.split(b"\r\n")[0] or b"HTTP/1.1" in data, data
        link.close()
    assert time.monotonic() - began < 30


@on_sqlite
@pytest.mark.slow
def test_a_body_that_never_ends_is_cut_off(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.http_port), timeout=60) as link:
        link.sendall(
            b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
            b"content-length: 1000\r\n\r\nabc"
        )
        began = time.monotonic()
        data = read_until_closed(link)
    assert b" 408 " in data.split(b"\r\n")[0], data
    assert time.monotonic() - began < 50


@on_sqlite
def test_clients_that_vanish_mid_body(server: Server) -> None:
    body = request_of(make_span("vanished"), project="vanished")
    for i in range(200):
        link = socket.create_connection(("127.0.0.1", server.http_port), timeout=10)
        head = (
            "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        ).encode()
        link.sendall(head + body[: i % len(body)])
        if i % 2:
            linger = (1).to_bytes(4, "little") + bytes(4)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)  # RST instead of FIN
        link.close()
    assert "vanished" not in server.projects()


@on_sqlite
@pytest.mark.parametrize("port", ["http_port", "grpc_port"])
def test_malformed_http2_is_closed_not_crashed(server: Server, port: str) -> None:
    rng = random.Random(9)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        head = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
        return head + payload

    settings = frame(4, 0, 0, b"")
    attacks = [
        rng.randbytes(500),
        settings + rng.randbytes(500),
        settings + frame(0, 0, 0, b"data on stream 0"),
        settings + frame(1, 4, 2, b"\x82"),  # an even stream
        settings + frame(6, 0, 0, b"short"),  # a ping of the wrong size
        settings + frame(8, 0, 0, bytes(4)),  # a window update of 0
        settings + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",  # a frame beyond the limit
        settings + frame(1, 4, 1, b"\xff" * 200),  # nonsense in HPACK
        # HPACK bomb: one long header in the table, then thousands of references to it.
        settings + frame(1, 4, 1, b"\x40\x01a\x7f\x81\x1e" + b"b" * 4000 + b"\xbe" * 12_000),
        settings + frame(1, 0, 1, b"\x82") + b"".join(frame(9, 0, 1, b"\x82") for _ in range(5000)),
        settings + b"".join(frame(6, 0, 0, bytes(8)) for _ in range(20_000)),
        settings + b"".join(frame(4, 0, 0, b"") for _ in range(20_000)),
    ]
    for attack in attacks:
        with socket.create_connection(
            ("127.0.0.1", getattr(server, port)), timeout=20
        ) as link:
            try:
                link.sendall(preface + attack)
                link.shutdown(socket.SHUT_WR)
                read_until_closed(link)
            except (BrokenPipeError, ConnectionResetError):
                pass
    assert server.http.get("/healthz").status_code == 200


@on_sqlite
def test_rapid_resets_are_cut_off(server: Server) -> None:
    connection = h2.connection.H2Connection()
    with socket.create_connection(("127.0.0.1", server.http_port), timeout=20) as link:
        connection.initiate_connection()
        link.sendall(connection.data_to_send())
        headers = [
            (":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "/v1/projects"),
        ]  # fmt: skip
        closed = False
        for i in range(20_000):
            stream = 2 * i + 1
            connection.send_headers(stream, headers, end_stream=True)
            connection.reset_stream(stream)
            if i % 50 == 0:
                try:
                    link.sendall(connection.data_to_send())
                    link.setblocking(False)
                    try:
                        closed = link.recv(1 << 20) == b""
                    except BlockingIOError:
                        pass
                    link.setblocking(True)
                except (BrokenPipeError, ConnectionResetError):
                    closed = True
                if closed:
                    break
    assert closed, "twenty thousand resets and the connection still stands"


# -------------------------------------------------------------------- disks


@pytest.fixture
def small_disk(session_folder: Path) -> Iterator[Path]:
    """A file system of 24 MiB."""
    folder = session_folder / "small-disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine lets us mount nothing")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_and_recovers(
    make_server: Callable[..., Server], small_disk: Path
) -> None:
    server = make_server(start=False)
    server.folder = small_disk / "data"
    server.folder.mkdir()
    server.start()
    ballast = small_disk / "ballast"
    kept = [make_span("before")]
    assert send_http(server, request_of(kept[0])).accepted
    ballast.write_bytes(bytes(12 * MEBIBYTE))
    answer = None
    for i in range(400):
        span = make_span(f"fill {i}", attributes={"input.value": random.randbytes(40_000).hex()})
        answer = send_http(server, request_of(span))
        if not answer.accepted:
            break
        kept.append(span)
    assert answer and answer.status == "507", answer
    grpc_answer = send_grpc(
        server, request_of(make_span(attributes={"input.value": random.randbytes(400_000).hex()}))
    )
    assert grpc_answer.status == "RESOURCE_EXHAUSTED", grpc_answer
    assert server.running()
    stored = {s["context"]["span_id"] for s in server.spans("test")}
    assert {s.span_id.hex() for s in kept} <= stored
    ballast.unlink()
    late = make_span("after")
    deadline = time.monotonic() + 20
    while not (answer := send_http(server, request_of(late))).accepted:
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    server.kill()
    server.start()
    stored_list = server.span_ids()
    assert {s.span_id.hex() for s in [*kept, late]} <= set(stored_list)
    assert len(stored_list) == len(set(stored_list))
    server.stop()
    shutil.rmtree(server.folder)


def test_a_read_only_database_still_reads(
    make_server: Callable[..., Server], session_folder: Path
) -> None:
    folder = session_folder / "read-only-disk"
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets us mount nothing")
    try:
        server = make_server(start=False)
        server.folder = folder / "data"
        server.folder.mkdir()
        server.start()
        span = make_span("kept")
        assert send_http(server, request_of(span)).accepted
        # The file system turns read-only under the server, as after an error of the disk. Linux
        # refuses that while files are open for writing, hence the limit on file sizes instead.
        size = (server.folder / "phoenix.db-wal").stat().st_size
        subprocess.run(["prlimit", "--pid", str(server.pid), f"--fsize={size}:"], check=True)
        answer = send_http(
            server, request_of(make_span(attributes={"input.value": random.randbytes(900_000).hex()}))
        )
        assert answer.status == "507", answer
        assert shown(server, span)["name"] == "kept"
        assert server.running()
        subprocess.run(["prlimit", "--pid", str(server.pid), "--fsize=unlimited:"], check=True)
        deadline = time.monotonic() + 20
        while not (answer := send_http(server, request_of(make_span()))).accepted:
            assert time.monotonic() < deadline, answer
            time.sleep(0.2)
        server.stop()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_postgres_that_refuses_writes_still_reads(
    make_server: Callable[..., Server], own_cluster: Any
) -> None:
    server = make_server("postgres", cluster=own_cluster)
    span = make_span("kept")
    assert send_http(server, request_of(span)).accepted
    name = server.database.rsplit("/", 1)[1] if server.database else ""
    own_cluster.query("postgres", f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    terminate = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    own_cluster.query("postgres", terminate)
    answer = send_http(server, request_of(make_span()))
    for _ in range(20):
        if answer.status == "507":
            break
        time.sleep(0.2)
        answer = send_http(server, request_of(make_span()))
    assert answer.status == "507", answer
    assert shown(server, span)["name"] == "kept"
    own_cluster.query("postgres", f"ALTER DATABASE {name} RESET default_transaction_read_only")
    own_cluster.query("postgres", terminate)
    deadline = time.monotonic() + 20
    while not (answer := send_http(server, request_of(make_span()))).accepted:
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)


# -------------------------------------------------------------------- HTTP at large


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/no-such-thing", 404),
        ("PUT", "/v1/traces", 405),
        ("GET", "/v1/projects/none-of-that-name/spans", 404),
        ("GET", "/v1/projects/default/spans?limit=0", 422),
        ("GET", "/v1/projects/default/spans?limit=x", 422),
        ("GET", "/v1/projects/default/spans?cursor=x", 422),
        ("GET", "/v1/projects/default/spans?start_time=yesterday", 422),
        ("GET", "/v1/projects/default/traces?filter=latency_ms+%3E", 400),
        ("GET", "/v1/projects/default/sessions?filter=x", 400),
        ("GET", "/v1/projects/%FF%FE/spans", 404),
        ("POST", "/v1/projects", 422),
        ("DELETE", "/v1/projects/default", 403),
    ],
)
def test_rest_answers_wrong_requests(
    server: Server, method: str, path: str, status: int
) -> None:
    answer = server.http.request(method, path)
    assert answer.status_code == status, answer.text
    if status == 422 and answer.headers["content-type"].startswith("application/json"):
        assert "detail" in json.loads(answer.text)


@on_sqlite
def test_a_head_too_large_is_refused(server: Server) -> None:
    answer = httpx.get(server.url + "/healthz", headers={"x-long": "x" * 200_000})
    assert answer.status_code == 431
    answer = httpx.get(server.url + "/v1/projects?" + "x" * 60_000)
    assert answer.status_code in (200, 414, 431)


def test_a_compressed_answer_is_the_same_answer(server: Server) -> None:
    send_http(server, request_of(make_span(attributes={"input.value": "x" * 5000})))
    path = server.url + "/v1/projects/test/spans"
    plain = httpx.get(path, headers={"accept-encoding": "identity"})
    packed = httpx.get(path, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    assert gzip  # what httpx used

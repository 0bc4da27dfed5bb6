"""Spans to send, and the ways to send them."""

from __future__ import annotations

import base64
import gzip
import json
import random
import time
import zlib
from dataclasses import dataclass
from typing import Any, Callable

import grpc
import httpx
import zstandard
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from support.server import Server

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROTOBUF = {"content-type": "application/x-protobuf"}


# -------------------------------------------------------------------- spans


def any_value(value: Any) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, (list, tuple)):
        result = AnyValue()
        result.array_value.values.extend(any_value(v) for v in value)
        return result
    if isinstance(value, dict):
        result = AnyValue()
        result.kvlist_value.values.extend(attributes(value))
        return result
    return AnyValue(string_value=value)


def attributes(values: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=k, value=any_value(v)) for k, v in values.items()]


def make_span(
    name: str = "span",
    *,
    trace_id: bytes | None = None,
    span_id: bytes | None = None,
    parent: bytes = b"",
    kind: str = "CHAIN",
    start: int | None = None,
    duration_ms: int = 10,
    **values: Any,
) -> Span:
    start = start if start is not None else time.time_ns()
    return Span(
        trace_id=random.randbytes(16) if trace_id is None else trace_id,
        span_id=random.randbytes(8) if span_id is None else span_id,
        parent_span_id=parent,
        name=name,
        kind=Span.SPAN_KIND_INTERNAL,
        start_time_unix_nano=start,
        end_time_unix_nano=max(0, start + duration_ms * 1_000_000),
        attributes=attributes({"openinference.span.kind": kind, **values.pop("attributes", {})}),
        **values,
    )


def request(*spans: Span, project: str | None = "test") -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    resource = message.resource_spans.add()
    if project is not None:
        resource.resource.attributes.extend(attributes({"openinference.project.name": project}))
    resource.scope_spans.add().spans.extend(spans)
    return message


def realistic(count: int, project: str, rng: random.Random) -> ExportTraceServiceRequest:
    """A request of ``count`` spans of some 2.5 KB, five to a trace."""
    words = "token model prompt agent vector answer question index latency tool chain".split()
    spans: list[Span] = []
    while len(spans) < count:
        trace_id, root = rng.randbytes(16), rng.randbytes(8)
        for i in range(min(5, count - len(spans))):
            spans.append(
                make_span(
                    f"step {i}",
                    trace_id=trace_id,
                    span_id=root if i == 0 else rng.randbytes(8),
                    parent=b"" if i == 0 else root,
                    kind="LLM" if i == 3 else "CHAIN",
                    attributes={
                        "input.value": " ".join(rng.choices(words, k=150)),
                        "output.value": " ".join(rng.choices(words, k=150)),
                        "llm.model_name": "gpt-4o",
                        "llm.token_count.prompt": 100,
                        "llm.token_count.completion": 10,
                        "session.id": f"session-{rng.randrange(20)}",
                    },
                )
            )
    return request(*spans, project=project)


def ids_of(message: ExportTraceServiceRequest) -> list[str]:
    return [
        span.span_id.hex()
        for resource in message.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def to_json(body: bytes) -> bytes:
    """A protobuf request in the OTLP/JSON mapping: protobuf's own, save that ids are hex."""
    message = ExportTraceServiceRequest.FromString(body)
    tree = json_format.MessageToDict(message, use_integers_for_enums=True)

    def mend(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("traceId", "spanId", "parentSpanId") and isinstance(value, str):
                    node[key] = base64.b64decode(value).hex()
                else:
                    mend(value)
        elif isinstance(node, list):
            for value in node:
                mend(value)

    mend(tree)
    return json.dumps(tree).encode()


# -------------------------------------------------------------------- sending


@dataclass
class Answer:
    """How one request ended, whatever carried it."""

    accepted: bool
    #: HTTP status, or the name of the gRPC code; "lost" when the connection broke.
    status: str
    #: Seconds after which the server wants to see the request again, if it says so.
    retry_after: float | None = None
    rejected: int = 0
    message: str = ""

    @property
    def overloaded(self) -> bool:
        return self.status in ("429", "503", "RESOURCE_EXHAUSTED", "UNAVAILABLE")


def send_http(
    server: Server | str,
    body: bytes,
    headers: dict[str, str] = PROTOBUF,
    client: httpx.Client | None = None,
) -> Answer:
    http = client or (server.http if isinstance(server, Server) else httpx)
    url = (server.url if isinstance(server, Server) else server) + "/v1/traces"
    try:
        answer = http.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        return Answer(False, "lost", message=repr(error))
    after = answer.headers.get("retry-after")
    result = Answer(
        answer.status_code == 200,
        str(answer.status_code),
        float(after) if after else None,
        message=answer.text[:500] if answer.status_code != 200 else "",
    )
    if answer.status_code == 200:
        if headers.get("content-type", "").startswith("application/json"):
            partial = answer.json().get("partialSuccess", {})
            result.rejected = int(partial.get("rejectedSpans", 0))
            result.message = partial.get("errorMessage", "")
        else:
            response = ExportTraceServiceResponse.FromString(answer.content)
            result.rejected = response.partial_success.rejected_spans
            result.message = response.partial_success.error_message
    return result


def grpc_channel(address: str) -> grpc.Channel:
    limits = [
        ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", -1),
        ("grpc.enable_retries", 0),
    ]
    return grpc.insecure_channel(address, options=limits)


def retry_delay(error: grpc.RpcError) -> float | None:
    """Seconds of the RetryInfo in a gRPC error's status details."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.RetryInfo()
                if detail.Unpack(info):
                    return info.retry_delay.ToTimedelta().total_seconds()
    return None


def send_grpc(
    target: Server | grpc.Channel, body: bytes, compress: bool = False, timeout: float = 60
) -> Answer:
    channel = grpc_channel(target.grpc) if isinstance(target, Server) else target
    call = channel.unary_unary(EXPORT, request_serializer=None, response_deserializer=None)
    try:
        raw = call(
            body,
            timeout=timeout,
            compression=grpc.Compression.Gzip if compress else grpc.Compression.NoCompression,
        )
    except grpc.RpcError as error:
        code = error.code().name
        return Answer(False, code, retry_delay(error), message=error.details() or "")
    finally:
        if isinstance(target, Server):
            channel.close()
    response = ExportTraceServiceResponse.FromString(raw)
    return Answer(
        True, "OK", None, response.partial_success.rejected_spans,
        response.partial_success.error_message,
    )  # fmt: skip


def send_json(server: Server, body: bytes) -> Answer:
    return send_http(server, to_json(body), {"content-type": "application/json"})


#: The ways into the server, by name: each takes the protobuf form of a request.
TRANSPORTS: dict[str, Callable[[Server, bytes], Answer]] = {
    "http-protobuf": send_http,
    "http-json": send_json,
    "grpc": send_grpc,
}

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda b: gzip.compress(b, 1),
    "deflate": zlib.compress,
    "zstd": lambda b: zstandard.ZstdCompressor().compress(b),
}

"""Senders that are quick enough to be no bottleneck, and know what was acknowledged to them."""

from __future__ import annotations

import copy
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Callable

import grpc
import numpy as np
from support.otlp import EXPORT, grpc_channel, realistic, retry_delay
from support.server import Server


class Bodies:
    """Request bodies that differ in their ids only, and whose ids follow from a number.

    The n-th body has the span ids ``sender << 52 | n << 16 | position``, in big-endian.
    """

    def __init__(self, spans: int, sender: int, project: str = "flood", seed: int = 1) -> None:
        assert 0 < spans < 1 << 16 and 0 < sender < 1 << 12
        self.spans, self.sender = spans, sender
        message = realistic(spans, project, random.Random(seed))
        template = message.SerializeToString()
        found = [s for r in message.resource_spans for sc in r.scope_spans for s in sc.spans]
        self._template = np.frombuffer(template, dtype=np.uint8)
        places, values, traces, trace_values = [], [], [], []
        for position, span in enumerate(found):
            for at in _occurrences(template, span.span_id):
                places.append(at)
                values.append(position)
        for position, trace_id in enumerate(sorted({s.trace_id for s in found})):
            for at in _occurrences(template, trace_id):
                traces.append(at + 8)
                trace_values.append(position)
        self._span_places = np.array(places)[:, None] + np.arange(8)
        self._span_values = np.array(values, dtype=np.uint64)
        self._trace_places = np.array(traces)[:, None] + np.arange(8)
        self._trace_values = np.array(trace_values, dtype=np.uint64)

    def of(self, sender: int) -> "Bodies":
        """The same bodies from another sender, without making them anew."""
        other = copy.copy(self)
        other.sender = sender
        return other

    def _base(self, number: int) -> np.uint64:
        return np.uint64(self.sender << 52 | number << 16)

    def make(self, number: int) -> bytes:
        body = self._template.copy()
        for places, values in (
            (self._span_places, self._span_values),
            (self._trace_places, self._trace_values),
        ):
            ids = (values + self._base(number)).astype(">u8").view(np.uint8).reshape(-1, 8)
            body[places] = ids
        return body.tobytes()

    def ids(self, numbers: list[int]) -> np.ndarray:
        """The span ids of these bodies as numbers."""
        if not numbers:
            return np.array([], dtype=np.uint64)
        bases = np.array([self._base(n) for n in numbers], dtype=np.uint64)
        return (bases[:, None] + np.arange(self.spans, dtype=np.uint64)).ravel()


def _occurrences(text: bytes, part: bytes) -> list[int]:
    result, at = [], text.find(part)
    while at >= 0:
        result.append(at)
        at = text.find(part, at + 1)
    return result


def stored_ids(server: Server) -> np.ndarray:
    """The ids of all stored spans as numbers, sorted, duplicates included."""
    rows = server.query(f"SELECT {server.hex('span_id')} FROM spans")
    joined = bytes.fromhex("".join(row[0] for row in rows))
    return np.sort(np.frombuffer(joined, dtype=">u8").astype(np.uint64))


@dataclass
class Tally:
    """What one sender was told."""

    acknowledged: list[int] = field(default_factory=list)
    #: Bodies whose fate is unknown: the connection broke before the answer.
    unknown: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    refused_without_advice: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def offers(self) -> int:
        return len(self.acknowledged) + sum(self.refused.values()) + sum(self.failed.values())


OVERLOAD = {"429", "503", "RESOURCE_EXHAUSTED", "UNAVAILABLE"}


class Sender(threading.Thread):
    """Sends one body after another over one connection until told to stop.

    A refused body is offered again: after ``patience`` times the advised wait, at once for 0. A
    body whose connection broke is offered again too, as exporters do, unless ``retry`` is False;
    then it stays in ``tally.unknown``.
    """

    def __init__(
        self,
        server: Server,
        bodies: Bodies,
        transport: str = "http",
        patience: float = 1.0,
        retry: bool = True,
        first: int = 1,
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.bodies, self.transport = server, bodies, transport
        self.patience, self.retry = patience, retry
        self.number = first
        self.tally = Tally()
        self.halt = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._channel: grpc.Channel | None = None

    def run(self) -> None:
        offer = self._offer_http if self.transport == "http" else self._offer_grpc
        while not self.halt.is_set():
            self._deliver(offer)
            self.number += 1
        self._drop()

    def deliver_again(self, number: int) -> None:
        """Offers a body of unknown fate until it is acknowledged, as an exporter's retry does."""
        self.number, self.retry = number, True
        self.halt.clear()
        self._deliver(self._offer_http if self.transport == "http" else self._offer_grpc)

    def _deliver(self, offer: Callable[[bytes], tuple[str, float | None]]) -> None:
        body = self.bodies.make(self.number)
        uncertain = False
        while True:
            began = time.perf_counter()
            status, advice = offer(body)
            if status in ("200", "OK"):
                self.tally.acknowledged.append(self.number)
                self.tally.latencies.append(time.perf_counter() - began)
                return
            if status in OVERLOAD:
                self.tally.refused[status] += 1
                if advice is None:
                    self.tally.refused_without_advice[status] += 1
                wait = (advice or 0.1) * self.patience
            else:
                self.tally.failed[status] += 1
                uncertain = True
                wait = 0.05
                if not self.retry:
                    break
            if self.halt.wait(wait):
                break
        if uncertain:
            self.tally.unknown.append(self.number)

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None
        if self._channel:
            self._channel.close()
            self._channel = None

    def _offer_http(self, body: bytes) -> tuple[str, float | None]:
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    "127.0.0.1", self.server.http_port, timeout=60
                )
            connection = self._connection
            try:
                connection.request(
                    "POST", "/v1/traces", body, {"content-type": "application/x-protobuf"}
                )
            except (BrokenPipeError, ConnectionResetError):
                # The server may have answered before it read everything.
                if connection.sock is None:
                    raise
                connection._HTTPConnection__state = "Request-sent"  # type: ignore[attr-defined]
            answer = connection.getresponse()
            answer.read()
            if answer.will_close:
                self._drop()
            advice = answer.getheader("retry-after")
            return str(answer.status), float(advice) if advice else None
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            return type(error).__name__, None

    def _offer_grpc(self, body: bytes) -> tuple[str, float | None]:
        if self._channel is None:
            self._channel = grpc_channel(self.server.grpc)
        call = self._channel.unary_unary(EXPORT)
        try:
            call(body, timeout=60)
            return "OK", None
        except grpc.RpcError as error:
            code, advice = error.code().name, retry_delay(error)
            if code in ("UNAVAILABLE", "CANCELLED", "INTERNAL") and advice is None:
                # The connection broke: gRPC itself says so, not the server.
                self._drop()
                return "connection lost", None
            return code, advice


class Load:
    """Several senders at once."""

    def __init__(
        self,
        server: Server,
        http: int = 3,
        grpc: int = 1,
        spans: int = 50,
        patience: float = 1.0,
        retry: bool = True,
        first_sender: int = 1,
        first: int = 1,
    ) -> None:
        kinds = ["http"] * http + ["grpc"] * grpc
        self.server = server
        bodies = Bodies(spans, first_sender)
        self.senders = [
            Sender(server, bodies.of(first_sender + i), kind, patience, retry, first)
            for i, kind in enumerate(kinds)
        ]

    def __enter__(self) -> "Load":
        for sender in self.senders:
            sender.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        for sender in self.senders:
            sender.halt.set()
        for sender in self.senders:
            sender.join(90)
            assert not sender.is_alive(), "a sender does not stop"

    def acknowledged(self) -> np.ndarray:
        return np.sort(np.concatenate([s.bodies.ids(s.tally.acknowledged) for s in self.senders]))

    def unknown(self) -> np.ndarray:
        return np.sort(np.concatenate([s.bodies.ids(s.tally.unknown) for s in self.senders]))

    def total(self, counter: str) -> Counter[str]:
        result: Counter[str] = Counter()
        for sender in self.senders:
            result += getattr(sender.tally, counter)
        return result

    def count(self) -> int:
        """Spans acknowledged so far."""
        return sum(len(s.tally.acknowledged) * s.bodies.spans for s in self.senders)

    def retry_unknown(self) -> None:
        """What exporters do after a broken connection: send it again."""
        for sender in self.senders:
            for number in sender.tally.unknown:
                sender.deliver_again(number)
            sender.tally.unknown.clear()
            sender._drop()


def differences(acknowledged: np.ndarray, stored: np.ndarray) -> dict[str, int]:
    """How many acknowledged spans are missing, and how many rows are duplicates."""
    return {
        "missing": int(np.setdiff1d(acknowledged, stored).size),
        "duplicated": int(stored.size - np.unique(stored).size),
    }

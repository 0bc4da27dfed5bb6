"""Many HTTP clients in few processes, for offering a server far more than it can take.

Threads of one Python process would wait for one another more than for the server. Here a process
drives its connections from one loop, and a refused body costs it nothing but the sending.
"""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from support.flood import OVERLOAD, Bodies
from support.server import Server


@dataclass
class Outcome:
    acknowledged: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    refused_without_advice: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    offers: int = 0


class Client:
    """One connection: sends a body, reads the answer, goes on at once."""

    def __init__(self, port: int, bodies: Bodies, first: int, outcome: Outcome) -> None:
        self.port, self.bodies, self.number, self.outcome = port, bodies, first, outcome
        self.uncertain = False
        self.connect()
        self.next_body()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setblocking(False)
        self.answer = b""

    def next_body(self) -> None:
        body = self.bodies.make(self.number)
        head = (
            "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n"
            f"content-type: application/x-protobuf\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.request = memoryview(head.encode() + body)
        self.offer()

    def offer(self) -> None:
        self.sent = 0
        self.outcome.offers += 1

    def writable(self) -> None:
        try:
            self.sent += self.socket.send(self.request[self.sent : self.sent + 262_144])
        except BlockingIOError:
            pass
        except OSError:
            self.readable()  # an answer may have come before the connection broke

    def readable(self) -> bool:
        """Whether the connection is a new one afterwards."""
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return False
        except OSError as error:
            return self.broken(type(error).__name__)
        if not data:
            return self.broken("closed")
        self.answer += data
        head, separator, rest = self.answer.partition(b"\r\n\r\n")
        if not separator:
            return False
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        if len(rest) < int(headers.get("content-length", 0)):
            return False
        self.answered(lines[0].split()[1], headers)
        if headers.get("connection") == "close" or self.sent < len(self.request):
            return self.reconnect()
        self.answer = b""
        self.after_answer()
        return False

    def answered(self, status: str, headers: dict[str, str]) -> None:
        self.accepted = status == "200"
        if self.accepted:
            self.outcome.acknowledged.append(self.number)
            self.uncertain = False
        elif status in OVERLOAD:
            self.outcome.refused[status] += 1
            if "retry-after" not in headers:
                self.outcome.refused_without_advice[status] += 1
        else:
            self.outcome.failed[status] += 1

    def after_answer(self) -> None:
        if self.accepted:
            self.number += 1
            self.next_body()
        else:
            self.offer()

    def broken(self, why: str) -> bool:
        self.outcome.failed[why] += 1
        self.uncertain = True
        self.accepted = False
        return self.reconnect()

    def reconnect(self) -> bool:
        self.socket.close()
        self.connect()
        self.after_answer()
        return True


def _drive(
    port: int, senders: list[int], spans: int, stop: Any, results: Any
) -> None:
    outcomes = {sender: Outcome() for sender in senders}
    bodies = Bodies(spans, senders[0])
    clients = [Client(port, bodies.of(s), 1, outcomes[s]) for s in senders]
    selector = selectors.DefaultSelector()
    both = selectors.EVENT_READ | selectors.EVENT_WRITE
    for client in clients:
        selector.register(client.socket, both, client)
    ending: float | None = None
    open_clients = set(clients)
    while open_clients:
        if stop.is_set() and ending is None:
            ending = time.monotonic() + 60
        for key, events in selector.select(0.05):
            client: Client = key.data
            before, answers = client.socket, client.outcome.offers
            if events & selectors.EVENT_READ:
                client.readable()
            if client.socket is before and events & selectors.EVENT_WRITE:
                client.writable()
            if client.socket is not before:
                selector.unregister(before)
                selector.register(client.socket, both, client)
            elif client.sent >= len(client.request):
                selector.modify(client.socket, selectors.EVENT_READ, client)
            elif client.outcome.offers != answers:
                selector.modify(client.socket, both, client)
            # The last answer that counts has come: a new offer has begun and is not followed up.
            if ending is not None and client.outcome.offers != answers:
                client.outcome.offers -= 1
                if client.uncertain or client.sent:
                    client.outcome.unknown.append(client.number)
                selector.unregister(client.socket)
                client.socket.close()
                open_clients.discard(client)
        if ending is not None and time.monotonic() > ending:
            for client in open_clients:
                client.outcome.failed["no answer"] += 1
                client.outcome.unknown.append(client.number)
            break
    results.put(outcomes)


class Stampede:
    """``clients`` connections that ignore every advice to wait."""

    def __init__(self, server: Server, clients: int, spans: int, processes: int = 2) -> None:
        self.spans = spans
        context = multiprocessing.get_context("fork")
        self._stop, self._results = context.Event(), context.Queue()
        senders = [list(range(1 + i, 1 + clients, processes)) for i in range(processes)]
        self._processes = [
            context.Process(
                target=_drive, args=(server.http_port, part, spans, self._stop, self._results)
            )
            for part in senders
        ]
        self.outcomes: dict[int, Outcome] = {}

    def __enter__(self) -> "Stampede":
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for _ in self._processes:
            self.outcomes |= self._results.get(timeout=120)
        for process in self._processes:
            process.join(30)

    def total(self, counter: str) -> Counter[str]:
        result: Counter[str] = Counter()
        for outcome in self.outcomes.values():
            result += getattr(outcome, counter)
        return result

    @property
    def offers(self) -> int:
        return sum(o.offers for o in self.outcomes.values())

    @property
    def accepted(self) -> int:
        return sum(len(o.acknowledged) for o in self.outcomes.values())

    def ids(self, which: str) -> np.ndarray:
        bodies = Bodies(self.spans, 1)
        parts = [
            bodies.of(sender).ids(getattr(outcome, which))
            for sender, outcome in self.outcomes.items()
        ]
        return np.sort(np.concatenate(parts))

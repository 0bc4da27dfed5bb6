"""Reads the stream of live events as a client of the released kind would: block by block."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from support.server import Server


@dataclass
class Event:
    name: str = "message"
    id: str = ""
    data: Any = None
    comments: list[str] = field(default_factory=list)


class Stream:
    """One connection to ``/v1/live_events``. Reading waits for events, up to a timeout each."""

    def __init__(
        self, server: Server, query: str = "", last: str | None = None, timeout: float = 10
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.http_port), timeout=timeout)
        head = f"GET /v1/live_events{query} HTTP/1.1\r\nhost: x\r\n"
        if last:
            head += f"last-event-id: {last}\r\n"
        self.socket.sendall(f"{head}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.pending = b""
        self.ended = False

    def _more(self) -> bool:
        """Adds one chunk of the body."""
        size = int(self.file.readline() or b"0", 16)
        self.pending += self.file.read(size)
        self.file.readline()
        self.ended = size == 0
        return not self.ended

    def next(self) -> Event | None:
        """The next event; None when the server ended the stream."""
        while True:
            while b"\n\n" not in self.pending:
                if not self._more():
                    return None
            block, _, self.pending = self.pending.partition(b"\n\n")
            event = Event()
            for line in block.decode().split("\n"):
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if name == "event":
                    event.name = value
                elif name == "id":
                    event.id = value
                elif name == "data":
                    event.data = json.loads(value)
            if event.data is not None:
                return event

    def until(self, name: str) -> Event:
        """The next event of a name; others are passed over."""
        while (event := self.next()) is not None:
            if event.name == name:
                return event
        raise AssertionError(f"the stream ended without {name}")

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

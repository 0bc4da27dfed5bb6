"""The released Python client, and what tests send with it."""

from __future__ import annotations

import asyncio
import inspect
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from phoenix.client import AsyncClient, Client

from support.server import REFERENCE, Server


class Either:
    """The client's resources, called the same way whether they are sync or async."""

    def __init__(self, url: str, is_async: bool) -> None:
        self._loop = asyncio.new_event_loop() if is_async else None
        self._client: Any = AsyncClient(base_url=url) if is_async else Client(base_url=url)

    def __getattr__(self, resource: str) -> Any:
        outer = self

        class Resource:
            def __getattr__(self, method: str) -> Any:
                function = getattr(getattr(outer._client, resource), method)

                def call(**arguments: Any) -> Any:
                    result = function(**arguments)
                    if inspect.isawaitable(result):
                        assert outer._loop
                        return outer._loop.run_until_complete(result)
                    return result

                return call

        return Resource()

    def close(self) -> None:
        if self._loop:
            self._loop.close()


def fresh(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


START = datetime(2026, 5, 1, 12, 0, 0, tzinfo=timezone.utc)


def span(
    index: int = 0, trace_id: str | None = None, parent: str | None = None, **more: Any
) -> dict[str, Any]:
    start = START + timedelta(seconds=index)
    return {
        "name": f"step {index}",
        "context": {"trace_id": trace_id or uuid.uuid4().hex, "span_id": uuid.uuid4().hex[:16]},
        "span_kind": "CHAIN",
        "parent_id": parent,
        "start_time": start.isoformat(),
        "end_time": (start + timedelta(milliseconds=250 + index)).isoformat(),
        "status_code": "OK",
        "status_message": "",
        "attributes": {"input.value": f"question {index}", "output.value": f"answer {index}"},
        "events": [],
        **more,
    }


def log(client: Either, server: Server, project: str, spans: list[dict[str, Any]]) -> None:
    result = client.spans.log_spans(project_identifier=project, spans=spans)
    assert result["total_received"] == result["total_queued"] == len(spans)
    if REFERENCE:
        wanted = {s["context"]["span_id"] for s in spans}
        for _ in range(100):
            if wanted <= set(server.span_ids()):
                return
            time.sleep(0.1)


def id_of(item: dict[str, Any]) -> str:
    return item["context"]["span_id"]

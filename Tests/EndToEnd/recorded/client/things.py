"""What the scenarios send. All times and ids are fixed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from support.client_calls import Calls

START = datetime(2024, 3, 1, 12, 0, 0, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def span(
    ask: Calls, name: str, seconds: float = 0, lasts: float = 0.5, **more: Any
) -> dict[str, Any]:
    """A span whose ids follow from its name; ``trace`` and ``parent`` are names too."""
    trace, parent = more.pop("trace", name), more.pop("parent", None)
    return {
        "name": name,
        "context": {
            "trace_id": ask.hex(f"{ask.area} trace {trace}", 32),
            "span_id": ask.hex(f"{ask.area} span {name}"),
        },
        "span_kind": "CHAIN",
        "parent_id": ask.hex(f"{ask.area} span {parent}") if parent else None,
        "start_time": at(seconds).isoformat(),
        "end_time": at(seconds + lasts).isoformat(),
        "status_code": "OK",
        "status_message": "",
        "attributes": {"input.value": f"question {name}", "output.value": f"answer {name}"},
        "events": [],
        **more,
    }


def id_of(span: dict[str, Any]) -> str:
    return span["context"]["span_id"]


def trace_of(span: dict[str, Any]) -> str:
    return span["context"]["trace_id"]


def store(ask: Calls, project: str, spans: list[dict[str, Any]], call: str = "log") -> None:
    """Logs spans as a call of the scenario and waits until they are there."""
    ask(call, "spans.log_spans", project_identifier=project, spans=spans)
    wanted = {id_of(s) for s in spans}
    ask.until(
        "spans.get_spans",
        lambda found: wanted <= {id_of(s) for s in found},
        project_identifier=project,
        limit=1000,
    )

from __future__ import annotations

from support.client_calls import Calls, unknown

from .things import at, span, store

P = "client-traces"


def traces(ask: Calls) -> None:
    quick = span(ask, "quick", 0, 0.1, attributes={"session.id": "client-traces-s1"})
    slow = span(ask, "slow", 10, 5, attributes={"session.id": "client-traces-s2"})
    child = span(ask, "child", 11, 1, trace="slow", parent="slow", span_kind="LLM")
    failed = span(ask, "failed", 20, 1, status_code="ERROR", status_message="no")
    store(ask, P, [quick, slow, child, failed])
    project = ask("project", "projects.get", project_name=P)
    for name, arguments in {
        "plain": {},
        "limit": {"limit": 1},
        "limit-zero": {"limit": 0},
        "with-spans": {"include_spans": True},
        "start": {"start_time": at(10)},
        "end": {"end_time": at(10)},
        "sort-start-asc": {"sort": "start_time", "order": "asc"},
        "sort-start-desc": {"sort": "start_time", "order": "desc"},
        "sort-latency-asc": {"sort": "latency_ms", "order": "asc"},
        "sort-latency": {"sort": "latency_ms"},
        "order-only": {"order": "asc"},
        "sort-odd": {"sort": "nonsense"},
        "order-odd": {"order": "sideways"},
        "session": {"session_id": "client-traces-s1"},
        "sessions": {"session_id": ["client-traces-s1", "client-traces-s2"]},
        "session-unknown": {"session_id": "nobody"},
        "session-unknown-id": {"session_id": unknown("ProjectSession")},
        "error": {"error": True},
        "no-error": {"error": False},
        "latency-min": {"min_latency_ms": 1000},
        "latency-max": {"max_latency_ms": 1000.0},
        "latency-between": {"min_latency_ms": 100, "max_latency_ms": 1000},
        "latency-negative": {"min_latency_ms": -1},
        "latency-backwards": {"min_latency_ms": 10, "max_latency_ms": 1},
    }.items():
        ask(f"get-{name}", "traces.get_traces", project_identifier=P, **arguments)
    ask("get-by-id", "traces.get_traces", project_identifier=project["id"])
    ask("get-unknown", "traces.get_traces", project_identifier="no such project")
    ask("get-unknown-id", "traces.get_traces", project_identifier=unknown("Project"))

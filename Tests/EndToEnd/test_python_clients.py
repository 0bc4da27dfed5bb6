"""Acceptance: the released Python clients and exporters work against this server, unchanged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pandas as pd
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode
from phoenix.otel import register
from support.clients import START, Either, fresh, id_of, log, span
from support.server import REFERENCE, Server

import grpc


# -------------------------------------------------------------------- projects


def test_projects_are_created_read_changed_and_deleted(client: Either) -> None:
    name = fresh("project")
    created = client.projects.create(name=name, description="first")
    assert created["name"] == name and created["description"] == "first"
    assert client.projects.get(project_id=created["id"]) == created
    assert client.projects.get(project_name=name) == created
    updated = client.projects.update(project_name=name, description="second")
    assert updated == {**created, "description": "second"}
    assert created["id"] in [p["id"] for p in client.projects.list()]
    assert [p["name"] for p in client.projects.list(name_contains=name.upper())] == [name]
    client.projects.delete(project_id=created["id"])
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.projects.get(project_name=name)
    assert error.value.response.status_code == 404


def test_more_projects_than_a_page_are_all_listed(client: Either) -> None:
    prefix = fresh("many")
    for i in range(105):
        client.projects.create(name=f"{prefix}-{i}")
    names = [p["name"] for p in client.projects.list(name_contains=prefix)]
    assert sorted(names) == sorted(f"{prefix}-{i}" for i in range(105))


def test_the_default_project_stays(client: Either) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.projects.delete(project_name="default")
    assert error.value.response.status_code == 403


# -------------------------------------------------------------------- spans


def test_logged_spans_come_back(client: Either, server: Server) -> None:
    project = fresh("spans")
    root = span(0, attributes={"llm": {"model_name": "m"}, "input.value": "hi"}, span_kind="LLM")
    child = span(
        1, root["context"]["trace_id"], id_of(root), status_code="ERROR", status_message="no",
        events=[{"name": "exception", "timestamp": START.isoformat(), "attributes": {
            "exception.message": "broken"}}],
    )  # fmt: skip
    log(client, server, project, [root, child])
    got = {id_of(s): s for s in client.spans.get_spans(project_identifier=project)}
    assert got.keys() == {id_of(root), id_of(child)}
    shown = got[id_of(root)]
    assert shown["attributes"] == {"llm.model_name": "m", "input.value": "hi"}
    assert shown["span_kind"] == "LLM" and shown["parent_id"] is None
    assert datetime.fromisoformat(shown["start_time"]) == START
    shown = got[id_of(child)]
    assert shown["parent_id"] == id_of(root)
    assert (shown["status_code"], shown["status_message"]) == ("ERROR", "no")
    assert shown["events"][0]["attributes"]["exception.message"] == "broken"


def test_spans_are_filtered(client: Either, server: Server) -> None:
    project = fresh("filters")
    spans = [span(i, span_kind="LLM" if i % 2 else "TOOL") for i in range(6)]
    spans[2]["parent_id"] = id_of(spans[1])
    spans[3]["status_code"] = "ERROR"
    spans[4]["attributes"] |= {"user.id": "12345", "retry.count": 3, "cached": True, "ratio": 0.5}
    log(client, server, project, spans)

    def find(**filters: Any) -> set[int]:
        got = client.spans.get_spans(project_identifier=project, **filters)
        ids = [id_of(s) for s in spans]
        return {ids.index(id_of(s)) for s in got}

    assert find() == set(range(6))
    assert find(trace_ids=[spans[0]["context"]["trace_id"], "0" * 32]) == {0}
    assert find(span_ids=[id_of(spans[1]), id_of(spans[2])]) == {1, 2}
    assert find(parent_id="null") == {0, 1, 3, 4, 5}
    assert find(parent_id=id_of(spans[1])) == {2}
    assert find(name="step 5") == {5}
    assert find(name=["step 5", "step 0"]) == {0, 5}
    assert find(span_kind="llm") == {1, 3, 5}
    assert find(status_code=["ERROR"]) == {3}
    assert find(start_time=START + timedelta(seconds=2), end_time=START + timedelta(seconds=4)) == {
        2, 3,
    }  # fmt: skip
    assert find(attributes={"user.id": "12345"}) == {4}
    assert find(attributes={"retry.count": 3, "cached": True, "ratio": 0.5}) == {4}
    assert find(attributes={"retry.count": "3"}) == set()
    assert find(span_kind="LLM", status_code="OK", name="step 5") == {5}


def test_more_spans_than_a_page_arrive_once_each(client: Either, server: Server) -> None:
    project = fresh("pages")
    spans = [span(i) for i in range(257)]
    log(client, server, project, spans)
    got = client.spans.get_spans(project_identifier=project, limit=1000)
    assert [id_of(s) for s in got] == [id_of(s) for s in reversed(spans)]
    got = client.spans.get_spans(project_identifier=project, limit=150)
    assert [id_of(s) for s in got] == [id_of(s) for s in reversed(spans)][:150]


def test_repeated_spans_are_refused_together(client: Either, server: Server) -> None:
    from phoenix.client.resources.spans import SpanCreationError

    project = fresh("repeats")
    first, second = span(0), span(1)
    log(client, server, project, [first])
    with pytest.raises(SpanCreationError) as error:
        client.spans.log_spans(project_identifier=project, spans=[first, second])
    assert error.value.total_duplicates == 1 and error.value.total_queued == 0
    assert len(client.spans.get_spans(project_identifier=project)) == 1


def test_invalid_spans_are_named(client: Either, server: Server) -> None:
    project = fresh("invalid")
    bad = span(0, start_time="2026-05-01T12:00:00")  # no time zone
    with pytest.raises(Exception) as error:
        client.spans.log_spans(project_identifier=project, spans=[bad])
    assert "SpanCreationError" in type(error.value).__name__ or "HTTP" in type(error.value).__name__


def test_a_dataframe_of_spans_is_logged(client: Either, server: Server) -> None:
    project = fresh("frame")
    rows = []
    for i in range(3):
        s = span(i)
        rows.append({
            "name": s["name"], "span_kind": "LLM", "parent_id": None,
            "start_time": s["start_time"], "end_time": s["end_time"], "status_code": "OK",
            "status_message": "", "context.trace_id": s["context"]["trace_id"],
            "context.span_id": id_of(s), "attributes.llm.model_name": "m",
        })  # fmt: skip
    result = client.spans.log_spans_dataframe(
        project_identifier=project, spans_dataframe=pd.DataFrame(rows)
    )
    assert result["total_queued"] == 3
    server.settle(len(server.span_ids()) + (3 if REFERENCE else 0), 3)
    got = client.spans.get_spans(project_identifier=project)
    assert {s["attributes"]["llm.model_name"] for s in got} == {"m"}
    assert {id_of(s) for s in got} == {r["context.span_id"] for r in rows}


def test_spans_come_back_as_a_dataframe(client: Either, server: Server) -> None:
    project = fresh("table")
    root = span(0, span_kind="LLM", attributes={
        "input.value": "hi", "llm.model_name": "m", "llm.token_count.prompt": 5,
        "llm.invocation_parameters": '{"temperature": 0.5}',
    })  # fmt: skip
    child = span(1, root["context"]["trace_id"], id_of(root), status_code="ERROR")
    log(client, server, project, [root, child])
    frame = client.spans.get_spans_dataframe(project_identifier=project)
    assert list(frame.index) == [id_of(child), id_of(root)] and frame.index.name == "context.span_id"
    row = frame.loc[id_of(root)]
    assert (row["name"], row["span_kind"], row["status_code"]) == ("step 0", "LLM", "OK")
    assert row["context.trace_id"] == root["context"]["trace_id"]
    assert row["attributes.llm.model_name"] == "m" and row["attributes.input.value"] == "hi"
    assert row["attributes.llm.token_count.prompt"] == 5
    assert row["start_time"] == START and str(frame["start_time"].dtype).startswith("datetime64")
    assert frame.loc[id_of(child)]["parent_id"] == id_of(root)

    def ids(**filters: Any) -> list[str]:
        return list(client.spans.get_spans_dataframe(project_identifier=project, **filters).index)

    assert ids(root_spans_only=True) == [id_of(root)]
    assert ids(limit=1) == [id_of(child)]
    assert ids(end_time=START + timedelta(seconds=1)) == [id_of(root)]
    assert ids(start_time=START + timedelta(seconds=1)) == [id_of(child)]
    nothing = client.spans.get_spans_dataframe(project_identifier=fresh("nothing"))
    assert nothing.empty


def test_a_deleted_span_leaves_its_children(client: Either, server: Server) -> None:
    project = fresh("delete")
    root = span(0)
    child = span(1, root["context"]["trace_id"], id_of(root))
    log(client, server, project, [root, child])
    client.spans.delete(span_identifier=id_of(root))
    left = client.spans.get_spans(project_identifier=project)
    assert [id_of(s) for s in left] == [id_of(child)]
    client.spans.delete(span_identifier=left[0]["id"])
    assert client.spans.get_spans(project_identifier=project) == []
    assert client.traces.get_traces(project_identifier=project) == []
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.spans.delete(span_identifier=id_of(root))
    assert error.value.response.status_code == 404


# -------------------------------------------------------------------- traces


def test_traces_are_listed_sorted_and_filtered(client: Either, server: Server) -> None:
    project = fresh("traces")
    spans = []
    for i in range(5):
        s = span(i, span_kind="LLM")
        s["end_time"] = (START + timedelta(seconds=i, milliseconds=1000 - 100 * i)).isoformat()
        s["attributes"] |= {
            "session.id": f"{project}-{i % 2}",
            "llm.token_count.prompt": 10 + i,
            "llm.token_count.completion": i,
        }
        s["status_code"] = "ERROR" if i == 4 else "OK"
        spans.append(s)
    log(client, server, project, spans)
    ids = [s["context"]["trace_id"] for s in spans]

    def find(**filters: Any) -> list[int]:
        got = client.traces.get_traces(project_identifier=project, **filters)
        return [ids.index(t["trace_id"]) for t in got]

    assert find() == [4, 3, 2, 1, 0]
    assert find(order="asc") == [0, 1, 2, 3, 4]
    assert find(sort="latency_ms") == [0, 1, 2, 3, 4]
    assert find(sort="latency_ms", order="asc", limit=2) == [4, 3]
    assert find(limit=3) == [4, 3, 2]
    assert find(session_id=f"{project}-1") == [3, 1]
    assert find(session_id=[f"{project}-1", f"{project}-0"]) == [4, 3, 2, 1, 0]
    assert find(
        start_time=START + timedelta(seconds=1), end_time=START + timedelta(seconds=3)
    ) == [2, 1]
    assert find(error=True) == [4]
    assert find(error=False) == [3, 2, 1, 0]
    assert find(min_latency_ms=700, max_latency_ms=900) == [3, 2, 1]
    got = client.traces.get_traces(project_identifier=project, include_spans=True, limit=1)[0]
    assert [s["span_id"] for s in got["spans"]] == [id_of(spans[4])]
    tokens = (got["token_count_prompt"], got["token_count_completion"], got["token_count_total"])
    assert tokens == (14, 4, 18)


def test_more_traces_than_a_page_arrive_once_each(client: Either, server: Server) -> None:
    project = fresh("trace-pages")
    spans = [span(i // 3) for i in range(210)]  # three at a time start together
    log(client, server, project, spans)
    got = client.traces.get_traces(project_identifier=project, limit=500)
    assert len(got) == 210 == len({t["trace_id"] for t in got})
    starts = [t["start_time"] for t in got]
    assert starts == sorted(starts, reverse=True)


# -------------------------------------------------------------------- sessions


def test_sessions_are_read_and_deleted(client: Either, server: Server) -> None:
    project = fresh("sessions")
    sessions = [f"{project} {i}" for i in range(4)]
    spans = []
    for i, session in enumerate(sessions):
        for turn in range(i + 1):
            s = span(10 * i + turn, span_kind="LLM")
            s["attributes"] |= {
                "session.id": session,
                "llm.token_count.prompt": 5,
                "llm.token_count.completion": 2,
            }
            spans.append(s)
    log(client, server, project, spans)

    listed = client.sessions.list(project_name=project)
    assert [s["session_id"] for s in listed] == sessions
    assert [len(s["traces"]) for s in listed] == [1, 2, 3, 4]
    assert [s["token_count_total"] for s in listed] == [7, 14, 21, 28]
    assert client.sessions.list(project_id=listed[0]["project_id"], limit=2) == listed[:2]
    assert client.sessions.get(session_id=sessions[2]) == listed[2]
    assert client.sessions.get(session_id=listed[2]["id"]) == listed[2]

    frame = client.sessions.get_sessions_dataframe(project_name=project)
    assert list(frame["num_traces"]) == [1, 2, 3, 4]

    turns = client.sessions.get_session_turns(session_id=sessions[3])
    assert [t["input"]["value"] for t in turns] == [f"question {30 + i}" for i in range(4)]
    assert [t["output"]["value"] for t in turns] == [f"answer {30 + i}" for i in range(4)]

    client.sessions.delete(session_id=sessions[0])
    client.sessions.bulk_delete(session_ids=[sessions[1], sessions[2], "no such session"])
    assert [s["session_id"] for s in client.sessions.list(project_name=project)] == sessions[3:]
    left = client.spans.get_spans(project_identifier=project)
    assert {id_of(s) for s in left} == {id_of(s) for s in spans[6:]}
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.sessions.get(session_id=sessions[0])
    assert error.value.response.status_code == 404


# -------------------------------------------------------------------- OpenTelemetry


def names_in(server: Server, project: str, count: int) -> list[str]:
    if REFERENCE:
        import time

        for _ in range(100):
            answer = server.http.get(f"/v1/projects/{project}/spans")
            if answer.status_code == 200 and len(answer.json()["data"]) >= count:
                break
            time.sleep(0.1)
    return sorted(s["name"] for s in server.spans(project))


@pytest.mark.parametrize("batch", [False, True], ids=["one by one", "in batches"])
@pytest.mark.parametrize("way", ["grpc", "http"])
def test_register_sends_traces(server: Server, way: str, batch: bool) -> None:
    project = fresh(f"register-{way}")
    endpoint = f"http://{server.grpc}" if way == "grpc" else f"{server.url}/v1/traces"
    provider = register(
        project_name=project,
        endpoint=endpoint,
        protocol="grpc" if way == "grpc" else "http/protobuf",
        batch=batch,
        set_global_tracer_provider=False,
        verbose=False,
    )
    tracer = provider.get_tracer("test")

    @tracer.chain
    def answer(question: str) -> str:
        with tracer.start_as_current_span("lookup", openinference_span_kind="tool") as span:
            span.set_attribute("user.id", "u1")
            span.set_status(Status(StatusCode.ERROR, "nothing found"))
        return "forty-two"

    answer("what?")
    assert provider.force_flush()
    provider.shutdown()
    assert names_in(server, project, 2) == ["answer", "lookup"]
    got = {s["name"]: s for s in server.spans(project)}
    assert got["answer"]["span_kind"] == "CHAIN"
    assert "what?" in got["answer"]["attributes"]["input.value"]
    assert got["lookup"]["parent_id"] == got["answer"]["context"]["span_id"]
    assert (got["lookup"]["status_code"], got["lookup"]["status_message"]) == (
        "ERROR", "nothing found",
    )  # fmt: skip


@pytest.mark.parametrize("compression", ["none", "gzip", "deflate"])
@pytest.mark.parametrize("way", ["grpc", "http"])
def test_opentelemetrys_own_exporters_send_traces(
    server: Server, way: str, compression: str
) -> None:
    if way == "grpc" and compression == "deflate":
        pytest.skip("the gRPC exporter offers gzip only")
    project = fresh(f"otel-{way}-{compression}")
    if way == "grpc":
        exporter: Any = GRPCExporter(
            endpoint=server.grpc,
            insecure=True,
            compression=grpc.Compression.Gzip if compression == "gzip" else None,
        )
    else:
        exporter = HTTPExporter(
            endpoint=f"{server.url}/v1/traces", compression=Compression(compression)
        )
    provider = TracerProvider(resource=Resource({"openinference.project.name": project}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=100))
    tracer = provider.get_tracer("test")
    for i in range(250):
        with tracer.start_as_current_span(f"span {i:03}"):
            pass
    assert provider.force_flush()
    provider.shutdown()
    assert names_in(server, project, 250) == [f"span {i:03}" for i in range(250)]


def test_the_project_header_wins(server: Server) -> None:
    project = fresh("header")
    exporter = HTTPExporter(
        endpoint=f"{server.url}/v1/traces", headers={"x-project-name": project}
    )
    provider = TracerProvider(resource=Resource({"openinference.project.name": "not this one"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    with provider.get_tracer("test").start_as_current_span("only"):
        pass
    provider.shutdown()
    assert names_in(server, project, 1) == ["only"]

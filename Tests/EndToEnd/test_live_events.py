"""Live events: what is stored is told at once, nothing is told twice or lost in silence."""

from __future__ import annotations

import threading
import time
from typing import Callable

import pytest
from support.events import Stream
from support.flood import Load
from support.otlp import make_span, request, send_http
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original has no live events")


def export(server: Server, project: str, count: int = 1) -> None:
    spans = [make_span(f"live {n}") for n in range(count)]
    body = request(*spans, project=project).SerializeToString()
    assert send_http(server, body).accepted


def test_a_span_is_told_within_a_second(server: Server) -> None:
    with Stream(server) as stream:
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.until("ready").id
        began = time.monotonic()
        export(server, "live-one")
        event = stream.until("spans_inserted")
        assert time.monotonic() - began < 1
    project = server.projects()["live-one"]
    assert event.data["project"] == project
    assert event.data["span_count"] == 1
    assert event.data["traces"] == [trace["id"] for trace in server.traces("live-one")]


def test_a_project_can_be_followed_alone(server: Server) -> None:
    export(server, "live-followed")
    with Stream(server, "?project=live-followed") as stream:
        stream.until("ready")
        export(server, "live-other")
        export(server, "live-followed", 3)
        event = stream.until("spans_inserted")
        assert event.data["span_count"] == 3
    with Stream(server, "?project=live-nobody") as stream:
        assert stream.status == 404


def test_a_stream_that_is_resumed_gets_exactly_what_it_missed(server: Server) -> None:
    with Stream(server) as stream:
        stream.until("ready")
        export(server, "live-resumed", 1)
        last = stream.until("spans_inserted").id
    for count in (2, 3, 4):
        export(server, "live-resumed", count)
    with Stream(server, last=last) as stream:
        assert [stream.next().data["span_count"] for _ in range(3)] == [2, 3, 4]
        export(server, "live-resumed", 5)
        assert stream.next().data["span_count"] == 5
    with Stream(server, f"?last_event_id={last}") as stream:
        assert stream.next().data["span_count"] == 2


def test_what_cannot_be_resumed_is_reset(server: Server) -> None:
    with Stream(server, last="1234-5") as stream:
        assert stream.next().name == "reset"
        export(server, "live-reset")
        assert stream.next().name in ("projects_changed", "spans_inserted")


def test_deleting_is_told(server: Server) -> None:
    export(server, "live-deleted")
    [trace] = server.traces("live-deleted")
    with Stream(server, "?project=live-deleted") as stream:
        stream.until("ready")
        assert server.http.delete(f"/v1/traces/{trace['trace_id']}").is_success
        event = stream.until("traces_deleted")
        assert event.data["traces"] == [trace["id"]]
        assert server.http.delete("/v1/projects/live-deleted").is_success
        assert stream.until("projects_changed").data["is_deleted"] is True


def test_a_stop_ends_the_streams(make_server: Callable[..., Server], database: str) -> None:
    server = make_server(database)
    with Stream(server) as stream:
        stream.until("ready")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
        assert stream.next() is None


def test_after_a_restart_clients_are_told_to_look(make_server: Callable[..., Server]) -> None:
    server = make_server("sqlite")
    with Stream(server) as stream:
        last = stream.until("ready").id
    assert server.stop() == 0
    server.start()
    with Stream(server, last=last) as stream:
        assert stream.next().name == "reset"


def test_servers_of_one_database_hear_each_other(make_server: Callable[..., Server]) -> None:
    first = make_server("postgres")
    second = Server(first.folder / "second", first.database, first.cluster)
    try:
        second.start()
        for one, other, count in ((first, second, 2), (second, first, 3), (first, second, 4)):
            with Stream(one) as own, Stream(other) as others:
                own.until("ready")
                others.until("ready")
                began = time.monotonic()
                export(one, "shared", count)
                for stream in (own, others):
                    assert stream.until("spans_inserted").data["span_count"] == count
                assert time.monotonic() - began < 5
    finally:
        second.http.close()
        second.kill()


def test_a_database_that_comes_back_is_heard_again(
    make_server: Callable[..., Server], own_cluster: object
) -> None:
    first = make_server("postgres", cluster=own_cluster)
    second = Server(first.folder / "second", first.database, first.cluster)
    try:
        second.start()
        with Stream(second, timeout=60) as stream:
            stream.until("ready")
            export(first, "before")
            assert stream.until("spans_inserted")
            own_cluster.stop("immediate")  # type: ignore[attr-defined]
            own_cluster.start()  # type: ignore[attr-defined]
            # What was missed meanwhile is not known, so there is a reset.
            assert stream.until("reset")
            export(first, "after", 2)
            assert stream.until("spans_inserted").data["span_count"] == 2
    finally:
        second.http.close()
        second.kill()


def test_slow_readers_do_not_hurt_ingestion(make_server: Callable[..., Server]) -> None:
    server = make_server("sqlite")
    before = server.resident_bytes()
    streams = [Stream(server, timeout=30) for _ in range(50)]
    try:
        for stream in streams:
            stream.until("ready")
        # None of them reads while thousands of events pass.
        with Load(server, http=4, grpc=0, spans=1, retry=False) as load:
            time.sleep(4)
        sent = load.acknowledged().size
        assert sent > 100
        assert server.http.get("/healthz").status_code == 200
        assert server.resident_bytes() - before < 200 << 20
        names = {streams[0].next().name for _ in range(100)}
        assert "spans_inserted" in names
    finally:
        for stream in streams:
            stream.close()


def test_streams_have_a_bound(make_server: Callable[..., Server]) -> None:
    server = make_server("sqlite")
    streams: list[Stream] = []
    lock = threading.Lock()

    def open_some() -> None:
        for _ in range(126):
            stream = Stream(server, timeout=60)
            with lock:
                streams.append(stream)

    threads = [threading.Thread(target=open_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        statuses = [stream.status for stream in streams]
        assert statuses.count(200) == 1000
        assert statuses.count(503) == 8
        refused = next(stream for stream in streams if stream.status == 503)
        assert refused.headers["retry-after"] == "5"
    finally:
        for stream in streams:
            stream.close()

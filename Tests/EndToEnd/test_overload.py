"""Acceptance: too much work is refused with advice, costs no memory, and loses nothing."""

from __future__ import annotations

import time
from typing import Callable

import overload
import pytest
from support.flood import Load
from support.otlp import make_span, request, send_grpc, send_http
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original does not promise this")


def test_overload_is_refused_with_advice_and_costs_no_memory(
    make_server: Callable[..., Server],
) -> None:
    server = make_server()
    figures = overload.run(server, seconds=10, warmup=5)
    assert not overload.faults(figures), figures
    assert server.http.get("/healthz").status_code == 200


def test_the_span_limit_of_the_queue_is_the_configured_one(
    make_server: Callable[..., Server],
) -> None:
    server = make_server(env={"PHOENIX_MAX_SPANS_QUEUE_SIZE": "100"})
    fits = request(*[make_span() for _ in range(100)]).SerializeToString()
    assert send_http(server, fits).accepted
    too_many = request(*[make_span() for _ in range(5000)]).SerializeToString()
    # A request that is larger than the queue could never be taken: it may be taken when the queue is
    # empty, or be refused for good, but must not be told to try again for ever.
    answer = send_http(server, too_many)
    assert answer.accepted or answer.status == "413", answer


def test_reading_goes_on_under_overload(make_server: Callable[..., Server]) -> None:
    server = make_server(env={"PHOENIX_MAX_SPANS_QUEUE_SIZE": "2000"})
    with Load(server, http=12, grpc=4, spans=500, patience=0) as load:
        time.sleep(1)
        slowest = 0.0
        for _ in range(20):
            began = time.monotonic()
            assert server.http.get("/v1/projects").status_code == 200
            assert server.http.get("/healthz").status_code == 200
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < 5, slowest
    assert sum(load.total("refused").values()) > 0
    assert not load.total("refused_without_advice")


def test_after_the_storm_everything_is_accepted_again(make_server: Callable[..., Server]) -> None:
    server = make_server(env={"PHOENIX_MAX_SPANS_QUEUE_SIZE": "2000"})
    with Load(server, http=12, grpc=4, spans=500, patience=0):
        time.sleep(2)
    for send in (send_http, send_grpc):
        assert send(server, request(make_span()).SerializeToString()).accepted

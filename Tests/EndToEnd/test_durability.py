"""Acceptance: what was acknowledged is there, whatever is killed, stopped or taken away."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
from crash import Campaign
from support.flood import Load, differences, stored_ids
from support.otlp import make_span, request, send_grpc, send_http
from support.postgres import Cluster
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original does not promise this")


@pytest.mark.parametrize(
    ("database", "rounds", "power_cut"),
    [("sqlite", 5, False), ("sqlite", 4, True), ("postgres", 4, False)],
    ids=["SQLite, server", "SQLite, power", "PostgreSQL, server and database in turn"],
)
def test_killing_loses_nothing(
    session_folder: Path, database: str, rounds: int, power_cut: bool
) -> None:
    folder = session_folder / f"crash-{database}-{power_cut}"
    folder.mkdir()
    folder.chmod(0o755)
    campaign = Campaign(folder, database, seed=7, power_cut=power_cut)
    try:
        totals = campaign.run(rounds)
    finally:
        campaign.close()
        shutil.rmtree(folder, ignore_errors=True)
    assert totals["acknowledged"] > 0
    assert totals["missing"] == 0, totals
    assert totals["duplicated"] == 0, totals


def test_sigterm_answers_what_was_accepted(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    with Load(server, http=3, grpc=1, spans=50, retry=False) as load:
        time.sleep(1.5)
        began = time.monotonic()
        assert server.stop() == 0
        took = time.monotonic() - began
    assert took < 15
    acknowledged = load.acknowledged()
    assert acknowledged.size > 0
    server.start()
    stored = stored_ids(server)
    assert differences(acknowledged, stored) == {"missing": 0, "duplicated": 0}
    # What is stored beyond that was at least on its way.
    assert np.isin(stored, np.union1d(acknowledged, load.unknown())).all()


def test_a_clean_stop_leaves_a_sound_database(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    assert send_http(server, request(make_span("one")).SerializeToString()).accepted
    assert server.stop() == 0
    done = subprocess.run(
        [server.command()[0], "verify"], env=server.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    assert len(server.span_ids()) == 1


def test_postgres_goes_away_and_comes_back(
    make_server: Callable[..., Server], own_cluster: Cluster
) -> None:
    server = make_server("postgres", cluster=own_cluster)
    pid = server.pid
    with Load(server, http=3, grpc=1, spans=50) as load:
        time.sleep(1)
        own_cluster.stop("fast")
        time.sleep(1)
        before = load.count()
        assert server.http.get("/healthz").status_code == 200
        assert server.http.get("/readyz").status_code == 503
        assert server.http.get("/v1/projects").status_code == 503
        for send, status in ((send_http, "503"), (send_grpc, "UNAVAILABLE")):
            began = time.monotonic()
            answer = send(server, request(make_span()).SerializeToString())
            assert answer.status == status and answer.retry_after is not None, answer
            # An exporter waits ten seconds by default; an answer after that helps nobody.
            assert time.monotonic() - began < 10
        time.sleep(2)
        own_cluster.start()
        deadline = time.monotonic() + 30
        while load.count() <= before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert load.count() > before, f"no recovery:\n{server.log_tail()}"
        time.sleep(1)
    assert server.running() and server.pid == pid
    assert server.http.get("/readyz").status_code == 200
    load.retry_unknown()
    assert differences(load.acknowledged(), stored_ids(server)) == {"missing": 0, "duplicated": 0}
    assert not load.total("refused_without_advice")


def test_readers_see_what_was_acknowledged_at_once(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    for i in range(20):
        span = make_span(f"span {i}")
        assert send_http(server, request(span, project="now").SerializeToString()).accepted
        answer = server.http.get("/v1/projects/now/spans", params={"limit": 1})
        assert answer.json()["data"][0]["context"]["span_id"] == span.span_id.hex()

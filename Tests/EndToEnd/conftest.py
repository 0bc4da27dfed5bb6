"""Fixtures: a PostgreSQL cluster for the session, servers for each test."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Callable, Iterator

import pytest
from support.clients import Either
from support.postgres import Cluster
from support.server import Server

DATABASES = ["sqlite", "postgres"]


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """Not pytest's own: PostgreSQL's user must be able to enter it."""
    folder = Path(tempfile.mkdtemp(prefix="phoenix-e2e-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(session_folder: Path) -> Iterator[Cluster]:
    """The cluster that the whole session shares. Who breaks it uses ``own_cluster``."""
    cluster = Cluster(session_folder / "postgres")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture
def own_cluster(session_folder: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A cluster for one test, which may stop and kill it."""
    cluster = Cluster(Path(tempfile.mkdtemp(dir=session_folder, prefix="cluster-")))
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="session")
def session_server(
    session_folder: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    """Makes servers that live until the session ends."""
    made: list[Server] = []

    def make(database: str = "sqlite", start: bool = True, **options: object) -> Server:
        folder = session_folder / f"server-{len(made)}-{database}"
        server = new_server(folder, database, request, **options)
        made.append(server)
        return server.start() if start else server

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def make_server(
    session_folder: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    """Makes servers for one test; those still running at its end are killed."""
    made: list[Server] = []

    def make(database: str = "sqlite", start: bool = True, **options: object) -> Server:
        folder = Path(tempfile.mkdtemp(dir=session_folder, prefix=f"{database}-"))
        server = new_server(folder, database, request, **options)
        made.append(server)
        return server.start() if start else server

    yield make
    for server in made:
        server.http.close()
        if server.running():
            server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


def new_server(
    folder: Path, database: str, request: pytest.FixtureRequest, **options: object
) -> Server:
    if database == "sqlite":
        return Server(folder, **options)  # type: ignore[arg-type]
    cluster: Cluster = options.pop("cluster", None) or request.getfixturevalue("cluster")  # type: ignore[assignment]
    return Server(folder, cluster.create_database(), cluster, **options)  # type: ignore[arg-type]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module", params=DATABASES)
def server(
    request: pytest.FixtureRequest, session_server: Callable[..., Server]
) -> Server:
    """A server on each database that the tests of a module share."""
    return session_server(request.param)


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest, server: Server) -> Iterator[Either]:
    either = Either(server.url, request.param == "async")
    yield either
    either.close()

"""`phoenix import`: a database that Arize Phoenix wrote comes out of this server as it went in.

``recorded/import`` holds such a database and what Arize Phoenix answered about it; ``record.py``
there made both.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from support.asking import differences
from support.imported import questions
from support.server import REFERENCE, Server, binary

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original does not import")

RECORDED = Path(__file__).parent / "recorded" / "import"


@pytest.fixture(scope="module")
def source(session_folder: Path) -> Path:
    path = session_folder / "imported.db"
    path.write_bytes(gzip.decompress((RECORDED / "phoenix.db.gz").read_bytes()))
    return path


@cache
def recorded() -> dict[str, Any]:
    lines = (RECORDED / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["name"]: line["answer"] for line in map(json.loads, lines)}


def run_import(server: Server, source: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary(), "import", str(source)],
        env=server.environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def answers(
    request: pytest.FixtureRequest, session_server: Callable[..., Server], source: Path
) -> dict[str, Any]:
    """What this server answers to the recorded questions after an import."""
    server = session_server(request.param, start=False)
    done = run_import(server, source)
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = server.http.request(method, path, json=body)
        if answer.is_success and "application/json" in answer.headers["content-type"]:
            return answer.json()
        return answer.text if answer.is_success else {"status": answer.status_code, "data": []}

    return dict(questions(ask))


def names() -> Iterator[Any]:
    for name in recorded():
        yield pytest.param(name, id=name.replace("/", "_"))


def parsed(value: Any) -> Any:
    """An answer with the JSON texts in it parsed: PostgreSQL keeps no order of members."""
    if isinstance(value, list):
        return [parsed(element) for element in value]
    if isinstance(value, dict):
        return {
            key: json.loads(member) if key == "attributes" and isinstance(member, str)
            else parsed(member) for key, member in value.items()
        }  # fmt: skip
    return value


@pytest.mark.parametrize("name", list(names()))
def test_answers_are_those_of_the_original(answers: dict[str, Any], name: str) -> None:
    found = differences(parsed(recorded()[name]), parsed(answers.get(name)))
    assert not found, "\n".join(found[:20])


def test_the_source_stays_as_it_is(
    make_server: Callable[..., Server], source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "phoenix.db"
    shutil.copy(source, copy)
    done = run_import(make_server(start=False), copy)
    assert done.returncode == 0, done.stderr
    assert copy.read_bytes() == source.read_bytes()
    assert "Both databases are equal." in done.stdout
    assert "secrets (1)" in done.stdout
    assert "spans: 26 of 26" in done.stderr


def test_an_import_that_is_done_is_not_done_again(
    make_server: Callable[..., Server], source: Path
) -> None:
    server = make_server(start=False)
    assert run_import(server, f"sqlite:///{source}").returncode == 0
    again = run_import(server, source)
    assert again.returncode == 1
    assert "was imported here already" in again.stderr


def test_a_database_in_use_is_not_imported_into(
    make_server: Callable[..., Server], source: Path
) -> None:
    server = make_server()
    done = run_import(server, source)
    assert done.returncode == 1
    assert "Another Phoenix server uses" in done.stderr
    server.stop()
    assert run_import(server, source).returncode == 0


def test_a_database_is_not_imported_into_itself(
    make_server: Callable[..., Server], source: Path
) -> None:
    server = make_server(start=False)
    shutil.copy(source, server.folder / "phoenix.db")
    before = (server.folder / "phoenix.db").read_bytes()
    done = run_import(server, server.folder / "phoenix.db")
    assert done.returncode == 1
    assert "The source is the database to import into." in done.stderr
    assert (server.folder / "phoenix.db").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no database at"),
        (b"", "no database of Arize Phoenix"),
        (b"not a database at all, but long enough for a header " * 20, "not a database"),
    ],
)
def test_what_is_no_database_is_refused(
    make_server: Callable[..., Server], tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "some.db"
    if content is not None:
        path.write_bytes(content)
    done = run_import(make_server(start=False), path)
    assert done.returncode == 1
    assert sentence in done.stderr, done.stderr


def test_verify_finds_nothing_after_an_import(
    make_server: Callable[..., Server], source: Path, database: str
) -> None:
    server = make_server(database, start=False)
    assert run_import(server, source).returncode == 0
    done = subprocess.run(
        [binary(), "verify"], env=server.environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("moment", ["projects:", "spans:", "traces:", "prompts:"])
def test_an_import_that_was_killed_goes_on(
    make_server: Callable[..., Server], source: Path, database: str, moment: str
) -> None:
    server = make_server(database, start=False)
    with subprocess.Popen(
        [binary(), "import", str(source)],
        env=server.environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stderr
        for line in process.stderr:
            if line.startswith(moment):
                break
        process.kill()
    done = run_import(server, source)
    # On a fast machine it may have been done by then.
    assert done.returncode == 0 or "was imported here already" in done.stderr, done.stderr
    verified = subprocess.run(
        [binary(), "verify"], env=server.environment(), capture_output=True, text=True, timeout=60
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr

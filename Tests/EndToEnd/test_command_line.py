"""The command line, and the sentences with which a start fails."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Callable

import pytest
from support.otlp import make_span, realistic, request, send_http
from support.server import REFERENCE, Server, binary

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original's command line differs")


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PHOENIX_")}
    return subprocess.run(
        [binary(), *arguments], env=clean | env, capture_output=True, text=True, timeout=30
    )


def refusal(server: Server, *arguments: str) -> str:
    """Starts a server that must not start; returns the sentence it ends with."""
    done = subprocess.run(
        [*server.command(), *arguments],
        env=server.environment(), capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode not in (0, None), done.stdout + done.stderr
    assert done.returncode > 0, f"died of signal {-done.returncode}: {done.stderr}"
    text = done.stderr.strip()
    assert text and "Fatal error" not in text, text
    return text


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["db", "--help"]])
def test_help_explains(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 0
    assert "USAGE: phoenix" in done.stdout
    assert len(done.stdout) > 200


def test_help_names_every_command() -> None:
    text = run("--help").stdout
    for command in ("serve", "db", "import", "verify"):
        assert re.search(rf"^\s+{command}\b", text, re.M), text


def test_version_names_the_contract_too() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert "20.26.1" in done.stdout
    assert re.search(r"\d+\.\d+\.\d+", done.stdout.replace("20.26.1", ""))


def test_an_unknown_flag_is_explained() -> None:
    done = run("serve", "--no-such-flag")
    assert done.returncode != 0
    assert "--no-such-flag" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("PHOENIX_PORT", "http", "PHOENIX_PORT"),
        ("PHOENIX_PORT", "70000", "PHOENIX_PORT"),
        ("PHOENIX_PORT", "tcp://10.0.0.1:6006", "PHOENIX_PORT"),
        ("PHOENIX_GRPC_PORT", "x", "PHOENIX_GRPC_PORT"),
        ("PHOENIX_TLS_ENABLED", "yes", "PHOENIX_TLS_ENABLED"),
        ("PHOENIX_MAX_SPANS_QUEUE_SIZE", "0", "PHOENIX_MAX_SPANS_QUEUE_SIZE"),
        ("PHOENIX_HOST_ROOT_PATH", "no-slash", "PHOENIX_HOST_ROOT_PATH"),
        ("PHOENIX_SQL_DATABASE_URL", "mysql://somewhere/db", "mysql"),
        ("PHOENIX_LOGGING_LEVEL", "LOUD", "PHOENIX_LOGGING_LEVEL"),
    ],
)
def test_a_malformed_setting_stops_the_start(
    make_server: Callable[..., Server], variable: str, value: str, named: str
) -> None:
    server = make_server(start=False, env={variable: value})
    assert named in refusal(server)


def test_a_port_in_use_stops_the_start(make_server: Callable[..., Server]) -> None:
    first = make_server()
    for port, setting in (("http_port", "PHOENIX_PORT"), ("grpc_port", "PHOENIX_GRPC_PORT")):
        second = make_server(start=False)
        setattr(second, port, getattr(first, port))
        text = refusal(second)
        assert f"listens on port {getattr(first, port)}. Stop it, or set {setting}" in text
        assert not (second.folder / "phoenix.db").exists()
    assert first.http.get("/healthz").status_code == 200


def test_two_servers_of_one_process_have_a_port_each(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False)
    server.grpc_port = server.http_port
    text = refusal(server)
    assert f"PHOENIX_PORT and PHOENIX_GRPC_PORT are both {server.http_port}." in text
    assert not (server.folder / "phoenix.db").exists()


@pytest.mark.parametrize("command", [["serve"], ["verify"], ["reprice"], ["db", "migrate"]])
@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (["alembic_version", "projects", "spans"], "is one of Arize Phoenix"),
        (["recipes"], "has tables of another program"),
        (["projects"], "has tables of another program"),
    ],
)
def test_a_database_of_another_program_is_not_touched(
    make_server: Callable[..., Server], command: list[str], tables: list[str], sentence: str
) -> None:
    server = make_server(start=False)
    path = server.folder / "phoenix.db"
    with closing(sqlite3.connect(path)) as other, other:
        for table in tables:
            other.execute(f"CREATE TABLE {table} (id INTEGER)")
    before = contents(server.folder)
    done = subprocess.run(
        [binary(), *command], env=server.environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert f"The database '{path}' {sentence}" in done.stderr
    assert contents(server.folder) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["plain", "a blank, 50 % and #1?"])
@pytest.mark.parametrize("mode", ["WAL", "PERSIST", "TRUNCATE"])
def test_a_database_of_another_program_has_its_own_journal(
    make_server: Callable[..., Server], mode: str, name: str
) -> None:
    server = make_server(start=False)
    folder = server.folder / name
    folder.mkdir()
    server.extra_env["PHOENIX_WORKING_DIR"] = str(folder)
    with closing(sqlite3.connect(folder / "phoenix.db")) as other, other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("CREATE TABLE recipes (id INTEGER)")
    before = contents(folder)
    assert "has tables of another program: recipes. It is unchanged." in refusal(server)
    assert contents(folder) == before


def test_a_link_leads_to_the_journal_of_another_program(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False)
    folder = server.folder.with_name("elsewhere")
    folder.mkdir()
    with closing(sqlite3.connect(folder / "recipes.db")) as other, other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("CREATE TABLE recipes (id INTEGER)")
        other.commit()
        (server.folder / "phoenix.db").symlink_to(folder / "recipes.db")
        assert (folder / "recipes.db-wal").stat().st_size > 0
        assert "has tables of another program: recipes." in refusal(server)
        assert [file.name for file in server.folder.iterdir()] == ["phoenix.db"]


def test_a_database_that_another_program_left_in_a_write_is_refused(
    make_server: Callable[..., Server],
) -> None:
    server = make_server(start=False)
    path = server.folder / "phoenix.db"
    dying = """
import os, sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("CREATE TABLE recipes (text TEXT)")
other.execute("PRAGMA cache_size = 2")
other.execute("BEGIN")
for _ in range(1000):
    other.execute("INSERT INTO recipes VALUES (hex(randomblob(500)))")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", dying, str(path)], timeout=30)
    assert (server.folder / "phoenix.db-journal").stat().st_size > 0
    assert f"The database '{path}' has tables of another program: recipes." in refusal(server)
    assert list(contents(server.folder)) == ["phoenix.db"]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert other.execute("SELECT COUNT(*) FROM recipes").fetchone() == (0,)


def test_a_database_that_another_program_has_open_is_not_touched(
    make_server: Callable[..., Server],
) -> None:
    server = make_server(start=False)
    path = server.folder / "phoenix.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE recipes (id INTEGER)")
        other.commit()
        before = {file: content for file, content in contents(server.folder).items() if "-shm" not in file}
        assert "phoenix.db-wal" in before
        assert "has tables of another program: recipes." in refusal(server)
        after = {file: content for file, content in contents(server.folder).items() if "-shm" not in file}
        assert after == before


def test_a_working_directory_serves_one_server_at_a_time(
    make_server: Callable[..., Server],
) -> None:
    first = make_server()
    second = make_server(start=False)
    second.folder, kept = first.folder, second.folder
    text = refusal(second)
    assert str(first.folder) in text, text
    second.folder = kept
    first.kill()
    first.start()  # A lock does not outlive its holder.
    assert first.http.get("/healthz").status_code == 200


def test_a_working_directory_that_cannot_be_written_stops_the_start(
    make_server: Callable[..., Server],
) -> None:
    server = make_server(start=False)
    blocked = server.folder / "file"
    blocked.write_text("in the way")
    server.extra_env["PHOENIX_WORKING_DIR"] = str(blocked / "below")
    assert str(blocked) in refusal(server)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
def test_a_missing_permission_stops_the_start(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False)
    server.folder.chmod(0o700)
    program = Path("/tmp") / f"phoenix-{os.getpid()}"
    shutil.copy(binary(), program)
    try:
        done = subprocess.run(
            ["runuser", "-u", "nobody", "--", str(program), "serve"],
            env=server.environment(), capture_output=True, text=True, timeout=30, cwd="/",
        )  # fmt: skip
    finally:
        program.unlink()
    assert done.returncode > 0, done.stdout
    assert str(server.folder) in done.stderr, done.stderr


def test_a_database_of_a_newer_version_stops_the_start(
    make_server: Callable[..., Server],
) -> None:
    server = make_server()
    server.stop()
    with sqlite3.connect(server.folder / "phoenix.db") as connection:
        connection.execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'later', 0)"
        )
    text = refusal(server)
    assert "newer" in text and "9999" in text, text


def test_a_file_that_is_no_database_stops_the_start(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False)
    (server.folder / "phoenix.db").write_bytes(b"This is a letter to my aunt. " * 200)
    assert "phoenix.db" in refusal(server)


def test_postgres_out_of_reach_stops_the_start(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False)
    server.database = "postgresql://nobody:secret@127.0.0.1:1/nothing"
    text = refusal(server)
    assert "secret" not in text and "127.0.0.1" in text, text


def test_db_migrate_prepares_an_empty_database(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database, start=False)
    for _ in range(2):  # The second time there is nothing to do.
        done = subprocess.run(
            [binary(), "db", "migrate"], env=server.environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert server.query("SELECT name FROM projects") == [("default",)]


def verify(server: Server) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary(), "verify"], env=server.environment(), capture_output=True, text=True
    )


def spoil(server: Server, sql: str) -> None:
    """Runs a statement behind the back of a server that has stopped."""
    if server.database:
        server.query(sql)
        return
    with sqlite3.connect(server.folder / "phoenix.db") as connection:
        connection.execute(sql)


def test_verify_finds_a_sound_database_sound(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    body = realistic(300, "sound", random.Random(3)).SerializeToString()
    assert send_http(server, body).accepted
    server.stop()
    done = verify(server)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE traces SET span_count = span_count + 1",
        "UPDATE spans SET cumulative_error_count = 5",
        "UPDATE spans SET cumulative_llm_token_count_prompt = 7",
        "UPDATE spans SET cumulative_llm_token_count_completion = 7",
        "UPDATE project_minutes SET span_count = 0",
        "UPDATE project_minutes SET llm_token_count_prompt = 7",
        "UPDATE project_trace_latencies SET trace_count = 7",
        "UPDATE spans SET wraps_model_call = 1",
    ],
)
def test_verify_finds_a_wrong_sum(
    make_server: Callable[..., Server], database: str, damage: str
) -> None:
    server = make_server(database)
    assert send_http(server, request(make_span()).SerializeToString()).accepted
    server.stop()
    spoil(server, damage)
    done = verify(server)
    assert done.returncode == 2, done.stdout + done.stderr


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM span_payload_blocks",
        "UPDATE span_payload_blocks SET data = zeroblob(length(data))",
        "UPDATE span_payload_blocks SET data = substr(data, 1, length(data) / 2)",
        "UPDATE spans SET payload_index = payload_index + 100000",
    ],
)
def test_verify_finds_a_lost_payload(make_server: Callable[..., Server], damage: str) -> None:
    server = make_server()
    body = realistic(50, "lost", random.Random(3)).SerializeToString()
    assert send_http(server, body).accepted
    server.stop()
    spoil(server, damage)
    done = verify(server)
    assert done.returncode == 2, done.stdout + done.stderr


def test_verify_finds_a_damaged_file(make_server: Callable[..., Server]) -> None:
    server = make_server()
    body = realistic(2000, "damaged", random.Random(3)).SerializeToString()
    assert send_http(server, body).accepted
    server.stop()
    path = server.folder / "phoenix.db"
    spoil(server, "PRAGMA wal_checkpoint(TRUNCATE)")  # so that the damage is in what is read
    places = range(8192 * 4, path.stat().st_size - 4096, 8192)
    assert len(places) > 10
    with open(path, "r+b") as file:
        for at in places:
            file.seek(at)
            file.write(b"\xa5" * 2048)
    done = verify(server)
    assert done.returncode > 0, done.stdout + done.stderr


def test_flags_beat_variables(make_server: Callable[..., Server]) -> None:
    server = make_server(start=False, env={"PHOENIX_HOST": "203.0.113.1"})
    server.extra_env["PHOENIX_PORT"] = "1"
    server.arguments = ["--host", "127.0.0.1", "--port", str(server.http_port)]
    server.start()
    assert server.http.get("/healthz").text == "OK"


def test_the_version_route_names_both_versions(make_server: Callable[..., Server]) -> None:
    answer = make_server().http.get("/arize_phoenix_version")
    assert answer.text == "20.26.1"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", answer.headers["x-phoenix-swift-version"])


def test_metrics_are_served_where_asked_for(make_server: Callable[..., Server]) -> None:
    from support.ports import free_port

    port = free_port()
    server = make_server(
        env={"PHOENIX_ENABLE_PROMETHEUS": "true", "PHOENIX_PROMETHEUS_PORT": str(port)}
    )
    assert send_http(server, request(make_span()).SerializeToString()).accepted
    import httpx

    text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert re.search(r"^phoenix_span_queue_size(\{.*\})? \d", text, re.M), text
    assert "phoenix_span_queue_rejections_total" in text

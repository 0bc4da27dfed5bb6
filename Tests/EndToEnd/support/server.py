"""The server under test, as a process of its own."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Iterator

import httpx

from support.ports import free_port
from support.postgres import Cluster

ROOT = Path(__file__).resolve().parents[3]

#: The tests were proved right against Arize Phoenix itself, which stores after it answers and has
#: tables of its own. With this set they wait for it, and leave out what only this server promises.
REFERENCE = os.environ.get("PHOENIX_TEST_REFERENCE") == "1"


def binary() -> str:
    """PHOENIX_BINARY, or what was built last of release and debug."""
    named = os.environ.get("PHOENIX_BINARY")
    if named:
        return named
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / "phoenix"
        if path.exists():
            return str(path)
    raise RuntimeError("there is no binary; run `make build` or set PHOENIX_BINARY")


class Server:
    """A server on free ports, with a folder and a database of its own.

    ``database`` is None for SQLite in the folder, else a PostgreSQL URL of ``cluster``.
    """

    def __init__(
        self,
        folder: Path,
        database: str | None = None,
        cluster: Cluster | None = None,
        env: dict[str, str] | None = None,
        arguments: list[str] | None = None,
    ) -> None:
        self.folder = folder
        self.database = database
        self.cluster = cluster
        self.http_port, self.grpc_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http_port}"
        self.grpc = f"127.0.0.1:{self.grpc_port}"
        self.extra_env = env or {}
        self.arguments = arguments or []
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.log_path = folder / "server.log"
        # The original drops the connection after an error of its own, so it gets a new one each time.
        limits = httpx.Limits(max_keepalive_connections=0 if REFERENCE else 20)
        self.http = httpx.Client(base_url=self.url, timeout=60, limits=limits)

    # ---------------------------------------------------------------- life

    def environment(self) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PHOENIX_", "OTEL_"))}
        env |= {
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(self.http_port),
            "PHOENIX_GRPC_PORT": str(self.grpc_port),
            "PHOENIX_WORKING_DIR": str(self.folder),
            "PHOENIX_TELEMETRY_ENABLED": "false",
        }
        if self.database:
            env["PHOENIX_SQL_DATABASE_URL"] = self.database
        return env | self.extra_env

    def command(self) -> list[str]:
        return [binary(), "serve", *self.arguments]

    def launch(self, **options: Any) -> None:
        """Starts the process and does not wait for it."""
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.environment(), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, **options,
            )  # fmt: skip

    def start(self, timeout: float = 90, **options: Any) -> "Server":
        self.launch(**options)
        self.wait_healthy(timeout)
        return self

    def wait_healthy(self, timeout: float = 90) -> None:
        assert self.process
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"the server ended with {self.process.returncode}:\n{self.log_tail()}"
                )
            try:
                if self.http.get("/healthz", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"the server is not healthy after {timeout} s:\n{self.log_tail()}")

    def stop(self, timeout: float = 30) -> int:
        """SIGTERM, then the exit status; kills what does not end in time and says so."""
        if not self.process or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"SIGTERM did not end the server:\n{self.log_tail()}") from None

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def log_tail(self, count: int = 20) -> str:
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-count:])

    def resident_bytes(self, field: str = "VmRSS") -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc has no {field}")

    # ---------------------------------------------------------------- what it holds

    def pages(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """The items of a list operation, page after page."""
        cursor: str | None = None
        while True:
            query = {**parameters, **({"cursor": cursor} if cursor else {})}
            answer = self.http.get(path, params=query)
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
            body = answer.json()
            yield from body["data"]
            cursor = body["next_cursor"]
            if not cursor:
                return

    def projects(self) -> dict[str, str]:
        """Ids of all projects by their names."""
        return {p["name"]: p["id"] for p in self.pages("/v1/projects")}

    def spans(self, project: str, **parameters: Any) -> list[dict[str, Any]]:
        """All spans of a project, named by its id or by a plain name."""
        return list(self.pages(f"/v1/projects/{project}/spans", **{"limit": 1000, **parameters}))

    def traces(self, project: str, **parameters: Any) -> list[dict[str, Any]]:
        return list(self.pages(f"/v1/projects/{project}/traces", **{"limit": 1000, **parameters}))

    def sessions(self, project: str, **parameters: Any) -> list[dict[str, Any]]:
        return list(self.pages(f"/v1/projects/{project}/sessions", **{"limit": 1000, **parameters}))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database; all of them text on PostgreSQL."""
        if self.database:
            assert self.cluster
            return [tuple(r) for r in self.cluster.query(self.database.rsplit("/", 1)[1], sql)]
        # Open, it would keep a server that stops from writing its log back into the file.
        path = f"file:{self.folder}/phoenix.db?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as connection:
            return list(connection.execute(sql))

    def hex(self, column: str) -> str:
        """SQL for the lower-case hex text of an id column."""
        if REFERENCE:
            return column
        return f"encode({column}, 'hex')" if self.database else f"lower(hex({column}))"

    def span_ids(self) -> list[str]:
        """The ids of all stored spans, straight from the database, duplicates included."""
        return [row[0] for row in self.query(f"SELECT {self.hex('span_id')} FROM spans")]

    def settle(self, count: int, timeout: float = 30) -> None:
        """Waits, for the original only, until it has stored what it has accepted."""
        if not REFERENCE:
            return
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and len(self.span_ids()) < count:
            time.sleep(0.2)
        time.sleep(1)

"""A PostgreSQL cluster of the tests' own, on its own port, with its files in a temporary folder."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from support.ports import free_port


def program(name: str) -> str:
    """The newest installed version of one of PostgreSQL's programs."""
    found = sorted(
        glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda p: int(p.split("/")[4])
    )
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise RuntimeError(f"PostgreSQL's {name} is not installed; `scripts/setup test` installs it")
    return path


class Cluster:
    """A cluster that can be started, stopped and killed; data survives all three."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, and its user must be able to reach the folder.
            shutil.chown(folder, "postgres")
            for parent in folder.parents:
                if parent == Path("/"):
                    break
                try:
                    parent.chmod(parent.stat().st_mode | 0o011)
                except PermissionError:
                    break
        self._run(
            program("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        with open(self.data / "postgresql.conf", "a") as f:
            f.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = '{folder}'\nmax_connections = 200\n"
                "default_toast_compression = 'lz4'\n"
            )

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        log = open(self.folder / "commands.log", "ab")
        return subprocess.run(
            [*prefix, *command], cwd=self.folder, stdout=log, stderr=log, check=check
        )

    def start(self) -> None:
        for attempt in range(40):
            done = self._run(
                program("pg_ctl"), "-D", str(self.data), "-l", str(self.folder / "log"),
                "-w", "-t", "60", "start", check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return
            time.sleep(0.25)  # a killed predecessor's processes may still hold shared memory
        raise RuntimeError(f"PostgreSQL does not start; see {self.folder}/log")

    def stop(self, mode: str = "fast") -> None:
        self._run(program("pg_ctl"), "-D", str(self.data), "-m", mode, "-w", "stop", check=False)

    def kill(self) -> None:
        """Kills the postmaster and every backend at once, as a crash of the machine would."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for victim in [pid, *map(int, children)]:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        while Path(f"/proc/{pid}").exists() and "zombie" not in _state(pid):
            time.sleep(0.01)

    def create_database(self) -> str:
        """Creates an empty database and returns its URL."""
        self._count += 1
        name = f"test_{self._count}"
        self.query("postgres", f"CREATE DATABASE {name}")
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def query(self, database: str, sql: str) -> list[list[str]]:
        done = subprocess.run(
            [
                "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-qAtX",
                "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-c", sql, database,
            ],
            capture_output=True,
            text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        text = done.stdout.rstrip("\n")
        return [row.split("\x1f") for row in text.split("\x1e")] if text else []


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text().split("State:")[1].splitlines()[0]
    except (FileNotFoundError, IndexError):
        return "zombie"

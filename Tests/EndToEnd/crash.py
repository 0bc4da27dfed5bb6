#!/usr/bin/env python3
"""Kills the server at random moments under load, and counts what was promised and is not there.

    crash.py --rounds 200                          kill -9 of the server on SQLite
    crash.py --database postgres --rounds 50       the same on PostgreSQL, and of PostgreSQL itself
    crash.py --power-cut --rounds 50               SQLite, and the disk forgets what was not synced

Each round sends over HTTP and gRPC, kills, starts again, checks that every acknowledged span is
there, sends again what was not answered, as exporters do, and checks that nothing is there twice.
The binary is PHOENIX_BINARY, else the one in .build. Ends with status 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from support.flood import Load, differences, stored_ids  # noqa: E402
from support.postgres import Cluster  # noqa: E402
from support.server import Server  # noqa: E402

#: Rounds that share a database. A new one every while keeps the check of all ids quick.
ROUNDS_OF_A_DATABASE = 20


class Campaign:
    """Rounds of load and violence against one kind of database."""

    def __init__(
        self, folder: Path, database: str = "sqlite", seed: int = 1, power_cut: bool = False
    ) -> None:
        self.folder, self.database, self.power_cut = folder, database, power_cut
        self.rng = random.Random(seed)
        self.cluster: Cluster | None = None
        self.server: Server | None = None
        self.round = 0
        self.promised = np.array([], dtype=np.uint64)
        self.totals = {"rounds": 0, "acknowledged": 0, "retried": 0, "missing": 0, "duplicated": 0}
        self.env: dict[str, str] = {}
        if power_cut:
            library = folder / "power_cut.so"
            source = Path(__file__).parent / "support" / "power_cut.c"
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
            self.env = {"LD_PRELOAD": str(library), "POWER_CUT_FILES": "phoenix.db"}
        if database == "postgres":
            self.cluster = Cluster(folder / "cluster")
            self.cluster.start()

    def close(self) -> None:
        if self.server and self.server.running():
            self.server.kill()
        if self.cluster:
            self.cluster.stop("immediate")

    def run(self, rounds: int, report: bool = False) -> dict[str, int]:
        for _ in range(rounds):
            found = self.one_round()
            if report:
                print(json.dumps(found), flush=True)
        assert self.server
        self.verify()
        self.server.stop()
        return self.totals

    def verify(self) -> None:
        """`phoenix verify` finds nothing wrong with the database that was crashed upon."""
        assert self.server
        command = [self.server.command()[0], "verify"]
        environment = self.server.environment()
        environment.pop("LD_PRELOAD", None)
        self.server.stop()
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"phoenix verify: {done.stdout}{done.stderr}")

    def new_server(self) -> Server:
        if self.server:
            self.verify()
            shutil.rmtree(self.server.folder)
        self.promised = np.array([], dtype=np.uint64)
        folder = self.folder / f"server-{self.round}"
        url = self.cluster.create_database() if self.cluster else None
        return Server(folder, url, self.cluster, env=self.env).start()

    def one_round(self) -> dict[str, object]:
        if self.round % ROUNDS_OF_A_DATABASE == 0:
            self.server = self.new_server()
        self.round += 1
        assert self.server
        server = self.server
        if not server.running():
            server.start()
        # Half of PostgreSQL's rounds crash the database under a server that stays up.
        crash_database = self.cluster is not None and self.round % 2 == 0
        spans = self.rng.choice([1, 10, 50, 200])
        load = Load(server, http=3, grpc=1, spans=spans, retry=False, first=self.round * 100_000)
        with load:
            time.sleep(self.rng.uniform(0.05, 1.2))
            if crash_database:
                assert self.cluster
                self.cluster.kill()
                time.sleep(self.rng.uniform(0, 0.5))
                self.cluster.start()
                # The same process carries on: wait for acknowledgements after the crash.
                goal, deadline = load.count() + 1, time.monotonic() + 60
                while load.count() < goal:
                    if time.monotonic() > deadline:
                        raise RuntimeError(
                            f"the server does not recover from a restart of PostgreSQL:\n"
                            f"{server.log_tail()}"
                        )
                    time.sleep(0.02)
            else:
                server.kill()
        if self.power_cut:
            self.forget_unsynced()
        if not server.running():
            server.start()
        acknowledged = load.acknowledged()
        self.promised = np.union1d(self.promised, acknowledged)
        before_retry = differences(self.promised, stored_ids(server))
        retried = load.unknown()
        load.retry_unknown()
        self.promised = np.union1d(self.promised, load.acknowledged())
        after_retry = differences(self.promised, stored_ids(server))
        unadvised = sum(load.total("refused_without_advice").values())
        missing = before_retry["missing"] + after_retry["missing"]
        self.totals["rounds"] += 1
        self.totals["acknowledged"] += int(acknowledged.size)
        self.totals["retried"] += int(retried.size)
        self.totals["missing"] += missing
        self.totals["duplicated"] += after_retry["duplicated"] + before_retry["duplicated"]
        return {
            "round": self.round,
            "killed": "postgres" if crash_database else "server",
            "acknowledged": int(acknowledged.size),
            "retried": int(retried.size),
            "refused": sum(load.total("refused").values()),
            "refused_without_advice": unadvised,
            "missing": missing,
            "duplicated": after_retry["duplicated"],
        }

    def forget_unsynced(self) -> None:
        """Undoes writes that were not synced: all of them, or in every other round a random part."""
        assert self.server
        some = self.round % 2 == 0
        for undo in self.server.folder.glob("phoenix.db*.undo"):
            target = undo.with_suffix("")
            data, records, at = undo.read_bytes(), [], 0
            while at + 24 <= len(data):
                offset, length, size = struct.unpack_from("<qqq", data, at)
                kept = max(0, min(length, size - offset))
                records.append((offset, size, data[at + 24 : at + 24 + kept]))
                at += 24 + kept
            if target.exists() and records:
                with open(target, "r+b") as file:
                    for offset, size, old in reversed(records):
                        if some and self.rng.random() < 0.5:
                            continue
                        file.seek(offset)
                        file.write(old)
                        if not some:
                            file.truncate(size)
            undo.write_bytes(b"")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--power-cut", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="phoenix-crash-"))
    os.chmod(folder, 0o755)
    campaign = Campaign(folder, arguments.database, arguments.seed, arguments.power_cut)
    try:
        totals = campaign.run(arguments.rounds, report=True)
    finally:
        campaign.close()
    print(json.dumps({"seed": arguments.seed, **totals}))
    if totals["missing"] or totals["duplicated"]:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Lets 32 clients write runs, evaluations and annotations at once, and looks whether all was kept.

    writers.py --seconds 120
    writers.py --seconds 120 --database postgres

Prints figures, and ends with status 1 unless: no request was answered with 5xx or not at all,
every acknowledged write is there once under the id that was given, and what several clients wrote
at the same time is one thing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from support import crowd  # noqa: E402
from support.postgres import Cluster  # noqa: E402
from support.server import Server  # noqa: E402


def faults(figures: dict[str, Any]) -> list[str]:
    """What of the promise these figures break."""
    found = [f"{figures[w]} writes {w}" for w in ("missing", "doubled", "wrong_id") if figures[w]]
    if figures["faults"]:
        found.append(f"{figures['faults']} faults, such as {figures['first_faults'][0]}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="phoenix-writers-"))
    os.chmod(folder, 0o755)
    cluster = None
    if arguments.database == "postgres":
        cluster = Cluster(folder / "postgres")
        cluster.start()
    server = Server(folder / "server", cluster.create_database() if cluster else None, cluster)
    try:
        server.start()
        figures = crowd.write(server, arguments.seconds, arguments.clients)
    finally:
        server.stop()
        if cluster:
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, indent=2))
    for fault in faults(figures):
        print(fault, file=sys.stderr)
    sys.exit(1 if faults(figures) else 0)


if __name__ == "__main__":
    main()

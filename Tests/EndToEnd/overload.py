#!/usr/bin/env python3
"""Offers the server far more than it can store, and sees whether it keeps its head.

    overload.py --seconds 120

First a few polite senders find out what the server stores and how much memory that takes. Then
a crowd of clients offers as fast as it can and ignores the advice to wait. Prints, and ends with status 1
unless: memory grew by at most 128 MB, every refusal carried its advice, and what was acknowledged
is what is stored.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from support.flood import Load, differences, stored_ids  # noqa: E402
from support.server import Server  # noqa: E402
from support.stampede import Stampede  # noqa: E402

import numpy as np  # noqa: E402

MEMORY_GROWTH_MAX = 128 * 1024 * 1024


def peak(server: Server, seconds: float) -> int:
    """The largest resident size seen while time passes."""
    most, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, server.resident_bytes())
        time.sleep(0.05)
    return most


#: Spans of a request. Small enough for many requests to wait, large enough to be work.
SPANS = 200


def run(server: Server, seconds: float, warmup: float, clients: int = 400) -> dict[str, Any]:
    """Runs both phases against a server that holds nothing else."""
    with Load(server, http=3, grpc=1, spans=SPANS, first_sender=4000) as polite:
        steady_peak = peak(server, warmup)
    capacity = polite.count() / warmup
    began = time.monotonic()
    with Stampede(server, clients, SPANS) as crowd:
        # gRPC among them, as rude, since its refusals are worded differently.
        with Load(server, http=0, grpc=4, spans=SPANS, patience=0, first_sender=4010) as rude:
            overload_peak = peak(server, seconds)
            took = time.monotonic() - began
    acknowledged = np.sort(
        np.concatenate([polite.acknowledged(), rude.acknowledged(), crowd.ids("acknowledged")])
    )
    stored = stored_ids(server)
    offers = crowd.offers + sum(s.tally.offers for s in rude.senders)
    accepted = crowd.accepted + sum(len(s.tally.acknowledged) for s in rude.senders)
    refused_so = crowd.total("refused_without_advice") + rude.total("refused_without_advice")
    failed = crowd.total("failed") + rude.total("failed") + polite.total("failed")
    return {
        "capacity_spans_per_s": round(capacity),
        "offered_spans_per_s": round(offers * SPANS / took),
        "stored_spans_per_s": round(accepted * SPANS / took),
        "offered_to_stored": round(offers / max(1, accepted), 1),
        "refused": dict(crowd.total("refused") + rude.total("refused")),
        "refused_without_advice": dict(refused_so),
        "failed": dict(failed),
        "steady_peak_mb": round(steady_peak / 1e6, 1),
        "overload_peak_mb": round(overload_peak / 1e6, 1),
        "growth_mb": round((overload_peak - steady_peak) / 1e6, 1),
        **differences(acknowledged, stored),
        "stored_beyond_acknowledged": int(np.setdiff1d(stored, acknowledged).size),
        "unknown": int(
            rude.unknown().size + polite.unknown().size + crowd.ids("unknown").size
        ),
    }


def faults(figures: dict[str, Any]) -> list[str]:
    """What of the promise these figures break."""
    found = []
    if figures["growth_mb"] > MEMORY_GROWTH_MAX / 1e6:
        found.append(f"memory grew by {figures['growth_mb']} MB")
    if figures["refused_without_advice"]:
        found.append(f"refusals without advice: {figures['refused_without_advice']}")
    if figures["failed"]:
        found.append(f"requests without an answer: {figures['failed']}")
    if not figures["refused"]:
        found.append("nothing was refused, so this was no overload")
    for what in ("missing", "duplicated"):
        if figures[what]:
            found.append(f"{figures[what]} spans {what}")
    if figures["stored_beyond_acknowledged"] > figures["unknown"]:
        found.append(f"{figures['stored_beyond_acknowledged']} stored, never acknowledged")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--warmup", type=float, default=20)
    parser.add_argument("--clients", type=int, default=400)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="phoenix-overload-"))
    os.chmod(folder, 0o755)
    server = Server(folder).start()
    try:
        figures = run(server, arguments.seconds, arguments.warmup, arguments.clients)
    finally:
        server.stop()
        shutil.rmtree(folder)
    print(json.dumps(figures, indent=2))
    for fault in faults(figures):
        print(fault, file=sys.stderr)
    sys.exit(1 if faults(figures) else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures the server: ingestion, memory, disk, start, latencies, what pages ask, evaluating, pages.

    make bench                                    everything, about twenty-five minutes
    BENCH_SPANS=20000 BENCH_BIG=0 make bench      a quick look
    PHOENIX_REFERENCE=/path/to/phoenix make bench the same on Arize Phoenix in turn, with ratios

Variables: BENCH_SPANS (100000) spans of an ingestion run and of the first REST measurement;
BENCH_BIG (1000000) spans of the second one, 0 for none; BENCH_REPEAT (3) ingestion runs, of which
the median counts; BENCH_CONNECTIONS (4); BENCH_DATABASES (sqlite,postgres);
BENCH_ROUNDS (40) times that each question of a page is asked; BENCH_RUNS (10000, 1000 for the
reference) runs of the experiment; BENCH_UI (5) times that a page is
opened in Chromium, 0 for not at all; BENCH_REFERENCE_SPANS (5000), since the reference stores about
a hundred a second.

The sender only copies bytes that were made before. Absolute figures vary with the machine and its
other work: compare ratios, CPU time and bytes of one run.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "Tests" / "EndToEnd"), str(ROOT / "benchmarks")]

import bodies  # noqa: E402
import evaluation  # noqa: E402
import questions  # noqa: E402
import ui  # noqa: E402
from support import server as support_server  # noqa: E402
from support.postgres import Cluster  # noqa: E402
from support.server import Server, binary  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
BODIES = ROOT / ".build" / "bench"


def setting(name: str, default: int) -> int:
    return int(os.environ.get(f"BENCH_{name}", default))


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))]


# -------------------------------------------------------------------- watching processes


def family(root: int) -> set[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = Path(f"/proc/{entry}/stat").read_text()
                parents.setdefault(int(text.rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except (OSError, IndexError):
                pass
    found: set[int] = set()
    queue = [root]
    while queue:
        pid = queue.pop()
        found.add(pid)
        queue += parents.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of a process and its children, ended children included."""
    total = 0.0
    for pid in family(root):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, parts[11:15])) / TICK
    return total


class PeakMemory(threading.Thread):
    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.server, self.bytes, self._halt = server, 0, threading.Event()

    def run(self) -> None:
        while not self._halt.wait(0.05):
            self.bytes = max(self.bytes, self.server.resident_bytes())

    def stop(self) -> int:
        self._halt.set()
        self.join()
        return self.bytes


# -------------------------------------------------------------------- kinds of servers


class Contender:
    """A server to measure, by the command that runs it."""

    def __init__(self, name: str, command: str, spans: int, big: int) -> None:
        self.name, self.command, self.spans, self.big = name, command, spans, big
        #: Whether an answer means that the spans are stored; else they are waited for.
        self.answers_when_stored = name == "ours"

    def new(self, folder: Path, cluster: Cluster | None) -> Server:
        server = Server(folder, cluster.create_database() if cluster else None, cluster)
        server.command = lambda: [self.command, "serve"]  # type: ignore[method-assign]
        return server


def start(server: Server) -> float:
    """Seconds from exec to the first answer of /healthz."""
    began = time.perf_counter()
    server.launch()
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            pass
        finally:
            connection.close()
        if not server.running() or time.perf_counter() - began > 300:
            raise RuntimeError(f"the server does not start:\n{server.log_tail()}")
        time.sleep(0.001)


def stored(server: Server) -> int:
    return int(server.query("SELECT count(*) FROM spans")[0][0])


def database_bytes(server: Server) -> int:
    if server.database:
        assert server.cluster
        name = server.database.rsplit("/", 1)[1]
        server.cluster.query(name, "CHECKPOINT")
        return int(server.cluster.query(name, f"SELECT pg_database_size('{name}')")[0][0])
    paths = [server.folder / f"phoenix.db{end}" for end in ("", "-wal")]
    return sum(p.stat().st_size for p in paths if p.exists())


# -------------------------------------------------------------------- ingestion


def send(
    server: Server, work: list[tuple[memoryview, int]], connections: int
) -> tuple[list[float], int]:
    """Sends every body until it is accepted; latencies of the acknowledgements, and refusals."""
    lock, waits, refusals = threading.Lock(), [], [0]
    queue = iter(work)

    def run() -> None:
        link = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=120)
        headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
        while True:
            with lock:
                item = next(queue, None)
            if item is None:
                return
            while True:
                began = time.perf_counter()
                link.request("POST", "/v1/traces", item[0], headers)
                answer = link.getresponse()
                answer.read()
                if answer.status == 200:
                    with lock:
                        waits.append(time.perf_counter() - began)
                    break
                if answer.status not in (429, 503):
                    raise RuntimeError(f"unexpected answer {answer.status}")
                with lock:
                    refusals[0] += 1
                time.sleep(float(answer.getheader("retry-after") or 0.1))

    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, refusals[0]


def ingest(
    contender: Contender, server: Server, work: list[tuple[memoryview, int]]
) -> dict[str, float]:
    """One run against a server that is already up."""
    total = sum(n for _, n in work)
    before, cpu = stored(server), cpu_seconds(server.pid)
    cluster_pid = None
    if server.cluster:
        cluster_pid = int((server.cluster.data / "postmaster.pid").read_text().split()[0])
        cluster_cpu = cpu_seconds(cluster_pid)
    memory = PeakMemory(server)
    memory.start()
    began = time.perf_counter()
    waits, refusals = send(server, work, setting("CONNECTIONS", 4))
    seconds = time.perf_counter() - began
    if not contender.answers_when_stored:
        deadline = time.monotonic() + 3600
        while stored(server) < before + total and time.monotonic() < deadline:
            time.sleep(0.2)
        seconds = time.perf_counter() - began
    used = cpu_seconds(server.pid) - cpu
    kept = stored(server) - before
    if kept != total:
        print(f"  {contender.name}: {total - kept} of {total} spans are missing", file=sys.stderr)
    figures = {
        "spans/s until durable": kept / seconds,
        "CPU us a span": used / kept * 1e6,
        "acknowledgement p50 ms": quantile(waits, 0.5) * 1e3,
        "acknowledgement p99 ms": quantile(waits, 0.99) * 1e3,
        "refused requests": float(refusals),
        "peak memory MB": memory.stop() / 1e6,
    }
    if cluster_pid:
        figures["database CPU us a span"] = (cpu_seconds(cluster_pid) - cluster_cpu) / kept * 1e6
    return figures


# -------------------------------------------------------------------- reading


def read_latencies(server: Server, seconds: float = 6) -> dict[str, float]:
    link = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=120)

    def get(path: str) -> Any:
        link.request("GET", path)
        answer = link.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {data[:200]!r}")
        return json.loads(data)

    base = "/v1/projects/load"
    sample = get(f"{base}/spans?limit=1000")["data"]
    traces = [s["context"]["trace_id"] for s in sample]
    deep: str | None = None
    for _ in range(5):
        page = get(f"{base}/spans?limit=1000" + (f"&cursor={deep}" if deep else ""))
        deep = page["next_cursor"]
    middle = sample[len(sample) // 2]["start_time"].replace("+", "%2B")
    kinds: dict[str, Callable[[int], tuple[str, int]]] = {
        "100 spans, newest": lambda i: (f"{base}/spans?limit=100", 100),
        "100 spans, 5,000 deep": lambda i: (f"{base}/spans?limit=100&cursor={deep}", 100),
        "100 spans of kind LLM": lambda i: (f"{base}/spans?limit=100&span_kind=LLM", 100),
        "100 spans by start time": lambda i: (f"{base}/spans?limit=100&sort=start_time", 100),
        "100 spans before a time": lambda i: (f"{base}/spans?limit=100&end_time={middle}", 100),
        "spans of one trace": lambda i: (
            f"{base}/spans?limit=100&trace_id={traces[i * 7 % len(traces)]}", 5,
        ),
        "100 traces, newest": lambda i: (f"{base}/traces?limit=100", 100),
        "100 traces, slowest": lambda i: (f"{base}/traces?limit=100&sort=latency_ms", 100),
        "100 sessions": lambda i: (f"{base}/sessions?limit=100", 100),
        "projects": lambda i: ("/v1/projects", 1),
    }  # fmt: skip
    result = {}
    for name, make in kinds.items():
        times: list[float] = []
        end = time.monotonic() + seconds
        try:
            while len(times) < 100 and (time.monotonic() < end or len(times) < 5):
                path, count = make(len(times))
                began = time.perf_counter()
                found = get(path)["data"]
                times.append((time.perf_counter() - began) * 1e3)
                if len(found) < count:
                    raise RuntimeError(f"{len(found)} rows instead of {count}")
        except RuntimeError as error:
            print(f"  {name}: {error}", file=sys.stderr)
            continue
        result[f"{name}, p50 ms"] = quantile(times, 0.5)
        result[f"{name}, p95 ms"] = quantile(times, 0.95)
    return result


# -------------------------------------------------------------------- the report


class Report:
    """Figures by section and name, one column a contender."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.rows: dict[tuple[str, str], dict[str, list[float]]] = {}

    def add(self, section: str, contender: str, figures: dict[str, float]) -> None:
        for name, value in figures.items():
            self.rows.setdefault((section, name), {}).setdefault(contender, []).append(value)
        shown = ", ".join(f"{k} {v:,.1f}" for k, v in figures.items())
        print(f"[{section}] {contender}: {shown}", flush=True)

    def print(self) -> None:
        titles = "".join(f"{n:>14}" for n in self.names)
        ratio = f"{'ratio':>10}" if len(self.names) > 1 else ""
        last = None
        for (section, name), values in self.rows.items():
            if section != last:
                print(f"\n{section:52}{titles}{ratio}")
                last = section
            medians = [statistics.median(values[n]) if n in values else None for n in self.names]
            cells = "".join(f"{m:14,.1f}" if m is not None else f"{'-':>14}" for m in medians)
            if len(medians) > 1 and all(medians):
                cells += f"{medians[1] / medians[0]:10.2f}"  # type: ignore[operator]
            print(f"  {name:50}{cells}")


def measure(contender: Contender, database: str, folder: Path, report: Report) -> None:
    """One ingestion run on an empty database, and what start and idling cost."""
    cluster = None
    if database == "postgres":
        cluster = Cluster(folder / "cluster")
        cluster.start()
    server = contender.new(folder / "server", cluster)
    try:
        empty = start(server)
        time.sleep(3)
        idle = server.resident_bytes()
        path = BODIES / f"{contender.spans}.bin"
        bodies.generate(path, contender.spans)
        size = database_bytes(server)
        figures = ingest(contender, server, bodies.load(path))
        server.stop(60)  # what the write-ahead log holds is in the database then
        figures["bytes a span on disk"] = (database_bytes(server) - size) / contender.spans
        if database == "sqlite":
            figures |= {"start on an empty database ms": empty * 1e3, "idle memory MB": idle / 1e6}
        report.add(f"Ingestion, {database}", contender.name, figures)
    finally:
        server.stop(60)
        if cluster:
            cluster.stop("immediate")


def measure_reading(
    contender: Contender, database: str, folder: Path, report: Report
) -> None:
    """Latencies on databases that grow, at rest by REST and under arrivals by GraphQL."""
    cluster = None
    if database == "postgres":
        cluster = Cluster(folder / "cluster")
        cluster.start()
    server = contender.new(folder / "server", cluster)
    start(server)
    try:
        done = 0
        for goal in filter(None, (contender.spans, contender.big)):
            path = BODIES / f"{goal}.bin"
            bodies.generate(path, goal)
            work = bodies.load(path)
            if done:  # The file of a million begins with the spans of the smaller one.
                skipped = 0
                while skipped < done:
                    skipped += work.pop(0)[1]
            figures = ingest(contender, server, work)
            if done:
                section = f"Filling up to {goal:,} spans, {database}"
                report.add(section, contender.name, figures)
            done = goal
            server.stop(60)
            again = start(server)
            time.sleep(3)
            figures = {"start ms": again * 1e3, "idle memory MB": server.resident_bytes() / 1e6}
            figures |= read_latencies(server)
            figures["memory after reading MB"] = server.resident_bytes() / 1e6
            is_largest = goal == (contender.big or contender.spans)
            # The contenders' largest databases stand beside each other, whatever their sizes.
            which = "the largest database of each" if is_largest else f"{goal:,} spans"
            report.add(f"Reading {which}, {database}", contender.name, figures)
            # What the pages ask is measured once, on the larger database.
            if is_largest:
                print(f"asking {contender.name} while spans arrive", flush=True)
                asked = questions.measure(server.url, rounds=setting("ROUNDS", 40))
                report.add(
                    f"Asking {which}, {database}, while 2,000 spans a second arrive",
                    contender.name, asked | {"spans before the first question": goal})
                print(f"evaluating with {contender.name}", flush=True)
                runs = setting("RUNS", 10_000 if contender.name == "ours" else 1_000)
                report.add(
                    f"Evaluating, on {which}, {database}", contender.name,
                    evaluation.measure(server.url, runs=runs))
                if database == "sqlite" and (rounds := setting("UI", 5)):
                    print(f"opening the pages of {contender.name}", flush=True)
                    reference = contender.name != "ours"
                    seen = ui.measure(server.url, rounds=rounds, reference=reference)
                    report.add("The web UI, on the largest database of each", contender.name, seen)
    finally:
        server.stop(60)
        if cluster:
            cluster.stop("immediate")


def main() -> None:
    if len(sys.argv) > 1:
        print(__doc__)
        sys.exit(0 if sys.argv[1] in ("-h", "--help") else 2)
    spans, big = setting("SPANS", 100_000), setting("BIG", 1_000_000)
    contenders = [Contender("ours", binary(), spans, big)]
    reference = os.environ.get("PHOENIX_REFERENCE")
    if reference:
        few = setting("REFERENCE_SPANS", 5000)
        contenders.append(Contender("reference", reference, few, 0))
        support_server.REFERENCE = False
    report = Report([c.name for c in contenders])
    databases = os.environ.get("BENCH_DATABASES", "sqlite,postgres").split(",")
    for contender in contenders:
        for size in {contender.spans, contender.big} - {0}:
            print(f"making {size:,} spans", flush=True)
            bodies.generate(BODIES / f"{size}.bin", size)
    folder = Path(tempfile.mkdtemp(prefix="phoenix-bench-", dir=os.environ.get("BENCH_FOLDER")))
    folder.chmod(0o755)
    try:
        for repeat in range(setting("REPEAT", 3)):
            for database in databases:
                for contender in contenders:
                    part = folder / f"{repeat}-{database}-{contender.name}"
                    part.mkdir()
                    part.chmod(0o755)
                    measure(contender, database, part, report)
                    shutil.rmtree(part)
        for database in databases:
            for contender in contenders:
                part = folder / f"reading-{database}-{contender.name}"
                part.mkdir()
                part.chmod(0o755)
                measure_reading(contender, database, part, report)
                shutil.rmtree(part)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{spans:,} spans; {(BODIES / f'{spans}.json').read_text()}; medians")
    report.print()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes the database that ``test_import.py`` imports, with what Arize Phoenix answers about it.

    record.py --url http://127.0.0.1:6006 --database phoenix.db [--scale 25000]

The server is one of Arize Phoenix on an empty SQLite database, and ``--database`` its file. With
``--scale`` so many spans more are sent, with annotations, for trying large imports by hand; then
nothing is recorded. Wants the Python packages of the end-to-end tests.
"""

import argparse
import gzip
import json
import random
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from support.imported import Source, fill, questions  # noqa: E402
from support.otlp import realistic  # noqa: E402

FOLDER = Path(__file__).resolve().parent


def scale(source: Source, count: int) -> None:
    rng = random.Random(7)
    sent = 0
    stored = 30
    while sent < count:
        message = realistic(500, f"large {sent // 10_000}", rng)
        spans = message.resource_spans[0].scope_spans[0].spans
        source.send(*spans, project=f"large {sent // 10_000}")
        sent += len(spans)
        if sent % 5000 == 0:
            source.wait_for_spans(stored + sent - 2500)
        if sent % 2500 == 0:
            source.wait_for_spans(stored + sent - 10)
            data = [
                {"name": "quality", "annotator_kind": "LLM", "span_id": span.span_id.hex(),
                 "result": {"label": "good", "score": rng.random()}, "metadata": {"k": 1}}
                for span in spans
            ]  # fmt: skip
            source.call("POST", "/v1/span_annotations", {"data": data})
    rows = range(5000)
    body = {
        "action": "create", "name": "large", "inputs": [{"q": f"q {i}"} for i in rows],
        "outputs": [{"a": f"a {i}"} for i in rows], "metadata": [{"i": i} for i in rows],
    }  # fmt: skip
    source.call("POST", "/v1/datasets/upload", body, params={"sync": "true"})


def record(source: Source, database: Path) -> None:
    def ask(method: str, path: str, body: object = None) -> object:
        answer = source.http.request(method, path, json=body)
        text = answer.text
        if "application/json" in answer.headers.get("content-type", ""):
            return answer.json()
        return text

    with (FOLDER / "answers.jsonl").open("w", encoding="utf-8") as lines:
        for name, answer in questions(ask):
            line = {"name": name, "answer": answer}
            lines.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    copy = FOLDER / "phoenix.db"
    copy.unlink(missing_ok=True)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as original:
        with sqlite3.connect(copy) as target:
            original.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        target.close()
    (FOLDER / "phoenix.db.gz").write_bytes(gzip.compress(copy.read_bytes(), 9, mtime=0))
    copy.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--scale", type=int, default=0)
    options = parser.parse_args()
    source = Source(options.url)
    fill(source)
    if options.scale:
        scale(source, options.scale)
    else:
        record(source, options.database)


if __name__ == "__main__":
    main()

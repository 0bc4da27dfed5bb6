#!/usr/bin/env python3
"""Records what Arize Phoenix answers to every method of the released client.

    record.py --sync http://127.0.0.1:6006 --async http://127.0.0.1:6016

Each server begins empty. The answers go to ``answers/client.jsonl``: one line a call, with the
answer of the asynchronous client only where it differs from that of the synchronous one.
"""

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from recorded.client import SCENARIOS  # noqa: E402
from support.asking import RECORDED  # noqa: E402
from support.client_calls import Calls  # noqa: E402


def asked(url: str, is_async: bool) -> tuple[dict[str, Any], dict[str, str]]:
    calls = Calls(url, is_async, recording=True)
    calls.run(SCENARIOS)
    calls.close()
    return calls.answers, calls.methods


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sync", required=True)
    parser.add_argument("--async", required=True, dest="asynchronous")
    parser.add_argument("--out", type=Path, default=RECORDED / "answers" / "client.jsonl")
    options = parser.parse_args()
    with ProcessPoolExecutor(2) as other:
        futures = [
            other.submit(asked, options.sync, False), other.submit(asked, options.asynchronous, True)
        ]  # fmt: skip
        (plain, methods), (awaited, _) = (f.result() for f in futures)
    assert plain.keys() == awaited.keys()
    lines = []
    for name, answer in plain.items():
        line = {"name": name, "method": methods.get(name), "answer": answer}
        if awaited[name] != answer:
            line["async"] = awaited[name]
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    options.out.write_text("".join(lines), encoding="utf-8")
    print(len(lines), "answers")


if __name__ == "__main__":
    main()

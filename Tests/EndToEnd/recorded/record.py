#!/usr/bin/env python3
"""Records what Arize Phoenix answers to the questions of this folder.

    record.py --url http://127.0.0.1:6006 --load reads        # an empty database
    record.py --url http://127.0.0.1:6006 graphql filters span_queries frames
    record.py --url http://127.0.0.1:6016 --load mutations    # another empty database
    record.py --url http://127.0.0.1:6046 --load experiments  # and another

``--load`` first sends the spans of ``support/corpus.py``, each request when the one before is
stored, and without further words stops there. ``reads`` stands for the four corpora that change
nothing. Mutations want a database of their own, with the generated spans alone. The answers go to
``answers/<corpus>.jsonl``, or below ``--out``; with ``--only`` a regular expression, only questions
so named are asked and the other answers stay. Wants the Python packages of the end-to-end tests.
"""

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import corpus, evaluated  # noqa: E402
from support.asking import RECORDED, Target, answers  # noqa: E402
from support.questions import ALONE, CORPORA, READS  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--out", type=Path, default=RECORDED / "answers")
    parser.add_argument("--only", type=re.compile)
    parser.add_argument("corpora", nargs="*", choices=["reads", *CORPORA])
    options = parser.parse_args()
    names = [n for name in options.corpora for n in (READS if name == "reads" else [name])]
    target = Target(options.url)
    if options.load:
        bodies = corpus.generated_bodies()
        if not set(ALONE) & set(names):
            bodies = bodies + corpus.recorded_bodies()
        target.load(bodies, reference=True)
        if "experiments" in names:
            evaluated.seed(target)
    else:
        target.learn()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in names:
        lines = []
        kept = answers(name) if options.only else {}
        for question in CORPORA[name]():
            asked = question.name not in kept or options.only.search(question.name)
            answer = question.ask(target) if asked else kept[question.name]
            lines.append({"name": question.name, "answer": answer})
        text = "".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
        )
        (options.out / f"{name}.jsonl").write_text(text, encoding="utf-8")
        print(name, len(lines), "answers")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Loads the corpus into an empty server that stores before it answers.

    load.py --url http://127.0.0.1:6006 [--generated]
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import corpus  # noqa: E402
from support.asking import Target  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--generated", action="store_true", help="without the recorded traces")
    options = parser.parse_args()
    bodies = corpus.generated_bodies()
    if not options.generated:
        bodies = bodies + corpus.recorded_bodies()
    target = Target(options.url)
    target.load(bodies)
    print(len(bodies), "requests;", len(target.ids), "things with an id")


if __name__ == "__main__":
    main()

"""Acceptance: what `schemathesis` makes of the OpenAPI document is answered as the document says.

All of its checks: no server error and no undocumented answer, be it a status, form, header or shape;
what the schemas forbid is refused, what they allow is taken, deleted things are gone. The server is
filled before, and schemathesis told what ids there are, so that it gets past 404. What counts as no
fault is in ``support/schema_hooks.py``, with reasons.

PHOENIX_SCHEMA_EXAMPLES sets the examples an operation, 100 in the long form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest
from support.schema_ground import configuration
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original's document is not ours")

EXAMPLES = os.environ.get("PHOENIX_SCHEMA_EXAMPLES", "5")
#: What streams without an end, and what takes the bodies of OTLP.
LEFT_OUT = "/v1/traces$|events"


def test_every_answer_is_documented(make_server: Callable[..., Server], database: str) -> None:
    server = make_server(database)
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            str(program), "--config-file", str(configuration(server)),
            "run", f"{server.url}/openapi.json", "--checks", "all", "--max-examples", EXAMPLES,
            "--seed", "1", "--continue-on-failure", "--no-shrink", "--no-color",
            "--generation-database", "none", "--exclude-path-regex", LEFT_OUT,
        ],
        capture_output=True, text=True, cwd=server.folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert server.running()

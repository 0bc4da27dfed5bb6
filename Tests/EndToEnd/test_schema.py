"""Acceptance: what `schemathesis` makes of the OpenAPI document is answered as the document says.

No server error and no undocumented answer: no status, form, header or shape that the document leaves
out. PHOENIX_SCHEMA_EXAMPLES sets the examples an operation, 100 in the long form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original's document is not ours")

EXAMPLES = os.environ.get("PHOENIX_SCHEMA_EXAMPLES", "5")
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
#: What streams without an end, and what takes the bodies of OTLP.
LEFT_OUT = "/v1/traces$|events"


def test_every_answer_is_documented(make_server: Callable[..., Server], database: str) -> None:
    server = make_server(database)
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            str(program), "run", f"{server.url}/openapi.json", "--checks", ",".join(CHECKS),
            "--max-examples", EXAMPLES, "--seed", "1", "--continue-on-failure", "--no-shrink",
            "--generation-database", "none", "--no-color", "--exclude-path-regex", LEFT_OUT,
        ],
        capture_output=True, text=True, cwd=server.folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert server.running()

"""Acceptance: many clients write runs and annotations at once, and every acknowledged write is kept.

PHOENIX_WRITERS_SECONDS makes it longer; ``writers.py`` is the long form.
"""

from __future__ import annotations

import os
from typing import Callable

import writers
from support import crowd
from support.server import Server

SECONDS = float(os.environ.get("PHOENIX_WRITERS_SECONDS", "5"))


def test_every_acknowledged_write_is_there_once(
    make_server: Callable[..., Server], database: str
) -> None:
    figures = crowd.write(make_server(database), SECONDS)
    assert not writers.faults(figures), figures

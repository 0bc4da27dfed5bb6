"""Acceptance: every method of the released client answers as with Arize Phoenix.

The scenarios of ``recorded/client`` call each public method of ``Client`` and ``AsyncClient`` with
good and bad arguments; ``recorded/client/record.py`` kept what they answered with Arize Phoenix.
Each call is a test. With PHOENIX_CLIENT_AREAS only the areas named there are asked, such as
``prompts,versions``.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Callable

import pytest
from conftest import DATABASES
from phoenix.client import AsyncClient, Client
from recorded.client import SCENARIOS
from support.asking import differences, known_differences, read_lines, report
from support.client_calls import Calls, public_methods
from support.server import Server

AREAS = os.environ.get("PHOENIX_CLIENT_AREAS", "")
CHOSEN = [s for s in SCENARIOS if not AREAS or s.__name__ in AREAS.split(",")]
MODES = ["sync", "async"]


@cache
def recorded() -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in read_lines("answers/client.jsonl")}


def wanted(name: str, mode: str) -> Any:
    line = recorded()[name]
    return line["async"] if mode == "async" and "async" in line else line["answer"]


@pytest.fixture(scope="module")
def answers(session_server: Callable[..., Server]) -> Callable[[str, str], dict[str, Any]]:
    """What this server answers, each client having one of its own."""

    @cache
    def of(database: str, mode: str) -> dict[str, Any]:
        calls = Calls(session_server(database).url, mode == "async")
        calls.run(CHOSEN)
        calls.close()
        return calls.answers

    return of


def client_differences(want: Any, got: Any) -> list[str]:
    """``differences``, knowing what the contract leaves open about errors.

    A call that Arize Phoenix could not foresee, which it answers with 500, must be answered here,
    whatever the answer is. Of a body that breaks the schema only the status is compared: how the
    breach is put into words is the server's own.
    """
    if isinstance(want, dict) and "status" in want:
        if not isinstance(got, dict) or "status" not in got:
            return [] if want["status"] == 500 else differences(want, got)
        if want["status"] == 500:
            return [] if got["status"] < 500 else [f".status: {got['status']}"]
        if isinstance(want["body"], dict) and isinstance(want["body"].get("detail"), list):
            return differences(_without_words(want), _without_words(got))
    return differences(want, got)


def _without_words(answer: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in answer.items() if k not in ("body", "message")}


NAMES = [name for name in recorded() if name.partition("/")[0] in {s.__name__ for s in CHOSEN}]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", MODES, scope="module")
@pytest.mark.parametrize("database", DATABASES, scope="module")
def test_the_client_is_answered_as_recorded(
    answers: Callable[[str, str], dict[str, Any]], database: str, mode: str, name: str
) -> None:
    found = client_differences(wanted(name, mode), answers(database, mode)[name])
    left, reasons = known_differences("client", name, found)
    assert not left, report(left, f"{name} {recorded()[name]['method']}")
    if reasons:
        pytest.xfail(" ".join(sorted(reasons)))


def test_no_public_method_is_left_out() -> None:
    asked = {line["method"] for line in recorded().values()}
    assert public_methods(Client) == public_methods(AsyncClient) == asked - {None}


def test_every_call_has_a_recorded_answer(
    answers: Callable[[str, str], dict[str, Any]],
) -> None:
    assert answers("sqlite", "sync").keys() == set(NAMES)

"""Acceptance: the same answers as Arize Phoenix, whose own were recorded by ``recorded/record.py``.

Each question is a test: GraphQL documents, filter expressions in three languages, span queries and
data frames of the released client. With PHOENIX_REFERENCE_URL naming an Arize Phoenix that holds
the corpus, its answers of this moment stand in for the recorded ones.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Callable

import pytest
from conftest import DATABASES
from support import asking, corpus, evaluated, questions
from support.asking import Target, answer_differences, known_differences, report
from support.questions import Question
from support.server import REFERENCE, Server

REFERENCE_URL = os.environ.get("PHOENIX_REFERENCE_URL")
#: A server that holds the corpus already, instead of one that the tests start.
LOADED_URL = os.environ.get("PHOENIX_LOADED_URL")


@cache
def recorded(name: str) -> dict[str, Any]:
    return asking.answers(name)


@cache
def reference() -> Target:
    assert REFERENCE_URL
    target = Target(REFERENCE_URL)
    target.learn()
    return target


def expected(name: str, question: Question) -> Any:
    if REFERENCE_URL and name not in questions.ALONE:
        return question.ask(reference())
    return recorded(name)[question.name]


def compare(name: str, question: Question, got: Any) -> None:
    found = answer_differences(expected(name, question), got)
    left, reasons = known_differences(name, question.name, found)
    assert not left, report(left, question.name)
    if reasons:
        pytest.xfail(" ".join(sorted(reasons)))


def loaded(make: Callable[..., Server], database: str, bodies: list[corpus.Body]) -> Target:
    server = make(database)
    target = Target(server.url)
    target.load(bodies, reference=REFERENCE)
    return target


@pytest.fixture(scope="module")
def reads(
    request: pytest.FixtureRequest, session_server: Callable[..., Server]
) -> Callable[[str], Target]:
    """Servers with everything in them, one a database, for questions that change nothing."""

    @cache
    def on(database: str) -> Target:
        if LOADED_URL:
            target = Target(LOADED_URL)
            target.learn()
            return target
        return loaded(
            session_server, database, corpus.generated_bodies() + corpus.recorded_bodies()
        )

    return on


@pytest.fixture(scope="module")
def mutated(session_server: Callable[..., Server]) -> Callable[[str], dict[str, Any]]:
    """The answers to the mutations, which are asked in order whichever tests are chosen."""

    @cache
    def on(database: str) -> dict[str, Any]:
        target = loaded(session_server, database, corpus.generated_bodies())
        return {q.name: q.ask(target) for q in questions.mutations()}

    return on


def cases(name: str, databases: list[str]) -> Any:
    """One case a question and database, sorted so that each server is asked in one go."""
    if LOADED_URL:
        databases = databases[:1]
    return pytest.mark.parametrize(
        ("database", "question"),
        [
            pytest.param(d, q, id=f"{d}-{q.name}")
            for d in databases
            for q in questions.CORPORA[name]()
        ],
    )


@cases("graphql", DATABASES)
def test_graphql(reads: Callable[[str], Target], database: str, question: Question) -> None:
    compare("graphql", question, question.ask(reads(database)))


@cases("filters", DATABASES)
def test_filters(reads: Callable[[str], Target], database: str, question: Question) -> None:
    compare("filters", question, question.ask(reads(database)))


@cases("span_queries", DATABASES)
def test_span_queries(reads: Callable[[str], Target], database: str, question: Question) -> None:
    compare("span_queries", question, question.ask(reads(database)))


@cases("frames", DATABASES)
def test_frames(reads: Callable[[str], Target], database: str, question: Question) -> None:
    compare("frames", question, question.ask(reads(database)))


@pytest.mark.skipif(bool(LOADED_URL), reason="mutations want an empty database")
@cases("mutations", DATABASES)
def test_mutations(
    mutated: Callable[[str], dict[str, Any]], database: str, question: Question
) -> None:
    compare("mutations", question, mutated(database)[question.name])


@pytest.fixture(scope="module")
def in_order(session_server: Callable[..., Server]) -> Callable[[str, str], dict[str, Any]]:
    """The answers of a corpus that is asked in order, whichever tests are chosen."""

    @cache
    def on(database: str, name: str) -> dict[str, Any]:
        target = loaded(session_server, database, corpus.generated_bodies())
        if name == "experiments":
            evaluated.seed(target)
        return {q.name: q.ask(target) for q in questions.CORPORA[name]()}

    return on


@pytest.mark.skipif(bool(LOADED_URL), reason="annotations want an empty database")
@cases("annotations", DATABASES)
def test_annotations(
    in_order: Callable[[str, str], dict[str, Any]], database: str, question: Question
) -> None:
    compare("annotations", question, in_order(database, "annotations")[question.name])


@pytest.mark.skipif(bool(LOADED_URL), reason="settings want an empty database")
@cases("settings", DATABASES)
def test_settings(
    in_order: Callable[[str, str], dict[str, Any]], database: str, question: Question
) -> None:
    compare("settings", question, in_order(database, "settings")[question.name])


@pytest.mark.skipif(bool(LOADED_URL), reason="experiments want an empty database")
@cases("experiments", DATABASES)
def test_experiments(
    in_order: Callable[[str, str], dict[str, Any]], database: str, question: Question
) -> None:
    compare("experiments", question, in_order(database, "experiments")[question.name])


@pytest.mark.parametrize("name", questions.CORPORA)
def test_every_question_has_one_name_and_a_recorded_answer(name: str) -> None:
    names = [q.name for q in questions.CORPORA[name]()]
    assert len(names) == len(set(names))
    assert set(names) == recorded(name).keys()

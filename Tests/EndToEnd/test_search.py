"""Text search: what was said is found, in every script, sealed or not, whatever was killed."""

from __future__ import annotations

import random
import time
from typing import Any, Callable, Iterator

import pytest
from support.corpus import recorded_bodies
from support.otlp import make_span, realistic, request, send_http
from support.server import REFERENCE, Server

pytestmark = pytest.mark.skipif(REFERENCE, reason="the original has no text search")


def search(server: Server, project: str, text: str, **parameters: Any) -> list[dict[str, Any]]:
    path = f"/v1/projects/{project}/text_search"
    return list(server.pages(path, q=text, **{"limit": 1000, **parameters}))


def sealed(server: Server, timeout: float = 120) -> None:
    """Waits until the signatures of all full segments are made."""
    spans = "SELECT COALESCE(MAX(id), 0) + 1 FROM spans"
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        position = int(server.query("SELECT next_segment FROM span_segment_progress")[0][0])
        if position >= int(server.query(spans)[0][0]) // 128:
            return
        time.sleep(0.1)
    raise AssertionError("the segments were not sealed in time\n" + server.log_tail())


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def flipped(text: str, rng: random.Random) -> str:
    """The same text with another case of its ASCII letters."""
    return "".join(c.swapcase() if c.isascii() and rng.random() < 0.3 else c for c in text)


def test_parts_of_recorded_texts_are_found(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    for body in recorded_bodies():
        assert send_http(server, body.data).accepted
    rng = random.Random(20261121)
    projects = {name: server.spans(project) for name, project in server.projects().items()}
    ids = server.projects()
    where = [(ids[name], span) for name, spans in projects.items() for span in spans]
    asked = 0
    for state in ("open", "sealed"):
        if state == "sealed":
            sealed(server)
        for project, span in rng.sample(where, 60):
            # Text of which the server made something else, such as JSON, is shown anew.
            said = [t for t in texts([span["name"], span["attributes"]]) if t.strip()]
            text = rng.choice(said)
            start = rng.randrange(len(text))
            needle = text[start : start + rng.randint(1, 40)].strip()
            if not needle or "\0" in needle or needle[0] in "{[" or '"' in needle:
                continue
            found = search(server, project, flipped(needle, rng))
            assert span["context"]["span_id"] in {f["span_id"] for f in found}, needle
            assert len({f["span_id"] for f in found}) == len(found)
            asked += 1
    assert asked > 80
    for project in list(ids.values())[:5]:
        assert search(server, project, "qzxjv kwyzq") == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_kill_while_segments_are_sealed_hides_nothing(
    make_server: Callable[..., Server], database: str, seed: int
) -> None:
    rng = random.Random(seed)
    server = make_server(database)
    marks: list[str] = []
    for part in range(12):
        assert send_http(
            server, realistic(250, "killed", rng).SerializeToString()
        ).accepted
        mark = f"Mark{part}x{rng.randrange(10**9)}"
        body = request(
            make_span("marked", attributes={"output.value": f"this is the {mark} of it"}),
            project="killed",
        )
        assert send_http(server, body.SerializeToString()).accepted
        marks.append(mark)
        if part % 4 == 3:
            time.sleep(rng.random() * 1.5)
            server.kill()
            server.start()
    for state in ("open", "sealed"):
        if state == "sealed":
            sealed(server)
        for mark in marks:
            found = search(server, "killed", mark.upper())
            assert [f["field"] for f in found] == ["output.value"], (state, mark)
            snippet, at = found[0]["snippet"], found[0]["match_offset"]
            assert snippet[at : at + found[0]["match_length"]] == mark


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("x", 200),
        ("🎉", 200),
        ("שלום", 200),
        ("?!", 200),
        ("'; DROP TABLE spans; --", 200),
        ("%_\\", 200),
        ("x" * 1000, 200),
        ("x" * 1001, 400),
        ("x" * 10_240, 400),
        ("   ", 400),
    ],
)
def test_odd_texts_are_answered(server: Server, text: str, status: int) -> None:
    body = request(make_span("odd 🎉 שלום ?! x"), project="odd-texts")
    assert send_http(server, body.SerializeToString()).accepted
    answer = server.http.get("/v1/projects/odd-texts/text_search", params={"q": text})
    assert answer.status_code == status, answer.text
    if status == 200 and text in "odd 🎉 שלום ?! x":
        assert answer.json()["data"][0]["field"] == "name"

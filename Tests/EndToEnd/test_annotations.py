"""Acceptance: annotations through the released Python client, and where it has no method, REST."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import httpx
import pandas as pd
import pytest
from support.clients import Either, fresh, id_of, log, span
from support.server import REFERENCE, Server


def eventually(ask: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 30) -> Any:
    """What `ask` answers once `wanted` holds."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if wanted(answer) or time.monotonic() > end:
            assert wanted(answer), answer
            return answer
        time.sleep(0.2)


def annotated(client: Either, project: str, spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return client.spans.get_span_annotations(
        project_identifier=project, span_ids=[id_of(s) for s in spans]
    )


@pytest.fixture
def project() -> str:
    return fresh("annotations")


@pytest.fixture
def spans(client: Either, server: Server, project: str) -> list[dict[str, Any]]:
    spans = [span(i, attributes={"session.id": f"{project}-{i}"}) for i in range(3)]
    log(client, server, project, spans)
    return spans


# -------------------------------------------------------------------- spans


def test_a_span_is_annotated(client: Either, project: str, spans: list[dict[str, Any]]) -> None:
    inserted = client.spans.add_span_annotation(
        span_id=id_of(spans[0]), annotation_name="quality", annotator_kind="LLM", label="good",
        score=0.75, explanation="because", metadata={"model": "m", "n": [1, None]}, sync=True,
    )  # fmt: skip
    shown = annotated(client, project, spans)
    assert [a["id"] for a in shown] == [inserted["id"]]
    shown = shown[0]
    assert shown["result"] == {"label": "good", "score": 0.75, "explanation": "because"}
    assert shown["metadata"] == {"model": "m", "n": [1, None]}
    assert (shown["name"], shown["annotator_kind"]) == ("quality", "LLM")
    assert (shown["source"], shown["identifier"], shown["user_id"]) == ("API", "", None)
    assert shown["span_id"] == id_of(spans[0])
    again = client.spans.add_span_annotation(
        span_id=id_of(spans[0]), annotation_name="quality", annotator_kind="CODE", score=1, sync=True
    )
    assert again["id"] == inserted["id"]
    changed = annotated(client, project, spans)[0]
    assert changed["result"] == {"label": None, "score": 1.0, "explanation": None}
    assert changed["metadata"] == {} and changed["created_at"] == shown["created_at"]
    mine = client.spans.add_span_annotation(
        span_id=id_of(spans[0]), annotation_name="quality", label="mine", identifier="me", sync=True
    )
    assert mine["id"] != inserted["id"]


def test_without_sync_annotations_arrive_soon(
    client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    answer = client.spans.log_span_annotations(
        span_annotations=[
            {"span_id": id_of(s), "name": "n", "annotator_kind": "CODE", "result": {"score": i}}
            for i, s in enumerate(spans)
        ]
    )
    assert not answer
    shown = eventually(lambda: annotated(client, project, spans), lambda a: len(a) == 3)
    assert {a["span_id"]: a["result"]["score"] for a in shown} == {
        id_of(s): i for i, s in enumerate(spans)
    }


def test_annotations_are_logged_and_read_as_dataframes(
    client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    frame = pd.DataFrame(
        {
            "span_id": [id_of(s) for s in spans], "label": ["a", "b", "c"],
            "score": [0.5, 1.0, 2.0], "explanation": ["x", None, None],
        }
    )  # fmt: skip
    client.spans.log_span_annotations_dataframe(
        dataframe=frame, annotation_name="graded", annotator_kind="HUMAN", sync=True
    )
    got = client.spans.get_span_annotations_dataframe(
        project_identifier=project, span_ids=[id_of(s) for s in spans]
    )
    assert set(got.index) == {id_of(s) for s in spans}
    row = got.loc[id_of(spans[0])]
    assert (row["annotation_name"], row["annotator_kind"]) == ("graded", "HUMAN")
    assert (row["result.label"], row["result.score"]) == ("a", 0.5)
    assert list(got.loc[[id_of(s) for s in spans]]["result.score"]) == [0.5, 1.0, 2.0]


def test_more_annotations_than_a_page_are_all_read(
    client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    client.spans.log_span_annotations(
        span_annotations=[
            {"span_id": id_of(spans[i % 3]), "name": f"n{i}", "annotator_kind": "CODE"}
            for i in range(2500)
        ],
        sync=True,
    )
    got = client.spans.get_span_annotations(
        project_identifier=project, span_ids=[id_of(s) for s in spans], limit=100
    )
    assert [a["name"] for a in got] == [f"n{i}" for i in reversed(range(2500))]
    some = client.spans.get_span_annotations(
        project_identifier=project, span_ids=[id_of(s) for s in spans],
        include_annotation_names=["n1", "n2"], exclude_annotation_names=["n2"],
    )  # fmt: skip
    assert [a["name"] for a in some] == ["n1"]


def test_notes_add_up(client: Either, project: str, spans: list[dict[str, Any]]) -> None:
    ids = [client.spans.add_span_note(span_id=id_of(spans[0]), note=f"note {i}") for i in range(2)]
    shown = client.spans.get_span_annotations(
        project_identifier=project, span_ids=[id_of(spans[0])],
        include_annotation_names=["note"], exclude_annotation_names=[],
    )  # fmt: skip
    assert [a["id"] for a in shown] == [i["id"] for i in reversed(ids)]
    assert [a["result"]["explanation"] for a in shown] == ["note 1", "note 0"]
    assert all(a["identifier"].startswith("px-span-note:") for a in shown)
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.spans.add_span_note(span_id="f" * 16, note="lost")
    assert error.value.response.status_code == 404


def test_unknown_spans_are_named(
    client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.spans.log_span_annotations(
            span_annotations=[
                {"span_id": i, "name": "n", "annotator_kind": "CODE"}
                for i in [id_of(spans[0]), "f" * 16, "e" * 16]
            ],
            sync=True,
        )
    assert error.value.response.status_code == 404
    assert error.value.response.text == f"Spans with IDs {'e' * 16}, {'f' * 16} do not exist."
    assert annotated(client, project, spans) == []


# -------------------------------------------------------------------- documents, traces, sessions


def test_documents_are_annotated(client: Either, server: Server, project: str) -> None:
    retriever = span(
        0, span_kind="RETRIEVER",
        attributes={f"retrieval.documents.{i}.document.content": "text" for i in range(2)},
    )  # fmt: skip
    log(client, server, project, [retriever])
    inserted = client.spans.add_document_annotation(
        span_id=id_of(retriever), document_position=1, annotation_name="relevance", score=1,
        sync=True,
    )  # fmt: skip
    again = client.spans.log_document_annotations(
        document_annotations=[
            {
                "span_id": id_of(retriever), "document_position": p, "name": "relevance",
                "annotator_kind": "LLM", "result": {"score": p},
            }
            for p in range(2)
        ],
        sync=True,
    )  # fmt: skip
    assert again[1] == inserted and again[0] != inserted
    frame = pd.DataFrame(
        {"span_id": [id_of(retriever)] * 2, "document_position": [0, 1], "score": [0.1, 0.2]}
    )
    logged = client.spans.log_document_annotations_dataframe(
        dataframe=frame, annotation_name="relevance", annotator_kind="LLM", sync=True
    )
    assert logged == again
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.spans.add_document_annotation(
            span_id=id_of(retriever), document_position=2, annotation_name="n", score=1, sync=True
        )
    assert error.value.response.status_code == 422


@pytest.mark.parametrize("kind", ["trace", "session"])
def test_traces_and_sessions_are_annotated(
    client: Either, server: Server, project: str, spans: list[dict[str, Any]], kind: str
) -> None:
    ids = (
        [s["context"]["trace_id"] for s in spans]
        if kind == "trace"
        else [f"{project}-{i}" for i in range(3)]
    )
    key = f"{kind}_id"
    resource = getattr(client, f"{kind}s")
    added = getattr(resource, f"add_{kind}_annotation")(
        **{key: ids[0]}, annotation_name="n", label="l", sync=True
    )
    logged = getattr(resource, f"log_{kind}_annotations")(
        **{
            f"{kind}_annotations": [
                {key: i, "name": "n", "annotator_kind": "CODE", "result": {"score": 1}} for i in ids
            ]
        },
        sync=True,
    )
    assert logged[0] == added and len({i["id"] for i in logged}) == 3
    frame = pd.DataFrame({key: ids, "label": ["a", "b", "c"]})
    again = getattr(resource, f"log_{kind}_annotations_dataframe")(
        dataframe=frame, annotation_name="n", annotator_kind="HUMAN", sync=True
    )
    assert again == logged
    path = f"{server.url}/v1/projects/{project}/{kind}_annotations"
    shown = httpx.get(path, params={f"{kind}_ids": ids}).json()
    assert [(a[key], a["result"]["label"]) for a in shown["data"]] == [
        (ids[2], "c"), (ids[1], "b"), (ids[0], "a"),
    ]  # fmt: skip
    note = httpx.post(
        f"{server.url}/v1/{kind}_notes", json={"data": {key: ids[0], "note": " a note "}}
    )
    assert note.status_code == 200
    assert httpx.delete(path, params={"delete_all": True, "name": "n"}).status_code == 204
    left = httpx.get(path, params={f"{kind}_ids": ids}).json()["data"]
    assert [(a["id"], a["result"]["explanation"]) for a in left] == [
        (note.json()["data"]["id"], "a note")
    ]


# -------------------------------------------------------------------- configs


def test_configs_are_kept_and_assigned(server: Server) -> None:
    with httpx.Client(base_url=server.url) as http:
        name = fresh("config")
        created = http.post(
            "/v1/annotation_configs",
            json={
                "name": name, "type": "CATEGORICAL", "optimization_direction": "MAXIMIZE",
                "values": [{"label": "good", "score": 1}, {"label": "bad"}],
            },
        ).json()["data"]  # fmt: skip
        assert created["values"] == [
            {"label": "good", "score": 1.0}, {"label": "bad", "score": None},
        ]  # fmt: skip
        path = f"/v1/annotation_configs/{name}"
        assert http.get(path).json()["data"] == created
        project = fresh("project")
        http.post("/v1/projects", json={"name": project})
        assigned = f"/v1/projects/{project}/annotation_configs"
        assert http.put(f"{assigned}/{name}").json()["data"] == created
        assert http.get(assigned).json()["data"] == [created]
        changed = http.put(
            f"/v1/annotation_configs/{created['id']}",
            json={"name": name, "type": "FREEFORM", "threshold": 0.5},
        ).json()["data"]
        assert changed["type"] == "FREEFORM" and changed["threshold"] == 0.5
        assert http.get(assigned).json()["data"] == [changed]
        body = {"annotation_config_ids": [created["id"]]}
        assert http.put(assigned, json=body).json()["data"] == [changed]
        assert http.delete(f"{assigned}/{name}").status_code == 204
        assert http.get(assigned).json()["data"] == []
        assert http.delete(f"/v1/annotation_configs/{changed['id']}").json()["data"] == changed
        assert http.get(path).status_code == 404


# -------------------------------------------------------------------- waiting and racing


@pytest.mark.skipif(REFERENCE, reason="Only this server keeps them over a restart.")
def test_annotations_wait_for_their_spans_even_over_a_crash(
    make_server: Callable[..., Server], database: str
) -> None:
    server = make_server(database)
    client = Either(server.url, False)
    late = span(0)
    client.spans.log_span_annotations(
        span_annotations=[
            {"span_id": id_of(late), "name": "early", "annotator_kind": "CODE"},
            {"span_id": "nonsense", "name": "never", "annotator_kind": "CODE"},
        ]
    )
    server.kill()
    server.start()
    log(client, server, "late", [late])
    shown = eventually(lambda: annotated(client, "late", [late]), lambda a: a != [])
    assert [a["name"] for a in shown] == ["early"]


def test_many_writers_of_few_annotations(
    server: Server, client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    names = [f"n{i}" for i in range(20)]

    def write(writer: int) -> list[str]:
        ids: list[str] = []
        with httpx.Client(base_url=server.url, timeout=60) as http:
            for turn in range(5):
                order = names if (writer + turn) % 2 else names[::-1]
                answer = http.post(
                    "/v1/span_annotations?sync=true",
                    json={
                        "data": [
                            {"span_id": id_of(s), "name": n, "annotator_kind": "CODE"}
                            for n in order for s in spans
                        ]
                    },
                )  # fmt: skip
                assert answer.status_code == 200, answer.text
                ids += [i["id"] for i in answer.json()["data"]]
        return ids

    with ThreadPoolExecutor(8) as pool:
        ids = {i for ids in pool.map(write, range(8)) for i in ids}
    shown = annotated(client, project, spans)
    assert {a["id"] for a in shown} == ids and len(ids) == len(shown) == 60


def test_odd_values_are_kept(
    server: Server, client: Either, project: str, spans: list[dict[str, Any]]
) -> None:
    metadata = {"": "\u0000 😀", "deep": [[[{"a": None}]]], "big": 2**63}
    answer = httpx.post(
        f"{server.url}/v1/span_annotations?sync=true",
        headers={"content-type": "application/json"},
        content=json.dumps(
            {
                "data": [
                    {
                        "span_id": id_of(spans[0]), "name": "\u0000 ✓", "annotator_kind": "CODE",
                        "result": {"score": score, "label": "", "explanation": "a\u0000b"},
                        "metadata": metadata, "identifier": str(score),
                    }
                    for score in [float("nan"), float("inf"), float("-inf"), 1e308, -0.0]
                ]
            }
        ),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    shown = annotated(client, project, spans)
    assert [a["result"]["score"] for a in shown] == [0.0, 1e308, None, None, None]
    assert {a["name"] for a in shown} == {"\u0000 ✓"}
    assert shown[0]["result"]["explanation"] == "a\u0000b"
    if not REFERENCE:
        assert shown[0]["metadata"] == metadata

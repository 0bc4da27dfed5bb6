"""Acceptance: datasets through the released Python client, and where it has no method, REST."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pandas as pd
import pytest
from support.clients import Either, fresh, id_of, log, span
from support.server import Server


@pytest.fixture
def name() -> str:
    return fresh("dataset")


def contents(dataset: Any) -> list[tuple[Any, Any, Any]]:
    return [(e["input"], e["output"], e["metadata"]) for e in dataset.examples]


def test_a_dataset_is_created_and_read_back(client: Either, name: str) -> None:
    made = client.datasets.create_dataset(
        name=name,
        inputs=[{"q": "é", "n": {"x": [1, None, 1.5]}}, {"q": 2}],
        outputs=[{"a": "b"}, {}],
        metadata=[{"k": True}, {}],
        dataset_description="says",
    )
    read = client.datasets.get_dataset(dataset=name)
    assert read.version_id == made.version_id
    assert contents(read) == [
        ({"q": "é", "n": {"x": [1, None, 1.5]}}, {"a": "b"}, {"k": True}),
        ({"q": 2}, {}, {}),
    ]
    assert read.description == "says"
    listed = client.datasets.list()
    assert [d["example_count"] for d in listed if d["name"] == name] == [2]


def test_versions_stay_as_they_were(client: Either, name: str) -> None:
    first = client.datasets.create_dataset(name=name, inputs=[{"q": 1}], outputs=[{"a": 1}])
    second = client.datasets.add_examples_to_dataset(
        dataset=name, inputs=[{"q": 2}], outputs=[{"a": 2}]
    )
    assert len(second.examples) == 2
    old = client.datasets.get_dataset(dataset=name, version_id=first.version_id)
    assert contents(old) == [({"q": 1}, {"a": 1}, {})]
    versions = client.datasets.get_dataset_versions(dataset=name)
    assert [v["version_id"] for v in versions] == [second.version_id, first.version_id]
    again = client.datasets.add_examples_to_dataset(
        dataset=name, inputs=[{"q": 2}], outputs=[{"a": 2}]
    )
    assert again.version_id == second.version_id


def test_tables_are_uploaded(client: Either, name: str) -> None:
    frame = pd.DataFrame({"q": ["one", "two"], "a": ["1", "2"], "m": ["x", "y"]})
    made = client.datasets.create_dataset(
        name=name, dataframe=frame, input_keys=["q"], output_keys=["a"], metadata_keys=["m"]
    )
    assert contents(made) == [
        ({"q": "one"}, {"a": "1"}, {"m": "x"}), ({"q": "two"}, {"a": "2"}, {"m": "y"}),
    ]  # fmt: skip


def test_a_name_is_taken_once(server: Server, name: str) -> None:
    body = {"name": name, "action": "create", "inputs": [{"q": 1}]}
    answers = [httpx.post(f"{server.url}/v1/datasets/upload", json=body) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 409]


def test_examples_know_their_spans(client: Either, server: Server, name: str) -> None:
    spans = [span(0)]
    log(client, server, name, spans)
    made = client.datasets.create_dataset(
        name=name,
        examples=[
            {"input": {"q": 1}, "output": {}, "span_id": id_of(spans[0])},
            {"input": {"q": 2}, "output": {}},
        ],
    )
    assert len(made.examples) == 2
    examples = httpx.get(f"{server.url}/v1/datasets/{made.id}/examples").json()["data"]["examples"]
    assert [e["source"] and e["source"]["span_id"] for e in examples] == [id_of(spans[0]), None]


# -------------------------------------------------------------------- files


def upload(server: Server, name: str, content: bytes, kind: str, **fields: Any) -> httpx.Response:
    headers = fields.pop("headers", {})
    return httpx.post(
        f"{server.url}/v1/datasets/upload?sync=true",
        data={"name": name, **fields},
        files={"file": ("file", content, kind, headers)},
        timeout=60,
    )


def test_a_bad_line_keeps_the_whole_file_out(server: Server, name: str) -> None:
    lines = b'{"q": 1}\n' * 999 + b'{"q": \n' + b'{"q": 2}\n'
    answer = upload(server, name, lines, "application/jsonl", **{"input_keys[]": ["q"]})
    assert answer.status_code == 422
    assert answer.text.startswith("Line 1000 ")
    assert httpx.get(f"{server.url}/v1/datasets", params={"name": name}).json()["data"] == []


def test_arrow_files_are_read(server: Server, name: str) -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table(
        {
            "i": [1, None, 3], "t": ["x", None, "z"], "l": [[1, 2], None, []],
            "s": [{"k": 1.5}, None, {"k": None}], "b": [True, None, False],
            "d": pa.array(["u", "v", "u"]).dictionary_encode(),
        }
    )  # fmt: skip
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    kind = "application/x-pandas-pyarrow"
    fields = {"input_keys[]": ["i", "t", "l"], "output_keys[]": ["s", "b", "d"]}
    answer = upload(server, name, sink.getvalue().to_pybytes(), kind, **fields)
    assert answer.status_code == 200, answer.text
    dataset = answer.json()["data"]["dataset_id"]
    examples = httpx.get(f"{server.url}/v1/datasets/{dataset}/examples").json()["data"]["examples"]
    assert [(e["input"], e["output"]) for e in examples] == [
        ({"i": 1, "t": "x", "l": [1, 2]}, {"s": {"k": 1.5}, "b": True, "d": "u"}),
        ({"i": None, "t": None, "l": None}, {"s": None, "b": None, "d": "v"}),
        ({"i": 3, "t": "z", "l": []}, {"s": {"k": None}, "b": False, "d": "u"}),
    ]


def test_what_is_too_large_is_refused(server: Server, name: str) -> None:
    bomb = gzip.compress(b'{"q": "' + b"x" * (300 << 20) + b'"}\n', 1)
    answer = upload(
        server, name, bomb, "application/jsonl",
        headers={"Content-Encoding": "gzip"}, **{"input_keys[]": ["q"]},
    )  # fmt: skip
    assert answer.status_code == 413
    assert httpx.get(f"{server.url}/v1/datasets", params={"name": name}).json()["data"] == []


def test_downloads_are_uploads_again(server: Server, name: str) -> None:
    rows = [{"q": f"{i},\"\n", "a": i} for i in range(1200)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    fields = {"input_keys[]": ["q"], "output_keys[]": ["a"]}
    answer = upload(server, name, lines, "application/jsonl", **fields)
    dataset = answer.json()["data"]["dataset_id"]
    downloaded = httpx.get(f"{server.url}/v1/datasets/{dataset}/csv").content
    again = upload(
        server, f"{name}-again", downloaded, "text/csv",
        **{"input_keys[]": ["input.q"], "output_keys[]": ["output.a"]},
    ).json()["data"]["dataset_id"]  # fmt: skip
    url = f"{server.url}/v1/datasets/{again}/jsonl"
    shown = [json.loads(line) for line in httpx.get(url).text.split("\n") if line]
    assert [e["input"] for e in shown] == [{"q": row["q"]} for row in rows]


def test_concurrent_writers_leave_each_example_once(server: Server, name: str) -> None:
    def append(number: int) -> int:
        body = {
            "name": name, "action": "append", "inputs": [{"q": number % 8}, {"q": -1}],
            "example_ids": [f"e{number % 8}", "shared"], "splits": ["train", None],
        }  # fmt: skip
        url = f"{server.url}/v1/datasets/upload?sync=true"
        return httpx.post(url, json=body, timeout=60).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(append, range(64))) == {200}
    dataset = httpx.get(f"{server.url}/v1/datasets", params={"name": name}).json()["data"][0]
    assert dataset["example_count"] == 9

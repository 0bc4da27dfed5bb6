"""Acceptance: experiments through the released Python client, and where it has no method, REST."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from support.clients import Either, fresh
from support.server import Server

START = datetime(2026, 5, 1, tzinfo=timezone.utc)


@pytest.fixture
def dataset(client: Either) -> Any:
    return client.datasets.create_dataset(
        name=fresh("experiments"),
        inputs=[{"q": f"question {i}"} for i in range(3)],
        outputs=[{"a": f"answer {i}"} for i in range(3)],
        metadata=[{"number": i} for i in range(3)],
    )


def answered(input: dict[str, Any]) -> dict[str, Any]:
    return {"a": input["q"].replace("question", "answer")}


def correct(output: Any, expected: Any) -> bool:
    return bool(output == expected)


def length(output: Any) -> dict[str, Any]:
    return {"score": float(len(output["a"])), "label": "long", "metadata": {"of": "a"}}


def counts(client: Either, experiment_id: str) -> tuple[int, int, int, int]:
    shown = client.experiments.get(experiment_id=experiment_id)
    return (
        shown["example_count"],
        shown["successful_run_count"],
        shown["failed_run_count"],
        shown["missing_run_count"],
    )


def rows(server: Server, experiment_id: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{server.url}/v1/experiments/{experiment_id}/json")
    answer.raise_for_status()
    return list(answer.json())


def test_an_experiment_is_run_and_evaluated(client: Either, server: Server, dataset: Any) -> None:
    ran = client.experiments.run_experiment(
        dataset=dataset,
        task=answered,
        evaluators=[correct, length],
        experiment_name="first",
        experiment_description="says",
        experiment_metadata={"model": "m"},
        repetitions=2,
        print_summary=False,
    )
    assert len(ran["task_runs"]) == 6 and len(ran["evaluation_runs"]) == 12
    shown = client.experiments.get(experiment_id=ran["experiment_id"])
    assert (shown["name"], shown["description"]) == ("first", "says")
    assert (shown["metadata"], shown["repetitions"]) == ({"model": "m"}, 2)
    assert shown["project_name"] == ran["project_name"]
    assert counts(client, ran["experiment_id"]) == (3, 6, 0, 0)
    stored = rows(server, ran["experiment_id"])
    assert [(r["repetition_number"], r["output"]) for r in stored] == [
        (repetition, {"a": f"answer {i}"}) for i in range(3) for repetition in (1, 2)
    ]
    assert [r["reference_output"] for r in stored] == [r["output"] for r in stored]
    for row in stored:
        by_name = {a["name"]: a for a in row["annotations"]}
        assert by_name["correct"]["score"] == 1.0 and by_name["correct"]["label"] == "True"
        assert by_name["length"]["score"] == 8.0
        assert by_name["length"]["metadata"] == {"of": "a"}
        assert row["latency_ms"] >= 0 and row["trace_id"]
    read = client.experiments.get_experiment(experiment_id=ran["experiment_id"])
    assert len(read["task_runs"]) == 6 and len(read["evaluation_runs"]) == 12
    assert {r.name for r in read["evaluation_runs"]} == {"correct", "length"}


def test_the_traces_of_an_experiment_are_in_a_project_that_lists_leave_out(
    client: Either, server: Server, dataset: Any
) -> None:
    ran = client.experiments.run_experiment(dataset=dataset, task=answered, print_summary=False)
    spans = client.spans.get_spans(project_identifier=ran["project_name"], limit=100)
    traces = {r["trace_id"] for r in rows(server, ran["experiment_id"])}
    assert {s["context"]["trace_id"] for s in spans} == traces and len(traces) == 3
    plain = httpx.get(f"{server.url}/v1/projects", params={"limit": 1000}).json()["data"]
    assert ran["project_name"] not in {p["name"] for p in plain}
    every = httpx.get(
        f"{server.url}/v1/projects",
        params={"limit": 1000, "include_experiment_projects": True},
    ).json()["data"]
    assert ran["project_name"] in {p["name"] for p in every}


def test_a_dry_run_leaves_nothing(client: Either, dataset: Any) -> None:
    ran = client.experiments.run_experiment(
        dataset=dataset, task=answered, evaluators=[correct], dry_run=2, print_summary=False
    )
    assert len(ran["task_runs"]) == 2
    assert client.experiments.list(dataset_id=dataset.id) == []


def test_failed_runs_are_run_again(client: Either, server: Server, dataset: Any) -> None:
    def flaky(input: dict[str, Any]) -> dict[str, Any]:
        if input["q"] == "question 1":
            raise ValueError("no idea")
        return answered(input)

    ran = client.experiments.run_experiment(
        dataset=dataset, task=flaky, retries=0, print_summary=False
    )
    experiment_id = ran["experiment_id"]
    assert counts(client, experiment_id) == (3, 2, 1, 0)
    assert [r["error"] for r in rows(server, experiment_id)] == [
        None, "ValueError('no idea')", None
    ]  # fmt: skip
    client.experiments.resume_experiment(
        experiment_id=experiment_id, task=answered, evaluators=[correct], print_summary=False
    )
    assert counts(client, experiment_id) == (3, 3, 0, 0)
    stored = rows(server, experiment_id)
    assert [a["score"] for r in stored for a in r["annotations"]] == [1.0] * 3


def test_missing_evaluations_are_made(client: Either, server: Server, dataset: Any) -> None:
    ran = client.experiments.run_experiment(
        dataset=dataset, task=answered, evaluators=[correct], print_summary=False
    )
    client.experiments.resume_evaluation(
        experiment_id=ran["experiment_id"], evaluators=[correct, length], print_summary=False
    )
    names = [sorted(a["name"] for a in r["annotations"]) for r in rows(server, ran["experiment_id"])]
    assert names == [["correct", "length"]] * 3


def test_an_experiment_is_evaluated_later(client: Either, server: Server, dataset: Any) -> None:
    ran = client.experiments.run_experiment(dataset=dataset, task=answered, print_summary=False)
    read = client.experiments.get_experiment(experiment_id=ran["experiment_id"])
    more = client.experiments.evaluate_experiment(
        experiment=read, evaluators=[correct], print_summary=False
    )
    assert len(more["evaluation_runs"]) == 3
    answer = httpx.get(f"{server.url}/v1/experiments/{ran['experiment_id']}/csv")
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [r["annotation_correct_label"] for r in table] == ["True"] * 3


def test_experiments_are_created_listed_and_deleted(
    client: Either, server: Server, dataset: Any
) -> None:
    made = [
        client.experiments.create(
            dataset_id=dataset.id, experiment_name=f"e{i}", repetitions=i + 1
        )
        for i in range(3)
    ]
    assert [e["name"] for e in made] == ["e0", "e1", "e2"]
    listed = client.experiments.list(dataset_id=dataset.id)
    assert [e["id"] for e in listed] == [e["id"] for e in reversed(made)]
    client.experiments.delete(experiment_id=made[0]["id"], delete_project=True)
    with pytest.raises(ValueError):
        client.experiments.get(experiment_id=made[0]["id"])
    project = httpx.get(f"{server.url}/v1/projects/{made[0]['project_name']}")
    assert project.status_code == 404


def test_runs_and_evaluations_are_logged_one_by_one(
    client: Either, server: Server, dataset: Any
) -> None:
    made = client.experiments.create(dataset_id=dataset.id)
    example = dataset.examples[0]
    times = {"start_time": START, "end_time": START + timedelta(milliseconds=1500)}
    arguments = {
        "experiment_id": made["id"],
        "dataset_example_id": example.get("node_id") or example["id"],
        **times,
    }
    run = client.experiments.log_run(**arguments, output=None, error="boom")
    again = client.experiments.log_run(**arguments, output={"z": 1, "a": [1.0, None]})
    assert again["id"] == run["id"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        client.experiments.log_run(**arguments, output="late")
    assert refused.value.response.status_code == 409
    first = client.experiments.log_evaluation(experiment_run_id=run["id"], name="n", score=0.5)
    second = client.experiments.log_evaluation(experiment_run_id=run["id"], name="n", label="l")
    assert first == second
    stored = rows(server, made["id"])
    assert list(stored[0]["output"]) == ["z", "a"] and stored[0]["latency_ms"] == 1500.0
    assert [(a["score"], a["label"]) for a in stored[0]["annotations"]] == [(None, "l")]


def test_of_many_writers_of_a_run_one_wins(client: Either, server: Server, dataset: Any) -> None:
    made = client.experiments.create(dataset_id=dataset.id)
    example = dataset.examples[0]
    body = {
        "dataset_example_id": example.get("node_id") or example["id"],
        "repetition_number": 1,
        "start_time": START.isoformat(),
        "end_time": START.isoformat(),
    }

    def write(number: int) -> int:
        answer = httpx.post(
            f"{server.url}/v1/experiments/{made['id']}/runs", json={**body, "output": number}
        )
        return answer.status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(write, range(32)))
    assert statuses == [200] + [409] * 31
    assert len(rows(server, made["id"])) == 1

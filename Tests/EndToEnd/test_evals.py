"""Acceptance: `arize-phoenix-evals` judges stored spans and runs, with a stub of a model."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from phoenix.client.types.spans import SpanQuery
from phoenix.evals import LLM, create_classifier, create_evaluator, evaluate_dataframe
from phoenix.evals.utils import to_annotation_dataframe
from support.clients import Either, fresh, id_of, log, span
from support.model_stub import ModelStub
from support.server import Server


def verdict(prompt: str) -> dict[str, Any]:
    good = "Paris" in prompt
    return {"explanation": "It names the city.", "label": "correct" if good else "incorrect"}


@pytest.fixture
def model() -> Iterator[ModelStub]:
    with ModelStub(verdict) as stub:
        yield stub


def judge(model: ModelStub) -> Any:
    return create_classifier(
        name="correctness",
        prompt_template="Question: {input}\nAnswer: {output}\nIs it correct?",
        llm=LLM(provider="openai", model="gpt-4o", api_key="none", base_url=model.url),
        choices={"correct": 1.0, "incorrect": 0.0},
    )


@create_evaluator(name="length", kind="code")
def length(output: str) -> int:
    return len(output)


def test_spans_are_evaluated_and_annotated(
    client: Either, server: Server, model: ModelStub
) -> None:
    project = fresh("evals")
    answers = ["Paris", "Lyon", "Paris, of course"]
    spans = [
        span(
            i, span_kind="LLM",
            attributes={"input.value": "Capital of France?", "output.value": answer},
        )
        for i, answer in enumerate(answers)
    ]  # fmt: skip
    log(client, server, project, spans)
    frame = client.spans.get_spans_dataframe(
        query=SpanQuery().where("span_kind == 'LLM'").select("input.value", "output.value"),
        project_identifier=project,
    ).rename(columns={"input.value": "input", "output.value": "output"})
    assert len(frame) == 3
    judged = evaluate_dataframe(
        dataframe=frame, evaluators=[judge(model), length], hide_tqdm_bar=True
    )
    assert len(model.prompts) == 3
    client.spans.log_span_annotations_dataframe(
        dataframe=to_annotation_dataframe(dataframe=judged), sync=True
    )
    stored = client.spans.get_span_annotations(
        project_identifier=project, span_ids=[id_of(s) for s in spans]
    )
    found = {(a["span_id"], a["name"]): a for a in stored}
    assert len(found) == len(stored) == 6
    for one, answer in zip(spans, answers):
        correctness = found[id_of(one), "correctness"]
        good = answer.startswith("Paris")
        assert correctness["annotator_kind"] == "LLM"
        assert correctness["result"] == {
            "label": "correct" if good else "incorrect",
            "score": 1.0 if good else 0.0,
            "explanation": "It names the city.",
        }
        assert correctness["metadata"]["model"] == "gpt-4o"
        counted = found[id_of(one), "length"]
        assert counted["annotator_kind"] == "CODE" and counted["result"]["score"] == len(answer)


def test_an_experiment_is_judged(client: Either, server: Server, model: ModelStub) -> None:
    dataset = client.datasets.create_dataset(
        name=fresh("capitals"),
        inputs=[{"country": "France"}, {"country": "Norway"}],
        outputs=[{"city": "Paris"}, {"city": "Oslo"}],
    )

    def task(input: dict[str, Any]) -> str:
        return "Paris"

    def shown(input: dict[str, Any], output: str) -> dict[str, Any]:
        judgement = judge(model).evaluate({"input": input["country"], "output": output})[0]
        return {"score": judgement.score, "label": judgement.label}

    ran = client.experiments.run_experiment(
        dataset=dataset, task=task, evaluators={"correctness": shown, "length": length},
        print_summary=False,
    )  # fmt: skip
    assert len(ran["task_runs"]) == 2 and len(ran["evaluation_runs"]) == 4
    stored = client.experiments.get_experiment(experiment_id=ran["experiment_id"])
    results = {(e.experiment_run_id, e.name): e.result for e in stored["evaluation_runs"]}
    assert len(results) == 4
    for run in stored["task_runs"]:
        assert results[run["id"], "correctness"]["label"] == "correct"
        assert results[run["id"], "length"]["score"] == 5

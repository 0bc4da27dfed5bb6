from __future__ import annotations

from typing import Any

from support.client_calls import Calls, unknown

from .things import at

CREATE, GET, GET_RAN = "experiments.create", "experiments.get", "experiments.get_experiment"
RUN, EVALUATE = "experiments.run_experiment", "experiments.evaluate_experiment"
LOG_RUN, LOG_EVALUATION = "experiments.log_run", "experiments.log_evaluation"


def dataset(ask: Calls, name: str, count: int = 3) -> Any:
    return ask(
        f"dataset {name}", "datasets.create_dataset", name=name,
        examples=[
            {
                "id": f"{name}-{i}", "input": {"q": i}, "output": {"a": i * 2},
                "metadata": {"m": i}, "splits": "even" if i % 2 == 0 else "odd",
            }
            for i in range(count)
        ],
    )  # fmt: skip


def node(example: Any) -> str:
    return example.get("node_id") or example["id"]


def experiments(ask: Calls) -> None:
    """What the single requests do: create, log, read, delete."""
    data = dataset(ask, "exp plain")
    first = data.version_id
    nodes = [node(e) for e in data.examples] if data else [unknown("DatasetExample")] * 3
    plain = ask("create", CREATE, dataset_id=data.id)
    named = ask("create-named", CREATE, dataset_id=data.id, experiment_name=" shades ",
                experiment_description="of colours", experiment_metadata={"k": [1, None]},
                repetitions=2)  # fmt: skip
    ask("create-same-name", CREATE, dataset_id=data.id, experiment_name="shades")
    ask("create-version", CREATE, dataset_id=data.id, dataset_version_id=first)
    split = ask("create-split", CREATE, dataset_id=data.id, splits=["even"])
    ask("create-unknown-split", CREATE, dataset_id=data.id, splits=["none"])
    ask("create-unknown", CREATE, dataset_id=unknown("Dataset"))
    ask("create-odd-id", CREATE, dataset_id="nonsense")
    ask("create-unknown-version", CREATE, dataset_id=data.id,
        dataset_version_id=unknown("DatasetVersion"))  # fmt: skip
    ask("create-odd-version", CREATE, dataset_id=data.id, dataset_version_id="nonsense")
    ask("create-no-repetitions", CREATE, dataset_id=data.id, repetitions=0)

    def log(name: str, experiment: Any, example: str, output: Any, **more: Any) -> Any:
        return ask(
            name, LOG_RUN, experiment_id=experiment["id"], dataset_example_id=example,
            output=output, start_time=at(0), end_time=at(1.5), **more,
        )  # fmt: skip

    run = log("run", plain, nodes[0], "blue")
    log("run-dict", plain, nodes[1], {"nested": [1, None, {"x": 2.5}]})
    failed = log("run-failed", plain, nodes[2], None, error="ValueError: no")
    log("run-again", plain, nodes[0], "red")
    log("run-failed-again", plain, nodes[2], "mended", trace_id=ask.hex("exp trace", 32))
    log("run-after-mending", plain, nodes[2], "too late")
    log("run-failing-late", plain, nodes[0], None, error="late")
    log("run-repetition", named, nodes[0], 1, repetition_number=1)
    log("run-second-repetition", named, nodes[0], 2, repetition_number=2)
    log("run-third-repetition", named, nodes[0], 3, repetition_number=3)
    log("run-repetition-zero", named, nodes[0], 0, repetition_number=0)
    log("run-list", named, nodes[1], [1, "two"], repetition_number=1)
    log("run-bool", named, nodes[1], False, repetition_number=2)
    log("run-none", named, nodes[2], None, repetition_number=1)
    log("run-outside-the-split", split, nodes[1], "odd")
    log("run-unknown-example", plain, unknown("DatasetExample"), "x")
    log("run-odd-example", plain, "nonsense", "x")
    log("run-id-of-another-kind", plain, data.id, "x")
    log("run-external-id", plain, "exp plain-0", "x")
    log("run-unknown-experiment", {"id": unknown("Experiment")}, nodes[0], "x")
    log("run-odd-experiment", {"id": "nonsense"}, nodes[0], "x")
    ask("run-backwards", LOG_RUN, experiment_id=split["id"], dataset_example_id=nodes[0],
        output="x", start_time=at(5), end_time=at(1))  # fmt: skip

    def evaluate(name: str, run: Any, evaluation: str = "exact", **more: Any) -> Any:
        more = {"start_time": at(2), "end_time": at(3), **more}
        return ask(name, LOG_EVALUATION, experiment_run_id=run["id"], name=evaluation, **more)

    evaluate("evaluation", run, score=1)
    evaluate("evaluation-all", run, "judged", annotator_kind="LLM", label="good", score=0.25,
             explanation="because", metadata={"m": 1}, trace_id=ask.hex("eval trace", 32))  # fmt: skip
    evaluate("evaluation-again", run, score=0.5, label="changed")
    evaluate("evaluation-error", failed, error="it broke")
    evaluate("evaluation-after-error", failed, label="mended")
    evaluate("evaluation-label", run, "labelled", label="")
    evaluate("evaluation-nothing", run)
    evaluate("evaluation-human", run, "by hand", annotator_kind="HUMAN", explanation="seen")
    evaluate("evaluation-odd-kind", run, annotator_kind="ROBOT", score=1)
    evaluate("evaluation-no-name", run, "", score=1)
    evaluate("evaluation-unknown-run", {"id": unknown("ExperimentRun")}, score=1)
    evaluate("evaluation-odd-run", {"id": "nonsense"}, score=1)
    evaluate("evaluation-infinite", run, "infinite", score=float("inf"))
    evaluate("evaluation-backwards", run, "backwards", score=1, start_time=at(9), end_time=at(8))
    ask("evaluation-untimed", LOG_EVALUATION, experiment_run_id=run["id"], name="untimed", score=1)

    ask("get", GET, experiment_id=plain["id"])
    ask("get-named", GET, experiment_id=named["id"])
    ask("get-split", GET, experiment_id=split["id"])
    ask("get-unknown", GET, experiment_id=unknown("Experiment"))
    ask("get-odd", GET, experiment_id="nonsense")
    ask("get-id-of-another-kind", GET, experiment_id=unknown("Dataset"))
    ask("ran", GET_RAN, experiment_id=plain["id"])
    ask("ran-named", GET_RAN, experiment_id=named["id"])
    ask("ran-empty", GET_RAN, experiment_id=split["id"])
    ask("ran-unknown", GET_RAN, experiment_id=unknown("Experiment"))
    ask("ran-odd", GET_RAN, experiment_id="nonsense")
    ask("list", "experiments.list", dataset_id=data.id)
    ask("list-unknown", "experiments.list", dataset_id=unknown("Dataset"))
    ask("list-odd", "experiments.list", dataset_id="nonsense")
    bare = dataset(ask, "exp bare", 1)
    ask("list-none", "experiments.list", dataset_id=bare.id)
    ask("list-by-name", "experiments.list", dataset_id="exp plain")
    ask("url", "experiments.get_experiment_url", data.id, plain["id"])
    ask("url-of-dataset", "experiments.get_dataset_experiments_url", data.id)

    # Examples that are gone from the newest version stay in the experiments of older ones.
    ask("shrink", "datasets.create_dataset", name="exp plain",
        examples=[{"id": "exp plain-0", "input": {"q": "new"}, "output": {}}])  # fmt: skip
    ask("create-on-newest", CREATE, dataset_id=data.id)
    old = ask("create-on-older", CREATE, dataset_id=data.id, dataset_version_id=first)
    log("run-of-a-gone-example", old, nodes[2], "still here")
    ask("ran-of-older", GET_RAN, experiment_id=old["id"])
    ask("get-plain-again", GET, experiment_id=plain["id"])

    ask("delete", "experiments.delete", experiment_id=split["id"])
    ask("delete-again", "experiments.delete", experiment_id=split["id"])
    ask("delete-with-project", "experiments.delete", experiment_id=named["id"],
        delete_project=True)  # fmt: skip
    ask("delete-unknown", "experiments.delete", experiment_id=unknown("Experiment"))
    ask("delete-odd", "experiments.delete", experiment_id="nonsense")
    ask("get-deleted", GET, experiment_id=split["id"])
    ask("list-after-delete", "experiments.list", dataset_id=data.id)
    log("run-in-deleted", split, nodes[0], "x")
    evaluate("evaluation-after-delete", run, "after", score=1)


def running(ask: Calls) -> None:
    """What runs tasks and evaluators: run, evaluate, resume."""
    data = dataset(ask, "running")

    def double(input: dict[str, Any]) -> Any:
        return {"a": input["q"] * 2}

    def words(input: dict[str, Any], expected: dict[str, Any], metadata: dict[str, Any]) -> str:
        return f"{input['q']} {expected['a']} {metadata['m']}"

    def of_example(example: Any) -> str:
        return f"{example['input']} {example.id is not None}"

    def fails_on_one(input: dict[str, Any]) -> Any:
        if input["q"] == 1:
            raise ValueError("one is not allowed")
        return input["q"]

    async def slow(input: dict[str, Any]) -> Any:
        return input["q"]

    def exact(output: Any, expected: Any) -> bool:
        return output == expected

    def length(output: Any) -> float:
        return len(str(output)) / 2

    def label(output: Any) -> str:
        return "long" if len(str(output)) > 3 else "short"

    def explained(output: Any) -> tuple[float, str, str]:
        return (0.5, "half", "because of it")

    def full(output: Any, metadata: Any) -> dict[str, Any]:
        return {"score": metadata["m"], "label": "l", "explanation": "e", "metadata": {"k": 1}}

    def several(output: Any) -> list[dict[str, Any]]:
        return [{"name": "first", "score": 1}, {"name": "second", "label": "two"}, {"score": 3}]

    def broken(output: Any) -> bool:
        raise RuntimeError("the judge is out")

    quiet = {"print_summary": False, "retries": 0}

    ran = ask("run", RUN, dataset=data, task=double, experiment_name="doubled", **quiet)
    ask("run-get", GET, experiment_id=ran["experiment_id"])
    ask("run-unnamed", RUN, dataset=data, task=double, **quiet)
    judged = ask("run-judged", RUN, dataset=data, task=words, evaluators=[exact, length, label],
                 experiment_name="judged", experiment_description="d",
                 experiment_metadata={"model": "none"}, **quiet)  # fmt: skip
    ask("run-judged-get", GET_RAN, experiment_id=judged["experiment_id"])
    ask("run-named-evaluators", RUN, dataset=data, task=double, experiment_name="named",
        evaluators={"same?": exact, "how long": length, "explained": explained}, **quiet)  # fmt: skip
    ask("run-one-evaluator", RUN, dataset=data, task=double, evaluators=full, **quiet)
    several_ran = ask("run-several-results", RUN, dataset=data, task=double, evaluators=several,
                      **quiet)  # fmt: skip
    ask("run-several-results-get", GET_RAN, experiment_id=several_ran["experiment_id"])
    repeated = ask("run-repeated", RUN, dataset=data, task=of_example, repetitions=3,
                   evaluators=[length], **quiet)  # fmt: skip
    ask("run-repeated-get", GET, experiment_id=repeated["experiment_id"])
    ask("run-no-repetitions", RUN, dataset=data, task=double, repetitions=0, **quiet)
    ask("run-lambda", RUN, dataset=data, task=lambda input: input["q"], **quiet)
    ask("run-async-task", RUN, dataset=data, task=slow, **quiet)
    ask("run-no-parameters", RUN, dataset=data, task=lambda: 1, **quiet)
    ask("run-odd-parameters", RUN, dataset=data, task=lambda input, b: 1, **quiet)
    ask("run-broken-evaluator", RUN, dataset=data, task=double, evaluators=[broken, exact],
        experiment_name="broken judge", **quiet)  # fmt: skip
    even = ask("get-even", "datasets.get_dataset", dataset="running", splits=["even"])
    on_split = ask("run-split", RUN, dataset=even, task=double, **quiet)
    ask("run-split-get", GET, experiment_id=on_split["experiment_id"])

    ask("dry", RUN, dataset=data, task=double, evaluators=[exact], dry_run=True, **quiet)
    ask("dry-two", RUN, dataset=data, task=double, dry_run=2, **quiet)
    ask("dry-many", RUN, dataset=data, task=words, dry_run=10, repetitions=2, **quiet)

    partial = ask("run-failing", RUN, dataset=data, task=fails_on_one, experiment_name="partial",
                  evaluators=[length], **quiet)  # fmt: skip
    one = {"experiment_id": partial["experiment_id"]}
    ask("run-failing-get", GET, **one)
    ask("resume-failing-still", "experiments.resume_experiment", task=fails_on_one, **one, **quiet)
    ask("resume-failing-get", GET_RAN, **one)
    ask("resume", "experiments.resume_experiment", task=double, evaluators=[length], **one, **quiet)
    ask("resume-get", GET, **one)
    ask("resume-get-ran", GET_RAN, **one)
    ask("resume-complete", "experiments.resume_experiment", task=double, **one, **quiet)
    created = ask("create-to-resume", CREATE, dataset_id=data.id, repetitions=2)
    ask("resume-created", "experiments.resume_experiment", experiment_id=created["id"], task=words,
        evaluators={"len": length}, **quiet)  # fmt: skip
    ask("resume-created-get", GET_RAN, experiment_id=created["id"])
    ask("resume-unknown", "experiments.resume_experiment", experiment_id=unknown("Experiment"),
        task=double, **quiet)  # fmt: skip

    resume = "experiments.resume_evaluation"
    ask("resume-evaluation", resume, experiment_id=ran["experiment_id"],
        evaluators={"exact": exact, "length": length}, **quiet)  # fmt: skip
    ask("resume-evaluation-get", GET_RAN, experiment_id=ran["experiment_id"])
    ask("resume-evaluation-again", resume, experiment_id=ran["experiment_id"],
        evaluators={"exact": exact, "label": label}, **quiet)  # fmt: skip
    ask("resume-evaluation-get-again", GET_RAN, experiment_id=ran["experiment_id"])
    ask("resume-evaluation-none", resume, experiment_id=ran["experiment_id"], evaluators=[],
        **quiet)  # fmt: skip
    ask("resume-evaluation-unknown", resume, experiment_id=unknown("Experiment"),
        evaluators=[exact], **quiet)  # fmt: skip

    again = ask("to-evaluate", GET_RAN, experiment_id=repeated["experiment_id"])
    ask("evaluate", EVALUATE, experiment=again, evaluators=[label, explained], **quiet)
    ask("evaluate-get", GET_RAN, experiment_id=repeated["experiment_id"])
    ask("evaluate-again", EVALUATE, experiment=again, evaluators=[label], **quiet)
    ask("evaluate-dry", EVALUATE, experiment=again, evaluators=[exact], dry_run=True, **quiet)
    ask("evaluate-none", EVALUATE, experiment=again, evaluators=[], **quiet)
    ask("evaluate-unknown", EVALUATE, evaluators=[exact], **quiet,
        experiment={**again, "experiment_id": unknown("Experiment")} if again else {})  # fmt: skip
    ask("evaluate-unknown-dataset", EVALUATE, evaluators=[exact], **quiet,
        experiment={**again, "dataset_id": unknown("Dataset")} if again else {})  # fmt: skip

    # The tasks' spans went into the project of the experiment.
    project = ran["project_name"]
    ask.until("spans.get_spans", lambda found: len(found) == 12, project_identifier=str(project))

    def spans() -> Any:
        found = ask.call("spans.get_spans_dataframe", project_identifier=str(project))
        # Those that began in the same millisecond come in any order.
        keys = ["name", "attributes.input.value", "attributes.output.value"]
        return found.sort_values(keys).drop(columns="events")

    ask.note("spans", spans)
    ask("project", "projects.get", project_name=str(project))
    ask("list", "experiments.list", dataset_id=data.id)
    ask("delete-with-project", "experiments.delete", experiment_id=ran["experiment_id"],
        delete_project=True)  # fmt: skip
    ask("project-after-delete", "projects.get", project_name=str(project))

"""Datasets and experiments for the recorded questions about them, sent through REST and GraphQL.

Their runs point at the generated traces, so that they have costs. What is made gets a name in the
target: ``sums#2`` is the third example of the dataset ``sums``, ``sums@1`` its first version,
``plain#2/1`` the first repetition of that example in the experiment ``plain``.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from support.asking import Target

START = datetime(2026, 9, 20, tzinfo=timezone.utc)


def trace(number: int) -> str:
    """A generated trace; those of odd number up to 11 cost something."""
    return f"c002{number:028x}"


#: What runs return: every kind of JSON, and some of what the filter language looks into.
OUTPUTS: list[Any] = [
    {"answer": 0, "steps": ["read", "add"], "deep": {"er": [1, {"x": "y"}]}, "sure": True},
    "the sum is 2",
    4.5,
    None,
    ["a", {"b": 2}, [3]],
    {"answer": "10", "sure": False, "quote\"d": 1, "nothing": None, "": "empty key"},
    True,
    "",
    {"answer": 14, "text": "It's “fine” ✓ 100%", "a.b": "dotted", "0": "digit"},
    False,
]  # fmt: skip

#: Values that comparisons with numbers, truths and texts read in their ways.
VALUES: list[Any] = [
    "true", "True", "false", "1", "0", 1, 0, 1.0, 2, True, False, "10", " 10 ", "1e3", "abc", "",
    "NaN", "Infinity", "-5", [1], {"a": 1}, None,
]  # fmt: skip

RUNS: list[dict[str, Any]] = [
    # experiment, example, repetition, output, milliseconds, trace, error
    {"of": "plain", "at": 0, "output": OUTPUTS[0], "ms": 1000, "trace": trace(1)},
    {"of": "plain", "at": 0, "repetition": 2, "output": OUTPUTS[5], "ms": 3000, "trace": trace(3)},
    {"of": "plain", "at": 1, "output": OUTPUTS[1], "ms": 250.5, "trace": trace(5)},
    {"of": "plain", "at": 1, "repetition": 2, "error": "TimeoutError: too slow", "ms": 9000},
    {"of": "plain", "at": 2, "output": OUTPUTS[2], "ms": 500, "trace": "ab" * 16},
    {"of": "plain", "at": 3, "output": OUTPUTS[3], "ms": 0, "trace": trace(2)},
    {"of": "plain", "at": 4, "output": OUTPUTS[8], "ms": 42, "trace": trace(7)},
    {"of": "tuned", "at": 0, "output": OUTPUTS[8], "ms": 900, "trace": trace(9)},
    {"of": "tuned", "at": 1, "output": OUTPUTS[4], "ms": 250.5, "trace": trace(11)},
    {"of": "tuned", "at": 2, "error": "ValueError: 'x'\nline", "output": "half", "ms": 1},
    {"of": "tuned", "at": 3, "output": OUTPUTS[6], "ms": 10, "trace": trace(4)},
    {"of": "tuned", "at": 4, "output": OUTPUTS[7], "ms": 4200},
    {"of": "later", "at": 1, "output": OUTPUTS[9], "ms": 7, "trace": trace(5)},
    {"of": "later", "at": 6, "output": OUTPUTS[1], "ms": 8},
    {"of": "halves", "at": 0, "output": {"answer": 0}, "ms": 100},
    {"of": "elsewhere", "at": 0, "output": "there", "ms": 5, "trace": trace(1)},
]

#: By run: the name of an evaluation, its kind, label, score, explanation or error, trace.
EVALUATIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("plain#0/1", "correct", {"label": "yes", "score": 1, "explanation": "It is 0."}),
    ("plain#0/2", "correct", {"label": "no", "score": 0}),
    ("plain#1/1", "correct", {"label": "yes", "score": 1, "trace": trace(7)}),
    ("plain#2/1", "correct", {"label": "no", "score": 0.25, "kind": "LLM"}),
    ("plain#3/1", "correct", {"label": "no", "score": -1.5}),
    ("plain#0/1", "length", {"score": 12, "metadata": {"unit": "words"}}),
    ("plain#1/1", "length", {"score": 4.75}),
    ("plain#4/1", "length", {"score": 0, "kind": "HUMAN"}),
    ("plain#1/1", "tone", {"label": "Mild", "explanation": "a 'quoted' word"}),
    ("plain#3/1", "tone", {"label": ""}),
    ("plain#1/2", "correct", {"error": "nothing to judge"}),
    ("plain#2/1", "broken", {"error": "ZeroDivisionError"}),
    ("tuned#0/1", "correct", {"label": "yes", "score": 1}),
    ("tuned#1/1", "correct", {"label": "yes", "score": 0.5}),
    ("tuned#3/1", "correct", {"label": "no", "score": 0}),
    ("tuned#3/1", "it's \"odd\" ✓", {"label": "ja", "score": 3}),
    ("tuned#4/1", "length", {"score": 100000000000.5}),
    ("later#1/1", "correct", {"score": 0.9}),
    ("later#6/1", "tone", {"label": "MILD"}),
    ("elsewhere#0/1", "correct", {"label": "yes", "score": 7}),
]


class Seeder:
    def __init__(self, target: Target) -> None:
        self.target = target

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.target.http.request(method, path, json=body)
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def asked(self, query: str, **variables: Any) -> Any:
        answer = self.target.graphql(query, self.target.resolve(variables))
        assert not answer.get("errors"), answer
        return answer["data"]

    def id(self, kind: str, name: str) -> str:
        return self.target.ids[(kind, name)]

    # ---------------------------------------------------------------- datasets

    def dataset(self, name: str, count: int, **more: Any) -> None:
        body = {
            "action": "create",
            "name": name,
            "description": f"About {name}.",
            "inputs": [
                {"question": f"What is {i} + {i}?", "n": i, "parts": [i, {"again": str(i)}]}
                for i in range(count)
            ],
            "outputs": [{"answer": 2 * i, "text": f"sum {2 * i}"} for i in range(count)],
            "metadata": [{"number": i, "even": i % 2 == 0, "tags": ["t", i]} for i in range(count)],
            **more,
        }
        made = self.send("POST", "/v1/datasets/upload?sync=true", body)["data"]
        self.target._name("Dataset", name, made["dataset_id"])
        self.learn(name)

    def learn(self, name: str) -> None:
        """The versions, examples and splits of a dataset."""
        dataset = self.id("Dataset", name)
        versions = self.send("GET", f"/v1/datasets/{dataset}/versions")["data"]
        for number, version in enumerate(reversed(versions), 1):
            self.target._name("DatasetVersion", f"{name}@{number}", version["version_id"])
            examples = self.send(
                "GET", f"/v1/datasets/{dataset}/examples?version_id={version['version_id']}"
            )["data"]["examples"]
            for example in examples:
                number = example["metadata"].get("number")
                self.target._name("DatasetExample", f"{name}#{number}", example["node_id"])
        found = self.asked("{ datasetSplits(first: 1000) { edges { node { id name } } } }")
        for edge in found["datasetSplits"]["edges"]:
            self.target._name("DatasetSplit", edge["node"]["name"], edge["node"]["id"])
        found = self.asked("{ datasetLabels(first: 1000) { edges { node { id name } } } }")
        for edge in found["datasetLabels"]["edges"]:
            self.target._name("DatasetLabel", edge["node"]["name"], edge["node"]["id"])

    # ---------------------------------------------------------------- experiments

    def experiment(self, dataset: str, name: str, **body: Any) -> None:
        path = f"/v1/datasets/{self.id('Dataset', dataset)}/experiments"
        made = self.send("POST", path, {"name": name, **self.target.resolve(body)})["data"]
        self.target._name("Experiment", name, made["id"])

    def run(self, dataset: str, line: dict[str, Any], number: int) -> None:
        start = START + timedelta(minutes=number)
        repetition = line.get("repetition", 1)
        body = {
            "dataset_example_id": self.id("DatasetExample", f"{dataset}#{line['at']}"),
            "output": line.get("output"),
            "repetition_number": repetition,
            "start_time": start.isoformat(),
            "end_time": (start + timedelta(milliseconds=line["ms"])).isoformat(),
            "trace_id": line.get("trace"),
            "error": line.get("error"),
        }
        path = f"/v1/experiments/{self.id('Experiment', line['of'])}/runs"
        made = self.send("POST", path, body)["data"]
        name = f"{line['of']}#{line['at']}/{repetition}"
        self.target._name("ExperimentRun", name, made["id"])

    def evaluate(self, run: str, name: str, said: dict[str, Any]) -> None:
        result = {k: said[k] for k in ("label", "score", "explanation") if k in said}
        body = {
            "experiment_run_id": self.id("ExperimentRun", run),
            "name": name,
            "annotator_kind": said.get("kind", "CODE"),
            "start_time": START.isoformat(),
            "end_time": (START + timedelta(seconds=1)).isoformat(),
            "result": result or None,
            "error": said.get("error"),
            "metadata": said.get("metadata", {}),
            "trace_id": said.get("trace"),
        }
        made = self.send("POST", "/v1/experiment_evaluations", body)["data"]
        self.target._name("ExperimentRunAnnotation", f"{run} {name}", made["id"])


def seed(target: Target) -> None:
    """Sends it all to a server that has the generated traces and nothing of this yet."""
    seeder = Seeder(target)
    splits = ["train", "train", "test", None, ["train", "test"], "test"]
    seeder.dataset("sums", 6, splits=splits)
    seeder.dataset("others", 2)
    seeder.asked(
        "mutation($i: PatchDatasetExamplesInput!)"
        " { patchDatasetExamples(input: $i) { dataset { id } } }",
        i={
            "datasetId": {"$dataset": "sums"},
            "versionDescription": "corrected",
            "operations": [
                {"replace": {"exampleId": {"$example": "sums#1"}, "field": "OUTPUT",
                             "value": {"answer": 2, "text": "two"}}},
                {"remove": {"exampleId": {"$example": "sums#5"}}},
                {"add": {"value": {"input": {"question": "100%_sure?"}, "output": {},
                                   "metadata": {"number": 6}, "externalId": "six"}}},
            ],
        },
    )  # fmt: skip
    seeder.learn("sums")
    first = {"$version": "sums@1"}
    seeder.experiment(
        "sums", "plain", version_id=first, repetitions=2, description="The first try.",
        metadata={"model": "corpus-small", "nested": {"list": [1, 2.5, None]}},
    )  # fmt: skip
    seeder.experiment("sums", "tuned", version_id=first, description="100%_better Ünïcode")
    seeder.experiment("sums", "halves", version_id=first, splits=["train"])
    seeder.experiment("sums", "later")
    seeder.experiment("sums", "passing", version_id=first)
    seeder.experiment("others", "elsewhere")
    seeder.experiment("others", "bare", repetitions=3)
    seeder.dataset("values", len(VALUES))
    seeder.experiment("values", "kinds")
    for number, line in enumerate(RUNS):
        seeder.run("others" if line["of"] == "elsewhere" else "sums", line, number)
    for number, value in enumerate(VALUES):
        line = {"of": "kinds", "at": number, "output": {"v": value}, "ms": 1000}
        seeder.run("values", line, number)
    for run, name, said in EVALUATIONS:
        seeder.evaluate(run, name, said)
    tag = {"name": "best", "description": "so far"}
    path = f"/v1/experiments/{seeder.id('Experiment', 'tuned')}/tags"
    made = seeder.send("POST", path, tag)
    target._name("ExperimentTag", "best", made["data"]["id"])
    seeder.asked(
        "mutation($i: ID!) { dismissExperiment(experimentId: $i) { experiment { id } } }",
        i={"$experiment": "passing"},
    )

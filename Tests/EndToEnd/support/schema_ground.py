"""Things for `schemathesis` to name: without ids that exist it would only ever see 404 and 422.

`configuration` fills a server and writes the file that tells schemathesis of what there is. What it
may delete is apart from what it may read, so that something is left to read.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import httpx

from support.clients import span
from support.server import Server

PROJECT = "ground"
TIMES = {"start_time": "2026-05-01T12:00:00+00:00", "end_time": "2026-05-01T12:00:01+00:00"}
#: How many of each kind may be deleted.
DOOMED = 25

FILTERS = [
    "latency_ms > 10", "span_kind == 'RETRIEVER'", "'question' in input.value", "parent_id is None",
    "annotations['quality'].score > 0.5", "notes", "evals['quality'].label == 'good'", "'", "1 ==",
    "attributes['session.id'] == 'ground-1'", "num_traces > 0", "first_input.value == 'question 1'",
    "trace_id == '0'", "metadata['a']['b'] is not None", "start_time > '2026-01-01T00:00:00+00:00'",
    "not (name == 'x' or cumulative_token_count.total > 1e400)", "span_id in ['a', 'b']", "😀 < 1",
]  # fmt: skip

#: Names of parameters and places in bodies, with the dictionary that they are filled from.
PARAMETERS = {
    "path.project_identifier": "projects",
    "path.span_identifier": "doomed_spans",
    "path.trace_identifier": "traces",
    "path.session_identifier": "sessions",
    "path.id": "datasets",
    "path.dataset_id": "datasets",
    "path.dataset_identifier": "datasets",
    "path.split_id": "splits",
    "path.label_id": "labels",
    "path.config_identifier": "configs",
    "path.config_id": "configs",
    "path.prompt_identifier": "prompts",
    "path.prompt_version_id": "prompt_versions",
    "path.experiment_id": "experiments",
    "path.tag_identifier": "tags",
    "path.tag_name": "tags",
    "query.filter": "filters",
    "query.trace_filter": "filters",
    "query.condition": "filters",
    "query.version_id": "versions",
    "query.cursor": "cursors",
    "query.start_time": "times",
    "query.end_time": "times",
    "query.project": "projects",
    "query.identifier": "names",
    "query.name": "names",
    "query.parent_id": "spans",
    "query.q": "words",
    "body.policy_id": "policies",
    "body.destination_project_identifier": "projects",
    "body.trace_identifiers[*]": "traces",
    "body.session_identifiers[*]": "doomed_sessions",
    "body.example_ids[*]": "examples",
    "body.add_example_ids[*]": "examples",
    "body.remove_example_ids[*]": "examples",
    "body.span_ids[*]": "spans",
    "body.dataset_label_ids[*]": "labels",
    "body.annotation_config_ids[*]": "configs",
    "body.data[*].span_id": "spans",
    "body.data[*].trace_id": "traces",
    "body.data[*].session_id": "sessions",
    "body.data[*].name": "names",
    "body.data[*].identifier": "names",
    "body.data.span_id": "spans",
    "body.data.trace_id": "traces",
    "body.data.session_id": "sessions",
    "body.data[*].context.span_id": "spans",
    "body.data[*].context.trace_id": "traces",
    "body.data[*].parent_id": "spans",
    "body.prompt.name": "names",
    "body.prompt.source_prompt_id": "prompts",
    "body.version_id": "versions",
    "body.dataset_example_id": "examples",
    "body.experiment_run_id": "runs",
    "body.trace_id": "traces",
    "body.name": "names",
}

#: The same for operations that delete.
DOOMED_PARAMETERS = {
    "path.project_identifier": "doomed_projects",
    "path.trace_identifier": "doomed_traces",
    "path.session_identifier": "doomed_sessions",
    "path.id": "doomed_datasets",
    "path.split_id": "doomed_splits",
    "path.label_id": "doomed_labels",
    "path.config_identifier": "doomed_configs",
    "path.config_id": "doomed_configs",
    "path.prompt_identifier": "doomed_prompts",
    "path.experiment_id": "doomed_experiments",
}


class Ground:
    """What the server was filled with: the values of each dictionary."""

    def __init__(self, server: Server) -> None:
        self.http = server.http
        self.values: dict[str, list[str]] = {
            "filters": FILTERS,
            "names": ["quality", "ground", "production", "made-up", "1"],
            "times": ["2026-05-01T12:00:00Z", "2026-05-01T12:00:30+02:00", "2030-01-01T00:00:00Z"],
            "words": ["question", "answer 1", "a", "\u00e4"],
            "tags": ["production", "baseline"],
            "policies": ["UHJvamVjdFRyYWNlUmV0ZW50aW9uUG9saWN5OjE="],
        }
        self._spans()
        self._datasets()
        self._experiments()
        self._prompts()
        self._configs()
        self._cursors()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body)
        assert answer.status_code in (200, 201, 202), f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def add(self, dictionary: str, *values: str) -> None:
        self.values.setdefault(dictionary, []).extend(values)

    def _spans(self) -> None:
        for prefix, count in ("", 4), ("doomed_", DOOMED):
            made = []
            for i in range(count):
                session = f"{prefix}ground-{i}"
                root = span(i, attributes={"session.id": session, "input.value": f"question {i}"})
                documents = {"retrieval.documents.0.document.content": "a"}
                made.append(root)
                made.append(
                    span(
                        i, root["context"]["trace_id"], root["context"]["span_id"],
                        span_kind="RETRIEVER", attributes={"session.id": session, **documents},
                    )
                )  # fmt: skip
                self.add(prefix + "sessions", session)
            project = (prefix + PROJECT).replace("_", "-")
            self.call("POST", f"/v1/projects/{project}/spans", {"data": made})
            self.add(prefix + "spans", *(s["context"]["span_id"] for s in made))
            self.add(prefix + "traces", *(s["context"]["trace_id"] for s in made[::2]))
            listed = self.call("GET", f"/v1/projects/{project}/spans?limit=1000")["data"]
            self.add(prefix + "spans", *(s["id"] for s in listed))
            listed = self.call("GET", f"/v1/projects/{project}/traces?limit=1000")["data"]
            self.add(prefix + "traces", *(t["id"] for t in listed))
            listed = self.call("GET", f"/v1/projects/{project}/sessions?limit=1000")["data"]
            self.add(prefix + "sessions", *(s["id"] for s in listed))
        self.add("projects", PROJECT, self.call("GET", f"/v1/projects/{PROJECT}")["data"]["id"])
        for i in range(DOOMED):
            made_one = self.call("POST", "/v1/projects", {"name": f"doomed-{i}"})["data"]
            self.add("doomed_projects", made_one["id"], made_one["name"])
        for kind, name in ("span", "span_id"), ("trace", "trace_id"), ("session", "session_id"):
            quality = {"name": "quality", "annotator_kind": "LLM", "result": {"score": 0.9}}
            data = [{name: target, **quality} for target in self.values[f"{kind}s"][:4]]
            self.call("POST", f"/v1/{kind}_annotations?sync=true", {"data": data})

    def _dataset(self, name: str) -> str:
        body = {
            "action": "create", "name": name,
            "inputs": [{"n": i} for i in range(6)], "outputs": [{"n": i} for i in range(6)],
            "splits": ["train", "train", "test", None, None, None],
        }  # fmt: skip
        return self.call("POST", "/v1/datasets/upload?sync=true", body)["data"]["dataset_id"]

    def _datasets(self) -> None:
        self.dataset = self._dataset("ground")
        self.add("datasets", self.dataset)
        self.add("doomed_datasets", *(self._dataset(f"doomed {i}") for i in range(DOOMED)))
        listed = self.call("GET", f"/v1/datasets/{self.dataset}/examples")["data"]
        self.examples = [e["id"] for e in listed["examples"]]
        self.add("examples", *self.examples)
        self.add("versions", listed["version_id"])
        for prefix, count in ("", 2), ("doomed_", DOOMED):
            for i in range(count):
                body = {"name": f"{prefix}split {i}", "example_ids": self.examples[:2]}
                path = f"/v1/datasets/{self.dataset}/splits"
                self.add(prefix + "splits", self.call("POST", path, body)["data"]["id"])
                body = {"name": f"{prefix}label {i}", "color": "#00ff00"}
                label = self.call("POST", "/v1/dataset_labels", body)["data"]["id"]
                self.add(prefix + "labels", label)
                self.http.put(f"/v1/datasets/{self.dataset}/labels/{label}")

    def _experiments(self) -> None:
        path = f"/v1/datasets/{self.dataset}/experiments"
        for i in range(DOOMED + 2):
            experiment = self.call("POST", path, {"name": f"experiment {i}", "repetitions": 2})
            experiment_id = experiment["data"]["id"]
            self.add("experiments" if i < 2 else "doomed_experiments", experiment_id)
            for example in self.examples[:3]:
                body = {
                    "dataset_example_id": example, "repetition_number": 1, "output": {"a": 1},
                    "trace_id": self.values["traces"][0], **TIMES,
                }  # fmt: skip
                run = self.call("POST", f"/v1/experiments/{experiment_id}/runs", body)["data"]["id"]
                self.add("runs", run)
                body = {
                    "experiment_run_id": run, "name": "quality", "annotator_kind": "CODE",
                    "result": {"label": "good", "score": 1.0}, **TIMES,
                }  # fmt: skip
                self.call("POST", "/v1/experiment_evaluations", body)
            self.http.post(f"/v1/experiments/{experiment_id}/tags", json={"name": f"tag-{i}"})

    def _prompts(self) -> None:
        version = {
            "model_provider": "OPENAI", "model_name": "m", "template_type": "CHAT",
            "template_format": "MUSTACHE",
            "template": {"type": "chat", "messages": [{"role": "user", "content": "{{a}}"}]},
            "invocation_parameters": {"type": "openai", "openai": {"temperature": 0.5}},
        }  # fmt: skip
        for i in range(DOOMED + 2):
            body = {"prompt": {"name": f"prompt-{i}"}, "version": version}
            made = self.call("POST", "/v1/prompts", body)["data"]
            self.add("prompts" if i < 2 else "doomed_prompts", f"prompt-{i}")
            self.add("prompt_versions", made["id"])
            path = f"/v1/prompt_versions/{made['id']}/tags"
            assert self.http.post(path, json={"name": "production"}).status_code == 204

    def _configs(self) -> None:
        for i in range(DOOMED + 2):
            body = {"name": f"config {i}", "type": "FREEFORM"}
            made = self.call("POST", "/v1/annotation_configs", body)["data"]
            self.add("configs" if i < 2 else "doomed_configs", made["id"])

    def _cursors(self) -> None:
        for path in (
            "/v1/projects", "/v1/datasets", "/v1/prompts", "/v1/annotation_configs",
            f"/v1/projects/{PROJECT}/spans", f"/v1/projects/{PROJECT}/traces",
            f"/v1/projects/{PROJECT}/sessions", f"/v1/datasets/{self.dataset}/experiments",
            f"/v1/experiments/{self.values['experiments'][0]}/runs",
        ):  # fmt: skip
            cursor = self.call("GET", path + "?limit=1")["next_cursor"]
            self.add("cursors", cursor)


def configuration(server: Server, probability: float = 0.8) -> Path:
    """Fills the server; answers the file for `schemathesis --config-file`."""
    values = Ground(server).values

    def bindings(parameters: dict[str, str]) -> list[str]:
        return [
            f"{json.dumps(name)} = "
            f'{{ dictionary = "{dictionary}", probability = {probability} }}'
            for name, dictionary in parameters.items()
        ]

    hooks = Path(__file__).with_name("schema_hooks.py")
    lines = [f"hooks = {json.dumps(str(hooks))}"]
    lines += itertools.chain.from_iterable(
        (f"[dictionaries.{name}]", f"values = {json.dumps(words, ensure_ascii=False)}")
        for name, words in values.items()
    )
    lines += ["[parameters]", *bindings(PARAMETERS)]
    lines += ["[[operations]]", 'include-method = "DELETE"', "[operations.parameters]"]
    lines += bindings({**PARAMETERS, **DOOMED_PARAMETERS})
    path = server.folder / "schemathesis.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


__all__ = ["Ground", "configuration"]

"""A little of everything for a database that is imported later, and the questions about it."""

from __future__ import annotations

import base64
import random
import time
from typing import Any, Callable, Iterator

import httpx
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from support.otlp import attributes, make_span, request

START = 1_780_000_000_123_456_789
SECOND = 1_000_000_000


def node_id(kind: str, row: int) -> str:
    return base64.b64encode(f"{kind}:{row}".encode()).decode()


class Source:
    """A running server of the original, to be filled over HTTP."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=120)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.http.request(method, path, json=body, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def graphql(self, document: str, **variables: Any) -> Any:
        answer = self.call("POST", "/graphql", {"query": document, "variables": variables})
        assert not answer.get("errors"), answer["errors"]
        return answer["data"]

    def send(self, *spans: Span, project: str) -> None:
        answer = self.http.post(
            "/v1/traces",
            content=request(*spans, project=project).SerializeToString(),
            headers={"content-type": "application/x-protobuf"},
        )
        assert answer.status_code == 200, answer.text

    def wait_for_spans(self, count: int) -> None:
        """The original answers before it stores."""
        query = "{ projects(first: 1000) { edges { node { recordCount } } } }"
        while True:
            edges = self.graphql(query)["projects"]["edges"]
            stored = sum(edge["node"]["recordCount"] for edge in edges)
            if stored >= count:
                return


# --------------------------------------------------------------------- filling


def spans_of_everything(rng: random.Random) -> Iterator[tuple[str, list[Span]]]:
    """Requests: a project and its spans."""

    def ids() -> tuple[bytes, bytes]:
        return rng.randbytes(16), rng.randbytes(8)

    for turn in range(6):
        trace, root = ids()
        begin = START + turn * 60 * SECOND
        model = ["gpt-4o-mini", "house-model-1", "unknown-model", "claude-sonnet-4-5"][turn % 4]
        spans = [
            make_span(
                f"answer ☂ {turn}", trace_id=trace, span_id=root, kind="AGENT", start=begin,
                duration_ms=2000,
                attributes={
                    "session.id": f"session-{turn % 3}", "user.id": f"user-{turn % 2}",
                    "input.value": f"Where is order {turn}?", "output.value": "On its way.\n“Soon”",
                    "metadata": '{"tier": "gold", "n": 1.0, "big": 12345678901234567890}',
                    "tag.tags": ["a", "b", ""], "ratio": 0.1 + turn, "count": -turn, "flag": True,
                    "wide": 1e300, "zero.0": "x", "zero.1": "y", "empty": "",
                },
            ),
            make_span(
                "retrieve", trace_id=trace, span_id=rng.randbytes(8), parent=root,
                kind="RETRIEVER", start=begin + SECOND // 7, duration_ms=120,
                attributes={
                    "input.value": "order status",
                    **{
                        f"retrieval.documents.{i}.document.{key}": value
                        for i in range(3)
                        for key, value in {
                            "id": f"d{i}", "score": 0.5 + i / 10, "content": f"Document {i} 文書",
                            "metadata": '{"page": %d}' % i,
                        }.items()
                    },
                },
            ),
            make_span(
                "call", trace_id=trace, span_id=rng.randbytes(8), parent=root, kind="LLM",
                start=begin + SECOND // 3, duration_ms=900,
                attributes={
                    "llm.model_name": model, "llm.provider": "openai" if turn % 4 == 0 else "",
                    "llm.token_count.prompt": 120 + turn, "llm.token_count.completion": 17,
                    "llm.token_count.prompt_details.cache_read": 20 * (turn % 2),
                    "llm.token_count.completion_details.reasoning": 5,
                    "llm.input_messages.0.message.role": "user",
                    "llm.input_messages.0.message.content": f"Where is order {turn}?",
                    "llm.output_messages.0.message.role": "assistant",
                    "llm.output_messages.0.message.content": "On its way.",
                    "llm.invocation_parameters": '{"temperature": 0.2}',
                },
            ),
            make_span(
                "tool", trace_id=trace, span_id=rng.randbytes(8), parent=root, kind="TOOL",
                start=begin + SECOND, duration_ms=3,
                attributes={"tool.name": "lookup", "tool.parameters": '{"id": %d}' % turn},
                status=Status(code=[2, 1, 0][turn % 3], message="it broke" if turn % 3 == 0 else ""),
                events=[
                    Span.Event(
                        name="exception", time_unix_nano=begin + SECOND + 1000,
                        attributes=attributes({
                            "exception.type": "KeyError", "exception.message": f"no order {turn}",
                            "exception.stacktrace": "Traceback …", "other": "dropped",
                        }),
                    ),
                    Span.Event(
                        name="note", time_unix_nano=begin + SECOND + 5_123_000,
                        attributes=attributes({"k.v": 1, "list": [1.5, 2.0]}),
                    ),
                ][: (turn + 2) % 3],
            ),
        ]  # fmt: skip
        if turn == 4:
            spans.append(
                make_span(
                    "orphan", trace_id=trace, span_id=rng.randbytes(8), parent=rng.randbytes(8),
                    kind="chain", start=begin - SECOND, duration_ms=50, attributes={},
                )
            )  # fmt: skip
        if turn % 2:
            spans.reverse()
        yield ("shop" if turn < 4 else "support desk"), spans
    trace, root = ids()
    yield "default", [
        make_span("", trace_id=trace, span_id=root, kind="whatever", start=START, duration_ms=0)
    ]


def fill(source: Source, rng: random.Random | None = None) -> None:
    rng = rng or random.Random(20)
    prompt_price = {"tokenType": "input", "costPerMillionTokens": 2.5, "kind": "PROMPT"}
    completion_price = {"tokenType": "output", "costPerMillionTokens": 10, "kind": "COMPLETION"}
    cached_price = {"tokenType": "cache_read", "costPerMillionTokens": 0.5, "kind": "PROMPT"}
    make_model = """mutation ($input: CreateModelMutationInput!) {
        createModel(input: $input) { model { id } } }"""
    made = []
    for name, pattern in [("house model", "^house-model"), ("withdrawn", "^withdrawn$")]:
        made.append(
            source.graphql(
                make_model,
                input={
                    "name": name, "provider": "house", "namePattern": pattern,
                    "costs": [prompt_price, completion_price, cached_price],
                },
            )["createModel"]["model"]["id"]
        )  # fmt: skip
    time.sleep(10)  # The original learns of prices some seconds later.
    count = 0
    seen: dict[str, list[Span]] = {}
    for project, spans in spans_of_everything(rng):
        source.send(*spans, project=project)
        seen.setdefault(project, []).extend(spans)
        count += len(spans)
        source.wait_for_spans(count)
    source.graphql(
        "mutation ($id: ID!) { deleteModel(input: {id: $id}) { model { id } } }", id=made[1]
    )
    fill_projects(source)
    fill_annotations(source, seen)
    fill_datasets(source, seen)
    fill_prompts(source)
    source.call(
        "PUT", "/v1/secrets", {"secrets": [{"key": "HOUSE_KEY", "value": "not to be imported"}]}
    )


def fill_projects(source: Source) -> None:
    source.call("POST", "/v1/projects", {"name": "empty", "description": "Nothing yet"})
    projects = {p["name"]: p["id"] for p in source.call("GET", "/v1/projects")["data"]}
    source.graphql(
        """mutation ($input: CreateProjectTraceRetentionPolicyInput!) {
            createProjectTraceRetentionPolicy(input: $input) { node { id } } }""",
        input={
            "name": "short", "cronExpression": "0 3 * * 1-5",
            "rule": {"maxDaysOrCount": {"maxDays": 12.5, "maxCount": 1000}},
            "addProjects": [projects["shop"]],
        },
    )  # fmt: skip
    source.graphql(
        """mutation ($id: ID!) { patchProject(input: {id: $id, description: "The shop",
            gradientStartColor: "#102030", gradientEndColor: "#405060"}) { project { id } } }""",
        id=projects["shop"],
    )


def fill_annotations(source: Source, seen: dict[str, list[Span]]) -> None:
    configs = [
        {"name": "tone", "type": "CATEGORICAL", "optimization_direction": "MAXIMIZE",
         "description": "How it sounds",
         "values": [{"label": "warm", "score": 1}, {"label": "cold", "score": None}]},
        {"name": "length", "type": "CONTINUOUS", "optimization_direction": "MINIMIZE",
         "lower_bound": 0, "upper_bound": 10.5},
        {"name": "remark", "type": "FREEFORM", "description": "Anything"},
    ]  # fmt: skip
    for config in configs:
        source.call("POST", "/v1/annotation_configs", config)
    source.call("PUT", "/v1/projects/shop/annotation_configs/tone")
    source.call("PUT", "/v1/projects/shop/annotation_configs/length")
    sync = {"params": {"sync": "true"}}
    spans = seen["shop"]
    data = [
        {"name": name, "annotator_kind": kind, "span_id": span.span_id.hex(),
         "identifier": identifier, "metadata": {"b": index, "a": [1.0, None, "ü"]},
         "result": {"label": label, "score": score, "explanation": why}}
        for index, span in enumerate(spans)
        for name, kind, identifier, label, score, why in [
            ("tone", "HUMAN", "", "warm", 1, None),
            ("length", "LLM", f"run-{index % 3}", None, index / 3, "It is “long”.\nReally."),
        ]
    ]  # fmt: skip
    source.call("POST", "/v1/span_annotations", {"data": data}, **sync)
    source.call("POST", "/v1/span_notes",
                {"data": {"span_id": spans[0].span_id.hex(), "note": "Look again"}})  # fmt: skip
    traces = sorted({span.trace_id.hex() for span in spans})
    source.call("POST", "/v1/trace_annotations", {"data": [
        {"name": "solved", "annotator_kind": "CODE", "trace_id": trace,
         "result": {"label": "yes", "score": 1}} for trace in traces]}, **sync)  # fmt: skip
    source.call("POST", "/v1/trace_notes",
                {"data": {"trace_id": traces[0], "note": "A trace"}})  # fmt: skip
    source.call("POST", "/v1/session_annotations", {"data": [
        {"name": "mood", "annotator_kind": "HUMAN", "session_id": "session-0",
         "result": {"label": "good"}, "metadata": {}}]}, **sync)  # fmt: skip
    source.call("POST", "/v1/session_notes",
                {"data": {"session_id": "session-1", "note": "A session"}})  # fmt: skip
    retrievers = [span for span in spans if span.name == "retrieve"]
    source.call("POST", "/v1/document_annotations", {"data": [
        {"name": "relevance", "annotator_kind": "LLM", "span_id": span.span_id.hex(),
         "document_position": position, "result": {"score": position % 2},
         "metadata": {}} for span in retrievers for position in range(3)]}, **sync)  # fmt: skip


def fill_datasets(source: Source, seen: dict[str, list[Span]]) -> None:
    def upload(**body: Any) -> Any:
        return source.call("POST", "/v1/datasets/upload", body, params={"sync": "true"})["data"]

    first = upload(
        action="create", name="orders", description="What people ask",
        inputs=[{"question": f"q{i}", "nested": {"z": 1.0, "a": [i, None]}} for i in range(8)],
        outputs=[{"answer": f"a{i} ü"} for i in range(8)],
        metadata=[{"n": i, "tier": "gold"} for i in range(8)],
    )["dataset_id"]  # fmt: skip
    upload(
        action="append", name="orders", inputs=[{"question": "late"}], outputs=[{}], metadata=[{}]
    )
    upload(
        action="update", name="catalogue",
        inputs=[{"q": "a"}, {"q": "b"}], outputs=[{"r": 1}, {"r": 2}],
        metadata=[{}, {}], example_ids=["ext-1", "ext-2"],
    )  # fmt: skip
    upload(
        action="update", name="catalogue",
        inputs=[{"q": "a!"}, {"q": "c"}], outputs=[{"r": 1}, {"r": 3}],
        metadata=[{}, {"new": True}], example_ids=["ext-1", "ext-3"],
    )  # fmt: skip
    source.graphql(
        """mutation ($input: AddSpansToDatasetInput!) {
            addSpansToDataset(input: $input) { dataset { id } } }""",
        input={"datasetId": first, "spanIds": [node_id("Span", 1), node_id("Span", 3)],
               "datasetVersionDescription": "from spans"},
    )  # fmt: skip
    examples = source.call("GET", f"/v1/datasets/{first}/examples")["data"]["examples"]
    source.graphql(
        """mutation ($input: DeleteDatasetExamplesInput!) {
            deleteDatasetExamples(input: $input) { dataset { id } } }""",
        input={"exampleIds": [examples[6]["id"]], "datasetVersionDescription": "one less"},
    )
    for name, part in [("train", examples[:3]), ("test", examples[3:5])]:
        source.graphql(
            """mutation ($input: CreateDatasetSplitWithExamplesInput!) {
                createDatasetSplitWithExamples(input: $input) { datasetSplit { id } } }""",
            input={"name": name, "color": "#aabbcc", "description": f"for {name}",
                   "metadata": {"seed": 7}, "exampleIds": [example["id"] for example in part]},
        )  # fmt: skip
    source.graphql(
        """mutation ($input: CreateDatasetLabelInput!) {
            createDatasetLabel(input: $input) { datasetLabel { id } } }""",
        input={"name": "golden", "color": "#ffcc00", "datasetIds": [first]},
    )
    for number, splits in enumerate([None, [node_id("DatasetSplit", 1)]]):
        fill_experiment(source, first, number, splits, seen)


def fill_experiment(
    source: Source, dataset: str, number: int, splits: list[str] | None,
    seen: dict[str, list[Span]],
) -> None:  # fmt: skip
    experiment = source.call("POST", f"/v1/datasets/{dataset}/experiments", {
        "name": f"try {number}", "description": "An attempt" if number else None,
        "repetitions": 2, "metadata": {"model": "m", "n": number}, "splits": splits,
    })["data"]  # fmt: skip
    version = {"version_id": experiment["dataset_version_id"]}
    if splits:
        version["split"] = splits[0]
    examples = source.call("GET", f"/v1/datasets/{dataset}/examples", params=version)
    outputs: list[Any] = ["text", {"z": 1, "a": 2.0}, [1, "b"], None, 3.5, True]
    times = {"start_time": "2026-06-01T10:00:00.250000Z", "end_time": "2026-06-01T10:00:01Z"}
    for index, example in enumerate(examples["data"]["examples"][:6]):
        for repetition in (1, 2) if index < 3 else (1,):
            failed = index == 2 and repetition == 2
            run = source.call("POST", f"/v1/experiments/{experiment['id']}/runs", {
                "dataset_example_id": example["id"], "repetition_number": repetition,
                "output": None if failed else outputs[index], **times,
                "trace_id": seen["shop"][index].trace_id.hex() if index < 2 else None,
                "error": "it failed" if failed else None,
            })["data"]  # fmt: skip
            if index < 4:
                source.call("POST", "/v1/experiment_evaluations", {
                    "experiment_run_id": run["id"], "name": "exact", "annotator_kind": "CODE",
                    **times, "result": None if failed else {
                        "label": "ok", "score": index / 2, "explanation": "because"},
                    "error": "no output" if failed else None, "metadata": {"k": [1]},
                })  # fmt: skip
    source.call("POST", f"/v1/experiments/{experiment['id']}/tags", {"name": f"tag-{number}"})


def fill_prompts(source: Source) -> None:
    chat = {
        "description": "first", "model_provider": "OPENAI", "model_name": "gpt-4o-mini",
        "template_type": "CHAT", "template_format": "MUSTACHE",
        "template": {"type": "chat", "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": [{"type": "text", "text": "Hello {{name}} ü"}]},
        ]},
        "invocation_parameters": {"type": "openai", "openai": {"temperature": 0.5, "seed": 3}},
        "tools": {"type": "tools", "tools": [{"type": "function", "function": {
            "name": "lookup", "description": "Looks up",
            "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
        }}], "tool_choice": {"type": "zero_or_more"}},
        "response_format": {"type": "json_schema", "json_schema": {
            "name": "r", "schema": {"type": "object", "properties": {"x": {"type": "number"}}},
        }},
    }  # fmt: skip
    text = {
        "model_provider": "ANTHROPIC", "model_name": "claude-sonnet-4-5", "template_type": "CHAT",
        "template_format": "F_STRING",
        "template": {"type": "chat", "messages": [
            {"role": "user", "content": "Say {word} and {{braces}}"}]},
        "invocation_parameters": {"type": "anthropic", "anthropic": {"max_tokens": 100}},
    }  # fmt: skip
    first = source.call("POST", "/v1/prompts", {
        "prompt": {"name": "greeting", "description": "Says hello", "metadata": {"team": "a"}},
        "version": chat})["data"]  # fmt: skip
    source.call("POST", "/v1/prompts", {
        "prompt": {"name": "greeting"},
        "version": {**chat, "description": "second", "tools": None, "response_format": None},
    })  # fmt: skip
    source.call("POST", "/v1/prompts", {"prompt": {"name": "plain"}, "version": text})
    source.call("POST", f"/v1/prompt_versions/{first['id']}/tags",
                {"name": "production", "description": "live"})  # fmt: skip
    source.graphql(
        """mutation ($input: ClonePromptInput!) { clonePrompt(input: $input) { id } }""",
        input={"name": "greeting-2", "promptId": node_id("Prompt", 1), "description": "a clone"},
    )
    source.graphql(
        """mutation ($input: CreatePromptLabelInput!) {
            createPromptLabel(input: $input) { promptLabels { id } } }""",
        input={"name": "polite", "description": "mind your manners", "color": "#00ff00"},
    )
    source.graphql(
        """mutation ($input: SetPromptLabelsInput!) {
            setPromptLabels(input: $input) { __typename } }""",
        input={"promptId": node_id("Prompt", 1), "promptLabelIds": [node_id("PromptLabel", 1)]},
    )


# ------------------------------------------------------------------- questions

Ask = Callable[..., Any]


def questions(ask: Ask) -> Iterator[tuple[str, Any]]:
    """Names and answers, by ``ask(method, path, body)``; ids in them are the server's own."""

    def get(path: str) -> tuple[str, Any]:
        return path, ask("GET", path)

    yield get("/v1/projects")
    yield get("/v1/annotation_configs?limit=100")
    for project in ("default", "shop", "support desk"):
        yield get(f"/v1/projects/{project}/spans?limit=100")
        yield get(f"/v1/projects/{project}/sessions?limit=100")
        yield get(f"/v1/projects/{project}/traces?limit=100&include_spans=true")
    yield get("/v1/projects/shop/annotation_configs")
    spans = ask("GET", "/v1/projects/shop/spans?limit=100")["data"]
    span_ids = "&".join(f"span_ids={span['context']['span_id']}" for span in spans)
    yield "span annotations", ask(
        "GET", f"/v1/projects/shop/span_annotations?limit=1000&{span_ids}"
    )
    traces = sorted({span["context"]["trace_id"] for span in spans})
    trace_ids = "&".join(f"trace_ids={trace}" for trace in traces)
    yield "trace annotations", ask(
        "GET", f"/v1/projects/shop/trace_annotations?limit=1000&{trace_ids}"
    )
    yield get(
        "/v1/projects/shop/session_annotations?limit=100&session_ids=session-0&session_ids=session-1"
    )
    yield get("/v1/datasets?limit=100")
    for row in (1, 2):
        dataset = f"/v1/datasets/{node_id('Dataset', row)}"
        for rest in ("", "/versions?limit=100", "/examples", "/labels", "/splits", "/jsonl"):
            yield get(dataset + rest)
        for version in ask("GET", f"{dataset}/versions?limit=100")["data"]:
            yield get(f"{dataset}/examples?version_id={version['version_id']}")
    yield get(f"/v1/datasets/{node_id('Dataset', 1)}/experiments")
    for row in (1, 2):
        experiment = f"/v1/experiments/{node_id('Experiment', row)}"
        for rest in ("", "/runs", "/json", "/tags", "/incomplete-runs"):
            yield get(experiment + rest)
    yield get("/v1/prompts?limit=100")
    for name in ("greeting", "plain", "greeting-2"):
        yield get(f"/v1/prompts/{name}/versions?limit=100")
    yield get(f"/v1/prompts/{name}/latest")
    yield get("/v1/prompts/greeting/tags/production")
    yield get(f"/v1/prompt_versions/{node_id('PromptVersion', 1)}/tags")
    for name, document in DOCUMENTS.items():
        yield name, ask("POST", "/graphql", {"query": document})


DOCUMENTS = {
    "graphql: costs and counts": """{ projects(first: 10) { edges { node { name
        recordCount traceCount tokenCountTotal tokenCountPrompt tokenCountCompletion
        startTime endTime gradientStartColor gradientEndColor
        costSummary { total { tokens cost } prompt { tokens cost } completion { tokens cost } }
        spans(first: 100, sort: {col: startTime, dir: asc}) { edges { node {
            spanId name spanKind statusCode statusMessage startTime endTime latencyMs
            cumulativeTokenCountTotal cumulativeTokenCountPrompt cumulativeTokenCountCompletion
            propagatedStatusCode tokenCountTotal tokenCountPrompt tokenCountCompletion
            attributes events { name message timestamp }
            costSummary { total { tokens cost } prompt { tokens cost } completion { tokens cost } }
            costDetailSummaryEntries { tokenType isPrompt value { tokens cost } }
        } } } } } } }""",
    "graphql: sessions": """{ projects(first: 10) { edges { node { name
        sessions(first: 10) { edges { node { sessionId startTime endTime numTraces
            tokenUsage { total } costSummary { total { cost } } } } } } } } }""",
    "graphql: retention": """{ projects(first: 10) { edges { node { name
        traceRetentionPolicy { name cronExpression rule { __typename
            ... on TraceRetentionRuleMaxDays { maxDays }
            ... on TraceRetentionRuleMaxDaysOrCount { maxDays maxCount } } } } } } }""",
    "graphql: document metrics": """{ projects(first: 10) { edges { node { name
        spans(first: 100, sort: {col: startTime, dir: asc}) { edges { node { spanId
            documentEvaluations: documentEvaluations { name score documentPosition } } } } } } } }""",
}

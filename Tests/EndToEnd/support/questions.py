"""The corpora of questions in ``recorded/``, and how each kind of question is put to a server."""

from __future__ import annotations

import hashlib
import json
import math
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Protocol, Sequence

import httpx
import numpy as np
import pandas as pd
from phoenix.client import Client
from phoenix.client.types.spans import SpanQuery

from support.asking import RECORDED, Target, canonical, documents, read_lines

#: Lists of ids longer than this are recorded as their number and a digest.
MANY = 120


class Question(Protocol):
    @property
    def name(self) -> str: ...

    def ask(self, target: Target) -> Any: ...


# -------------------------------------------------------------------- GraphQL

AREAS = ["query", "project", "spans", "sessions", "traces", "span", "models", "invalid"]


@dataclass(frozen=True)
class InArea:
    name: str
    document: Any
    #: Whether it may make things whose ids later questions need.
    learns: bool = False

    def ask(self, target: Target) -> Any:
        return self.document.ask(target, self.learns)


def graphql() -> list[Question]:
    return [InArea(f"{area}/{d.name}", d) for area in AREAS for d in documents(area)]


def mutations() -> list[Question]:
    return [InArea(f"mutations/{d.name}", d, learns=True) for d in documents("mutations")]


def annotations() -> list[Question]:
    return [InArea(f"annotations/{d.name}", d) for d in documents("annotations")]


def settings() -> list[Question]:
    return [InArea(f"settings/{d.name}", d) for d in documents("settings")]


def experiments() -> list[Question]:
    return [InArea(f"experiments/{d.name}", d) for d in documents("experiments")]


# -------------------------------------------------------------------- filters


@dataclass(frozen=True)
class Filter:
    """One expression in one project, asked through GraphQL or through REST."""

    surface: str
    language: str
    project: str
    expression: str

    @property
    def name(self) -> str:
        return f"{self.surface} {self.language} {self.project}: {self.expression}"

    def ask(self, target: Target) -> Any:
        if self.surface == "graphql":
            return ids(self._graphql(target))
        return ids(self._spans(target) if self.language == "span" else self._list(target))

    def _graphql(self, target: Target) -> list[str] | str:
        argument, field_name, leaf = {
            "span": ("filterCondition", "spans", "spanId"),
            "trace": ("traceFilterCondition", "spans", "spanId"),
            "session": ("sessionFilterCondition", "sessions", "sessionId"),
        }[self.language]
        query = (
            "query($id: ID!, $c: String!) { node(id: $id) { ... on Project {"
            f" answer: {field_name}(first: 1000, {argument}: $c)"
            f" {{ edges {{ node {{ {leaf} }} }} }} }} }} }}"
        )
        project = target.resolve({"$project": self.project})
        answer = target.graphql(query, {"id": project, "c": self.expression})
        if answer.get("errors"):
            return str(answer["errors"][0]["message"])
        if not answer.get("data"):
            return f"no data: {answer}"
        return [edge["node"][leaf] for edge in answer["data"]["node"]["answer"]["edges"]]

    def _list(self, target: Target) -> list[str] | str:
        project = urllib.parse.quote(target.resolve({"$project": self.project}), safe="")
        path, found, cursor = f"/v1/projects/{project}/{self.language}s", [], None
        while True:
            parameters = {"filter": self.expression, "limit": 1000}
            answer = target.http.get(
                path, params={**parameters, **({"cursor": cursor} if cursor else {})}
            )
            if answer.status_code != 200:
                return f"{answer.status_code} {answer.text}"
            found += [row[f"{self.language}_id"] for row in answer.json()["data"]]
            cursor = answer.json()["next_cursor"]
            if not cursor:
                return found

    def _spans(self, target: Target) -> list[str] | str:
        query = {"select": {"n": {"key": "name"}}, "filter": {"condition": self.expression}}
        frames = span_query(target, {"queries": [query]}, {"project_name": self.project})
        if "frames" not in frames:
            return f"{frames['status']} {frames['text']}"
        return [row[0][0] for row in frames["frames"][0]["rows"]]


def ids(found: list[str] | str) -> Any:
    if isinstance(found, str) or len(found) <= MANY:
        return found if isinstance(found, str) else sorted(found)
    return {
        "count": len(found),
        "sha256": hashlib.sha256(",".join(sorted(found)).encode()).hexdigest()[:16],
    }


def filters() -> list[Question]:
    lines = (RECORDED / "filters.tsv").read_text().splitlines()
    return [Filter(s, *line.split("\t", 2)) for s in ("graphql", "rest") for line in lines]


# -------------------------------------------------------------------- span queries


def span_query(target: Target, body: Any, parameters: dict[str, str]) -> dict[str, Any]:
    """POST /v1/spans: its frames, or the status and the text of its refusal."""
    answer = target.http.post(
        "/v1/spans", json=body, params=parameters, headers={"accept": "application/json"}
    )
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("multipart/mixed"):
        return {"status": answer.status_code, "text": answer.text}
    frames = []
    for part in parts(kind, answer.text):
        frames.append(table(json.loads(part)))
    return {"frames": frames}


def parts(content_type: str, text: str) -> list[str]:
    boundary = "--" + content_type.split("boundary=")[1].split(";")[0]
    pieces = text.split(boundary)
    assert pieces[-1].strip() == "--", f"the last part ends with {pieces[-1]!r:.80}"
    return [p.split("\r\n\r\n", 1)[1].strip() for p in pieces[:-1] if "Content-Type:" in p]


def table(part: dict[str, Any]) -> dict[str, Any]:
    """A pandas table in JSON: index and column names with types, rows in a fixed order."""
    schema = part["schema"]
    index = schema.get("primaryKey", [])
    fields = [f["name"] for f in schema["fields"]]
    # Every name begins with its place, so that two columns may have one name.
    assert [name.partition("_")[0] for name in fields] == [str(i) for i in range(len(fields))]
    columns = [f for f in fields if f not in index]
    rows = [
        [[plain(row.get(i)) for i in index], [plain(row.get(c)) for c in columns]]
        for row in part["data"]
    ]
    types = {bare(f["name"]): f["type"] for f in schema["fields"]}
    return ordered([bare(i) for i in index], [bare(c) for c in columns], types, rows, True)


def bare(name: str) -> str:
    return name.partition("_")[2]


def ordered(
    index: list[Any], columns: list[str], types: dict[str, str], rows: list[Any], sort: bool
) -> dict[str, Any]:
    """A frame in which what has no order of its own is sorted.

    Columns that come from the keys of JSON objects have none: the attributes of whole spans, and
    what an explosion makes without being told the names.
    """
    loose = [c for c in columns if c.startswith(("attributes.", "document.", "message."))]
    order = [c for c in range(len(columns)) if columns[c] not in loose]
    order += sorted(set(range(len(columns))) - set(order), key=columns.__getitem__)
    rows = [[row[0], [row[1][c] for c in order]] for row in rows]
    return {
        "index": index,
        "columns": [columns[c] for c in order],
        "types": types,
        "rows": sorted(rows, key=canonical) if sort else rows,
    }


def counted(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of which only the size is certain: a limit without an order."""
    found = [answer] if "rows" in answer else answer.get("frames", [])
    for one in found:
        one["rows"] = len(one["rows"])
    return answer


@dataclass(frozen=True)
class RawSpanQuery:
    name: str
    body: Any = field(hash=False)
    parameters: dict[str, str] = field(hash=False)

    def ask(self, target: Target) -> Any:
        answer = span_query(target, self.body, self.parameters)
        # Whole spans come newest first; what is selected comes in no order.
        return counted(answer) if isinstance(self.body.get("limit"), int) else answer


def span_queries() -> list[Question]:
    return [
        RawSpanQuery(line["name"], line["body"], line["parameters"])
        for line in read_lines("span_queries.jsonl")
    ]


# -------------------------------------------------------------------- frames of the released client


@dataclass(frozen=True)
class FrameCall:
    """A call of ``client.spans.get_spans_dataframe``."""

    number: str
    query: str | None
    arguments: dict[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        shown = {k: v for k, v in self.arguments.items() if v is not None}
        return f"{self.number} {self.query or 'no query'} {canonical(shown)}"

    def ask(self, target: Target) -> Any:
        arguments = target.resolve(self.arguments)
        for key in ("start_time", "end_time"):
            if key in arguments:
                arguments[key] = datetime.fromisoformat(arguments[key])
        client = Client(base_url=target.url)
        try:
            # The text is our own, from frames.jsonl.
            query = eval(self.query, {"SpanQuery": SpanQuery}) if self.query else None
            found = frame(client.spans.get_spans_dataframe(query=query, **arguments), bool(query))
            return counted(found) if query and "limit" in arguments else found
        except httpx.HTTPStatusError as error:
            return {"status": error.response.status_code, "text": error.response.text}
        except Exception as error:  # The client's own: pandas has no dates after 2262, for one.
            return {"raises": type(error).__name__}


def frame(found: pd.DataFrame, sort: bool) -> dict[str, Any]:
    names = list(found.index.names)
    columns = [str(c) for c in found.columns]
    rows = []
    for position in range(len(found)):
        index = found.index[position]
        cells = [plain(found.iloc[position, c]) for c in range(len(columns))]
        rows.append([[plain(i) for i in (index if isinstance(index, tuple) else (index,))], cells])
    types = {c: str(found.dtypes.iloc[i]) for i, c in enumerate(columns)}
    return ordered(names, columns, types, rows, sort)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is pd.NaT or value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (pd.Timestamp, datetime)):
        return value.isoformat()
    return value


def frames() -> list[Question]:
    return [
        FrameCall(line["name"], line["query"], line["arguments"])
        for line in read_lines("frames.jsonl")
    ]


#: The corpora by name, in the order in which they are recorded.
CORPORA: dict[str, Callable[[], Sequence[Question]]] = {
    "graphql": graphql,
    "filters": filters,
    "span_queries": span_queries,
    "frames": frames,
    "mutations": mutations,
    "annotations": annotations,
    "settings": settings,
    "experiments": experiments,
}
#: Those that are asked in order, each on a database of its own with the generated spans alone.
ALONE = ["mutations", "annotations", "settings", "experiments"]
#: Those that change nothing.
READS = ["graphql", "filters", "span_queries", "frames"]

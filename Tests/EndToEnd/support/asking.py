"""Asking a server the recorded questions, and putting its answers into a form that can be compared.

What two servers may choose freely is masked: node ids become the name of the thing, row ids vanish
from cursors, colours and times of storage become a word. ``differences`` then says where two
answers part, numbers being equal within a relative 1e-9.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import math
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import httpx

from support import corpus

RECORDED = Path(__file__).resolve().parents[1] / "recorded"

#: Lists whose order the contract leaves open.
UNORDERED = {
    "searchResources",
    "costDetailSummaryEntries",
    "cumulativeCostDetailSummaryEntries",
    "tokenPrices",
    "spanCountsByKind",
    "errorsByType",
    "promptTokenCountDetails",
    "completionTokenCountDetails",
    "spanAnnotationNames",
    "traceAnnotationNames",
    "sessionAnnotationNames",
}
COLOURS = {"gradientStartColor", "gradientEndColor"}
STORED_TIMES = {
    "createdAt",
    "updatedAt",
    "lastUpdatedAt",
    "streamingLastUpdatedAt",
    "projectsLastUpdatedAt",
}
CURSORS = {"cursor", "startCursor", "endCursor"}
#: Text that is JSON: compared as what it means.
JSON_TEXT = {"attributes", "metadata"}

_ID = re.compile(r"^([A-Za-z][A-Za-z0-9]*):(-?\d+)$")
_GROUP = re.compile(r"^ExperimentRepeatedRunGroup:experiment_id=(\d+):dataset_example_id=(\d+)$")
#: What is random in the identifiers of notes and in the names of the projects of experiments.
_RANDOM = re.compile(r"(?<=-note:)[0-9a-f]{8}-[0-9a-f-]{27}|(?<=^Experiment-)[0-9a-f]{24}$")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{8,}={0,2}(?![A-Za-z0-9+/=])")


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def decode(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


# -------------------------------------------------------------------- a server


class Target:
    """A server that holds the corpus, and what it calls the things in it."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.http = httpx.Client(
            base_url=self.url, timeout=120, limits=httpx.Limits(max_keepalive_connections=0)
        )
        #: Node ids by type and name, and names by node id.
        self.ids: dict[tuple[str, str], str] = {}
        self.names: dict[str, str] = {}

    def graphql(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.http.post("/graphql", json={"query": query, "variables": variables or {}})
        try:
            return answer.json()
        except json.JSONDecodeError:
            return {"status": answer.status_code, "text": answer.text}

    # ---------------------------------------------------------------- loading

    def load(self, bodies: list[corpus.Body], models: bool = True, reference: bool = False) -> None:
        """Sends the bodies one after another, each when the one before is stored.

        Only Arize Phoenix, which stores after it answers, is waited for.
        """
        for model in corpus.MODELS if models else []:
            answer = self.graphql(
                "mutation($i: CreateModelMutationInput!)"
                " { createModel(input: $i) { model { id } } }",
                {"i": model},
            )
            if "errors" in answer or "data" not in answer:
                print("createModel:", answer)
        if reference:
            time.sleep(12)  # It reads its models every few seconds.
        for body in bodies:
            answer = self.http.post(
                "/v1/traces", content=body.data, headers={"content-type": "application/x-protobuf"}
            )
            assert answer.status_code == 200, f"{body.name}: {answer.status_code} {answer.text}"
            if reference:
                self._await_span(body.span_ids[-1])
        if reference:
            self._await_costs()
        self.learn()

    def _await_span(self, span_id: str) -> None:
        for _ in range(600):
            query = "query($s: String!) { getSpanByOtelId(spanId: $s) { id } }"
            if (self.graphql(query, {"s": span_id}).get("data") or {}).get("getSpanByOtelId"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the span {span_id} is not stored after 30 s")

    def _await_costs(self) -> None:
        """Costs come in the background: waits until no more come."""
        query = "{ projects(first: 1000) { edges { node { costSummary { total { cost } } } } } }"
        before, same = None, 0
        while same < 4:
            now = self.graphql(query)
            same = same + 1 if now == before else 0
            before = now
            time.sleep(2)

    def learn(self) -> None:
        """Asks for the node ids of everything that is there; what is gone keeps its name."""
        for project in self._pages("/v1/projects"):
            self._name("Project", project["name"], project["id"])
            path = f"/v1/projects/{project['id']}"
            for span_id, node_id in self._spans(project["id"]):
                self._name("Span", span_id, node_id)
            for trace in self._pages(path + "/traces"):
                self._name("Trace", trace["trace_id"], trace["id"])
            for session in self._pages(path + "/sessions"):
                self._name("ProjectSession", session["session_id"], session["id"])
        query = "{ generativeModels(first: 10000) { edges { node { id name kind } } } }"
        data = self.graphql(query).get("data") or {}
        for edge in data.get("generativeModels", {}).get("edges", []):
            self._name("GenerativeModel", edge["node"]["name"], edge["node"]["id"])

    def _name(self, kind: str, name: str, node_id: str) -> None:
        self.ids.setdefault((kind, name), node_id)
        self.names.setdefault(node_id, name)

    def _spans(self, project: str) -> Iterator[tuple[str, str]]:
        try:
            found = list(self._pages(f"/v1/projects/{project}/spans"))
        except AssertionError:
            # With PostgreSQL, Arize Phoenix cannot show some spans through REST.
            query = (
                "query($id: ID!) { node(id: $id) { ... on Project"
                " { spans(first: 1000) { edges { node { id spanId } } } } } }"
            )
            data = self.graphql(query, {"id": project}).get("data") or {}
            for edge in data["node"]["spans"]["edges"]:
                yield edge["node"]["spanId"], edge["node"]["id"]
            return
        for span in found:
            yield span["context"]["span_id"], span["id"]

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        cursor = None
        while True:
            parameters = {"limit": 1000, **({"cursor": cursor} if cursor else {})}
            answer = self.http.get(path, params=parameters)
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
            yield from answer.json()["data"]
            cursor = answer.json()["next_cursor"]
            if not cursor:
                return

    # ---------------------------------------------------------------- symbols

    KINDS = {
        "$project": "Project",
        "$span": "Span",
        "$trace": "Trace",
        "$session": "ProjectSession",
        "$model": "GenerativeModel",
        "$dataset": "Dataset",
        "$version": "DatasetVersion",
        "$example": "DatasetExample",
        "$split": "DatasetSplit",
        "$label": "DatasetLabel",
        "$experiment": "Experiment",
        "$run": "ExperimentRun",
        "$evaluation": "ExperimentRunAnnotation",
        "$tag": "ExperimentTag",
    }

    def resolve(self, value: Any) -> Any:
        """Puts this server's ids in the place of symbolic ones.

        ``{"$project": "load"}`` and its kin name a thing, ``{"$id": "Span:7"}`` a node id to be
        encoded as it stands, ``{"$cursor": "12:FLOAT:3.5"}`` a cursor.
        """
        if isinstance(value, dict):
            if len(value) == 1:
                [(key, name)] = value.items()
                if key in self.KINDS:
                    return self.ids.get((self.KINDS[key], name), f"(no {self.KINDS[key]} {name})")
                if key in ("$id", "$cursor"):
                    return encode(name)
            return {k: self.resolve(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.resolve(v) for v in value]
        return value

    def normalise(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if key == "compareExperiments" and isinstance(value.get("edges"), list):
                value = {**value, "edges": without_repeated(value["edges"])}
            return {k: self.normalise(v, k) for k, v in value.items()}
        if isinstance(value, list):
            items = [self.normalise(v) for v in value]
            return sorted(items, key=canonical) if key in UNORDERED else items
        if not isinstance(value, str):
            return value
        if key in COLOURS:
            return "<colour>"
        if key in STORED_TIMES:
            return "<time>"
        if key in CURSORS:
            return masked_cursor(value)
        if key in JSON_TEXT:
            try:
                return {"<json>": json.loads(value)}
            except json.JSONDecodeError:
                return value
        value = _RANDOM.sub("<random>", value)
        return _BASE64.sub(lambda match: self._symbol(match.group()), value)

    def _symbol(self, text: str) -> str:
        decoded = decode(text)
        group = _GROUP.match(decoded) if decoded else None
        if group:
            ids = [f"Experiment:{group[1]}", f"DatasetExample:{group[2]}"]
            return f"<group of {' and '.join(self._symbol(encode(i)) for i in ids)}>"
        match = _ID.match(decoded) if decoded else None
        if not match:
            return text
        name = self.names.get(text)
        if name is not None:
            return f"<{match[1]} {name}>"
        # An id that no thing can have is the question's own, and is shown as it is.
        return f"<{decoded}>" if not 0 < int(match[2]) < 99_999 else f"<{match[1]} ?>"


def without_repeated(edges: list[Any]) -> list[Any]:
    """Edges of examples, each example once: Arize Phoenix repeats it for each run that is found."""
    return list({canonical(edge["node"]): edge for edge in reversed(edges)}.values())[::-1]


def masked_cursor(text: str) -> str:
    decoded = decode(text)
    if decoded is None or decoded.startswith("connection:"):
        return decoded or text
    row, _, rest = decoded.partition(":")
    return "<row>" + (":" + rest if rest else "") if row.isdigit() else decoded


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# -------------------------------------------------------------------- comparing


def differences(want: Any, got: Any, path: str = "") -> list[str]:
    """Where two normalised answers part, one sentence each."""
    if isinstance(want, bool) or isinstance(got, bool):
        same = want is got
    elif isinstance(want, (int, float)) and isinstance(got, (int, float)):
        same = math.isclose(want, got, rel_tol=1e-9, abs_tol=1e-15)
    elif isinstance(want, dict) and isinstance(got, dict):
        found = []
        for key in [*want, *(k for k in got if k not in want)]:
            if key not in got or key not in want:
                where = "missing" if key not in got else "extra"
                found.append(f"{path}.{key}: {where} {short((want | got)[key])}")
            else:
                found += differences(want[key], got[key], f"{path}.{key}")
        return found
    elif isinstance(want, list) and isinstance(got, list):
        found = []
        if len(want) != len(got):
            found.append(f"{path}: {len(got)} items instead of {len(want)}")
        for index, (a, b) in enumerate(zip(want, got)):
            found += differences(a, b, f"{path}[{index}]")
        return found
    else:
        same = want == got and type(want) is type(got) or same_cursor(want, got)
    return [] if same else [f"{path}: {short(got)} instead of {short(want)}"]


def same_cursor(want: Any, got: Any) -> bool:
    """Whether two masked cursors name the same number."""
    mark = "<row>:FLOAT:"
    if not all(isinstance(text, str) and text.startswith(mark) for text in (want, got)):
        return False
    try:
        return math.isclose(*(float(text.removeprefix(mark)) for text in (want, got)), rel_tol=1e-9)
    except ValueError:
        return False


#: What Arize Phoenix says of an error that it did not foresee. Who foresaw it may say more.
UNFORESEEN = "an unexpected error occurred"


def answer_differences(want: Any, got: Any) -> list[str]:
    """``differences``, knowing what GraphQL leaves open about errors.

    Of several errors, which of them is met first and which are never met after a null has spread
    depends on the hour, so that only the messages count, and each must be one of the recorded. An
    error that Arize Phoenix did not foresee may have any message here, but there must be one.
    """
    if want == UNFORESEEN and isinstance(got, str):
        return []
    if not (isinstance(want, dict) and isinstance(got, dict)):
        return differences(want, got)
    want, got = in_order_of_names(want), in_order_of_names(got)
    wanted, given = want.get("errors"), got.get("errors")
    if not (isinstance(wanted, list) and isinstance(given, list) and wanted and given):
        return differences(want, got)
    found = differences(want.get("data"), got.get("data"), ".data")
    messages = {error.get("message") for error in wanted}
    if len(wanted) == 1 and len(given) == 1:
        if messages == {UNFORESEEN}:
            wanted = [{**wanted[0], "message": given[0].get("message")}]
        return found + differences(wanted, given, ".errors")
    for error in given:
        if error.get("message") not in messages and UNFORESEEN not in messages:
            found.append(f".errors: {short(error)} is none of {short(sorted(messages))}")
    return found


def in_order_of_names(value: Any) -> Any:
    """An answer in which the fields of types are in the order of their names: theirs means nothing."""
    if isinstance(value, list):
        return [in_order_of_names(element) for element in value]
    if not isinstance(value, dict):
        return value
    value = {key: in_order_of_names(member) for key, member in value.items()}
    fields = value.get("fields")
    if isinstance(fields, list) and all(isinstance(f, dict) and "name" in f for f in fields):
        value["fields"] = sorted(fields, key=lambda f: str(f["name"]))
    return value


def short(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= 300 else text[:297] + "..."


# -------------------------------------------------------------------- files


@dataclass(frozen=True)
class Document:
    """A GraphQL document with variables, possibly asked page after page."""

    name: str
    query: str
    variables: dict[str, Any] = field(hash=False)
    #: The path to the connection whose pages are followed to the end.
    pages: str | None = None

    def ask(self, target: Target, learns: bool = False) -> Any:
        variables = target.resolve(self.variables)
        if self.pages is None:
            answer = target.graphql(self.query, variables)
            if learns:
                target.learn()
            return target.normalise(answer)
        answers = []
        while len(answers) < 200:
            answer = target.graphql(self.query, variables)
            answers.append(target.normalise(answer))
            at: Any = answer.get("data")
            for key in self.pages.split("."):
                at = (at or {}).get(key)
            if not at or not at["pageInfo"]["hasNextPage"]:
                break
            variables = {**variables, "after": at["pageInfo"]["endCursor"]}
        return {"pages": answers}


def documents(area: str) -> list[Document]:
    """The documents of ``recorded/graphql/<area>.graphql``; its first lines explain the format."""
    result: list[Document] = []
    text = (RECORDED / "graphql" / f"{area}.graphql").read_text()
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        variables: list[dict[str, Any]] = []
        each: dict[str, list[Any]] = {}
        pages, body = None, []
        for line in rest.splitlines():
            if line.startswith("#variables "):
                variables.append(json.loads(line.removeprefix("#variables ")))
            elif line.startswith("#each "):
                each |= json.loads(line.removeprefix("#each "))
            elif line.startswith("#pages "):
                pages = line.removeprefix("#pages ").strip()
            else:
                body.append(line)
        products = [dict(zip(each, values)) for values in itertools.product(*each.values())]
        cases = [{**v, **p} for v in variables or [{}] for p in products]
        for number, case in enumerate(cases, 1):
            case_name = name.strip() + (f"/{number}" if len(cases) > 1 else "")
            result.append(Document(case_name, "\n".join(body).strip(), case, pages))
    names = [d.name for d in result]
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)
    return result


def read_lines(name: str) -> list[dict[str, Any]]:
    with open(RECORDED / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def answers(name: str) -> dict[str, Any]:
    """The recorded answers of a corpus by the names of its questions."""
    return {line["name"]: line["answer"] for line in read_lines(f"answers/{name}.jsonl")}


def known_differences(corpus_name: str, name: str, found: list[str]) -> tuple[list[str], set[str]]:
    """The differences that remain when those that are to be there are left out, and the reasons.

    A line of the list may name the paths within an answer that are to differ; without, all may.
    """
    reasons = set()
    for line in read_lines("known_differences.jsonl"):
        if line["corpus"] == corpus_name and re.fullmatch(line["name"], name):
            path = re.compile(line.get("path", ""))
            kept = [text for text in found if not path.match(text)]
            if len(kept) < len(found):
                reasons.add(line["why"])
            found = kept
    return found, reasons


def report(found: list[str], about: str = "") -> str:
    lines = "\n".join(found[:25]) + ("" if len(found) <= 25 else f"\nand {len(found) - 25} more")
    return f"{len(found)} differences from the recorded answer\n{lines}\n{about}"

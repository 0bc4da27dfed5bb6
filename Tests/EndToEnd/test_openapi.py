"""Acceptance: the served OpenAPI document has the contract's operations and shapes, but for the
differences that `docs/openapi-differences.md` lists."""

from __future__ import annotations

import json
from collections import Counter
from fnmatch import fnmatchcase
from typing import Any, Iterator

import httpx
import pytest
from support.server import ROOT, Server

FIXTURES = sorted((ROOT / "Tests/Fixtures").glob("openapi-20.26.1*.json"))
LIST = ROOT / "docs/openapi-differences.md"

#: How many operations of the contract the features that exist have, by tag.
OPERATIONS = {
    "annotation_configs": 9,
    "annotations": 6,
    "datasets": 23,
    "experiments": 15,
    "projects": 6,
    "prompts": 12,
    "secrets": 1,
    "sessions": 6,
    "spans": 7,
    "traces": 6,
}

PROSE = {"title", "description", "summary"}


def plain(value: Any, members: bool = False) -> Any:
    """A part of a document without prose."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {
            k: plain(v, k == "properties" and not members)
            for k, v in value.items()
            if members or k not in PROSE
        }
    return value


def contract() -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """The contract's operations by method and path, and its shapes by name."""
    operations: dict[tuple[str, str], Any] = {}
    shapes: dict[str, Any] = {}
    for file in FIXTURES:
        document = json.loads(file.read_text())
        for path, methods in document["paths"].items():
            operations |= {(method.upper(), path): o for method, o in methods.items()}
        shapes |= document["components"]["schemas"]
    return operations, shapes


def operation_parts(operation: dict[str, Any] | None) -> dict[str, Any]:
    if operation is None:
        return {}
    parts = {k: operation.get(k) for k in ("operationId", "tags")}
    parts["body"] = plain(operation.get("requestBody"))
    for parameter in operation.get("parameters", []):
        parts[f"parameter {parameter['name']}"] = plain(parameter)
    for status, answer in operation.get("responses", {}).items():
        parts[f"answer {status}"] = plain(answer)
    return parts


def shape_parts(shape: dict[str, Any] | None) -> dict[str, Any]:
    if shape is None:
        return {}
    shape = plain(shape)
    members = shape.pop("properties", {})
    if "required" in shape:
        shape["required"] = sorted(shape["required"])
    return {"itself": shape} | {f"member {k}": v for k, v in members.items()}


def differences(ours: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the served document differs: an operation or shape, and the part of it."""
    operations, shapes = contract()
    for (method, path), theirs in operations.items():
        served = ours["paths"].get(path, {}).get(method.lower())
        yield from parts_that_differ(
            f"{method} {path}", operation_parts(served), operation_parts(theirs)
        )
    for name, theirs in shapes.items():
        served = ours["components"]["schemas"].get(name)
        yield from parts_that_differ(name, shape_parts(served), shape_parts(theirs))


def parts_that_differ(
    place: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    if not ours:
        yield place, "absent"
        return
    for part in ours.keys() | theirs.keys():
        if ours.get(part) != theirs.get(part):
            yield place, part


def listed() -> list[tuple[str, str]]:
    """The rows of the page's table: places and parts, in which `*` stands for anything."""
    rows = []
    for line in LIST.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            rows.append((cells[0].strip("`"), cells[1].strip("`")))
    return rows


@pytest.fixture(scope="module")
def document(session_server: Any) -> dict[str, Any]:
    server: Server = session_server("sqlite")
    return httpx.get(f"{server.url}/openapi.json").json()


def test_the_fixtures_hold_every_operation_of_the_features() -> None:
    operations, _ = contract()
    assert Counter(o["tags"][0] for o in operations.values()) == OPERATIONS


def test_every_difference_from_the_contract_is_listed(document: dict[str, Any]) -> None:
    rows = listed()
    unlisted = [
        (place, part)
        for place, part in sorted(differences(document))
        if not any(fnmatchcase(place, p) and fnmatchcase(part, q) for p, q in rows)
    ]
    assert unlisted == []


def test_every_listed_difference_is_there(document: dict[str, Any]) -> None:
    found = list(differences(document))
    assert [
        row for row in listed() if not any(
            fnmatchcase(place, row[0]) and fnmatchcase(part, row[1]) for place, part in found
        )
    ] == []  # fmt: skip


def test_what_the_contract_does_not_have_is_marked(document: dict[str, Any]) -> None:
    operations, _ = contract()
    unmarked = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if (method.upper(), path) not in operations
        and not operation.get("x-phoenix-extension")
    ]
    assert unmarked == []

"""Acceptance: every recorded trace, every way in, both databases, in order and shuffled."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest
from conftest import DATABASES
from support import recorded
from support.otlp import ENCODERS, PROTOBUF, TRANSPORTS, send_http
from support.recorded import World
from support.server import REFERENCE, Server

ORDERS = {"in order": recorded.requests, "shuffled": lambda: recorded.shuffled(20261121)}


def chunks(items: list[str], size: int) -> list[list[str]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def readable_spans(server: Server, project_id: str) -> list[dict[str, Any]]:
    """All spans of a project; of the original, those it can show without failing itself."""
    if not REFERENCE:
        return server.spans(project_id)
    path = f"/v1/projects/{project_id}/spans"
    found = []
    for batch in chunks(server.span_ids(), 100):
        answer = server.http.get(path, params={"span_id": batch, "limit": 1000})
        answers = [answer] if answer.status_code == 200 else [
            server.http.get(path, params={"span_id": [i], "limit": 1000}) for i in batch
        ]  # fmt: skip
        found += [s for a in answers if a.status_code == 200 for s in a.json()["data"]]
    return found


class Loaded:
    """A server that has received every recorded request in some order."""

    def __init__(self, server: Server, order: list[recorded.Request], in_order: bool) -> None:
        self.server = server
        self.in_order = in_order
        self.world = World.after(order)
        self.projects = server.projects()
        self.spans: dict[str, dict[str, Any]] = {}
        self.project_of_span: dict[str, str] = {}
        for name, project_id in self.projects.items():
            for span in readable_spans(server, project_id):
                self.spans[span["context"]["span_id"]] = span
                self.project_of_span[span["context"]["span_id"]] = name


@pytest.fixture(scope="module", params=ORDERS)
def order(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(
    scope="module",
    params=[(d, t) for d in DATABASES for t in TRANSPORTS if not REFERENCE or t != "http-json"],
    ids=lambda p: "-".join(p),
)
def loaded(
    request: pytest.FixtureRequest, order: str, session_server: Callable[..., Server]
) -> Loaded:
    database, transport = request.param
    server = session_server(database)
    sequence = ORDERS[order]()
    for item in sequence:
        answer = TRANSPORTS[transport](server, item.body)
        assert answer.accepted, f"{item}: {answer}"
        refused = sum(
            line.get("reason") in recorded.REFUSED
            for line in recorded.lines("expected.jsonl")
            if (line["file"], line["request"]) == (item.file, item.index)
        ) if item.file == "wire-missing-ids.otlp.pb" else 0  # fmt: skip
        assert REFERENCE or answer.rejected == refused, f"{item}: {answer}"
    server.settle(len(World.after(sequence).spans))
    result = Loaded(server, sequence, order == "in order")
    request.addfinalizer(server.stop)
    return result


def report(problems: list[str]) -> None:
    assert not problems, f"{len(problems)} differences:\n" + "\n".join(problems[:40])


def test_every_span_is_there_and_equal(loaded: Loaded) -> None:
    missing = loaded.world.spans.keys() - loaded.spans.keys()
    extra = loaded.spans.keys() - loaded.world.spans.keys()
    if REFERENCE and missing:  # It cannot show them; its database has them.
        missing -= set(loaded.server.span_ids())
    assert not missing and not extra, f"missing {sorted(missing)[:20]}, extra {sorted(extra)[:20]}"
    problems = []
    for span_id, line in loaded.world.spans.items():
        if REFERENCE and span_id not in loaded.spans:
            print("the original cannot show", line["file"], line["index"], line["name"])
            continue
        problems += recorded.difference(line, loaded.spans[span_id])
    report(problems)


def test_spans_are_in_the_project_that_saw_their_trace_first(loaded: Loaded) -> None:
    problems = []
    for trace in loaded.world.traces.values():
        for line in trace.spans:
            if REFERENCE and line["span_id"] not in loaded.project_of_span:
                continue
            got = loaded.project_of_span[line["span_id"]]
            want = trace.project
            if loaded.in_order and "stored_project" in line:
                want = line["stored_project"]
            if got != want:
                problems.append(f"{line['file']}#{line['index']}: {got!r} instead of {want!r}")
    report(problems)


def test_token_and_cumulative_columns_are_right(loaded: Loaded) -> None:
    server = loaded.server
    rows = server.query(
        f"SELECT {server.hex('span_id')}, cumulative_error_count,"
        " cumulative_llm_token_count_prompt, cumulative_llm_token_count_completion,"
        " llm_token_count_prompt, llm_token_count_completion FROM spans"
    )
    stored = {
        row[0]: tuple(None if v in ("", None) else int(v) for v in row[1:]) for row in rows
    }
    assert stored.keys() == loaded.world.spans.keys()
    cumulative = loaded.world.cumulative()
    problems = []
    for span_id, line in loaded.world.spans.items():
        own = tuple(recorded.own_tokens(line, which) for which in ("prompt", "completion"))
        if stored[span_id][3:] != own:
            problems.append(f"{line['file']}#{line['index']}: {stored[span_id][3:]} not {own}")
        if span_id not in cumulative:
            continue
        want = cumulative[span_id]
        if stored[span_id][:3] != want:
            problems.append(f"{line['file']}#{line['index']}: {stored[span_id][:3]} not {want}")
    report(problems)


def test_cumulative_expectations_agree_with_the_recording() -> None:
    """The rule by which these tests count is the one by which Arize Phoenix counted."""
    world = World.after(recorded.requests())
    cumulative = world.cumulative()
    lost = {t for t, trace in world.traces.items() if any(not s["stored"] for s in trace.spans)}
    problems = []
    for span_id, line in world.spans.items():
        if span_id in cumulative and line["stored"] and line["trace_id"] not in lost:
            want = tuple(
                line[f"cumulative_{c}"]
                for c in ("error_count", "llm_token_count_prompt", "llm_token_count_completion")
            )
            if cumulative[span_id] != want:
                problems.append(f"{line['file']}#{line['index']}: {cumulative[span_id]} not {want}")
    report(problems)


def test_traces_have_their_project_session_and_times(loaded: Loaded) -> None:
    got: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, project_id in loaded.projects.items():
        for trace in loaded.server.traces(project_id, include_spans="true"):
            got[trace["trace_id"]] = (name, trace)
    assert got.keys() == loaded.world.traces.keys()
    problems = []
    for trace_id, want in loaded.world.traces.items():
        name, trace = got[trace_id]
        times = recorded.moment(trace["start_time"]), recorded.moment(trace["end_time"])
        if name != want.project:
            problems.append(f"{trace_id}: project {name!r} instead of {want.project!r}")
        if times != (want.start, want.end):
            problems.append(f"{trace_id}: {times} instead of {(want.start, want.end)}")
        if len(trace["spans"]) != len(want.spans):
            problems.append(f"{trace_id}: {len(trace['spans'])} spans, not {len(want.spans)}")
        prompt = sum(recorded.own_tokens(s, "prompt") or 0 for s in want.spans)
        completion = sum(recorded.own_tokens(s, "completion") or 0 for s in want.spans)
        if (trace["token_count_prompt"], trace["token_count_completion"]) != (prompt, completion):
            problems.append(f"{trace_id}: tokens {trace} instead of {prompt} and {completion}")
    if loaded.in_order:
        for line in recorded.lines("expected_traces.jsonl"):
            if not line["stored"]:
                continue
            want = loaded.world.traces[line["trace_id"]]
            if (line["project"], line["session_id"]) != (want.project, want.session):
                problems.append(f"{line} is not what the rules give: {want.project, want.session}")
    report(problems)


def test_sessions_have_their_traces_and_times(loaded: Loaded) -> None:
    got: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, project_id in loaded.projects.items():
        for session in loaded.server.sessions(project_id):
            got[session["session_id"]] = (name, session)
    want = loaded.world.sessions()
    assert got.keys() == want.keys()
    problems = []
    for session_id, (start, end, traces) in want.items():
        _, session = got[session_id]
        if {t["trace_id"] for t in session["traces"]} != traces:
            problems.append(f"{session_id}: other traces than expected")
        times = recorded.moment(session["start_time"]), recorded.moment(session["end_time"])
        if times != (start, end):
            problems.append(f"{session_id}: {times} instead of {(start, end)}")
    if loaded.in_order:
        expected: dict[str, dict[str, Any]] = {}
        for line in recorded.lines("expected_sessions.jsonl"):
            expected[line["session_id"]] = line
        assert expected.keys() <= got.keys()
        for session_id, line in expected.items():
            if got[session_id][0] != line["project"]:
                problems.append(f"{session_id}: in {got[session_id][0]!r}, not {line['project']!r}")
    report(problems)


def test_sending_everything_again_changes_nothing(loaded: Loaded) -> None:
    if REFERENCE:
        pytest.skip("takes the original minutes")
    server = loaded.server
    before = len(server.span_ids())
    for item in recorded.requests():
        assert send_http(server, item.body).accepted
    ids = server.span_ids()
    assert len(ids) == before == len(set(ids))
    again = {s["context"]["span_id"]: s for p in loaded.projects.values() for s in server.spans(p)}
    assert again == loaded.spans


# -------------------------------------------------------------------- single requests


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("database", ["sqlite"])
def test_compressed_requests_are_understood(
    make_server: Callable[..., Server], database: str, encoding: str
) -> None:
    if REFERENCE and encoding == "zstd":
        pytest.skip("the original knows no zstd")
    server = make_server(database)
    items = [r for r in recorded.requests() if r.file == "openai-tools.otlp.pb"]
    for item in items:
        body = ENCODERS[encoding](item.body)
        assert send_http(server, body, {**PROTOBUF, "content-encoding": encoding}).accepted
    expected = World.after(items).spans
    server.settle(len(expected))
    assert set(server.span_ids()) == expected.keys()


def test_recorded_json_requests_store_the_same_spans(make_server: Callable[..., Server]) -> None:
    if REFERENCE:
        pytest.skip("the original refuses JSON")
    server = make_server()
    files = sorted((recorded.TRACES / "json").glob("*.json"))
    names = {f.name.replace(".json", ".pb") for f in files}
    for file in files:
        answer = send_http(server, file.read_bytes(), {"content-type": "application/json"})
        assert answer.accepted, f"{file.name}: {answer}"
    world = World.after([r for r in recorded.requests() if r.file in names])
    got = {
        s["context"]["span_id"]: s for p in server.projects().values() for s in server.spans(p)
    }
    assert got.keys() == world.spans.keys()
    report([d for i, line in world.spans.items() for d in recorded.difference(line, got[i])])


#: Requests for which this server does better than the original: it accepts them, or where the
#: original fails with 500, it says what is wrong.
BETTER = {
    "json-content-type.bin": 200,
    "charset-in-content-type.bin": 200,
    "invalid-utf8-name.bin": 200,
    "gzip-header-plain-body.bin": 400,
}


@pytest.mark.parametrize("line", recorded.lines("invalid/expected.jsonl"), ids=lambda x: x["file"])
def test_invalid_requests_get_the_recorded_answer(server: Server, line: dict[str, Any]) -> None:
    body = (recorded.TRACES / "invalid" / line["file"]).read_bytes()
    headers = {k: v for k, v in line["headers"].items() if v}
    request = server.http.build_request("POST", "/v1/traces", content=body, headers=headers)
    answer = server.http.send(request)
    want = line["status"] if REFERENCE else BETTER.get(line["file"], line["status"])
    assert answer.status_code == want, answer.text
    if answer.status_code != 200:
        assert answer.headers["content-type"].startswith("text/plain")
        if want == line["status"]:
            assert answer.text == line["body"]
    assert server.http.get("/healthz").status_code == 200


def test_the_answer_is_of_the_type_of_the_request(server: Server) -> None:
    answer = server.http.post("/v1/traces", content=b"", headers=PROTOBUF)
    assert answer.headers["content-type"] == "application/x-protobuf"
    assert answer.content == b""
    if REFERENCE:
        return
    answer = server.http.post("/v1/traces", json={"resourceSpans": []})
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content) in ({}, {"partialSuccess": {}})


def test_costs_are_right(loaded: Loaded) -> None:
    server = loaded.server
    rows = server.query(
        f"SELECT {server.hex('s.span_id')}, c.prompt_tokens, c.completion_tokens, c.prompt_cost,"
        " c.completion_cost FROM span_costs c JOIN spans s ON s.id = c.span_rowid"
    )
    stored = {
        row[0]: tuple(None if v in ("", None) else float(v) for v in row[1:]) for row in rows
    }
    names = ("prompt_tokens", "completion_tokens", "prompt_cost", "completion_cost")
    wanted = {
        span_id: tuple(line["cost"][name] for name in names)
        for span_id, line in loaded.world.spans.items()
        if line.get("cost")
    }
    assert len(wanted) > 300
    known = {i for i, line in loaded.world.spans.items() if "cost" in line or is_told(line)}
    assert {i for i in stored if i in known} == wanted.keys()
    report(
        [
            f"{span_id}: {stored[span_id]} instead of {want}"
            for span_id, want in wanted.items()
            if not all(same_cost(a, b) for a, b in zip(stored[span_id], want))
        ]
    )


def same_cost(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def is_told(line: dict[str, Any]) -> bool:
    """Whether the recording tells what the original stored of a span."""
    return bool(line["stored"])

from __future__ import annotations

import pandas as pd
from phoenix.client.types.spans import SpanQuery
from support.client_calls import Calls, unknown

from .things import at, id_of, span, store, trace_of

P = "client-spans"


def spans(ask: Calls) -> None:
    root = span(ask, "root", 0, 4, trace="first")
    llm = span(
        ask, "llm", 1, 2, trace="first", parent="root", span_kind="LLM",
        attributes={
            "input.value": '{"q": 1}',
            "input.mime_type": "application/json",
            "output.value": "blue",
            "llm.model_name": "gpt-4",
            "llm.token_count.prompt": 12,
            "llm.token_count.completion": 3,
            "llm.token_count.total": 15,
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "What colour?",
            "metadata": '{"tier": "gold"}',
            "numbers": [1, 2.5],
            "flag": True,
        },
    )  # fmt: skip
    retriever = span(
        ask, "retriever", 3, 0.25, trace="first", parent="root", span_kind="RETRIEVER",
        attributes={
            "input.value": "sky",
            "retrieval.documents.0.document.id": "d0",
            "retrieval.documents.0.document.content": "The sky is blue.",
            "retrieval.documents.0.document.score": 0.75,
            "retrieval.documents.1.document.id": "d1",
            "retrieval.documents.1.document.content": "Grass is green.",
        },
    )  # fmt: skip
    failed = span(
        ask, "failed", 10, 1, span_kind="TOOL", status_code="ERROR", status_message="it broke",
        events=[
            {
                "name": "exception",
                "timestamp": at(10.5).isoformat(),
                "attributes": {"exception.message": "it broke", "exception.type": "ValueError"},
            }
        ],
    )  # fmt: skip
    bare = span(ask, "bare", 20, 0, span_kind="", status_code="UNSET", attributes={})
    store(ask, P, [root, llm, retriever, failed, bare])

    ask("log-again", "spans.log_spans", project_identifier=P, spans=[root])
    ask("log-none", "spans.log_spans", project_identifier=P, spans=[])
    ask("log-invalid", "spans.log_spans", project_identifier=P, spans=[{"name": "broken"}])
    ask("log-bad-time", "spans.log_spans", project_identifier=P,
        spans=[{**span(ask, "untimed"), "start_time": "yesterday"}])  # fmt: skip
    ask("log-some-bad", "spans.log_spans", project_identifier=P,
        spans=[root, span(ask, "extra", 30), span(ask, "extra", 30)])  # fmt: skip
    ask.until("spans.get_spans", lambda found: len(found) == 5, project_identifier=P)
    ask("log-unknown-project-id", "spans.log_spans", project_identifier=unknown("Project"),
        spans=[span(ask, "homeless")])  # fmt: skip
    frame = pd.DataFrame(
        [
            {
                "name": f"row {i}", "span_kind": "CHAIN", "status_code": "OK",
                "start_time": at(40 + i), "end_time": at(40.5 + i),
                "context.trace_id": ask.hex(f"frame trace {i}", 32),
                "context.span_id": ask.hex(f"frame span {i}"),
                "attributes.input.value": f"in {i}", "attributes.llm.token_count.prompt": i,
            }
            for i in range(2)
        ]
    )  # fmt: skip
    ask("log-frame", "spans.log_spans_dataframe", project_identifier=P, spans_dataframe=frame)
    ask.until("spans.get_spans", lambda found: len(found) == 7, project_identifier=P)
    ask("log-frame-again", "spans.log_spans_dataframe", project_identifier=P,
        spans_dataframe=frame)  # fmt: skip
    ask("log-frame-empty", "spans.log_spans_dataframe", project_identifier=P,
        spans_dataframe=pd.DataFrame())  # fmt: skip
    ask("log-frame-without-names", "spans.log_spans_dataframe", project_identifier=P,
        spans_dataframe=frame.drop(columns=["name"]))  # fmt: skip

    got = ask("get", "spans.get_spans", project_identifier=P)
    ask("get-limit", "spans.get_spans", project_identifier=P, limit=2)
    ask("get-limit-zero", "spans.get_spans", project_identifier=P, limit=0)
    ask("get-limit-negative", "spans.get_spans", project_identifier=P, limit=-1)
    project = ask("project", "projects.get", project_name=P)
    ask("get-by-project-id", "spans.get_spans", project_identifier=project["id"], limit=1)
    for name, arguments in {
        "start": {"start_time": at(10)},
        "end": {"end_time": at(1)},
        "between": {"start_time": at(1), "end_time": at(10)},
        "backwards": {"start_time": at(10), "end_time": at(1)},
        "trace": {"trace_ids": [trace_of(root)]},
        "two-traces": {"trace_ids": [trace_of(root), trace_of(failed)]},
        "unknown-trace": {"trace_ids": ["f" * 32]},
        "ids": {"span_ids": [id_of(llm), id_of(failed)]},
        "unknown-ids": {"span_ids": ["f" * 16, id_of(llm)]},
        "roots": {"parent_id": "null"},
        "children": {"parent_id": id_of(root)},
        "no-children": {"parent_id": id_of(llm)},
        "name": {"name": "llm"},
        "names": {"name": ["llm", "root", "none"]},
        "kind": {"span_kind": "LLM"},
        "kinds": {"span_kind": ["LLM", "TOOL"]},
        "kind-lower-case": {"span_kind": "llm"},
        "kind-odd": {"span_kind": "nonsense"},
        "status": {"status_code": "ERROR"},
        "statuses": {"status_code": ["ERROR", "UNSET"]},
        "status-odd": {"status_code": "nonsense"},
        "attribute-text": {"attributes": {"llm.model_name": "gpt-4"}},
        "attribute-number": {"attributes": {"llm.token_count.prompt": 12}},
        "attribute-float": {"attributes": {"llm.token_count.prompt": 12.0}},
        "attribute-bool": {"attributes": {"flag": True}},
        "attribute-two": {"attributes": {"flag": True, "llm.model_name": "other"}},
        "attribute-missing": {"attributes": {"no.such": "x"}},
        "attribute-infinite": {"attributes": {"flag": float("inf")}},
        "together": {"span_kind": "LLM", "status_code": "OK", "trace_ids": [trace_of(root)]},
    }.items():
        ask(f"get-{name}", "spans.get_spans", project_identifier=P, **arguments)
    ask("get-unknown-project", "spans.get_spans", project_identifier="no such project")
    ask("get-unknown-project-id", "spans.get_spans", project_identifier=unknown("Project"))

    for name, arguments in {
        "plain": {},
        "limit": {"limit": 3},
        "roots": {"root_spans_only": True},
        "times": {"start_time": at(1), "end_time": at(11)},
        "where": {"query": SpanQuery().where("span_kind == 'LLM'")},
        "select": {"query": SpanQuery().where("span_kind == 'LLM'").select(
            "input.value", "llm.model_name", "llm.token_count.total")},
        "explode": {"query": SpanQuery().where("span_kind == 'RETRIEVER'").explode(
            "retrieval.documents", text="document.content", score="document.score")},
        "concat": {"query": SpanQuery().where("span_kind == 'RETRIEVER'").concat(
            "retrieval.documents", text="document.content")},
        "bad-filter": {"query": SpanQuery().where("span_kind ==")},
        "unknown-name": {"query": SpanQuery().where("nonsense == 1")},
    }.items():  # fmt: skip
        ask(f"frame-{name}", "spans.get_spans_dataframe", project_identifier=P, **arguments)
    ask("frame-by-id", "spans.get_spans_dataframe", project_identifier=project["id"], limit=1)
    ask("frame-by-old-name", "spans.get_spans_dataframe", project_name=P, limit=1)
    ask("frame-both", "spans.get_spans_dataframe", project_identifier=P, project_name=P)
    ask("frame-unknown", "spans.get_spans_dataframe", project_identifier="no such project")
    ask("frame-unknown-id", "spans.get_spans_dataframe", project_identifier=unknown("Project"))

    ask("delete", "spans.delete", span_identifier=id_of(failed))
    ask("delete-again", "spans.delete", span_identifier=id_of(failed))
    by_name = {s["name"]: s for s in got}
    ask("delete-by-id", "spans.delete", span_identifier=by_name["bare"]["id"] if by_name else "")
    ask("delete-unknown-id", "spans.delete", span_identifier=unknown("Span"))
    ask("delete-id-of-another-kind", "spans.delete", span_identifier=unknown("Trace"))
    ask("delete-nonsense", "spans.delete", span_identifier="nonsense")
    ask("delete-parent", "spans.delete", span_identifier=id_of(root))
    ask("get-after-deletes", "spans.get_spans", project_identifier=P)

from __future__ import annotations

from typing import Any

import pandas as pd
from support.client_calls import Calls

from .things import id_of, span, store, trace_of

P = "client-annotations"


def annotations(ask: Calls) -> None:
    made = [
        span(ask, f"step {i}", i, attributes={"session.id": f"client-annotated-{i}"})
        for i in range(4)
    ]
    documents = span(
        ask, "documents", 10, span_kind="RETRIEVER",
        attributes={f"retrieval.documents.{i}.document.content": f"text {i}" for i in range(3)},
    )  # fmt: skip
    store(ask, P, [*made, documents])
    ids = [id_of(s) for s in made]

    def arrived(name: str) -> None:
        ask.until("spans.get_span_annotations", lambda found: name in {a["name"] for a in found},
                  project_identifier=P, span_ids=ids)  # fmt: skip

    # ---------------------------------------------------------------- spans
    add = "spans.add_span_annotation"
    ask("span-add", add, span_id=ids[0], annotation_name="quality", label="good", sync=True)
    ask("span-add-all", add, span_id=ids[0], annotation_name="graded", annotator_kind="LLM",
        label="fair", score=0.5, explanation="because", metadata={"a": [1, {"b": None}]},
        identifier="run 1", sync=True)  # fmt: skip
    ask("span-add-again", add, span_id=ids[0], annotation_name="quality", annotator_kind="CODE",
        score=1, sync=True)  # fmt: skip
    ask("span-add-later", add, span_id=ids[1], annotation_name="late", score=0)
    arrived("late")
    ask("span-add-nothing", add, span_id=ids[1], annotation_name="empty", sync=True)
    ask("span-add-empty-label", add, span_id=ids[1], annotation_name="blank", label="", sync=True)
    ask("span-add-no-name", add, span_id=ids[1], annotation_name="", label="x", sync=True)
    ask("span-add-note-name", add, span_id=ids[1], annotation_name="note", label="x", sync=True)
    ask("span-add-odd-kind", add, span_id=ids[1], annotation_name="n", annotator_kind="ROBOT",
        label="x", sync=True)  # fmt: skip
    ask("span-add-unknown", add, span_id="f" * 16, annotation_name="n", label="x", sync=True)
    ask("span-add-unknown-later", add, span_id="f" * 16, annotation_name="n", label="x")
    ask("span-add-spaces", add, span_id=f" {ids[1]} ", annotation_name=" spaced ", label=" x ",
        sync=True)  # fmt: skip

    def result(**values: Any) -> dict[str, Any]:
        return {"name": "logged", "annotator_kind": "CODE", "result": values}

    log = "spans.log_span_annotations"
    ask("span-log", log, sync=True,
        span_annotations=[{"span_id": i, **result(score=n)} for n, i in enumerate(ids)])  # fmt: skip
    ask("span-log-twice-the-same", log, sync=True,
        span_annotations=[{"span_id": ids[0], **result(score=n)} for n in (7, 8)])  # fmt: skip
    ask("span-log-later", log,
        span_annotations=[{"span_id": ids[2], **result(label="later"), "name": "async"}])  # fmt: skip
    arrived("async")
    ask("span-log-none", log, span_annotations=[])
    ask("span-log-unknown", log, sync=True,
        span_annotations=[{"span_id": i, **result(score=1)} for i in [ids[0], "f" * 16]])  # fmt: skip
    ask("span-log-missing-field", log, sync=True, span_annotations=[{"span_id": ids[0]}])
    ask("span-log-infinite", log, sync=True,
        span_annotations=[{"span_id": ids[0], **result(score=float("inf"))}])  # fmt: skip

    frame = pd.DataFrame({"span_id": ids[:3], "score": [0.1, 0.2, 0.3], "label": ["a", None, "c"]})
    log_frame = "spans.log_span_annotations_dataframe"
    ask("span-frame", log_frame, dataframe=frame, annotation_name="framed", annotator_kind="LLM",
        sync=True)  # fmt: skip
    ask("span-frame-columns", log_frame, sync=True,
        dataframe=frame.assign(name="columned", annotator_kind="HUMAN", identifier=["x", "", "y"],
                               metadata=[{"k": 1}, None, {}]))  # fmt: skip
    ask("span-frame-index", log_frame, sync=True, annotation_name="indexed", annotator_kind="CODE",
        dataframe=frame.set_index("span_id"))  # fmt: skip
    ask("span-frame-no-kind", log_frame, dataframe=frame, annotation_name="n", sync=True)
    ask("span-frame-no-name", log_frame, dataframe=frame, annotator_kind="CODE", sync=True)
    ask("span-frame-no-ids", log_frame, dataframe=frame.drop(columns=["span_id"]),
        annotation_name="n", annotator_kind="CODE", sync=True)  # fmt: skip
    ask("span-frame-empty", log_frame, dataframe=frame.head(0), annotation_name="n",
        annotator_kind="CODE", sync=True)  # fmt: skip

    ask("note", "spans.add_span_note", span_id=ids[0], note=" a note ")
    ask("note-another", "spans.add_span_note", span_id=ids[0], note="another")
    ask("note-empty", "spans.add_span_note", span_id=ids[0], note="  ")
    ask("note-no-span", "spans.add_span_note", span_id="", note="x")
    ask("note-unknown", "spans.add_span_note", span_id="f" * 16, note="x")

    get = "spans.get_span_annotations"
    # The client asks in the order of a set, so that of the spans is left to the hour.
    for number, one in enumerate(ids):
        ask(f"get-{number}", get, project_identifier=P, span_ids=[one])
    ask("get-by-spans", get, project_identifier=P, spans=[made[3]])
    ask("get-include", get, project_identifier=P, span_ids=ids[:1],
        include_annotation_names=["quality", "note"])  # fmt: skip
    ask("get-exclude", get, project_identifier=P, span_ids=ids[:1],
        exclude_annotation_names=["quality", "graded"])  # fmt: skip
    ask("get-include-notes", get, project_identifier=P, span_ids=ids[:1],
        include_annotation_names=["note"], exclude_annotation_names=[])  # fmt: skip
    ask("get-pages", get, project_identifier=P, span_ids=ids[:1], limit=2)
    ask("get-limit-zero", get, project_identifier=P, span_ids=ids[:1], limit=0)
    ask("get-none", get, project_identifier=P, span_ids=[])
    ask("get-neither", get, project_identifier=P)
    ask("get-unknown-span", get, project_identifier=P, span_ids=["f" * 16])
    ask("get-unknown-project", get, project_identifier="no such project", span_ids=ids[:1])
    get = "spans.get_span_annotations_dataframe"
    ask("get-frame", get, project_identifier=P, span_ids=ids[:1])
    ask("get-frame-by-spans", get, project_identifier=P, spans=[made[3]])
    ask("get-frame-by-frame", get, project_identifier=P,
        spans_dataframe=pd.DataFrame({"context.span_id": ids[3:]}))  # fmt: skip
    ask("get-frame-include", get, project_identifier=P, span_ids=ids[:1],
        include_annotation_names=["quality"])  # fmt: skip
    ask("get-frame-none", get, project_identifier=P, span_ids=[])
    ask("get-frame-unknown-span", get, project_identifier=P, span_ids=["f" * 16])
    ask("get-frame-two-ways", get, project_identifier=P, span_ids=ids, spans=made)

    # ---------------------------------------------------------------- documents
    at = id_of(documents)
    add = "spans.add_document_annotation"
    ask("document-add", add, span_id=at, document_position=0, annotation_name="relevance", score=1,
        sync=True)  # fmt: skip
    ask("document-add-all", add, span_id=at, document_position=1, annotation_name="relevance",
        annotator_kind="LLM", label="so so", score=0.5, explanation="why", metadata={"m": 1},
        sync=True)  # fmt: skip
    ask("document-add-again", add, span_id=at, document_position=0, annotation_name="relevance",
        label="yes", sync=True)  # fmt: skip
    ask("document-add-later", add, span_id=at, document_position=2, annotation_name="relevance",
        score=0)  # fmt: skip
    ask("document-add-beyond", add, span_id=at, document_position=3, annotation_name="relevance",
        score=0, sync=True)  # fmt: skip
    ask("document-add-negative", add, span_id=at, document_position=-1, annotation_name="n",
        score=0, sync=True)  # fmt: skip
    ask("document-add-none-there", add, span_id=ids[0], document_position=0, annotation_name="n",
        score=0, sync=True)  # fmt: skip
    ask("document-add-unknown", add, span_id="f" * 16, document_position=0, annotation_name="n",
        score=0, sync=True)  # fmt: skip
    log = "spans.log_document_annotations"
    ask("document-log", log, sync=True, document_annotations=[
        {"span_id": at, "document_position": p, **result(score=p / 2)} for p in range(3)])  # fmt: skip
    ask("document-log-later", log, document_annotations=[
        {"span_id": at, "document_position": 0, **result(label="later"), "name": "async"}])  # fmt: skip
    ask("document-log-none", log, document_annotations=[])
    ask("document-log-unknown", log, sync=True, document_annotations=[
        {"span_id": i, "document_position": 0, **result(score=1)} for i in (at, "f" * 16)])  # fmt: skip
    frame = pd.DataFrame({"span_id": [at] * 2, "document_position": [0, 1], "score": [0.25, 1.0]})
    log_frame = "spans.log_document_annotations_dataframe"
    ask("document-frame", log_frame, dataframe=frame, annotation_name="framed",
        annotator_kind="LLM", sync=True)  # fmt: skip
    ask("document-frame-index", log_frame, annotation_name="framed", annotator_kind="LLM",
        dataframe=frame.set_index(["span_id", "document_position"]), sync=True)  # fmt: skip
    ask("document-frame-no-positions", log_frame, dataframe=frame.drop(columns="document_position"),
        annotation_name="n", annotator_kind="LLM", sync=True)  # fmt: skip
    ask("document-frame-empty", log_frame, dataframe=frame.head(0), annotation_name="n",
        annotator_kind="LLM", sync=True)  # fmt: skip

    # ---------------------------------------------------------------- traces and sessions
    targets = {
        "trace": ([trace_of(s) for s in made], "f" * 32),
        "session": ([f"client-annotated-{i}" for i in range(4)], "nobody"),
    }
    for kind, (known, missing) in targets.items():
        key, area = f"{kind}_id", f"{kind}s"
        add = f"{area}.add_{kind}_annotation"
        ask(f"{kind}-add", add, **{key: known[0]}, annotation_name="quality", label="good",
            sync=True)  # fmt: skip
        ask(f"{kind}-add-all", add, **{key: known[0]}, annotation_name="graded",
            annotator_kind="LLM", label="fair", score=0.5, explanation="because",
            metadata={"m": 1}, identifier="run 1", sync=True)  # fmt: skip
        ask(f"{kind}-add-again", add, **{key: known[0]}, annotation_name="quality", score=2,
            sync=True)  # fmt: skip
        ask(f"{kind}-add-later", add, **{key: known[1]}, annotation_name="late", score=0)
        ask(f"{kind}-add-nothing", add, **{key: known[1]}, annotation_name="empty", sync=True)
        ask(f"{kind}-add-no-name", add, **{key: known[1]}, annotation_name="", label="x", sync=True)
        ask(f"{kind}-add-unknown", add, **{key: missing}, annotation_name="n", label="x", sync=True)
        ask(f"{kind}-add-unknown-later", add, **{key: missing}, annotation_name="n", label="x")
        log = f"{area}.log_{kind}_annotations"
        what = f"{kind}_annotations"
        ask(f"{kind}-log", log, sync=True,
            **{what: [{key: i, **result(score=n)} for n, i in enumerate(known)]})  # fmt: skip
        ask(f"{kind}-log-later", log, **{what: [{key: known[2], **result(label="later")}]})
        ask(f"{kind}-log-none", log, **{what: []})
        ask(f"{kind}-log-unknown", log, sync=True,
            **{what: [{key: i, **result(score=1)} for i in (known[0], missing)]})  # fmt: skip
        frame = pd.DataFrame({key: known[:2], "label": ["a", None], "score": [1, 0.5]})
        log_frame = f"{area}.log_{kind}_annotations_dataframe"
        ask(f"{kind}-frame", log_frame, dataframe=frame, annotation_name="framed",
            annotator_kind="HUMAN", sync=True)  # fmt: skip
        ask(f"{kind}-frame-index", log_frame, dataframe=frame.set_index(key),
            annotation_name="framed", annotator_kind="HUMAN", sync=True)  # fmt: skip
        ask(f"{kind}-frame-columns", log_frame, sync=True,
            dataframe=frame.assign(name="columned", annotator_kind="CODE"))  # fmt: skip
        ask(f"{kind}-frame-not-a-number", log_frame, annotation_name="n", annotator_kind="CODE",
            dataframe=frame.assign(score=[None, 1.5]), sync=True)  # fmt: skip
        ask(f"{kind}-frame-no-name", log_frame, dataframe=frame, sync=True)
        ask(f"{kind}-frame-empty", log_frame, dataframe=frame.head(0), annotation_name="n",
            annotator_kind="HUMAN", sync=True)  # fmt: skip

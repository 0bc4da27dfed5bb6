"""Annotations of what is around spans: sessions, the turns in them, notes of traces, and retrieved documents."""

from __future__ import annotations

import re
from typing import Any

import pytest
import trace_data
from conftest import Site, check_axe, shot
from playwright.sync_api import Page, expect
from project_page import cells, settled
from test_annotations import ADD, CREATE, open_trace
from trace_data import TRICKS, trace_id

SESSION = """query($s: String!) { getProjectSessionById(sessionId: $s) { id sessionAnnotations { name label score explanation annotatorKind source } } }"""
DOCUMENTS = """query($id: String!) { getSpanByOtelId(spanId: $id) { documentEvaluations { name label score explanation documentPosition annotatorKind } } }"""
#: The span of `trace_data.agent(1)` that retrieves three documents.
RETRIEVER = f"{1_000_006:016x}"


@pytest.fixture
def own(make_site: Any) -> Site:
    """A server with a session of two turns in a project that asks for two configs."""
    site = make_site()
    trace_data.send(site, trace_data.agent(1), trace_data.agent(2, "Oslo"))
    for config in (
        {"categorical": {"name": "solved", "optimizationDirection": "MAXIMIZE", "values": [{"label": "yes", "score": 1}, {"label": "no", "score": 0}]}},
        {"freeform": {"name": "remarks", "optimizationDirection": "NONE"}},
    ):  # fmt: skip
        made = site.graphql(CREATE, c=config)["createAnnotationConfig"]["annotationConfig"]["id"]
        site.graphql(ADD, p=site.project("trace-view"), c=made)
    return site


def session(site: Site) -> dict[str, Any]:
    return site.graphql(SESSION, s="trip")["getProjectSessionById"]


def documents(site: Site) -> list[dict[str, Any]]:
    found = site.graphql(DOCUMENTS, id=RETRIEVER)["getSpanByOtelId"]["documentEvaluations"]
    return sorted(found, key=lambda one: (one["documentPosition"], one["name"]))


def judge_session(site: Site, name: str = "solved", **result: Any) -> None:
    body = {"data": [{"session_id": "trip", "annotator_kind": "LLM", "name": name, "result": result}]}
    site.server.http.post("/v1/session_annotations?sync=true", json=body).raise_for_status()


def judge_documents(site: Site, *scores: float, name: str = "relevance") -> None:
    data = [{"span_id": RETRIEVER, "document_position": at, "annotator_kind": "LLM", "name": name, "result": {"score": score, "label": "relevant" if score else "irrelevant"}} for at, score in enumerate(scores)]
    site.server.http.post("/v1/document_annotations?sync=true", json={"data": data}).raise_for_status()


def open_session(open_page: Any, site: Site, more: str = "", **options: Any) -> Page:
    page = open_page(site, f"/projects/{site.project('trace-view')}/sessions/{session(site)['id']}?timeRangeKey=all{more}", **options)
    expect(page.get_by_role("feed", name="Conversation").or_(page.get_by_role("tabpanel", name="Annotations"))).to_be_visible()
    return page


def form(page: Page):
    return page.get_by_role("region", name="Annotate the session")


# -------------------------------------------------------------------- sessions


def test_a_session_is_annotated_by_keys_alone(open_page, own):
    page = open_session(open_page, own)
    page.keyboard.press("a")
    expect(form(page).get_by_role("button", name="yes", exact=True)).to_be_focused()
    page.keyboard.press("2")
    expect(form(page).get_by_role("button", name="no", exact=True)).to_have_attribute("aria-pressed", "true")
    # What is said of the session stands beside its id.
    expect(page.get_by_title("solved: no").first).to_be_visible()
    check_axe(page)
    shot(page, "session-annotate-dark")
    [stored] = session(own)["sessionAnnotations"]
    assert (stored["name"], stored["label"], stored["score"], stored["annotatorKind"], stored["source"]) == ("solved", "no", 0, "HUMAN", "APP")
    page.keyboard.press("2")
    expect(page.get_by_title("solved: no")).to_have_count(0)
    assert session(own)["sessionAnnotations"] == []
    page.keyboard.press("Escape")
    expect(form(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Annotate", exact=True)).to_be_focused()


def test_all_that_is_said_of_a_session_has_a_tab(open_page, own):
    judge_session(own, label="yes", score=1, explanation="The trip was booked.")
    page = open_session(open_page, own, "&view=full", theme="light")
    page.get_by_role("tab", name="Annotations 1").click()
    panel = page.get_by_role("tabpanel", name="Annotations")
    expect(panel).to_contain_text("The trip was booked.")
    # What a model said cannot be deleted here.
    expect(panel.get_by_role("button", name="Delete solved")).to_have_count(0)
    page.keyboard.press("n")
    expect(form(page).get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Worth a <b>second</b> look.")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("list", name="Notes")).to_contain_text("Worth a <b>second</b> look.")
    form(page).get_by_role("button", name="yes", exact=True).click()
    expect(panel.get_by_role("button", name="Delete solved")).to_have_count(1)
    expect(page.get_by_role("tab", name="Annotations 3")).to_be_visible()
    check_axe(page)
    shot(page, "session-annotations-light")
    panel.get_by_role("button", name="Delete the note").click()
    panel.get_by_role("button", name="Delete solved").click()
    expect(page.get_by_role("tab", name="Annotations 1")).to_be_visible()
    page.goto(own.url + "/projects")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    assert [one["annotatorKind"] for one in session(own)["sessionAnnotations"]] == ["LLM"]


def test_a_session_without_annotations_says_what_they_would_be(open_page, own):
    page = open_session(open_page, own, "&sessionView=annotations")
    panel = page.get_by_role("tabpanel", name="Annotations")
    expect(panel.get_by_role("heading", name="Nothing has been said of this session")).to_be_visible()
    check_axe(page)
    shot(page, "session-annotations-empty-dark")
    panel.get_by_role("button", name="Annotate").click()
    expect(form(page).get_by_role("button", name="yes", exact=True)).to_be_focused()


def test_turns_have_thumbs_chips_and_notes(open_page, own):
    page = open_session(open_page, own)
    feedback = page.get_by_role("group", name="Feedback on turn 2")
    feedback.get_by_role("button", name="Good answer").click()
    expect(feedback.get_by_role("button", name="Annotations of turn 2: 1")).to_be_visible()
    feedback.get_by_role("button", name="Annotations of turn 2: 1").click()
    panel = page.get_by_role("dialog", name="Annotations of turn 2")
    panel.get_by_role("button", name="no", exact=True).click()
    expect(feedback.get_by_title("solved: no 0").first).to_be_visible()
    panel.get_by_role("textbox", name="Note").fill("Prices were old.")
    panel.get_by_role("textbox", name="Note").press("Enter")
    expect(panel.get_by_role("list", name="Notes")).to_contain_text("Prices were old.")
    check_axe(page)
    shot(page, "turn-annotations-dark")
    panel.get_by_role("button", name="Delete the note").click()
    expect(panel.get_by_role("list", name="Notes").get_by_role("listitem")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("group", name="Feedback on turn 1").get_by_role("button", name="Annotations of turn 1", exact=True)).to_be_visible()


def test_chips_filter_and_sort_the_table_of_sessions(open_page, own):
    other = trace_data.Trace(7)
    other.add("chat", "CHAIN", attributes={"input.value": "hello", "output.value": "hi", "session.id": "other"})
    trace_data.send(own, other)
    judge_session(own, label="no", score=0)
    page = open_page(own, f"/projects/{own.project('trace-view')}/sessions?timeRangeKey=all")
    settled(page, "Sessions")
    chip = cells(page, "Sessions").get_by_role("button", name="solved no")
    expect(chip).to_be_visible()
    check_axe(page)
    shot(page, "sessions-annotated-dark")
    chip.click()
    page.get_by_role("menuitem", name="Only “no”").click()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("session_annotations['solved'].label == 'no'")
    expect(cells(page, "Sessions").get_by_role("row")).to_have_count(2)
    group = page.get_by_role("complementary", name="Summary").get_by_role("group", name="solved")
    expect(group).to_contain_text(re.compile("100.?%"))
    group.get_by_role("button", name=re.compile("^no")).click()
    expect(cells(page, "Sessions").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("dialog", name="Columns").get_by_role("checkbox", name="solved").check()
    page.keyboard.press("Escape")
    head = cells(page, "Sessions").get_by_role("columnheader", name=re.compile("^solved"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    first = cells(page, "Sessions").locator('[role="row"][aria-rowindex="2"]')
    expect(first).to_contain_text("trip")


def test_news_of_a_session_arrive(open_page, own):
    page = open_session(open_page, own)
    expect(page.get_by_role("tab", name="Annotations", exact=True)).to_be_visible()
    judge_session(own, label="yes", score=1)
    expect(page.get_by_title("solved: yes").first).to_be_visible()


# -------------------------------------------------------------------- documents


def open_retriever(open_page: Any, site: Site, **options: Any) -> Page:
    page = open_trace(open_page, site, **options)
    page.get_by_role("treeitem").filter(has_text="retrieve").first.click()
    expect(page.get_by_role("group", name="Feedback on document 3")).to_be_visible()
    return page


def test_documents_are_judged_in_one_press(open_page, own):
    page = open_retriever(open_page, own)
    first, second = (page.get_by_role("group", name=f"Feedback on document {at}") for at in (1, 2))
    first.get_by_role("button", name="Relevant: document 1", exact=True).click()
    expect(first.get_by_title("relevance: relevant 1").first).to_be_visible()
    second.get_by_role("button", name="Not relevant: document 2").click()
    expect(second.get_by_title("relevance: irrelevant 0").first).to_be_visible()
    assert [(one["documentPosition"], one["name"], one["label"], one["score"], one["annotatorKind"]) for one in documents(own)] == [(0, "relevance", "relevant", 1, "HUMAN"), (1, "relevance", "irrelevant", 0, "HUMAN")]
    second.get_by_role("button", name="Relevant: document 2", exact=True).click()
    expect(second.get_by_title("relevance: relevant 1").first).to_be_visible()
    second.get_by_role("button", name="Relevant: document 2", exact=True).click()
    expect(second.get_by_title(re.compile("relevance"))).to_have_count(0)
    assert [one["documentPosition"] for one in documents(own)] == [0]
    check_axe(page)
    shot(page, "documents-dark")


def test_a_document_gets_any_annotation(open_page, own):
    page = open_retriever(open_page, own, theme="light")
    third = page.get_by_role("group", name="Feedback on document 3")
    third.get_by_role("button", name="Annotate document 3").focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Annotations of document 3")
    panel.get_by_role("button", name="yes", exact=True).click()
    expect(third.get_by_title("solved: yes 1").first).to_be_visible()
    panel.get_by_role("button", name="By another name…").click()
    expect(panel.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_have_text("Give the annotation a name.")
    page.keyboard.type("freshness")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_have_text("Give a label, a score or an explanation.")
    panel.get_by_label("Score").fill("much")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_have_text("The score is no number.")
    panel.get_by_label("Score").fill("0,25")
    panel.get_by_role("textbox", name="Explanation", exact=True).fill("From 2019.")
    check_axe(page)
    shot(page, "document-form-light")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("listitem").filter(has_text="freshness")).to_contain_text("From 2019.")
    assert [(one["name"], one["score"], one["explanation"]) for one in documents(own)] == [("freshness", 0.25, "From 2019."), ("solved", 1, None)]
    panel.get_by_role("button", name="Delete freshness").click()
    expect(panel.get_by_role("listitem").filter(has_text="freshness")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(third.get_by_title("freshness: 0.25").first).to_be_visible()


def test_a_retrieval_is_measured_by_what_models_say(open_page, own):
    judge_documents(own, 1, 0, 1)
    page = open_retriever(open_page, own)
    figures = page.get_by_role("list", name="Quality of the retrieval")
    expect(figures).to_contain_text(re.compile(r"relevance\s*nDCG 0\.92\d*\s*precision 0\.66\d*\s*reciprocal rank 1\s*hit 1"))
    expect(page.get_by_role("group", name="Feedback on document 2").get_by_title("relevance: irrelevant 0").first).to_be_visible()
    page.get_by_role("button", name="Annotate document 1").click()
    panel = page.get_by_role("dialog", name="Annotations of document 1")
    expect(panel).to_contain_text("model")
    expect(panel.get_by_role("button", name="Delete relevance")).to_have_count(0)
    shot(page, "retrieval-figures-dark")


# -------------------------------------------------------------------- tricks


def test_tricks_in_annotations_do_nothing(open_page, own):
    tricks = {name: text for name, text in TRICKS.items() if len(text) < 20_000 and "\x00" not in text}
    http = own.server.http
    for name, text in tricks.items():
        result = {"label": text[:200], "score": 1, "explanation": text}
        for path, target in (("span", {"span_id": RETRIEVER}), ("trace", {"trace_id": trace_id(1)}), ("session", {"session_id": "trip"}), ("document", {"span_id": RETRIEVER, "document_position": 0})):
            data = {**target, "annotator_kind": "LLM", "name": f"{name} {text[:60]}", "result": result, "metadata": {text[:40]: text[:400]}, **({} if path == "document" else {"identifier": text[:60]})}
            http.post(f"/v1/{path}_annotations?sync=true", json={"data": [data]}).raise_for_status()
        http.post("/v1/span_notes", json={"data": {"span_id": RETRIEVER, "note": text}}).raise_for_status()
    page = open_retriever(open_page, own)
    home = page.url.split("?")[0]

    def harmless() -> None:
        assert page.evaluate("[window.hacked ?? null, ({}).hacked ?? null]") == [None, None]
        assert page.locator("main").locator("iframe, object, embed, meta, base, svg [onload], [onerror], [ontoggle], [onfocus], a[href^='javascript' i], a[href^='data:' i], img:not([src^='data:image/'])").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440

    expect(page.get_by_role("region", name="Annotations", exact=True).locator(".an-item")).to_have_count(len(tricks))
    for more in page.get_by_role("button", name=re.compile("^More of ")).all()[:6]:
        more.click()
    harmless()
    shot(page, "annotation-tricks-dark")
    page.get_by_role("button", name="Annotate document 1").click()
    expect(page.get_by_role("dialog", name="Annotations of document 1").get_by_role("listitem").first).to_be_visible()
    harmless()
    page.keyboard.press("Escape")
    assert page.url.split("?")[0] == home
    for path, table in (("spans?spanFilterCondition=&", "Spans"), ("traces?", "Traces"), ("sessions?", "Sessions")):
        page.goto(own.url + f"/projects/{own.project('trace-view')}/{path}timeRangeKey=all")
        settled(page, table)
        expect(cells(page, table).locator(".an-chip").first).to_be_visible()
        harmless()
        page.keyboard.press("Escape")
    page.goto(own.url + f"/projects/{own.project('trace-view')}/sessions/{session(own)['id']}?timeRangeKey=all&sessionView=annotations")
    expect(page.get_by_role("tabpanel", name="Annotations").locator(".an-item")).to_have_count(len(tricks))
    harmless()
    page.get_by_role("tab", name=re.compile("^Turns")).click()
    expect(page.get_by_role("group", name="Feedback on turn 1").locator(".an-chip").first).to_be_visible()
    harmless()

"""Annotations: configs, the form and the thumbs beside a trace, chips and columns in tables, filters that they make."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
import trace_data
from conftest import Site, check_axe, shot
from playwright.sync_api import Page, expect
from project_page import cells, settled
from trace_data import trace_id

CREATE = "mutation($c: AnnotationConfigInput!) { createAnnotationConfig(input: {annotationConfig: $c}) { annotationConfig { ... on Node { id } } } }"
ADD = "mutation($p: ID!, $c: ID!) { addAnnotationConfigToProject(input: [{projectId: $p, annotationConfigId: $c}]) { project { id } } }"
SAID = """query($id: ID!, $trace: ID!) { node(id: $id) { ... on Project { trace(traceId: $trace) {
    traceAnnotations { name label score }
    spans(first: 100) { edges { node {
        name
        spanAnnotations { name label score explanation annotatorKind source identifier }
        spanNotes { explanation } } } } } } } }"""


@pytest.fixture
def own(make_site: Any) -> Site:
    """A server with two traces, whose annotations a test may change; its project asks for three configs."""
    site = make_site()
    trace_data.send(site, trace_data.agent(1), trace_data.agent(2, "Oslo"))
    project = site.project("trace-view")
    for config in (
        {"categorical": {"name": "correctness", "optimizationDirection": "MAXIMIZE", "values": [{"label": "correct", "score": 1}, {"label": "incorrect", "score": 0}]}},
        {"continuous": {"name": "helpfulness", "optimizationDirection": "MAXIMIZE", "lowerBound": 0, "upperBound": 10}},
        {"freeform": {"name": "remarks", "optimizationDirection": "NONE"}},
    ):  # fmt: skip
        made = site.graphql(CREATE, c=config)["createAnnotationConfig"]["annotationConfig"]["id"]
        site.graphql(ADD, p=project, c=made)
    return site


def said(site: Site) -> dict[str, dict[str, Any]]:
    """What is stored of each span of the first trace, by its name; of the trace itself under "trace"."""
    trace = site.graphql(SAID, id=site.project("trace-view"), trace=trace_id(1))["node"]["trace"]
    return {"trace": trace} | {edge["node"]["name"]: edge["node"] for edge in trace["spans"]["edges"]}


def annotate(site: Site, number: int, span: int, **values: Any) -> None:
    """What a model says of a span of a trace."""
    data = {"span_id": f"{number * 1_000_000 + span + 1:016x}", "annotator_kind": "LLM", "name": "judge", "result": values}
    site.server.http.post("/v1/span_annotations?sync=true", json={"data": [data]}).raise_for_status()


def open_trace(open_page: Any, site: Site, number: int = 1, **options: Any) -> Page:
    page = open_page(site, f"/projects/{site.project('trace-view')}/traces/{trace_id(number)}?timeRangeKey=all", **options)
    expect(page.get_by_role("region", name="Span", exact=True).get_by_role("heading", level=2)).to_be_visible()
    return page


def form(page: Page):
    return page.get_by_role("region", name="Annotate the span")


# -------------------------------------------------------------------- the form


def test_a_span_is_annotated_by_keys_alone(open_page, own):
    page = open_trace(open_page, own)
    page.keyboard.press("a")
    expect(form(page).get_by_role("button", name="correct", exact=True)).to_be_focused()
    page.keyboard.press("2")
    incorrect = form(page).get_by_role("button", name="incorrect")
    expect(incorrect).to_have_attribute("aria-pressed", "true")
    annotations = page.get_by_role("region", name="Annotations", exact=True)
    expect(annotations.get_by_role("listitem")).to_have_count(1)
    expect(annotations).to_contain_text("incorrect")
    expect(page.get_by_role("treeitem", selected=True)).to_contain_text("incorrect")
    check_axe(page)
    shot(page, "annotate-dark")
    [stored] = said(own)["travel_agent"]["spanAnnotations"]
    assert (stored["name"], stored["label"], stored["score"], stored["annotatorKind"], stored["source"]) == ("correctness", "incorrect", 0, "HUMAN", "APP")
    page.keyboard.press("1")
    expect(annotations).to_contain_text(re.compile(r"(?<!in)correct 1"))
    page.keyboard.press("1")
    expect(annotations).to_have_count(0)
    assert said(own)["travel_agent"]["spanAnnotations"] == []
    page.keyboard.press("Escape")
    expect(form(page)).to_have_count(0)
    expect(page.get_by_role("tree", name="Spans of the trace")).to_be_focused()


def test_scores_and_texts_are_stored_when_their_field_is_left(open_page, own):
    page = open_trace(open_page, own, theme="light")
    page.get_by_role("button", name="Annotate", exact=True).click()
    number = form(page).get_by_role("textbox", name="helpfulness")
    number.fill("11")
    expect(form(page).get_by_role("alert")).to_have_text("At most 10.")
    number.fill("7,5")
    number.press("Enter")
    annotations = page.get_by_role("region", name="Annotations", exact=True)
    expect(annotations).to_contain_text("7.5")
    form(page).get_by_role("textbox", name="remarks").fill("Two sentences too many.")
    form(page).get_by_role("textbox", name="remarks").press("Control+Enter")
    expect(annotations).to_contain_text("Two sentences too many.")
    form(page).get_by_role("button", name="Explain helpfulness").click()
    form(page).get_by_role("textbox", name="Explanation of helpfulness").fill("It names the gate.")
    form(page).get_by_role("textbox", name="Note").click()
    expect(annotations).to_contain_text("It names the gate.")
    check_axe(page)
    shot(page, "annotate-light")
    stored = {one["name"]: one for one in said(own)["travel_agent"]["spanAnnotations"]}
    assert stored["helpfulness"]["score"] == 7.5 and stored["helpfulness"]["explanation"] == "It names the gate."
    assert stored["remarks"]["explanation"] == "Two sentences too many." and stored["remarks"]["score"] is None


def test_what_a_model_said_stays_beside_what_a_person_says(open_page, own):
    own.server.http.post(
        "/v1/span_annotations?sync=true",
        json={"data": [{"span_id": f"{1_000_001:016x}", "annotator_kind": "LLM", "name": "correctness", "result": {"label": "incorrect", "score": 0}}]},
    ).raise_for_status()
    page = open_trace(open_page, own)
    page.keyboard.press("a")
    expect(form(page).get_by_role("button", name="incorrect")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("1")
    annotations = page.get_by_role("region", name="Annotations", exact=True)
    expect(annotations.get_by_role("listitem")).to_have_count(2)
    assert sorted((one["annotatorKind"], one["label"]) for one in said(own)["travel_agent"]["spanAnnotations"]) == [("HUMAN", "correct"), ("LLM", "incorrect")]
    # Only one's own can be deleted here.
    expect(annotations.get_by_role("button", name="Delete correctness")).to_have_count(1)
    annotations.get_by_role("button", name="Delete correctness").click()
    expect(annotations.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(annotations.get_by_role("listitem")).to_have_count(2)


def test_a_note_is_added_and_deleted(open_page, own):
    page = open_trace(open_page, own)
    page.keyboard.press("n")
    note = form(page).get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    page.keyboard.type("Ask Lena about <b>this</b>.")
    page.keyboard.press("Enter")
    notes = page.get_by_role("list", name="Notes")
    expect(notes).to_contain_text("Ask Lena about <b>this</b>.")
    expect(note).to_have_value("")
    assert [one["explanation"] for one in said(own)["travel_agent"]["spanNotes"]] == ["Ask Lena about <b>this</b>."]
    notes.get_by_role("button", name="Delete the note").click()
    expect(notes).to_have_count(0)
    page.goto(own.url + "/projects")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    assert said(own)["travel_agent"]["spanNotes"] == []


def test_thumbs_judge_a_trace_in_one_press(open_page, own):
    page = open_trace(open_page, own)
    feedback = page.get_by_role("group", name="Feedback on the trace")
    up, down = feedback.get_by_role("button", name="Good answer"), feedback.get_by_role("button", name="Bad answer")
    up.click()
    expect(feedback.get_by_role("button", name="Annotations of the trace: 1")).to_be_visible()
    assert said(own)["trace"]["traceAnnotations"] == [{"name": "user_feedback", "label": "positive", "score": 1}]
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    feedback.get_by_role("button", name="Annotations of the trace: 1").click()
    panel = page.get_by_role("dialog", name="Annotations of the trace")
    expect(panel).to_contain_text("negative")
    panel.get_by_role("button", name="correct", exact=True).click()
    expect(panel.get_by_role("listitem").filter(has_text="correctness")).to_be_visible()
    check_axe(page)
    shot(page, "trace-annotations-dark")
    page.keyboard.press("Escape")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "false")
    expect(feedback.get_by_role("button", name="Annotations of the trace: 1")).to_be_visible()
    assert [one["name"] for one in said(own)["trace"]["traceAnnotations"]] == ["correctness"]


def test_a_refusal_is_told_and_nothing_stays_pressed(open_page, own):
    page = open_trace(open_page, own)
    page.watch.allow("500", "Internal Server Error")
    page.keyboard.press("a")
    correct = form(page).get_by_role("button", name="correct", exact=True)
    expect(correct).to_be_focused()
    page.route("**/graphql", lambda route: route.fulfill(status=500, body="{}") if "AnnotateSpans" in (route.request.post_data or "") else route.continue_())
    page.keyboard.press("1")
    expect(form(page).get_by_role("alert")).to_contain_text("500")
    expect(correct).to_have_attribute("aria-pressed", "false")


def test_a_project_without_configs_offers_those_that_there_are(open_page, make_site):
    site = make_site()
    trace_data.send(site, trace_data.agent(1))
    page = open_trace(open_page, site, width=390)
    page.keyboard.press("a")
    expect(form(page)).to_contain_text("asks for no annotation yet")
    form(page).get_by_role("button", name="Add a config").click()
    page.get_by_role("menuitem", name=re.compile("user_feedback")).click()
    expect(form(page).get_by_role("group", name="user_feedback").get_by_role("button").first).to_be_focused()
    expect(form(page).get_by_role("button", name="positive")).to_be_visible()
    form(page).get_by_role("button", name="Add a config").click()
    page.get_by_role("menuitem", name="New config…").click()
    dialog = page.get_by_role("dialog", name="New annotation config")
    dialog.get_by_label("Name").fill("tone")
    dialog.get_by_role("textbox", name="Label 1", exact=True).fill("kind")
    dialog.get_by_role("textbox", name="Label 2", exact=True).fill("rude")
    dialog.get_by_role("button", name="Create").click()
    expect(form(page).get_by_role("button", name="kind")).to_be_focused()
    form(page).get_by_role("button", name="rude").click()
    expect(page.get_by_role("region", name="Annotations", exact=True)).to_contain_text("rude")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(page)
    shot(page, "annotate-390")


# -------------------------------------------------------------------- tables


def test_chips_in_the_table_filter_it(open_page, own):
    annotate(own, 1, 0, label="good", score=0.9)
    annotate(own, 2, 0, label="poor", score=0.2)
    page = open_page(own, f"/projects/{own.project('trace-view')}/spans?timeRangeKey=all")
    settled(page)
    chip = cells(page).get_by_role("button", name="judge poor")
    chip.click()
    page.get_by_role("menuitem", name="Score of 0.2 or less").click()
    conditions = page.get_by_role("list", name="Conditions")
    expect(conditions).to_contain_text("annotations['judge'].score <= 0.2")
    expect(cells(page).get_by_role("button", name="judge good")).to_have_count(0)
    expect(chip).to_be_visible()
    # The panel at the side narrows by label, and follows the filter.
    group = page.get_by_role("complementary", name="Summary").get_by_role("group", name="judge")
    expect(group).to_contain_text("⌀ 0.2")
    conditions.get_by_role("button", name=re.compile("^Remove annotations")).click()
    expect(group).to_contain_text("⌀ 0.55")
    group.get_by_role("button", name=re.compile("^good")).click()
    expect(cells(page).get_by_role("button", name="judge good")).to_be_visible()
    expect(chip).to_have_count(0)
    check_axe(page)
    shot(page, "annotations-table-dark")


def test_all_columns_are_in_sight_and_chips_without_room_are_counted(open_page, own):
    for name in ("judge", "mood", "tone"):
        data = {"span_id": f"{1_000_001:016x}", "annotator_kind": "LLM", "name": name, "result": {"label": "excellent", "score": 0.9}}
        own.server.http.post("/v1/span_annotations?sync=true", json={"data": [data]}).raise_for_status()
    for condition in ("", "&spanFilterCondition=" + quote("text contains 'Lisbon'")):
        page = open_page(own, f"/projects/{own.project('trace-view')}/spans?timeRangeKey=all{condition}")
        settled(page)
        expect(cells(page).get_by_role("columnheader", name="Annotations")).to_be_visible()
        assert cells(page).get_by_role("columnheader", name="Match").count() == (1 if condition else 0)
        assert cells(page).evaluate("table => table.scrollWidth <= table.clientWidth")
        row = cells(page).get_by_role("row").filter(has_text="travel_agent")
        expect(row.get_by_role("button", name="judge excellent")).to_be_visible()
        expect(row.get_by_role("button", name="mood excellent")).to_have_count(0)
        rest = row.locator(".an-rest")
        expect(rest).to_be_visible()
        expect(rest).to_have_attribute("title", re.compile("mood: excellent"))


def test_nothing_is_headed_where_nothing_was_annotated(open_page, own):
    annotate(own, 1, 0, label="good", score=0.9)
    address = f"/projects/{own.project('trace-view')}/spans"
    page = open_page(own, f"{address}?timeRangeKey=all")
    section = page.get_by_role("complementary", name="Summary").locator("section[aria-label='Annotations']")
    expect(section).to_be_visible()
    page = open_page(own, f"{address}?timeRangeStart=2001-01-01T00:00:00Z&timeRangeEnd=2001-01-02T00:00:00Z")
    section = page.get_by_role("complementary", name="Summary").locator("section[aria-label='Annotations']")
    expect(section).to_be_attached()
    expect(section).to_be_hidden()


def test_a_column_of_scores_is_sorted_and_says_its_mean(open_page, own):
    annotate(own, 1, 0, label="good", score=0.9)
    annotate(own, 2, 0, label="poor", score=0.2)
    page = open_page(own, f"/projects/{own.project('trace-view')}/spans?timeRangeKey=all", theme="light")
    settled(page)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("dialog", name="Columns").get_by_role("checkbox", name="judge").check()
    page.keyboard.press("Escape")
    head = cells(page).get_by_role("columnheader", name=re.compile("^judge"))
    expect(head).to_contain_text("⌀ 0.55")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    settled(page)
    first = cells(page).locator('[role="row"][aria-rowindex="2"]')
    expect(first).to_contain_text("0.9")
    head.get_by_role("button").click()
    expect(first).to_contain_text("0.2")
    expect(page).to_have_url(re.compile("sort=annotation"))
    page.reload()
    expect(first).to_contain_text("0.2")
    shot(page, "annotations-column-light")


def test_a_table_shows_what_was_annotated_over_it(open_page, own):
    page = open_page(own, f"/projects/{own.project('trace-view')}/traces?timeRangeKey=all")
    settled(page, "Traces")
    cells(page, "Traces").get_by_role("link", name="travel_agent").first.click()
    page.get_by_role("group", name="Feedback on the trace").get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Annotations of the trace: 1")).to_be_visible()
    page.keyboard.press("Escape")
    chip = cells(page, "Traces").get_by_role("button", name="user_feedback positive")
    expect(chip).to_be_visible()
    chip.click()
    page.get_by_role("menuitem", name="Without “positive”").click()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("trace_annotations['user_feedback'].label != 'positive'")


# -------------------------------------------------------------------- settings


def test_configs_are_made_changed_and_deleted_with_undo(open_page, make_site):
    site = make_site()
    page = open_page(site, "/settings/annotations")
    grid = page.get_by_role("grid", name="Annotation configs")
    expect(grid).to_contain_text("user_feedback")
    page.get_by_role("button", name="New config").click()
    dialog = page.get_by_role("dialog", name="New annotation config")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Give the config a name.")).to_be_visible()
    dialog.get_by_label("Name").fill("relevance")
    dialog.get_by_role("radio", name="Score").check(force=True)
    dialog.get_by_label("Lowest score").fill("1")
    dialog.get_by_label("Highest score").fill("1")
    expect(dialog.get_by_text("This is not above the lowest score.")).to_be_visible()
    dialog.get_by_label("Highest score").fill("5")
    check_axe(page)
    shot(page, "config-form-dark")
    dialog.get_by_role("button", name="Create").click()
    row = grid.get_by_role("row").filter(has_text="relevance")
    expect(row).to_contain_text("1 to 5")
    row.get_by_role("button", name="Edit relevance").click()
    dialog = page.get_by_role("dialog", name="Edit relevance")
    dialog.get_by_label("Highest score").fill("10")
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("1 to 10")
    # A name can be there once.
    page.get_by_role("button", name="New config").click()
    dialog = page.get_by_role("dialog", name="New annotation config")
    dialog.get_by_label("Name").fill("relevance")
    dialog.get_by_role("radio", name="Text").check(force=True)
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("relevance")
    dialog.get_by_role("button", name="Cancel").click()
    row.get_by_role("button", name="Delete relevance").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete relevance").click()
    page.goto(site.url + "/settings/general")
    page.goto(site.url + "/settings/annotations")
    expect(grid).to_contain_text("user_feedback")
    expect(row).to_have_count(0)


def test_a_project_chooses_its_configs(open_page, own):
    project = own.project("trace-view")
    annotate(own, 1, 0, label="good", score=0.9)
    page = open_page(own, f"/projects/{project}/config")
    section = page.get_by_role("region", name="Annotations")
    section.get_by_role("checkbox", name="remarks").uncheck()
    section.get_by_role("checkbox", name="user_feedback").check()
    expect(section).to_contain_text("1 on spans")
    check_axe(page)
    shot(page, "project-annotations-dark")
    page.reload()
    expect(section.get_by_role("checkbox", name="remarks")).not_to_be_checked()
    expect(section.get_by_role("checkbox", name="user_feedback")).to_be_checked()
    section.get_by_role("button", name="Delete judge on spans").click()
    page.get_by_role("dialog", name="Delete judge").get_by_role("button", name="Delete 1").click()
    expect(section.get_by_text("1 on spans")).to_have_count(0)
    assert said(own)["travel_agent"]["spanAnnotations"] == []

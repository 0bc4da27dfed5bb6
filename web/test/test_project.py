"""The page of a project: its tables, filter, facets, charts, bulk actions, live updates and settings."""

from __future__ import annotations

import json
import random
import re
import time
from typing import Any, Callable
from urllib.parse import quote

import pytest
from conftest import Site, check_axe, dom_size, shot
from playwright.sync_api import Page, Route, expect
from project_page import ALL_TIME, apply, asks, cells, count, field, heard, listen, rows, settled, tab, wait_heard
from support import corpus, otlp

@pytest.fixture
def own(make_site: Callable[..., Site]) -> Site:
    """A server whose data a test may change."""
    return make_site().load(corpus.generated_bodies())


def filled(site: Site, project: str, spans: int) -> Site:
    rng = random.Random(7)
    for _ in range(spans // 500):
        site.send(otlp.realistic(500, project, rng))
    return site


# -------------------------------------------------------------------- spans


def test_root_spans_come_first_and_all_spans_are_one_press_away(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    count(page, "50 spans")
    expect(rows(page).first).to_be_visible()
    page.get_by_role("button", name="All spans").click()
    count(page, "179 spans")
    assert "spanFilterCondition=" in page.url
    page.go_back()
    count(page, "50 spans")
    expect(page.get_by_role("button", name="Roots")).to_have_attribute("aria-pressed", "true")
    assert dom_size(page) < 1500
    shot(page, "project-spans")


def test_what_is_typed_narrows_the_root_spans(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans"))
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("/")
    expect(field(page)).to_have_value("")
    page.keyboard.type("boot heel")
    page.keyboard.press("Enter")
    conditions = page.get_by_role("list", name="Conditions")
    expect(conditions).to_contain_text("text contains 'boot heel'")
    expect(conditions.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("button", name="Roots")).to_have_attribute("aria-pressed", "true")
    expect(rows(page).first).to_be_visible()
    apply(page, "parent_id is not None")
    expect(page.get_by_role("heading", name="No spans here")).to_be_visible()
    page.get_by_role("button", name="Look at all spans").click()
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("button", name="All spans", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(conditions).to_contain_text("parent_id is not None")


@pytest.mark.parametrize(
    ("typed", "name", "meant", "condition"),
    [
        ("span_knd == 'LLM'", "span_knd", "span_kind", "span_kind == 'LLM'"),
        ("span.kind == 'LLM'", "span.kind", "span_kind", "span_kind == 'LLM'"),
        ("kind == 'LLM'", "kind", "span_kind", "span_kind == 'LLM'"),
        ("span_kind == LLM", "LLM", "'LLM'", "span_kind == 'LLM'"),
    ],
)
def test_a_misspelt_name_is_told_and_mended(open_page: Any, site: Site, typed: str, name: str, meant: str, condition: str) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans", "&spanFilterCondition="))
    expect(rows(page).first).to_be_visible()
    apply(page, typed)
    expect(page.get_by_text(f"{name} is not a field")).to_be_visible()
    shot(page, "project-misspelt")
    page.get_by_role("button", name=f"Filter by {meant}", exact=True).click()
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text(condition)


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("gpt-4o", "text contains 'gpt-4o'"),
        ("where is my refund?", "text contains 'where is my refund?'"),
        ('"refund"', "text contains 'refund'"),
        ("5b8efff798038103d269b633813fc60c", "trace_id == '5b8efff798038103d269b633813fc60c'"),
    ],
)
def test_words_with_marks_and_ids_are_searched_for(open_page: Any, site: Site, typed: str, condition: str) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans", "&spanFilterCondition="))
    expect(rows(page).first).to_be_visible()
    apply(page, typed)
    expect(page.get_by_role("list", name="Conditions")).to_contain_text(condition)


def test_a_filter_of_another_tab_is_explained(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "traces"))
    expect(rows(page, "Traces").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("span_kind == 'LLM'")
    page.keyboard.press("Enter")
    alert = page.get_by_role("search").get_by_role("alert")
    expect(alert).to_contain_text("invalid name")
    expect(alert).to_contain_text("any(s.span_kind == 'LLM' for s in spans)")


def test_the_filter_completes_checks_and_remembers(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans", "&spanFilterCondition="))
    count(page, "179 spans")
    page.keyboard.press("/")
    expect(page.get_by_role("option", name=re.compile("status_code"))).to_be_visible()
    page.keyboard.type("span_ki")
    expect(page.get_by_role("option", name=re.compile("^span_kind"))).to_be_visible()
    page.keyboard.press("Tab")
    expect(field(page)).to_have_value("span_kind ")
    expect(page.get_by_role("option", name=re.compile("^=="))).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name=re.compile("'LLM'"))).to_be_visible()
    page.keyboard.type("= 3")
    page.keyboard.press("Enter")
    alert = page.get_by_role("search").get_by_role("alert")
    expect(alert).to_have_text(re.compile("invalid syntax at character"))
    expect(page.locator('.ff-colours [data-wrong="true"]')).to_have_count(1)
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    assert "spanFilterCondition=&" in page.url + "&"  # what cannot be read is not applied
    field(page).fill("span_kind == 'LLM'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("span_kind == 'LLM'")
    assert "spanFilterCondition=span_kind" in page.url
    page.get_by_role("button", name="Clear the filter").click()
    count(page, "179 spans")
    page.keyboard.press("/")
    expect(page.get_by_role("option", name=re.compile("span_kind == 'LLM'"))).to_have_attribute("data-group", "Recent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("span_kind == 'LLM'")


@pytest.mark.parametrize("condition", ["parent_id is None", "latency_ms > 1 or parent_id is None"])
def test_tab_passes_through_the_filter_and_leaves_it_as_it_is(open_page: Any, site: Site, condition: str) -> None:
    page = open_page(site, tab(site, "load", "spans", f"&spanFilterCondition={quote(condition)}"))
    settled(page)
    before = page.url
    page.get_by_role("button", name="All spans").focus()
    for _ in range(1 + page.get_by_role("list", name="Conditions").get_by_role("button").count()):
        page.keyboard.press("Tab")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("" if condition == "parent_id is None" else condition)
    expect(field(page)).to_have_accessible_description(re.compile("Escape"))
    completions = page.get_by_role("listbox", name="Completions")
    expect(completions.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(field(page)).not_to_be_focused()
    expect(field(page)).to_have_value("")
    expect(completions).to_be_hidden()
    assert page.url == before


def test_escape_frees_the_filter_from_its_completions(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans", "&spanFilterCondition="))
    settled(page)
    page.keyboard.press("/")
    page.keyboard.type("span_ki")
    expect(page.get_by_role("option", name=re.compile("^span_kind"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Completions")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(field(page)).not_to_be_focused()
    expect(field(page)).to_have_value("span_ki")


def test_what_was_typed_is_kept_until_it_is_applied_or_dropped(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("/")
    field(page).fill("name == 'unfinished")
    page.get_by_role("heading", name="load").click()
    expect(field(page)).to_have_value("name == 'unfinished")
    expect(page.get_by_role("search").get_by_role("alert")).to_be_visible()
    field(page).click()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    count(page, "50 spans")


def test_plain_words_are_searched_for_and_marked(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans", "&spanFilterCondition="))
    expect(rows(page).first).to_be_visible()
    apply(page, "boot heel")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("text contains 'boot heel'")
    expect(cells(page).locator("mark").first).to_have_text(re.compile("boot heel", re.I))


def test_chips_text_and_facets_are_one_state(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans"))
    kinds = page.get_by_role("group", name="Kind")
    kinds.get_by_role("button", name=re.compile("^LLM")).click()
    chips = page.get_by_role("list", name="Conditions")
    expect(chips).to_contain_text("span_kind == 'LLM'")
    kinds.get_by_role("button", name=re.compile("^AGENT")).click()
    expect(chips).to_contain_text("span_kind in ['LLM', 'AGENT']")
    expect(kinds.get_by_role("button", name=re.compile("^LLM"))).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("/")
    expect(field(page)).to_have_value("span_kind in ['LLM', 'AGENT']")
    page.keyboard.press("Escape")
    page.get_by_role("group", name="Status").get_by_role("button", name="Exclude OK").click()
    expect(chips.get_by_role("listitem")).to_have_count(2)
    chips.get_by_role("button", name="Remove span_kind in ['LLM', 'AGENT']").click()
    expect(chips).to_contain_text("status_code != 'OK'")
    expect(kinds.get_by_role("button", name=re.compile("^LLM"))).to_have_attribute("aria-pressed", "false")


def test_sorting_is_in_the_url(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    expect(rows(page).first).to_be_visible()
    head = page.get_by_role("columnheader", name="Latency")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert "sort=-latencyMs" in page.url
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert "sort=latencyMs" in page.url
    page.reload()
    expect(page.get_by_role("columnheader", name="Latency")).to_have_attribute("aria-sort", "ascending")
    for title in ("Tokens", "Cost", "Start"):
        head = page.get_by_role("columnheader", name=title)
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        settled(page)
        expect(rows(page).first).to_be_visible()


def test_columns_hide_move_resize_and_stay_so(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    expect(rows(page).first).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    menu = page.get_by_role("dialog", name="Columns")
    menu.get_by_role("checkbox", name="Trace ID").check()
    menu.get_by_role("checkbox", name="Output").uncheck()
    menu.get_by_role("button", name="Move Kind left").click()
    expect(menu.get_by_role("checkbox", name="Name", exact=True)).to_be_disabled()
    page.keyboard.press("Escape")

    def titles() -> list[str]:
        return page.get_by_role("columnheader").evaluate_all("all => all.map((one) => one.textContent.replace(/[↓↑]/, '')).filter(Boolean)")

    assert titles()[:2] == ["Kind", "Status"] and "Output" not in titles() and titles()[-1] == "Trace ID"
    name = page.get_by_role("columnheader", name="Name")
    width = name.bounding_box()["width"]
    edge = name.locator(".dt-edge").bounding_box()
    page.mouse.move(edge["x"] + 4, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 84, edge["y"] + 10, steps=4)
    page.mouse.up()
    assert abs(name.bounding_box()["width"] - width - 80) < 3
    name.get_by_role("button").focus()
    page.keyboard.press("Alt+ArrowLeft")
    assert abs(name.bounding_box()["width"] - width - 64) < 3
    page.keyboard.press("Alt+Shift+ArrowRight")
    before = titles()
    assert before.index("Name") > before.index("Start")
    page.get_by_role("columnheader", name="Input").drag_to(page.get_by_role("columnheader", name="Kind"))
    page.wait_for_function("() => document.querySelectorAll('[role=columnheader]')[1].textContent === 'Input'")
    after = titles()
    page.reload()
    expect(rows(page).first).to_be_visible()
    assert titles() == after
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="As they were").click()
    assert titles()[:3] == ["Status", "Kind", "Name"]


def test_rows_are_walked_and_opened_by_keys(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    active = cells(page).locator("[data-active]")
    expect(active).to_have_attribute("aria-rowindex", "2")
    page.keyboard.press("j")
    expect(active).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected rows")).to_contain_text("1 trace")
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar", name="Selected rows")).to_have_count(0)
    cells(page).focus()
    page.keyboard.press("End")
    expect(active).to_have_attribute("aria-rowindex", "51")
    expect(active).to_be_in_viewport()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/spans/[0-9a-f]{32}\?.*selectedSpanNodeId="))
    expect(page.get_by_role("region", name="Trace")).to_be_visible()
    first = page.url
    page.keyboard.press("]")
    page.wait_for_function("url => location.href.split('?')[0] !== url.split('?')[0]", arg=first)
    expect(active).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/spans\?"))
    expect(active).to_have_attribute("aria-rowindex", "3")


def test_a_click_opens_a_trace_and_a_modified_click_a_tab(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    link = rows(page).first.get_by_role("link")
    assert re.search(r"/spans/[0-9a-f]{32}\?", link.get_attribute("href"))
    rows(page).nth(2).click()
    page.wait_for_url(re.compile(r"/spans/[0-9a-f]{32}"))
    page.go_back()
    expect(page.get_by_role("region", name="Trace")).to_have_count(0)


def test_the_chart_narrows_the_time_range(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans", "&spanFilterCondition="))
    chart = page.get_by_role("slider", name="Spans over time")
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("timeRangeStart=.*timeRangeEnd="))
    page.get_by_role("button", name="Chart").click()
    expect(chart).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Chart")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("grid", name="Spans").or_(page.get_by_text("No spans here")).first).to_be_visible()
    expect(chart).to_have_count(0)


# -------------------------------------------------------------------- selection


def test_deleting_can_be_undone_and_else_happens(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans"))
    count(page, "50 spans")
    for index in (0, 1):
        rows(page).nth(index).get_by_role("checkbox").check()
    bar = page.get_by_role("toolbar", name="Selected rows")
    expect(bar).to_contain_text("2 traces")
    bar.get_by_role("button", name="Delete traces").click()
    expect(cells(page).locator('[data-mood="leaving"]')).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(cells(page).locator('[data-mood="leaving"]')).to_have_count(0)
    rows(page).nth(0).get_by_role("checkbox").check()
    rows(page).nth(2).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 traces")
    bar.get_by_role("button", name="Delete traces").click()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    rows(page).nth(4).get_by_role("checkbox").check()
    bar.get_by_role("button", name="Delete trace").click()
    count(page, "49 spans")
    assert own.graphql("{ getProjectByName(name: \"load\") { traceCount } }")["getProjectByName"]["traceCount"] == 49


def test_leaving_the_page_deletes_what_could_still_be_undone(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans"))
    count(page, "50 spans")
    for index in (0, 1):
        rows(page).nth(index).get_by_role("checkbox").check()
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Delete traces").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("about:blank")
    for _ in range(100):
        if own.graphql('{ getProjectByName(name: "load") { traceCount } }')["getProjectByName"]["traceCount"] == 48:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the traces are still there")


def test_more_than_can_be_brought_back_is_asked_for_first(open_page: Any, own: Site) -> None:
    page = open_page(own, "/settings/general")

    # Thousands of traces cannot be marked in a test, but a few with ids of that length.
    def lengthen(route: Route) -> None:
        if asks(route.request, "ProjectSpans"):
            answer = route.fetch()
            body = answer.json()
            for edge in body["data"]["node"]["spans"]["edges"]:
                edge["node"]["trace"]["id"] += "x" * 30_000
            route.fulfill(response=answer, json=body)
        elif asks(route.request, "DeleteTraces"):
            sent.append(route.request.post_data_json["variables"]["traceIds"])
            route.fulfill(json={"data": {"deleteTraces": {"projectCount": 1}}})
        else:
            route.fallback()

    sent: list[list[str]] = []
    page.route("**/graphql*", lengthen)
    page.goto(own.url + tab(own, "load", "spans"))
    count(page, "50 spans")
    for index in (0, 1):
        rows(page).nth(index).get_by_role("checkbox").check()
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Delete traces").click()
    dialog = page.get_by_role("dialog", name="Delete 2 traces")
    expect(dialog).to_contain_text("cannot be undone")
    assert sent == []
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("2 traces deleted. So many cannot be brought back.")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert [len(ids) for ids in sent] == [2]


def test_traces_move_to_another_project(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "traces"))
    count(page, "50 traces")
    rows(page, "Traces").nth(0).get_by_role("checkbox").check()
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Transfer").click()
    dialog = page.get_by_role("dialog", name="Transfer 1 trace")
    dialog.get_by_label("To project").select_option(label="ties")
    dialog.get_by_role("button", name="Transfer").click()
    count(page, "49 traces")
    assert own.graphql('{ getProjectByName(name: "ties") { traceCount } }')["getProjectByName"]["traceCount"] == 13
    page.get_by_role("button", name="Undo").click()
    count(page, "50 traces")


@pytest.mark.parametrize("wish, suffix", [("Spans as JSON lines", ".jsonl"), ("Whole traces as OTLP JSON", ".otlp.json")])
def test_marked_rows_are_downloaded(open_page: Any, site: Site, wish: str, suffix: str) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    rows(page).nth(0).get_by_role("checkbox").check()
    bar = page.get_by_role("toolbar", name="Selected rows")
    bar.get_by_role("button", name="Download").click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name=wish).click()
    assert started.value.suggested_filename.endswith(suffix)
    text = open(started.value.path(), encoding="utf-8").read()
    if suffix == ".jsonl":
        assert [json.loads(line)["parent_id"] for line in text.splitlines()] == [None]
    else:
        spans = [s for r in json.loads(text)["resourceSpans"] for scope in r["scopeSpans"] for s in scope["spans"]]
        assert len({s["traceId"] for s in spans}) == 1 and len(spans) > 1


def test_what_the_filter_selects_is_downloaded(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans", "&spanFilterCondition=span_kind%20%3D%3D%20'LLM'"))
    expect(rows(page).first).to_be_visible()
    page.get_by_role("button", name="Download what the filter selects").click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name="All of these as JSON lines").click()
    kinds = {json.loads(line)["span_kind"] for line in open(started.value.path(), encoding="utf-8")}
    assert kinds == {"LLM"}


def test_two_marked_traces_are_compared(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    rows(page).nth(0).get_by_role("checkbox").check()
    compare = page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    rows(page).nth(1).get_by_role("checkbox").check()
    compare.click()
    page.wait_for_url(re.compile(r"/traces/compare\?.*traceId=.*traceId="))


# -------------------------------------------------------------------- traces and sessions


def test_a_trace_opens_to_the_spans_below_it(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-llamaindex", "traces"))
    first = rows(page, "Traces").filter(has=page.get_by_role("button", name="Open")).first
    before = rows(page, "Traces").count()
    first.get_by_role("button", name="Open").click()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    page.wait_for_function(f"() => document.querySelectorAll('[role=row][aria-level=\"2\"]').length > 0 && document.querySelectorAll('.dt-row').length > {min(before, 5)}")
    cells(page, "Traces").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    apply(page, "error_count > 0", "traces")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("error_count > 0")
    shot(page, "project-traces")


def test_sessions_are_listed_sorted_and_opened(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-support", "sessions"))
    count(page, "4 sessions")
    page.get_by_role("columnheader", name="Tokens").get_by_role("button").click()
    assert "sort=-tokenCountTotal" in page.url
    long = site.graphql(
        "query($p: ID!) { node(id: $p) { ... on Project { sessionCount(sessionFilterCondition: \"num_traces > 3\") } } }", p=site.project("larkspur-support")
    )["node"]["sessionCount"]
    assert 0 < long < 4
    apply(page, "num_traces > 3", "sessions")
    count(page, f"{long} sessions?")
    settled(page, "Sessions")
    expect(rows(page, "Sessions")).to_have_count(long)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/sessions/[\w%=]+\?"))
    shot(page, "project-session")


def test_a_project_without_sessions_says_how_to_get_them(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "tree", "sessions"))
    expect(page.get_by_text("No session began in this project")).to_be_visible()
    expect(page.get_by_text("using_session")).to_be_visible()


# -------------------------------------------------------------------- nothing there


def test_nothing_matches_and_the_way_out(open_page: Any, site: Site) -> None:
    page = open_page(site, f"/projects/{site.project('load')}/spans?timeRangeKey=15m&spanFilterCondition=name%20%3D%3D%20'nobody'")
    expect(page.get_by_text("No spans here")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("name == 'nobody'")
    page.get_by_role("button", name="Look at all time").click()
    page.get_by_role("button", name="Drop the filter").click()
    count(page, "50 spans")


def test_the_first_span_of_a_project_appears_by_itself(open_page: Any, make_site: Callable[..., Site]) -> None:
    site = make_site()
    page = open_page(site, "/projects")
    listen(page)
    page.goto(site.url + f"/projects/{site.project('default')}/spans")
    expect(page.get_by_text("Waiting for the first span")).to_be_visible()
    wait_heard(page, "ready")
    site.send(otlp.realistic(20, "default", random.Random(1)))
    page.wait_for_url(re.compile(r"/[0-9a-f]{32}"))
    page.goto(site.url + tab(site, "default", "spans"))
    count(page, "4 spans")


def test_an_unknown_project_and_a_wrong_filter_in_the_url(open_page: Any, site: Site) -> None:
    page = open_page(site, "/projects/UHJvamVjdDo5OTk5OTk=/spans")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    expect(page.get_by_role("heading", name="There is no such project")).to_be_visible()
    assert page.title().startswith("Not found")
    page = open_page(site, tab(site, "load", "spans", "&spanFilterCondition=name%20%3D%3D"))
    expect(page.get_by_role("main").get_by_text("invalid syntax").first).to_be_visible()


def test_a_project_that_cannot_be_read_is_not_called_missing(open_page: Any, site: Site) -> None:
    page = open_page(site, "/settings/general", width=320)
    page.watch.allow("500")
    page.route("**/graphql*", lambda route: route.fulfill(status=500, body="no") if asks(route.request, "ProjectPage") else route.fallback())
    page.goto(site.url + tab(site, "load", "spans"))
    expect(page.get_by_role("heading", name="The project could not be read")).to_be_visible()
    expect(page.get_by_text("There is no such project")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Project")
    assert page.title() == "Project · Projects · Phoenix"
    page.get_by_role("button", name="Navigation", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.keyboard.press("Escape")
    page.unroute_all(behavior="wait")
    page.goto(page.url)
    count(page, "50 spans")


def test_a_project_is_read_when_it_is_tried_again(open_page: Any, site: Site) -> None:
    page = open_page(site, "/settings/general")
    page.watch.allow("500")
    page.route("**/graphql*", lambda route: route.fulfill(status=500, body="no") if asks(route.request, "ProjectPage") else route.fallback())
    page.goto(site.url + tab(site, "load", "spans"))
    expect(page.get_by_role("alert").filter(has_text="500")).to_be_visible()
    page.unroute_all(behavior="wait")
    page.get_by_role("button", name="Try again").click()
    count(page, "50 spans")


# -------------------------------------------------------------------- many, and live


def test_thousands_of_spans_are_one_scroll(open_page: Any, make_site: Callable[..., Site]) -> None:
    site = filled(make_site(), "many", 6000)
    page = open_page(site, tab(site, "many", "spans", "&spanFilterCondition="))
    count(page, "6,000 spans")
    assert dom_size(page) < 1800
    grid = cells(page)
    grid.focus()
    page.keyboard.press("End")
    expect(grid.locator('[aria-rowindex="6001"]:not([aria-busy])')).to_be_in_viewport()
    grid.evaluate("box => { box.scrollTop = box.scrollHeight / 2 }")
    expect(grid.locator('[aria-rowindex="3010"]:not([aria-busy])')).to_be_visible()
    assert dom_size(page) < 1800
    page.get_by_role("columnheader", name="Latency").get_by_role("button").click()
    # A new list begins at its top.
    expect(grid.locator('[aria-rowindex="2"]:not([aria-busy])')).to_be_in_viewport()
    grid.focus()
    page.keyboard.press("End")
    expect(grid.locator("[data-active]:not([aria-busy])")).to_be_in_viewport()


def test_a_new_span_is_on_screen_at_once(open_page: Any, own: Site) -> None:
    page = open_page(own, f"/projects/{own.project('load')}/spans?timeRangeKey=all&spanFilterCondition=")
    count(page, "179 spans")
    own.send(otlp.request(otlp.make_span(name="just-arrived"), project="load"))
    # How long it takes is a figure of `make bench`.
    expect(cells(page).get_by_text("just-arrived").first).to_be_visible()


@pytest.mark.parametrize("answer", ["late", "none"])
def test_a_span_that_lands_while_the_list_is_read_is_not_missed(open_page: Any, own: Site, answer: str) -> None:
    page = open_page(own, "/settings/general")
    page.watch.allow("500")
    listen(page)
    held: list[Callable[[], None]] = []

    def hold(route: Route) -> None:
        if held or not asks(route.request, "ProjectSpans"):
            route.fallback()
        elif answer == "none":
            held.append(lambda: route.fulfill(status=500, body="{}"))
        else:
            # What the server knew before the span came.
            before = route.fetch()
            held.append(lambda: route.fulfill(response=before))

    page.route("**/graphql*", hold)
    page.goto(own.url + tab(own, "load", "spans", "&spanFilterCondition="))
    wait_heard(page, "ready")
    while not held:
        page.wait_for_timeout(20)
    own.send(otlp.request(otlp.make_span(name="in-between"), project="load"))
    wait_heard(page, "spans_inserted")
    held[0]()
    if answer == "none":
        page.get_by_role("button", name="Try again").click()
    expect(cells(page).get_by_text("in-between").first).to_be_visible()


def test_following_again_shows_what_came_meanwhile(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans", "&spanFilterCondition="))
    other = open_page(own, tab(own, "load", "spans", "&spanFilterCondition="))
    count(page, "179 spans")
    count(other, "179 spans")
    # Both are pages of one browser, which keep their preferences together.
    live = page.get_by_role("group", name="Time range").get_by_role("button", name="Live")
    live.click()
    expect(live).to_have_attribute("aria-pressed", "false")
    expect(other.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "false")
    own.send(otlp.request(otlp.make_span(name="meanwhile"), project="load"))
    other.reload()
    expect(cells(other).get_by_text("meanwhile").first).to_be_visible()
    expect(page.get_by_text("meanwhile")).to_have_count(0)
    page.keyboard.press("l")
    expect(cells(page).get_by_text("meanwhile").first).to_be_visible()
    expect(page.get_by_role("complementary", name="Summary").get_by_label("Totals")).to_contain_text("180")


def test_new_spans_wait_while_one_reads_further_down(open_page: Any, make_site: Callable[..., Site]) -> None:
    site = filled(make_site(), "many", 1000)
    page = open_page(site, tab(site, "many", "spans", "&spanFilterCondition="))
    listen(page)
    page.reload()
    wait_heard(page, "ready")
    count(page, "1,000 spans")
    grid = cells(page)
    grid.evaluate("box => { box.scrollTop = 6000 }")
    expect(grid.locator('[aria-rowindex="220"]:not([aria-busy])')).to_be_visible()
    site.send(otlp.request(*[otlp.make_span(name=f"late-{n}") for n in range(3)], project="many"))
    pill = page.get_by_role("button", name=re.compile("3 new spans"))
    expect(pill).to_be_visible()
    assert grid.evaluate("box => box.scrollTop") == 6000
    pill.click()
    expect(grid.get_by_role("link", name="late-2")).to_be_in_viewport()
    page.keyboard.press("l")
    expect(page.get_by_text("No longer following")).to_be_visible()
    before = heard(page, "spans_inserted")
    site.send(otlp.request(otlp.make_span(name="unseen"), project="many"))
    wait_heard(page, "spans_inserted", before + 1)
    # Another page, opened after the event, shows the span; this one had all that time.
    other = open_page(site, tab(site, "many", "spans", "&spanFilterCondition="))
    expect(other.get_by_text("unseen").first).to_be_visible()
    expect(page.get_by_text("unseen")).to_have_count(0)


def test_the_server_may_go_and_come_back(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans"))
    count(page, "50 spans")
    page.watch.allow(r"failed|ERR_|50\d|console")
    own.server.stop()
    page.get_by_role("columnheader", name="Latency").get_by_role("button").click()
    expect(page.get_by_text(re.compile("does not answer")).first).to_be_visible()
    own.server.start()
    expect(page.get_by_text(re.compile("does not answer"))).to_have_count(0, timeout=30_000)
    count(page, "50 spans")


# -------------------------------------------------------------------- config


def test_config_saves_clears_and_deletes(open_page: Any, own: Site) -> None:
    project = own.project("load")
    page = open_page(own, f"/projects/{project}/config")
    page.get_by_label("Description").fill("Where <b>load</b> goes")
    page.get_by_label("Ember").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    saved = own.graphql("query($id: ID!) { node(id: $id) { ... on Project { description gradientStartColor } } }", id=project)["node"]
    assert saved == {"description": "Where <b>load</b> goes", "gradientStartColor": "#e53935"}
    page.get_by_label("Opens with").select_option("traces")
    page.goto(own.url + f"/projects/{project}?{ALL_TIME}")
    page.wait_for_url(re.compile("/traces"))
    page.goto(own.url + f"/projects/{project}/config")
    page.get_by_role("button", name="Remove…").click()
    page.get_by_label("Remove traces that began before").fill("2000-01-01T00:00")
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile("^50 traces with"))).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("0 traces with 0 spans.", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(re.compile("/projects(\\?|$)"))
    expect(page.get_by_text("Deleted load", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="load", exact=True)).to_have_count(0)
    page.keyboard.press("u")
    expect(page.get_by_role("link", name="load", exact=True)).to_be_visible()
    act = page.get_by_role("button", name="Actions of load")
    act.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.goto(own.url + "/projects")  # leaving the page carries it out
    for _ in range(40):
        if own.graphql('{ getProjectByName(name: "load") { id } }')["getProjectByName"] is None:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the project is still there")


# -------------------------------------------------------------------- accessible, small


def shows(page: Page, project: str, name: str) -> None:
    """Waits for what a tab is for."""
    if name == "config":
        expect(page.get_by_role("region", name="Data")).to_contain_text(re.compile("[0-9]+ traces with"))
    elif (project, name) == ("tree", "sessions"):
        expect(page.get_by_text("No session began in this project")).to_be_visible()
    else:
        settled(page, name.capitalize())
        expect(rows(page, name.capitalize()).first).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_tab_violates_wcag(open_page: Any, site: Site, theme: str) -> None:
    page = open_page(site, "/", theme=theme)
    for project, name in (("larkspur-support", "spans"), ("larkspur-support", "traces"), ("larkspur-support", "sessions"), ("tree", "sessions"), ("load", "config")):
        page.goto(site.url + tab(site, project, name))
        expect(page.get_by_role("navigation", name="Project")).to_be_visible()
        shows(page, project, name)
        check_axe(page)
    page.goto(site.url + tab(site, "larkspur-support", "spans", "&spanFilterCondition=span_kind%20%3D%3D%20'LLM'"))
    rows(page).nth(0).get_by_role("checkbox").check()
    page.keyboard.press("/")
    page.keyboard.type(" and sta")
    expect(page.get_by_role("option", name=re.compile("status_code"))).to_be_visible()
    check_axe(page)


@pytest.mark.parametrize("width", [320, 720])
def test_narrow_pages_do_not_scroll_sideways(open_page: Any, site: Site, width: int) -> None:
    for name in ("spans", "traces", "sessions", "config"):
        page = open_page(site, tab(site, "larkspur-support", name), width=width, height=640)
        shows(page, "larkspur-support", name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        shot(page, f"project-{name}-{width}")

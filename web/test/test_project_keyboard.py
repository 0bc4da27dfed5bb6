"""The page of a project by keyboard alone: what a pointer can do, keys can."""

from __future__ import annotations

import json
import re
from typing import Any, Callable

import pytest
from conftest import Site
from playwright.sync_api import Page, expect
from project_page import cells, count, painted, rows, settled, tab, tab_to
from support import corpus


@pytest.fixture
def own(make_site: Callable[..., Site]) -> Site:
    """A server whose data a test may change."""
    return make_site().load(corpus.generated_bodies())


def mark(page: Page, rows_from_top: int) -> None:
    # The count is there before the rows are.
    expect(rows(page).first).to_be_visible()
    for marked in range(1, rows_from_top + 1):
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_role("toolbar", name="Selected rows")).to_contain_text(re.compile(f"{marked} traces?"))


def test_traces_are_deleted_and_kept_again(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans"))
    count(page, "50 spans")
    mark(page, 2)
    tab_to(page, page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Delete traces"))
    page.keyboard.press("Enter")
    expect(cells(page).locator('[data-mood="leaving"]')).to_have_count(2)
    page.keyboard.press("u")
    expect(cells(page).locator('[data-mood="leaving"]')).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert own.graphql('{ getProjectByName(name: "load") { traceCount } }')["getProjectByName"]["traceCount"] == 50


def test_a_trace_is_transferred(open_page: Any, own: Site) -> None:
    page = open_page(own, tab(own, "load", "spans"))
    count(page, "50 spans")
    mark(page, 1)
    tab_to(page, page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Transfer"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Transfer 1 trace")
    expect(dialog.get_by_label("To project")).to_be_focused()
    expect(dialog.get_by_role("option", name="ties")).to_have_count(1)
    page.keyboard.type("ties")
    expect(dialog.get_by_label("To project").locator("option:checked")).to_have_text("ties")
    tab_to(page, dialog.get_by_role("button", name="Transfer"))
    page.keyboard.press("Enter")
    count(page, "49 spans")
    assert own.graphql('{ getProjectByName(name: "ties") { traceCount } }')["getProjectByName"]["traceCount"] == 13


def test_marked_rows_are_downloaded(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    count(page, "50 spans")
    mark(page, 2)
    tab_to(page, page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Download"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Spans as JSON lines")).to_be_focused()
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    lines = open(started.value.path(), encoding="utf-8").read().splitlines()
    assert [json.loads(line)["parent_id"] for line in lines] == [None, None]


def test_what_the_filter_selects_is_downloaded(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    count(page, "50 spans")
    tab_to(page, page.get_by_role("button", name="Download what the filter selects"))
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="All of these as OTLP JSON")).to_be_focused()
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename.endswith(".otlp.json")


def test_facets_narrow_and_widen(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "larkspur-support", "spans", "&spanFilterCondition="))
    settled(page)
    llm = page.get_by_role("group", name="Kind").get_by_role("button", name=re.compile("^LLM"))
    tab_to(page, llm)
    page.keyboard.press("Enter")
    conditions = page.get_by_role("list", name="Conditions")
    expect(conditions).to_contain_text("span_kind == 'LLM'")
    expect(llm).to_have_attribute("aria-pressed", "true")
    tab_to(page, page.get_by_role("button", name="All values of Kind"))
    page.keyboard.press("Enter")
    expect(conditions).to_have_count(0)
    expect(llm).to_have_attribute("aria-pressed", "false")
    tab_to(page, page.get_by_role("group", name="Status").get_by_role("button", name="Exclude OK"))
    page.keyboard.press("Space")
    expect(conditions).to_contain_text("status_code != 'OK'")


def test_columns_are_chosen(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    settled(page)
    button = page.get_by_role("button", name="Columns")
    tab_to(page, button)
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Columns")
    tab_to(page, menu.get_by_role("checkbox", name="Trace ID"))
    page.keyboard.press("Space")
    expect(page.get_by_role("columnheader", name="Trace ID")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()


def test_the_time_range_is_chosen(open_page: Any, site: Site) -> None:
    page = open_page(site, tab(site, "load", "spans"))
    settled(page)
    group = page.get_by_role("group", name="Time range")
    tab_to(page, group.get_by_role("button", name="All time"))
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Time range")
    tab_to(page, panel.get_by_role("button", name="Last 12 hours"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("timeRangeKey=12h"))
    expect(panel).to_have_count(0)
    expect(group.get_by_role("button", name="Last 12 hours")).to_be_focused()


@pytest.mark.parametrize("chosen, chart", [("traces", "Traces and their latency over time"), ("cost", "Cost over time"), ("tokens", "Tokens over time")])
def test_the_chart_shows_what_is_chosen(open_page: Any, shop: Site, chosen: str, chart: str) -> None:
    page = open_page(shop, f"/projects/{shop.project('shop-assistant')}/spans?timeRangeKey=7d")
    expect(page.get_by_role("slider", name="Spans over time")).to_be_visible()
    choice = page.get_by_role("combobox", name="What the chart shows")
    tab_to(page, choice)
    page.keyboard.type({"traces": "Tr", "cost": "Co", "tokens": "To"}[chosen])
    expect(choice).to_have_value(chosen)
    slider = page.get_by_role("slider", name=chart)
    expect(slider).to_be_visible()
    expect(page.get_by_role("region", name=chart)).not_to_have_attribute("data-busy", "true")
    assert painted(page, chart) > 1000
    slider.focus()
    page.keyboard.press("End")
    expect(slider).not_to_have_attribute("aria-valuetext", "No time chosen")
    page.reload()
    expect(slider).to_be_visible()

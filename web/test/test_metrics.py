"""The charts of a project, on their tab and as a dashboard."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import conversations
import pytest
from conftest import check_axe, dom_size, shot
from playwright.sync_api import Page, expect

CHARTS = [
    "Traces by status", "Trace latency", "Cost", "Top models by cost", "Tokens", "Top models by tokens", "Prompt tokens by kind",
    "Completion tokens by kind", "LLM spans", "LLM span errors", "Tool spans", "Tool span errors",
]  # fmt: skip


@pytest.fixture
def metrics(open_page, shop) -> Page:
    """The dashboard of the shop's assistant over a week, in hours."""
    project = shop.project("shop-assistant")
    page = open_page(shop, f"/dashboards/projects/{project}?timeRangeKey=7d&bins=HOUR")
    expect(page.get_by_role("slider", name="Traces by status")).to_be_visible()
    return page


def chart(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def test_every_chart_of_the_contract_is_drawn(metrics):
    for name in CHARTS:
        card = chart(metrics, name)
        card.scroll_into_view_if_needed()
        expect(card).to_have_attribute("aria-busy", "false")
        expect(card.get_by_role("alert")).to_have_count(0)
    for name in CHARTS:
        if not name.startswith("Top"):
            expect(chart(metrics, name).get_by_role("slider")).to_be_visible()
            # Something other than the paper was painted.
            painted = chart(metrics, name).locator("canvas").first.evaluate(
                "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"
            )
            assert painted > 1000, name
    shot(metrics, "metrics-dark")


def test_the_tab_of_a_project_is_the_same_page(open_page, shop):
    project = shop.project("shop-assistant")
    page = open_page(shop, f"/projects/{project}/metrics?timeRangeKey=7d")
    for name in CHARTS:
        expect(chart(page, name)).to_be_visible()


def test_sums_agree_with_the_server(metrics, shop):
    project = shop.project("shop-assistant")
    query = "query($p: ID!) { node(id: $p) { ... on Project { traceCount costSummary { total { tokens } } } } }"
    node = shop.graphql(query, p=project)["node"]
    expect(chart(metrics, "Traces by status")).to_contain_text(f"{node['traceCount']:,} traces")
    expect(chart(metrics, "Tokens")).to_contain_text(f"{round(node['costSummary']['total']['tokens']):,} tokens")


def test_the_cursor_is_shared_and_the_keyboard_moves_it(metrics):
    traces = metrics.get_by_role("slider", name="Traces by status")
    traces.focus()
    metrics.keyboard.press("End")
    metrics.keyboard.press("ArrowLeft")
    text = traces.get_attribute("aria-valuetext") or ""
    assert re.match(r"\w{3} \w{3} \d+, \d\d:\d\d – \d\d:\d\d: No error [\d,]+, Errors [\d,]+$", text), text
    # The other charts stand at the same hour.
    latency = metrics.get_by_role("slider", name="Trace latency")
    assert (latency.get_attribute("aria-valuetext") or "").split(": ")[0] == text.split(": ")[0]
    metrics.keyboard.press("Escape")
    expect(traces).to_have_attribute("aria-valuetext", "No time chosen")


def test_a_drag_sets_the_time_range_of_all(metrics):
    box = metrics.get_by_role("slider", name="Cost").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    metrics.mouse.move(box["x"] + box["width"] * 0.4, y)
    metrics.mouse.down()
    metrics.mouse.move(box["x"] + box["width"] * 0.6, y, steps=5)
    shot(metrics, "metrics-brush-dark")
    metrics.mouse.up()
    expect(metrics).to_have_url(re.compile(r"timeRangeKey=custom&timeRangeStart=\d{4}-"))
    expect(metrics.get_by_role("slider", name="Traces by status")).to_have_attribute("aria-valuemax", re.compile(r"^(2\d|3\d|4\d)$"))
    metrics.go_back()
    expect(metrics).to_have_url(re.compile("timeRangeKey=7d"))


def test_a_brush_by_keys(metrics):
    # Traces there are at every hour, of which tokens cannot be sure by night.
    slider = metrics.get_by_role("slider", name="Traces by status", exact=True)
    slider.focus()
    metrics.keyboard.press("End")
    metrics.keyboard.press("Enter")
    for _ in range(4):
        metrics.keyboard.press("ArrowLeft")
    metrics.keyboard.press("Enter")
    expect(metrics).to_have_url(re.compile("timeRangeStart="))
    expect(slider).to_have_attribute("aria-valuemax", re.compile(r"^(4|29\d|300)$"))


def test_series_are_toggled_in_the_url(metrics):
    legend = metrics.get_by_role("group", name="Series of Trace latency")
    expect(legend.get_by_role("button", name=re.compile("^p99"), pressed=True)).to_have_count(1)
    legend.get_by_role("button", name="max").click()
    expect(metrics).to_have_url(re.compile(r"series=latency\.max"))
    metrics.reload()
    expect(legend.get_by_role("button", name="max", pressed=True)).to_be_visible()
    legend.get_by_role("button", name="max").click()
    expect(metrics).not_to_have_url(re.compile("series="))


def test_a_chart_as_table_and_as_csv(metrics):
    card = chart(metrics, "LLM spans")
    card.get_by_role("button", name="Table of LLM spans").click()
    table = card.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Time", "OK", "Errors"])
    assert table.get_by_role("row").count() > 160
    card.get_by_role("button", name="Copy CSV of LLM spans").click()
    expect(card.get_by_text("Copied")).to_be_visible()
    lines = metrics.evaluate("navigator.clipboard.readText()").split("\r\n")
    assert lines[0] == "start,end,OK,Errors" and len(lines) > 160
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:00:00\.000Z,", lines[1])


def test_errors_lead_to_their_spans(metrics):
    chart(metrics, "LLM span errors").get_by_role("link", name="Spans of LLM span errors").click()
    expect(metrics).to_have_url(re.compile(r"/spans\?.*spanFilterCondition=span_kind"))


def test_bins_follow_the_choice(metrics):
    metrics.get_by_role("radio", name="Days").check(force=True)
    expect(metrics).not_to_have_url(re.compile("bins="))
    expect(metrics.get_by_role("slider", name="Traces by status")).to_have_attribute("aria-valuemax", re.compile("^(7|8)$"))


def test_charts_follow_what_arrives(make_site, open_page):
    site = make_site()
    conversations.send(site.server.url, "fresh", conversations.long_session(3))
    page = open_page(site, f"/dashboards/projects/{site.project('fresh')}?timeRangeKey=1h")
    expect(chart(page, "Traces by status")).to_contain_text("3 traces")
    conversations.send(site.server.url, "fresh", conversations.long_session(2, "another", seed=3))
    expect(chart(page, "Traces by status")).to_contain_text("5 traces")


def test_a_brush_outlives_what_arrives(make_site, open_page):
    site = make_site()
    conversations.send(site.server.url, "fresh", conversations.long_session(3))
    # A range with a fixed start: a preset moves on with the clock, and its bins with it.
    start = datetime.now(timezone.utc) - timedelta(hours=3)
    page = open_page(site, f"/dashboards/projects/{site.project('fresh')}?timeRangeKey=custom&timeRangeStart={start:%Y-%m-%dT%H:00:00Z}")
    expect(chart(page, "Traces by status")).to_contain_text("3 traces")
    slider = page.get_by_role("slider", name="Traces by status")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    chosen = slider.get_attribute("aria-valuetext").split(": ")[0]
    conversations.send(site.server.url, "fresh", conversations.long_session(2, "another", seed=3))
    expect(chart(page, "Traces by status")).to_contain_text("5 traces")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(chosen)}: "))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"timeRangeStart={start:%Y-%m-%dT%H}(:|%3A)00.*timeRangeEnd={start:%Y-%m-%dT%H}(:|%3A)03"))


def test_turning_live_on_looks_at_once(make_site, open_page):
    site = make_site()
    conversations.send(site.server.url, "fresh", conversations.long_session(3))
    page = open_page(site, f"/dashboards/projects/{site.project('fresh')}?timeRangeKey=1h")
    expect(chart(page, "Traces by status")).to_contain_text("3 traces")
    live = page.get_by_role("button", name="Live")
    live.click()
    expect(live).to_have_attribute("aria-pressed", "false")
    conversations.send(site.server.url, "fresh", conversations.long_session(2, "another", seed=3))
    # Another page knows of them by now; this one holds still.
    other = open_page(site, f"/dashboards/projects/{site.project('fresh')}?timeRangeKey=1h")
    expect(chart(other, "Traces by status")).to_contain_text("5 traces")
    expect(chart(page, "Traces by status")).to_contain_text("3 traces")
    live.click()
    expect(chart(page, "Traces by status")).to_contain_text("5 traces")


def test_nothing_in_the_range_is_said(open_page, shop):
    project = shop.project("shop-assistant")
    page = open_page(shop, f"/dashboards/projects/{project}?timeRangeStart=2001-01-01T00:00:00Z&timeRangeEnd=2001-01-02T00:00:00Z")
    expect(chart(page, "Traces by status")).to_contain_text("No trace began in this time.")
    expect(page.get_by_role("slider")).to_have_count(0)


def test_the_picker_of_dashboards(open_page, shop):
    page = open_page(shop, "/dashboards")
    page.get_by_role("link", name="shop-assistant").click()
    expect(page.get_by_role("heading", level=1, name="shop-assistant")).to_be_visible()
    page.get_by_role("combobox", name="Project").select_option("default")
    expect(page.get_by_role("heading", level=1, name="default")).to_be_visible()


def test_a_long_name_leaves_room_in_the_header_of_dashboards(open_page, make_site):
    site = make_site()
    name = "long-" * 60
    made = site.graphql("mutation($n: String!) { createProject(input: { name: $n }) { project { id } } }", n=name)
    page = open_page(site, f"/dashboards/projects/{made['createProject']['project']['id']}?timeRangeKey=1h")
    expect(page.get_by_role("combobox", name="Project")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("group", name="Time range")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_metrics_are_accessible_and_bounded(open_page, shop, theme, width):
    project = shop.project("shop-assistant")
    page = open_page(shop, f"/dashboards/projects/{project}?timeRangeKey=7d&bins=HOUR", theme=theme, width=width)
    for name in CHARTS:
        expect(chart(page, name)).to_have_attribute("aria-busy", "false")
    check_axe(page)
    assert dom_size(page) < 1500
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"metrics-{theme}-{width}")

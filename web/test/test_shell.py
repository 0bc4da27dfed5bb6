"""What surrounds every page: navigation, palette, keys, themes, redirects, and a server that goes away."""

from __future__ import annotations

import re

import pytest
from conftest import check_axe, shot
from playwright.sync_api import expect


def test_navigation_says_where_one_is(page):
    rail = page.get_by_role("navigation", name="Main")
    expect(rail.get_by_role("link", name=re.compile("Tracing"))).to_have_attribute("aria-current", "page")
    rail.get_by_role("button", name="Narrow navigation").click()
    expect(rail.get_by_text("Tracing")).to_be_hidden()
    page.reload()
    expect(rail.get_by_text("Tracing")).to_be_hidden()
    rail.get_by_role("button", name="Widen navigation").click()
    expect(rail.get_by_text("Tracing")).to_be_visible()


def test_palette_finds_a_project_by_keyboard_alone(page):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("larkspur-langch")
    option = page.get_by_role("option", name=re.compile("larkspur-langchain")).first
    expect(option).to_have_attribute("aria-selected", "true")
    shot(page, "palette-dark")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/[\w%=]+"))


def test_palette_remembers_what_was_viewed(page):
    page.get_by_role("link", name="larkspur-haystack", exact=True).click()
    expect(page.get_by_role("heading", name="larkspur-haystack")).to_be_visible()
    page.go_back()
    page.keyboard.press("Control+k")
    expect(page.get_by_text("Recently viewed")).to_be_visible()
    expect(page.get_by_role("option", name=re.compile("larkspur-haystack")).first).to_have_attribute("aria-selected", "true")


def test_commands_of_the_palette_do_what_their_keys_do(page):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("cards or table")
    expect(page.get_by_role("option", name=re.compile("Cards or table"))).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Projects")).to_be_visible()


def test_palette_finds_text_in_spans(page):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("refund")
    found = page.get_by_role("option").filter(has=page.locator("mark")).first
    expect(found.locator("mark")).to_have_text(re.compile("refund", re.I))
    check_axe(page)


def test_palette_leads_to_all_spans_with_a_text(open_page, site):
    page = open_page(site, f"/projects/{site.project('larkspur-support')}/traces?timeRangeKey=1h")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("refund")
    more = page.get_by_role("option", name="Show all of them in the table")
    expect(more).to_be_visible()
    expect(page.get_by_role("option").filter(has=page.locator("mark"))).to_have_count(8)
    shot(page, "palette-texts")
    more.click()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("text contains 'refund'")
    rows = page.get_by_role("grid", name="Spans").get_by_role("link")
    expect(rows.nth(8)).to_be_visible()


def test_palette_finds_a_trace_and_a_span_by_id(page, site):
    project = site.project("load")
    node = site.graphql(
        "query($p: ID!) { node(id: $p) { ... on Project { spans(first: 1) { edges { node { spanId trace { traceId } } } } } } }", p=project
    )["node"]["spans"]["edges"][0]["node"]
    for text in (node["spanId"], node["trace"]["traceId"]):
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search").fill(text)
        expect(page.get_by_text("By id")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_licences_ship_with_the_page(page):
    with page.expect_popup() as opened:
        page.get_by_role("link", name="licences").click()
    expect(opened.value.get_by_text("MIT License").first).to_be_visible()
    opened.value.close()


def test_key_sheet_lists_the_keys(page):
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_text("Search and commands")).to_be_visible()
    check_axe(page)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_key_sheet_opens_without_a_ring(page):
    page.keyboard.press("?")
    sheet = page.get_by_role("group", name="Keys that work here")
    expect(sheet).to_be_focused()
    expect(sheet).to_have_css("outline-style", "none")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(sheet).to_be_focused()
    expect(sheet).to_have_css("outline-style", "solid")


def test_key_sheet_lists_a_key_once(open_page, site):
    """What lies over a table takes its keys."""
    projects = site.graphql("{ projects { edges { node { id traceCount } } } }")["projects"]["edges"]
    project = max((edge["node"] for edge in projects), key=lambda one: one["traceCount"])["id"]
    page = open_page(site, f"/projects/{project}/spans?timeRangeKey=all")
    expect(page.get_by_role("grid", name="Spans").get_by_role("link").first).to_be_visible()
    sheet = page.get_by_role("group", name="Keys that work here")
    page.keyboard.press("?")
    expect(sheet.get_by_text("Show the chart")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("grid", name="Spans").get_by_role("link").first.click()
    expect(page.get_by_role("tree", name="Spans of the trace")).to_be_visible()
    page.keyboard.press("?")
    expect(sheet.get_by_text("Annotate the span")).to_be_visible()
    expect(sheet.get_by_text("Add a note to the span")).to_be_visible()
    expect(sheet.get_by_text("Critical path")).to_be_visible()
    expect(sheet.get_by_text("Show the chart")).to_have_count(0)


def test_theme_is_chosen_and_kept(page):
    page.get_by_role("navigation", name="Main").get_by_role("button", name=re.compile("Theme")).click()
    page.get_by_role("menuitemradio", name="Light").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_time_range_is_in_the_url(page):
    group = page.get_by_role("group", name="Time range")
    group.get_by_role("button", name="All time").click()
    page.get_by_role("dialog", name="Time range").get_by_role("button", name="Last 12 hours").click()
    expect(page).to_have_url(re.compile("timeRangeKey=12h"))
    page.go_back()
    expect(group.get_by_role("button", name="All time")).to_be_visible()
    group.get_by_role("button", name="All time").click()
    panel = page.get_by_role("dialog", name="Time range")
    panel.get_by_label("From").fill("2026-09-01T00:00")
    panel.get_by_label("To", exact=True).fill("2026-08-01T00:00")
    expect(panel.get_by_role("alert")).to_be_visible()
    panel.get_by_label("To", exact=True).fill("2026-10-01T00:00")
    panel.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("timeRangeKey=custom.*timeRangeStart=2026-08-31T22.*timeRangeEnd=2026-09-30T22"))


def test_redirects_lead_to_what_an_id_names(open_page, site):
    span = site.graphql(
        "query($p: ID!) { node(id: $p) { ... on Project { id spans(first: 1) { edges { node { id spanId trace { traceId } } } } } } }", p=site.project("load")
    )["node"]
    node = span["spans"]["edges"][0]["node"]
    project = span["id"]
    page = open_page(site, f"/redirects/traces/{node['trace']['traceId']}")
    expect(page).to_have_url(re.compile(re.escape(f"/{node['trace']['traceId']}")))
    page.goto(f"{site.url}/redirects/spans/{node['spanId']}")
    expect(page).to_have_url(re.compile("selectedSpanNodeId="))
    page.goto(f"{site.url}/redirects/projects/load")
    expect(page).to_have_url(re.compile(f"/projects/{re.escape(project)}".replace("=", "(=|%3D)")))
    page.goto(f"{site.url}/redirects/spans/ffffffffffffffff")
    expect(page.get_by_role("heading", name="There is no span “ffffffffffffffff”")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_an_unknown_page_says_so(open_page, site, theme):
    page = open_page(site, "/no/such/page", theme=theme)
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="All projects", exact=True).click()
    expect(page).to_have_url(re.compile("/projects$"))


def test_a_server_that_goes_away_comes_back(open_page, make_site):
    site = make_site()
    page = open_page(site, "/projects")
    page.watch.allow("ERR_", "50[0-9]", "Failed to load resource", "dynamically imported")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    site.server.stop()
    expect(page.get_by_text("Server disconnected")).to_be_visible()
    check_axe(page)
    site.server.start()
    expect(page.get_by_text("Server disconnected")).to_have_count(0)


def test_a_dialog_whose_code_is_missing_says_so_each_time(page):
    page.watch.allow("ERR_", "Failed to load resource", "dynamically imported")
    page.route("**/Palette.js", lambda route: route.abort())
    notices = page.get_by_role("region", name="Notifications")
    for _ in range(2):
        page.keyboard.press("Control+k")
        expect(notices).to_contain_text("This could not be loaded. Reload the page.")
        notices.get_by_role("button", name="Dismiss").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.unroute("**/Palette.js")
    page.keyboard.press("Control+k")
    notices.get_by_role("button", name="Reload").click()
    expect(notices).to_have_text("")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()


def test_storage_that_refuses_does_no_harm(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all")
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    page.reload()
    page.get_by_role("navigation", name="Main").get_by_role("button", name=re.compile("Theme")).click()
    page.get_by_role("menuitemradio", name="Light").click()
    expect(page.get_by_text("This browser does not keep preferences")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_narrow_window_has_its_navigation(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all", width=320, height=720)
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Navigation", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_navigation_over_a_narrow_page_by_keyboard(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all", width=700)
    button = page.get_by_role("button", name="Navigation", exact=True)
    rail = page.get_by_role("navigation", name="Main")
    button.focus()
    page.keyboard.press("Enter")
    expect(rail.get_by_role("link").first).to_be_focused()
    expect(page.locator("main")).to_have_attribute("inert", "")
    check_axe(page)
    page.keyboard.press("Escape")
    expect(rail).to_be_hidden()
    expect(page.locator("main")).not_to_have_attribute("inert", "")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    rail.get_by_role("link", name=re.compile("^Settings")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="General", level=1)).to_be_visible()
    expect(rail).to_be_hidden()
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("button", name="Navigation", exact=True).click()
    expect(rail).to_be_visible()
    page.set_viewport_size({"width": 1200, "height": 800})
    expect(page.locator("main")).not_to_have_attribute("inert", "")


def test_a_refused_event_stream_does_not_ask_in_a_circle(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all")
    page.watch.allow("503", "Failed to load")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.route("**/v1/live_events*", lambda route: route.fulfill(status=503, body="full"))
    page.reload()
    expect(page.get_by_role("link", name="larkspur-langchain", exact=True)).to_be_visible()
    for _ in range(2):  # after one second, then after two
        page.wait_for_event("response", lambda r: "/live_events" in r.url)
    streams = [u for u in asked if "/live_events" in u]
    assert len([u for u in asked if "/healthz" in u]) <= len(streams) <= 4, asked
    assert len([u for u in asked if "/graphql" in u]) <= 8, asked
    expect(page.get_by_text("Server disconnected")).to_have_count(0)


def test_a_pane_is_remembered_when_it_is_let_go(open_page, site):
    node = site.graphql(
        "query($p: ID!) { node(id: $p) { ... on Project { spans(first: 1) { edges { node { trace { traceId } } } } } } }", p=site.project("load")
    )["node"]["spans"]["edges"][0]["node"]
    page = open_page(site, f"/projects/{site.project('load')}/traces/{node['trace']['traceId']}?view=full")
    line = page.locator(".split > .split-line")
    expect(line).to_be_visible()
    kept = "Object.keys(localStorage).filter((k) => k.startsWith('phoenix.split.')).length"
    before = int(line.get_attribute("aria-valuenow"))
    line.hover()
    page.mouse.down()
    box = line.bounding_box()
    page.mouse.move(box["x"] - 60, box["y"] + box["height"] / 2, steps=4)
    expect(line).not_to_have_attribute("aria-valuenow", str(before))
    assert page.evaluate(kept) == 0
    page.mouse.up()
    page.wait_for_function(f"{kept} === 1")
    line.focus()
    page.keyboard.press("ArrowRight")
    moved = line.get_attribute("aria-valuenow")
    page.reload()
    expect(line).to_have_attribute("aria-valuenow", moved)

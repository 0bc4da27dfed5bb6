"""The list of projects: finding, ordering, making, changing, and taking away with a way back."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from conftest import check_axe, dom_size, shot
from playwright.sync_api import expect
from support.otlp import make_span, request


def card(page, name):
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


def act(page, name, action):
    page.get_by_role("button", name=f"Actions of {name}").click()
    page.get_by_role("menuitem", name=action).click()


def send(site, project, name="first", start=None):
    start = start or time.time_ns() - 500_000_000
    site.send(request(make_span(name, trace_id=start.to_bytes(16, "big"), start=start, duration_ms=250), project=project))


def test_cards_show_what_a_project_holds(page, site):
    one = card(page, "larkspur-langchain")
    expect(one).to_be_visible()
    node = site.graphql(
        "query($n: String!) { getProjectByName(name: $n) { traceCount costSummary { total { cost } } } }", n="larkspur-langchain"
    )["getProjectByName"]
    expect(one.locator("dd").first).to_have_text(str(node["traceCount"]))
    expect(one.get_by_role("img", name=re.compile(f"^{node['traceCount']} traces over time"))).to_be_visible()
    assert dom_size(page) < 4000
    shot(page, "projects-cards-dark")


def test_search_and_order_are_in_the_url(page):
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Search projects")
    expect(field).to_be_focused()
    field.fill("openai")
    expect(card(page, "larkspur-otel-openai")).to_be_visible()
    expect(card(page, "larkspur-langchain")).to_have_count(0)
    expect(page).to_have_url(re.compile("search=openai"))
    page.reload()
    expect(card(page, "larkspur-langchain")).to_have_count(0)
    page.get_by_role("searchbox").fill("no such thing")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.get_by_role("combobox", name="Order").select_option("traces")
    expect(page).to_have_url(re.compile("sort=-traces"))
    expect(page.locator("a.project-name").first).to_have_text("larkspur-support")
    counts = [int(c) for c in page.locator(".project-card dl > div:first-child dd").all_inner_texts() if c.isdigit()]
    assert counts == sorted(counts, reverse=True)
    page.get_by_role("button", name=re.compile("turn round")).click()
    expect(page).to_have_url(re.compile("sort=traces"))


def test_a_slow_typist_keeps_the_field(page):
    page.keyboard.press("/")
    page.keyboard.type("open", delay=250)
    field = page.get_by_role("searchbox", name="Search projects")
    expect(field).to_be_focused()
    expect(field).to_have_value("open")
    expect(page).to_have_url(re.compile("search=open"))
    expect(card(page, "larkspur-langchain")).to_have_count(0)
    expect(field).to_be_focused()


def test_table_sorts_by_its_heads(page):
    page.get_by_role("radio", name="Table").check(force=True)
    table = page.get_by_role("table", name="Projects")
    table.get_by_role("button", name="Name", exact=True).click()
    expect(table.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".projects-list")).not_to_have_attribute("data-previous", "true")
    names = [n for n in table.locator("a.project-name").all_inner_texts() if n.startswith("larkspur-")]
    assert names == sorted(names)
    check_axe(page)
    page.reload()
    expect(table).to_be_visible()


def test_every_flow_by_keyboard(open_page, make_site):
    site = make_site()
    page = open_page(site, "/projects")
    expect(page.get_by_role("link", name="default", exact=True)).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="New project").get_by_label("Name")).to_be_focused()
    page.keyboard.type("a b")
    expect(page.get_by_role("alert")).to_have_text(re.compile("Letters, digits"))
    page.keyboard.press("Control+a")
    page.keyboard.type("by-keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="by-keys is ready")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("a.project-name:focus")).to_have_count(1)
    page.keyboard.press("v")
    expect(page.get_by_role("table", name="Projects")).to_be_visible()
    page.get_by_role("button", name="Actions of by-keys").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Copy name")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="by-keys")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.get_by_role("link", name="by-keys")).to_be_visible()


def test_a_project_is_made_changed_and_deleted(open_page, make_site):
    site = make_site()
    page = open_page(site, "/projects")
    page.get_by_role("button", name="New project").click()
    dialog = page.get_by_role("dialog", name="New project")
    dialog.get_by_label("Name").fill("shop-agent")
    dialog.get_by_label("Description").fill("Answers customers")
    dialog.get_by_role("radio", name="Orchid").check(force=True)
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("dialog", name="shop-agent is ready").get_by_role("button", name="Close").click()
    expect(card(page, "shop-agent")).to_contain_text("Answers customers")
    page.get_by_role("button", name="New project").click()
    dialog.get_by_label("Name").fill("shop-agent")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    act(page, "shop-agent", "Edit…")
    page.get_by_role("dialog", name="Edit shop-agent").get_by_label("Description").fill("Answers everybody")
    page.get_by_role("button", name="Save").click()
    expect(card(page, "shop-agent")).to_contain_text("Answers everybody")
    act(page, "shop-agent", "Delete")
    expect(card(page, "shop-agent")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "shop-agent")).to_be_visible()
    act(page, "shop-agent", "Delete")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0, timeout=20_000)
    assert "shop-agent" not in site.server.projects()
    page.get_by_role("button", name="Actions of default").click()
    expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)


def test_leaving_the_page_carries_a_deletion_out(open_page, make_site):
    site = make_site()
    send(site, "goes")
    page = open_page(site, "/projects")
    act(page, "goes", "Delete")
    page.goto("about:blank")
    for _ in range(100):
        if "goes" not in site.server.projects():
            break
        time.sleep(0.1)
    assert "goes" not in site.server.projects()


def test_data_is_cleared_before_a_date_or_all(open_page, make_site):
    site = make_site()
    send(site, "old-and-new", "old", start=time.time_ns() - 40 * 86_400 * 10**9)
    send(site, "old-and-new", "new")
    page = open_page(site, "/projects?timeRangeKey=all")
    expect(card(page, "old-and-new").locator("dd").first).to_have_text("2")
    act(page, "old-and-new", "Remove data before…")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(card(page, "old-and-new").locator("dd").first).to_have_text("1", timeout=20_000)
    act(page, "old-and-new", "Clear all data")
    page.get_by_role("button", name="Undo").click()
    act(page, "old-and-new", "Clear all data")
    expect(card(page, "old-and-new").locator("dd").first).to_have_text("0", timeout=20_000)


def test_the_first_trace_opens_by_itself(open_page, make_site):
    site = make_site()
    page = open_page(site, "/projects")
    expect(page.get_by_role("heading", name="Send your first trace")).to_be_visible()
    expect(page.get_by_text("Waiting for the first span")).to_be_visible()
    expect(page.get_by_text("pip install arize-phoenix-otel")).to_be_visible()
    check_axe(page)
    shot(page, "onboarding-dark")
    for language in ("TypeScript", "Swift", "curl", "Python"):
        page.get_by_role("tab", name=language).click()
        expect(page.locator(".onboarding-block").last).to_contain_text("/v1/traces")
    expect(page.get_by_role("textbox", name="Program")).to_contain_text("from phoenix.otel import register")
    assert page.locator(".cm-line span[class]").count() > 10, "the program is in colour"
    page.get_by_role("button", name="Copy the program").click()
    program = page.evaluate("navigator.clipboard.readText()")
    assert program.startswith("from phoenix.otel import register")
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    expect(page).to_have_url(re.compile(r"/projects/[^/]+/traces/[0-9a-f]{32}"))


@pytest.mark.parametrize("language", ["Swift", "curl"])
def test_the_other_programs_send_a_trace_as_they_stand(open_page, make_site, tmp_path, language):
    page = open_page(make_site(), "/projects")
    page.get_by_role("tab", name=language).click()
    page.get_by_role("button", name="Copy the program").click()
    program = page.evaluate("navigator.clipboard.readText()")
    if language == "curl":
        subprocess.run(["bash", "-euc", program], check=True, timeout=60)
    else:
        (tmp_path / "main.swift").write_text(program)
        subprocess.run(["swiftc", "main.swift", "-o", "first"], cwd=tmp_path, check=True, timeout=300)
        subprocess.run([str(tmp_path / "first")], check=True, timeout=60)
    page.wait_for_url(re.compile("/traces/"))
    expect(page.get_by_role("heading", name="answer").first).to_be_visible()


@pytest.mark.parametrize("count", [120])
def test_many_projects_come_in_pages(open_page, make_site, count):
    site = make_site()
    for i in range(count):
        site.graphql("mutation($n: String!) { createProject(input: {name: $n}) { project { id } } }", n=f"p-{i:03}")
    page = open_page(site, "/projects?sort=name")
    expect(page.get_by_text(f"1–48 of {count + 1}")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("link", name="p-047", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("link", name="p-119", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("page=3"))
    page.reload()
    expect(page.get_by_role("link", name="p-119", exact=True)).to_be_visible()
    assert dom_size(page) < 4000


def test_a_later_page_waits_for_the_server(open_page, make_site):
    site = make_site()
    for i in range(60):
        site.graphql("mutation($n: String!) { createProject(input: {name: $n}) { project { id } } }", n=f"p-{i:03}")
    page = open_page(site, "/projects?sort=name")
    page.watch.allow("ERR_", "Failed to load")
    expect(page.get_by_text("1–48 of 61")).to_be_visible()
    away = re.compile("/(graphql|healthz|v1/live_events)")
    page.route(away, lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="The projects could not be fetched")).to_be_visible()
    expect(page.get_by_text("Server disconnected")).to_be_visible()
    page.unroute(away)
    expect(page.get_by_role("link", name="p-059", exact=True)).to_be_visible()


def test_an_order_of_a_part_says_so(open_page, site):
    page = open_page(site, "/projects?sort=-traces&timeRangeKey=all")
    expect(card(page, "larkspur-langchain")).to_be_visible()
    note = page.get_by_text("made among the first 500 projects")
    expect(note).to_have_count(0)

    def more(route):
        body = route.fetch().text()
        route.fulfill(body=body.replace('"hasNextPage":false', '"hasNextPage":true'), content_type="application/json")

    page.route("**/graphql*", more)
    page.reload()
    expect(note).to_be_visible()


def test_a_copied_link_says_what_this_browser_remembers(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all")
    page.get_by_role("radio", name="Table").check(force=True)
    page.get_by_role("combobox", name="Order").select_option("name")
    time_range = page.get_by_role("group", name="Time range")
    time_range.get_by_role("button", name="All time").click()
    page.get_by_role("dialog", name="Time range").get_by_role("button", name="Last hour").click()
    page.get_by_role("link", name=re.compile("^Dashboards")).click()
    page.get_by_role("link", name=re.compile("^Tracing")).click()
    expect(time_range.get_by_role("button", name="Last hour")).to_be_visible()
    assert "timeRangeKey" not in page.url
    page.keyboard.press("y")
    expect(page.get_by_text("Copied the link to this view")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = open_page(site, link.removeprefix(site.url))
    expect(other.get_by_role("group", name="Time range").get_by_role("button", name="Last hour")).to_be_visible()
    expect(other.get_by_role("table", name="Projects")).to_be_visible()
    expect(other.get_by_role("combobox", name="Order")).to_have_value("name")
    assert other.evaluate("Object.keys(localStorage).filter((k) => /view|time-range/.test(k))") == []


def test_copying_without_a_clipboard_keeps_the_focus(page):
    # As on plain HTTP, where the browser has none.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    act(page, "larkspur-langchain", "Copy name")
    expect(page.get_by_text("Copied the name")).to_be_visible()
    expect(page.get_by_role("button", name="Actions of larkspur-langchain")).to_be_focused()
    page.evaluate("delete navigator.clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == "larkspur-langchain"


def test_copying_without_a_clipboard_works_in_a_dialog(open_page, make_site):
    page = open_page(make_site(), "/projects")
    expect(card(page, "default")).to_be_visible()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.keyboard.press("n")
    page.get_by_role("dialog").get_by_label("Name").fill("fresh")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="fresh is ready")
    dialog.get_by_role("button", name="Copy the command").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Copied")).to_be_focused()
    page.evaluate("delete navigator.clipboard")
    assert "pip install" in page.evaluate("navigator.clipboard.readText()")


def test_a_first_trace_is_found_when_its_event_is_missed(open_page, make_site):
    site = make_site()
    page = open_page(site, "/projects")
    page.watch.allow("503", "Failed to load")
    page.route("**/v1/live_events*", lambda route: route.fulfill(status=503, body="full"))
    page.reload()
    expect(page.get_by_text("Waiting for the first span")).to_be_visible()
    send(site, "unheard")
    page.unroute("**/v1/live_events*")
    expect(page).to_have_url(re.compile(r"/projects/[^/]+/traces/[0-9a-f]{32}"))


def test_what_can_be_undone_waits_for_whoever_looks_at_it(open_page, make_site):
    site = make_site()
    for name in ("one", "two"):
        site.graphql("mutation($n: String!) { createProject(input: {name: $n}) { project { id } } }", n=name)
    page = open_page(site, "/projects")
    expect(card(page, "one")).to_be_visible()
    page.clock.install()
    act(page, "one", "Delete")
    act(page, "two", "Delete")
    for _ in range(5):
        act(page, "default", "Copy name")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_count(2)
    toast = page.locator(".toast").filter(has_text="Deleted one")
    toast.hover()
    page.clock.run_for(20_000)
    expect(undo).to_have_count(1)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").focus()
    page.mouse.move(5, 5)
    page.clock.run_for(20_000)
    page.keyboard.press("Enter")
    expect(card(page, "one")).to_be_visible()
    expect(card(page, "two")).to_have_count(0)
    assert "one" in site.server.projects() and "two" not in site.server.projects()


def test_a_deletion_that_fails_leaves_the_reader_where_he_is(open_page, make_site):
    site = make_site()
    send(site, "stays")
    page = open_page(site, f"/projects/{site.project('stays')}/config")
    page.clock.install()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="default", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="stays", exact=True)).to_have_count(0)

    def refuse(route):
        is_deletion = "deleteProject" in (route.request.post_data or "")
        route.fulfill(json={"data": None, "errors": [{"message": "The disk is full."}]}) if is_deletion else route.fallback()

    page.route("**/graphql*", refuse)
    page.clock.run_for(8000)
    expect(page.get_by_text("The disk is full.")).to_be_visible()
    expect(page.get_by_role("link", name="stays", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("/projects$"))


def test_bars_follow_the_shown_zone(page):
    page.evaluate("localStorage.setItem('phoenix.time-zone', JSON.stringify('Asia/Tokyo'))")
    with page.expect_request(lambda r: "utcOffsetMinutes" in r.url or "utcOffsetMinutes" in (r.post_data or "")) as asked:
        page.reload()
    assert re.search(r"utcOffsetMinutes(%22|\")(%3A|:)540\b", asked.value.url + (asked.value.post_data or ""))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [1440, 900, 320])
def test_the_list_is_accessible_everywhere(open_page, site, theme, width):
    page = open_page(site, "/projects?timeRangeKey=all", theme=theme, width=width)
    expect(card(page, "larkspur-langchain")).to_be_visible()
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"projects-{theme}-{width}")


def test_an_unreachable_list_can_be_asked_for_again(open_page, site):
    page = open_page(site, "/no/page")
    page.watch.allow("500", "Failed to load")
    page.route("**/graphql*", lambda route: route.fulfill(status=500, body="oops"))
    page.get_by_role("link", name="All projects", exact=True).click()
    expect(page.get_by_role("heading", name="The projects could not be fetched")).to_be_visible()
    page.unroute("**/graphql*")
    page.get_by_role("button", name="Try again").click()
    expect(card(page, "larkspur-langchain")).to_be_visible()

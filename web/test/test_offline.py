"""Pages that are open while the server is gone: they say so, keep what they show, and recover by themselves."""

from __future__ import annotations

import re
from typing import Any

import conversations
import pytest
import trace_data
from conftest import Site
from playwright.sync_api import Page, expect

GONE = ("ERR_", "50[0-9]", "Failed to load resource", "dynamically imported")
SESSION = "query($s: String!) { getProjectSessionById(sessionId: $s) { id } }"


@pytest.fixture
def visit(open_page: Any):
    """Opens a page that is allowed to find no server."""

    def go(site: Site, path: str) -> Page:
        page = open_page(site, path)
        page.watch.allow(*GONE)
        return page

    return go


def stop(site: Site, page: Page) -> None:
    site.server.stop()
    expect(page.get_by_text("Server disconnected")).to_be_visible()


def start(site: Site, page: Page) -> None:
    site.server.start()
    expect(page.get_by_text("Server disconnected")).to_have_count(0, timeout=30_000)


def go_within(page: Page, path: str) -> None:
    """Goes to another place of the application as a link would, without asking the server for the page."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)


def row(page: Page, name: str):
    return page.get_by_role("tree", name="Spans of the trace").get_by_role("treeitem", name=re.compile(rf"\b{re.escape(name)}\b"))


def session(site: Site, name: str) -> str:
    node = site.graphql(SESSION, s=name)["getProjectSessionById"]["id"]
    return f"/projects/{site.project('shop-assistant')}/sessions/{node}?timeRangeKey=7d&view=full"


def turn(page: Page, number: int):
    return page.get_by_role("feed", name="Conversation").get_by_role("region", name=f"Turn {number}", exact=True)


def test_a_trace(visit, make_site):
    site = make_site()
    trace = trace_data.agent(1)
    trace_data.send(site, trace, trace_data.agent(2, "Oslo"))
    traces = f"/projects/{site.project('trace-view')}/traces"
    page = visit(site, f"{traces}/{trace.id}?timeRangeKey=all&view=full")
    expect(row(page, "travel_agent")).to_have_attribute("aria-selected", "true")
    detail = page.get_by_role("region", name="Span", exact=True)
    expect(detail.get_by_role("tabpanel")).to_contain_text("Done.")

    stop(site, page)
    row(page, "judge").click()
    expect(detail.get_by_role("heading", name="The span could not be read")).to_be_visible()
    expect(detail).to_contain_text("The server does not answer.")
    start(site, page)
    expect(detail.locator(".verdict")).to_contain_text("correct")

    # The page hears of what is stored from then on.
    trace.add("after the pause", parent=0, start=1000)
    trace_data.send(site, trace)
    expect(row(page, "after the pause")).to_be_visible()

    stop(site, page)
    go_within(page, f"{traces}/{trace_data.trace_id(2)}?timeRangeKey=all&view=full")
    expect(page.get_by_role("heading", name="The trace could not be read")).to_be_visible()
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    start(site, page)
    expect(row(page, "travel_agent")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("travel_agent")


def test_a_session(visit, make_site):
    site = make_site()
    conversations.send(site.server.url, "shop-assistant", conversations.long_session(120, "long"))
    conversations.send(site.server.url, "shop-assistant", conversations.week(2, seed=3))
    other = site.graphql("query($p: ID!) { node(id: $p) { ... on Project { sessions(first: 5) { edges { node { sessionId } } } } } }", p=site.project("shop-assistant"))
    other = next(e["node"]["sessionId"] for e in other["node"]["sessions"]["edges"] if e["node"]["sessionId"] != "long")
    long, short = session(site, "long"), session(site, other)
    page = visit(site, long)
    expect(turn(page, 1)).to_contain_text("Answer 1.")

    # What is shown stays; what is not here yet is said to be missing, and comes by itself.
    stop(site, page)
    expect(turn(page, 1)).to_contain_text("Answer 1.")
    page.get_by_role("feed", name="Conversation").evaluate("box => { box.scrollTop = box.scrollHeight }")
    expect(page.get_by_role("alert")).to_have_text("The server does not answer.")
    start(site, page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(turn(page, 120)).to_contain_text("Answer 120.")

    stop(site, page)
    go_within(page, short)
    expect(page.get_by_role("heading", name="The server does not answer")).to_be_visible()
    expect(page.get_by_role("heading", name="No such session")).to_have_count(0)
    start(site, page)
    expect(page.get_by_role("heading", level=1)).to_have_text(other)
    expect(turn(page, 1)).to_contain_text("order 4417")


def test_what_is_shown_stays_when_its_code_has_not_all_come(visit, make_site):
    site = make_site()
    conversations.send(site.server.url, "shop-assistant", conversations.week(2, seed=3))
    query = "query($p: ID!) { node(id: $p) { ... on Project { sessions(first: 1) { edges { node { sessionId } } } } } }"
    name = site.graphql(query, p=site.project("shop-assistant"))["node"]["sessions"]["edges"][0]["node"]["sessionId"]
    path = session(site, name)
    page = visit(site, "/datasets")
    page.route("**/TraceFeedback.js", lambda route: None)
    go_within(page, path)
    expect(turn(page, 1)).to_contain_text("order 4417")
    stop(site, page)
    # What is held goes on its way, and finds nobody.
    page.unroute("**/TraceFeedback.js")
    # Pages that were never seen wait for the server as well.
    go_within(page, "/settings/general")
    expect(page.get_by_role("main").get_by_role("status", name="Loading", exact=True)).to_be_visible()
    go_within(page, path)
    expect(turn(page, 1)).to_contain_text("order 4417")
    start(site, page)
    expect(turn(page, 1).get_by_role("button", name="Annotations of turn 1")).to_be_visible()
    go_within(page, "/settings/general")
    expect(page.get_by_role("heading", level=1)).to_have_text("General")


def test_a_dialog_whose_code_does_not_come_is_given_up(visit, make_site):
    site = make_site()
    page = visit(site, "/datasets")
    new = page.get_by_role("button", name="New dataset").first
    expect(new).to_be_visible()
    stop(site, page)
    new.click()
    notices = page.get_by_role("region", name="Notifications")
    expect(notices).to_contain_text("The server does not answer.")
    # Nobody waits for it any more, so it is not shown when its code comes; who asks again gets it.
    with page.expect_response("**/NewDatasetDialog.js"):
        start(site, page)
    notices.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    new.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    # A server that is slow is waited for.
    held: list[Any] = []
    page.route("**/KeySheet.js", lambda route: held.append(route))
    page.keyboard.press("?")
    page.wait_for_timeout(4500)
    expect(notices).to_have_text("")
    for route in held:
        route.continue_()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_metrics(visit, make_site):
    site = make_site()
    conversations.send(site.server.url, "shop-assistant", conversations.week(10))
    page = visit(site, f"/projects/{site.project('shop-assistant')}/metrics?timeRangeKey=7d")
    chart = page.get_by_role("region", name="Traces by status")
    expect(chart.get_by_role("button", name=re.compile("Table"))).to_be_visible()

    stop(site, page)
    expect(chart.get_by_role("button", name=re.compile("Table"))).to_be_visible()
    page.get_by_role("radiogroup", name="Length of the bars").get_by_text("Hours").click()
    expect(chart).to_contain_text("The server does not answer.")
    start(site, page)
    expect(page.get_by_text("The server does not answer.")).to_have_count(0)
    expect(chart.get_by_role("button", name=re.compile("Table"))).to_be_visible()


def test_a_change_to_a_project(visit, make_site):
    site = make_site()
    trace_data.send(site, trace_data.agent(1))
    project = site.project("trace-view")
    page = visit(site, f"/projects/{project}/config")
    field = page.get_by_label("Description")
    save = page.get_by_role("form", name="Project").get_by_role("button", name="Save")
    expect(field).to_have_value("")

    stop(site, page)
    field.fill("Trips")
    save.click()
    expect(page.get_by_role("alert")).to_have_text("The server does not answer.")
    start(site, page)
    assert described(site, project) in (None, "")
    # What was typed is still there, and can be saved.
    expect(field).to_have_value("Trips")
    save.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert described(site, project) == "Trips"


def described(site: Site, project: str) -> str | None:
    return site.graphql("query($p: ID!) { node(id: $p) { ... on Project { description } } }", p=project)["node"]["description"]


def test_what_is_not_there_is_told_from_a_server_that_is_gone(visit, make_site):
    site = make_site()
    trace = trace_data.agent(1)
    trace_data.send(site, trace)
    project, unknown = site.project("trace-view"), "0" * 31 + "f"
    page = visit(site, f"/projects/{project}/traces/compare?traceId={trace.id}&traceId={unknown}")
    page.watch.allow("404")
    expect(page.get_by_role("heading", name="One of the traces is not here")).to_be_visible()
    expect(page.get_by_text(unknown)).to_be_visible()
    page.get_by_role("button", name="Choose another").click()
    expect(page.get_by_role("heading", name="With which trace?")).to_be_visible()
    page.goto(f"{site.url}/projects/{project}/traces/compare?traceId={unknown}&traceId={'e' * 32}")
    expect(page.get_by_role("heading", name="Neither trace is here")).to_be_visible()
    page.get_by_role("button", name="Choose others").click()
    expect(page.get_by_role("heading", name="Which trace?")).to_be_visible()

    nowhere = "/dashboards/projects/UHJvamVjdDo5OTk5OTk="
    page.goto(site.url + nowhere)
    expect(page.get_by_role("heading", name="There is no such project")).to_be_visible()
    page.get_by_role("button", name="All dashboards").click()
    expect(page).to_have_url(re.compile("/dashboards$"))
    expect(page.get_by_role("link", name="trace-view")).to_be_visible()

    stop(site, page)
    go_within(page, f"/dashboards/projects/{project}")
    expect(page.get_by_role("heading", name="The server does not answer")).to_be_visible()
    start(site, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("trace-view")
    expect(page.get_by_role("region", name="Traces by status")).to_be_visible()

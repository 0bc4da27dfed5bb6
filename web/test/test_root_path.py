"""The UI below a root path: every link, request, download and event goes through it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import trace_data
from conftest import Site
from playwright.sync_api import expect

ROOT = "/phoenix"


@pytest.fixture
def below(make_site: Any) -> Site:
    return make_site(root=ROOT, env={"PHOENIX_HOST_ROOT_PATH": ROOT})


def row(page: Any, name: str):
    return page.get_by_role("tree", name="Spans of the trace").get_by_role("treeitem", name=re.compile(rf"\b{re.escape(name)}\b"))


def test_a_trace_its_events_links_and_downloads(open_page, below):
    trace = trace_data.agent(1)
    trace_data.send(below, trace)
    page = open_page(below, f"/projects/{below.project('trace-view')}/traces/{trace.id}?timeRangeKey=all&view=full")
    outside: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((below.url + "/", "data:", "blob:")) else None)
    expect(row(page, "travel_agent")).to_have_attribute("aria-selected", "true")

    trace.add("late", parent=0, start=990)
    trace_data.send(below, trace)
    expect(row(page, "late")).to_be_visible()

    page.get_by_role("button", name="Copy a link to the trace").click()
    page.wait_for_function("start => navigator.clipboard.readText().then((copied) => copied.startsWith(start))", arg=below.url + "/projects/")
    for item, lines in (("Download as JSON lines", len(trace.spans)), ("Download as OTLP JSON", 1)):
        page.get_by_role("button", name="More", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        assert len(Path(download.value.path()).read_text().splitlines()) >= lines
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="trace-view").click()
    expect(page).to_have_url(re.compile(re.escape(below.url) + r"/projects/[^/]+/traces\?"))
    page.get_by_role("button", name="Download", exact=False).first.wait_for()
    assert outside == []


@pytest.mark.parametrize(("path", "title", "heading"), [("/apis/rest", "REST API", "REST API"), ("/apis/graphql", "GraphQL", "GraphQL explorer")])
def test_the_pages_of_the_interfaces(open_page, below, path, title, heading):
    page = open_page(below, path)
    outside: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((below.url + "/", "data:", "blob:")) else None)
    frame = page.frame_locator(f'iframe[title="{title}"]')
    expect(frame.get_by_role("heading", level=1)).to_contain_text(heading)
    alone = page.get_by_role("link", name="On a page of its own")
    assert alone.evaluate("link => link.href").startswith(below.url + "/")
    if title == "GraphQL":
        frame.get_by_role("button", name="Run", exact=True).click()
        expect(frame.get_by_role("status")).not_to_have_text("Ready.")
        expect(frame.locator("body")).to_contain_text('"data"')
        # What it begins with tells something.
        expect(frame.locator("#answer")).to_contain_text('"traceCount"')
    assert outside == []

"""The page of a project with what nobody meant to send: hostile names, odd dates, messages as JSON."""

from __future__ import annotations

import json
import re
import time
from typing import Any, Callable

import pytest
from conftest import Site
from playwright.sync_api import Page, expect
from project_page import cells, count, field, rows, settled, tab
from support import otlp

SECOND = 1_000_000_000


# -------------------------------------------------------------------- hostile names

RLO = "\u202e"
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NAME = f"invoice{RLO}gnp.exe {MARKUP}"
SESSION = f"chat{RLO}42 {MARKUP}"
PROJECT = f"shop{RLO}tset {MARKUP}"

HIDDEN = r"/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/"


def harmless(page: Page) -> None:
    """Nothing of what came from outside turns the page's text round or became an element of it."""
    raw = page.evaluate(f"""() => {{
        const found = [];
        const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        while (walker.nextNode()) {{
            const node = walker.currentNode;
            if (node.nodeType === Node.TEXT_NODE) {{ if ({HIDDEN}.test(node.data)) found.push(node.data); }}
            else for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder'])
                if ({HIDDEN}.test(node.getAttribute(name) ?? '')) found.push(name + ': ' + node.getAttribute(name));
        }}
        return found;
    }}""")
    assert raw == []
    assert page.evaluate("document.querySelectorAll('img[src=x], [onerror]').length") == 0
    assert page.evaluate("[...document.scripts].filter((one) => one.text.includes('alert')).length") == 0


@pytest.fixture
def hostile(make_site: Callable[..., Site]) -> Site:
    site = make_site()
    values = {
        "session.id": SESSION, "user.id": NAME, "input.value": f"in {NAME}", "output.value": f"out {NAME}", "llm.model_name": NAME, "metadata": json.dumps({"key": NAME}),
    }  # fmt: skip
    spans = [otlp.make_span(NAME, kind="LLM", start=time.time_ns() - n * SECOND, attributes=values) for n in range(3)]
    # More than are named one by one.
    spans.append(otlp.make_span(f"many {RLO * 3000} of them", attributes={"input.value": f"{RLO}a" * 3000}))
    site.send(otlp.request(*spans, project=PROJECT))
    return site


def test_hostile_names_do_nothing_in_the_tables(open_page: Any, hostile: Site) -> None:
    page = open_page(hostile, tab(hostile, PROJECT, "spans", "&spanFilterCondition="))
    count(page, "4 spans")
    name = cells(page).get_by_role("link").filter(has_text="invoice").first
    expect(name).to_contain_text("RLO")
    expect(name).to_contain_text("<img src=x")
    expect(page.get_by_role("heading", level=1)).to_contain_text("shop⟨RLO⟩tset")
    page.get_by_role("button", name="Columns").click()
    for column in ("User", "Session", "Metadata"):
        page.get_by_role("checkbox", name=column, exact=True).check()
    page.keyboard.press("Escape")
    settled(page)
    expect(rows(page)).to_have_count(4)
    expect(page.get_by_role("group", name="Model").get_by_role("button").first).to_be_visible()
    harmless(page)
    page.get_by_role("group", name="Model").get_by_role("button").first.click()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("⟨RLO⟩")
    count(page, "3 spans")
    harmless(page)


def test_hostile_names_do_nothing_among_sessions_and_projects(open_page: Any, hostile: Site) -> None:
    page = open_page(hostile, tab(hostile, PROJECT, "sessions"))
    count(page, "1 session")
    session = cells(page, "Sessions").get_by_role("link").first
    expect(session).to_contain_text("RLO")
    harmless(page)
    session.click()
    expect(page.get_by_role("feed", name="Conversation")).to_contain_text("gnp.exe")
    harmless(page)
    page.goto(hostile.url + "/projects?timeRangeKey=all")
    expect(page.get_by_role("link", name=re.compile("^shop")).first).to_contain_text("RLO")
    harmless(page)


def test_hostile_names_do_nothing_in_the_palette_and_in_toasts(open_page: Any, hostile: Site) -> None:
    page = open_page(hostile, tab(hostile, PROJECT, "config"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("shop⟨RLO⟩tset")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("gnp.exe")
    found = page.get_by_role("option").filter(has=page.locator("mark")).first
    expect(found).to_contain_text("invoice⟨RLO⟩")
    harmless(page)
    page.get_by_role("combobox", name="Search").fill("shop")
    expect(page.get_by_role("option", name=re.compile(re.escape("shop⟨RLO⟩tset"))).first).to_be_visible()
    harmless(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("shop⟨RLO⟩tset")
    harmless(page)
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


# -------------------------------------------------------------------- what people read


def test_messages_are_shown_by_their_last_one(open_page: Any, make_site: Callable[..., Site]) -> None:
    site = make_site()
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is my parcel?"}]
    values = {
        "input.value": json.dumps({"messages": messages}), "input.mime_type": "application/json",
        "output.value": json.dumps({"role": "assistant", "content": "It left yesterday."}), "output.mime_type": "application/json",
    }  # fmt: skip
    site.send(otlp.request(otlp.make_span("ask", kind="LLM", attributes=values), project="talk"))
    for name in ("spans", "traces"):
        page = open_page(site, tab(site, "talk", name))
        row = rows(page, name.capitalize()).first
        expect(row).to_contain_text("Where is my parcel?")
        expect(row).to_contain_text("It left yesterday.")
        expect(row).not_to_contain_text("Be brief.")
        expect(row).not_to_contain_text("role")
        expect(row).not_to_contain_text("{")


# -------------------------------------------------------------------- odd dates


@pytest.fixture
def skewed(make_site: Callable[..., Site]) -> Site:
    """Clocks that are off by ages, and a child that begins before its parent and ends after it."""
    site = make_site()
    trace, parent = bytes(range(16)), bytes(range(1, 9))
    now = time.time_ns()
    site.send(otlp.request(
        otlp.make_span("in-2554", start=18_430_000_000 * SECOND, attributes={"session.id": "s"}),
        otlp.make_span("at-zero", start=0, attributes={"session.id": "s"}),
        otlp.make_span("parent", trace_id=trace, span_id=parent, start=now, duration_ms=100),
        otlp.make_span("outside", trace_id=trace, parent=parent, start=now - 3600 * SECOND, duration_ms=7_200_000),
        project="skewed",
    ))  # fmt: skip
    return site


@pytest.mark.parametrize("name", ["Spans", "Traces", "Sessions"])
def test_tables_show_spans_of_any_time(open_page: Any, skewed: Site, name: str) -> None:
    page = open_page(skewed, tab(skewed, "skewed", name.lower(), "&spanFilterCondition="))
    settled(page, name)
    names = {"Spans": ("in-2554", "at-zero", "parent", "outside"), "Traces": ("in-2554", "at-zero", "parent"), "Sessions": ("s",)}[name]
    expect(rows(page, name)).to_have_count(len(names))
    for one in names:
        expect(cells(page, name).get_by_role("link", name=one, exact=True)).to_be_visible()
    expect(page.get_by_role("slider")).to_be_visible()
    expect(page.get_by_text(re.compile("NaN|Invalid Date|Infinity"))).to_have_count(0)
    page.get_by_role("columnheader", name="Start").get_by_role("button").click()
    settled(page, name)
    expect(rows(page, name)).to_have_count(len(names))


def test_metrics_and_config_show_spans_of_any_time(open_page: Any, skewed: Site) -> None:
    page = open_page(skewed, tab(skewed, "skewed", "metrics"))
    expect(page.get_by_role("slider", name="Traces by status")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text(re.compile("NaN|Invalid Date|Infinity"))).to_have_count(0)
    page.goto(skewed.url + tab(skewed, "skewed", "config"))
    expect(page.get_by_role("region", name="Data")).to_contain_text("3 traces with 4 spans")


def test_a_child_outside_of_its_parent_is_drawn(open_page: Any, skewed: Site) -> None:
    page = open_page(skewed, f"/projects/{skewed.project('skewed')}/traces/{bytes(range(16)).hex()}?{'timeRangeKey=all'}")
    tree = page.get_by_role("tree", name="Spans of the trace")
    expect(tree.get_by_role("treeitem")).to_have_count(2)
    tree.get_by_role("treeitem", name=re.compile("outside")).click()
    expect(page.get_by_role("region", name="Span", exact=True).get_by_role("heading", level=2)).to_have_text(re.compile("outside"))
    expect(page.get_by_text(re.compile("NaN|Invalid Date|Infinity"))).to_have_count(0)


@pytest.mark.parametrize("query", ["timeRangeStart=nonsense", "timeRangeKey=nonsense", "timeRangeKey=custom&timeRangeStart=9999-99-99&timeRangeEnd=later", "timeRangeKey=custom"])
def test_a_time_range_that_cannot_be_read_is_the_usual_one(open_page: Any, skewed: Site, query: str) -> None:
    for name in ("spans", "traces", "sessions", "metrics"):
        page = open_page(skewed, f"/projects/{skewed.project('skewed')}/{name}?{query}")
        expect(page.get_by_role("group", name="Time range").get_by_role("button", name="Last 7 days")).to_be_visible()
        if name == "spans":
            expect(cells(page).get_by_role("link", name="parent", exact=True)).to_be_visible()
            expect(field(page)).to_be_visible()
        elif name == "traces":
            expect(cells(page, "Traces").get_by_role("link", name="parent", exact=True)).to_be_visible()
        elif name == "sessions":
            # It reaches over all of time.
            expect(cells(page, "Sessions").get_by_role("link", name="s", exact=True)).to_be_visible()
        else:
            expect(page.get_by_role("slider", name="Traces by status")).to_be_visible()

"""Contents that try to be more than text: in a session, in a comparison and in the palette they do nothing."""

from __future__ import annotations

import json
import re
from typing import Any, Iterator
from urllib.parse import quote

import pytest
from conftest import Site, dom_size, ui_from
from playwright.sync_api import Locator, Page, expect
from support.server import Server
from trace_data import TRICKS, Trace, hostile, send, trace_id

SESSION = '"><img src=https://evil.example/s.png onerror=window.hacked=1>'
INJECTED = "script, iframe, object, embed, form, style, link, meta, base, svg [onload], [onerror], [onload], [ontoggle], [onfocus]"
LEADING_AWAY = 'a[href^="javascript" i], a[href^="data:" i], img:not([src^="data:image/"])'


@pytest.fixture(scope="module")
def traps(folder: Any, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server with two traces of tricks, and a session with a turn for each trick."""
    made = Site(Server(folder / "hostile", env=ui_from(request))).start()
    send(made, hostile(1), hostile(2, suffix=" <b onclick=alert(2)>changed</b>"), project="traps")
    send(made, *turns(), project="traps")
    yield made
    made.stop()


def turns() -> list[Trace]:
    """Every third turn has messages, and every third has JSON."""
    out = []
    for i, (name, text) in enumerate(TRICKS.items()):
        trace = Trace(100 + i)
        values: dict[str, Any] = {"input.value": text, "output.value": text}
        if i % 3 == 1:
            said = [{"role": text[:40], "content": text}, {"role": "user", "content": text}]
            values = {"input.value": json.dumps({"messages": said}), "output.value": json.dumps({"role": "assistant", "content": text})}
        elif i % 3 == 2:
            values = {key: json.dumps({text[:60]: [text]}) for key in values}
        if i % 3:
            values |= {"input.mime_type": "application/json", "output.mime_type": "application/json"}
        trace.add(f"{name}: {text[:40]}", failed=text[:200] if i % 5 == 0 else "", attributes={**values, "session.id": SESSION, "user.id": text[:100]})
        out.append(trace)
    return out


def assert_nothing_injected(page: Page, where: Locator) -> None:
    assert where.locator(INJECTED).count() == 0
    assert where.locator(LEADING_AWAY).count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("({}).hacked") is None


def test_a_session_of_tricks(open_page, traps):
    session = traps.graphql("query($s: String!) { getProjectSessionById(sessionId: $s) { id } }", s=SESSION)["getProjectSessionById"]["id"]
    page = open_page(traps, f"/projects/{traps.project('traps')}/sessions/{session}?timeRangeKey=all&view=full")
    feed = page.get_by_role("feed", name="Conversation")
    expect(page.get_by_role("heading", level=1)).to_have_text(SESSION)
    home = page.url.split("?")[0]
    for form in ("Raw", "Text", "Markdown"):
        page.get_by_role("radio", name=form, exact=True).check(force=True)
        for number in range(1, len(TRICKS) + 1):
            turn = feed.get_by_role("region", name=f"Turn {number}", exact=True)
            expect(turn).to_be_in_viewport()
            expect(turn.locator(".skeleton")).to_have_count(0)
            assert_nothing_injected(page, page.locator("main"))
            assert dom_size(page) < 6000
            page.keyboard.press("j")
        for _ in TRICKS:
            page.keyboard.press("k")
    page.get_by_role("tab", name="Traces").click()
    page.get_by_role("button", name="Spans of trace 1", exact=True).click()
    expect(page.get_by_role("list", name="Spans").get_by_role("listitem")).to_have_count(1)
    assert_nothing_injected(page, page.locator("main"))
    assert page.url.split("?")[0] == home


def test_a_comparison_of_tricks(open_page, traps):
    page = open_page(traps, f"/projects/{traps.project('traps')}/traces/compare?traceId={trace_id(1)}&traceId={trace_id(2)}")
    tree = page.get_by_role("tree", name="Spans of both traces")
    expect(tree.get_by_role("treeitem").first).to_be_visible()
    home = page.url.split("?")[0]
    tree.focus()
    page.keyboard.press("Home")
    pair = page.get_by_role("region", name="Pair", exact=True)
    for _ in range(len(TRICKS) + 2):
        expect(pair.locator(".skeleton")).to_have_count(0)
        assert_nothing_injected(page, page.locator("main"))
        assert dom_size(page) < 6000
        page.keyboard.press("ArrowDown")
    assert page.url.split("?")[0] == home


def test_tricks_in_the_palette(open_page, traps):
    page = open_page(traps, f"/projects/{traps.project('traps')}/traces/{trace_id(1)}?timeRangeKey=all")
    expect(page.get_by_role("tree", name="Spans of the trace").get_by_role("treeitem").first).to_be_visible()
    home = page.url.split("?")[0]
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search")
    palette = page.get_by_role("dialog").filter(has=field)
    expect(palette.get_by_role("option", name=re.compile("alert")).first).to_be_visible()
    for text in ("hacked", "evil.example", "onerror", '<img src="https://evil.example/x.png" onerror="window.hacked=1">', "'\"\\%_", trace_id(1)):
        field.fill(text)
        expect(palette.get_by_role("option").first).to_be_visible()
        expect(palette.get_by_role("status", name=re.compile("^Searching"))).to_have_count(0)
        assert_nothing_injected(page, palette)
    field.fill("hacked")
    found = palette.get_by_role("option").filter(has=page.locator("mark")).first
    expect(found.locator("mark").first).to_have_text("hacked")
    assert_nothing_injected(page, palette)
    assert page.url.split("?")[0] == home


def test_tricks_in_the_address(open_page, traps):
    trick = TRICKS["image"]
    page = open_page(traps, f"/projects/{traps.project('traps')}/traces/{quote(trick, safe='')}?view=full")
    page.watch.allow("404")
    expect(page.get_by_role("heading", name="No such trace")).to_be_visible()
    expect(page.locator("main")).to_contain_text(trick)
    assert_nothing_injected(page, page.locator("main"))

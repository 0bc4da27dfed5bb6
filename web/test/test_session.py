"""A session as a conversation: in its drawer, on its page, however long it is."""

from __future__ import annotations

import re
from urllib.parse import unquote

import conversations
import pytest
from conftest import check_axe, dom_size, shot
from playwright.sync_api import Page, expect

SESSION = "query($s: String!) { getProjectSessionById(sessionId: $s) { id numTraces } }"


def path_of(shop, session: str, more: str = "") -> str:
    node = shop.graphql(SESSION, s=session)["getProjectSessionById"]["id"]
    return f"/projects/{shop.project('shop-assistant')}/sessions/{node}?timeRangeKey=7d{more}"


def longest(shop) -> str:
    """The id of a session with messages in it and many turns."""
    query = """query($p: ID!) { node(id: $p) { ... on Project { sessions(first: 200) { edges { node {
        sessionId numTraces firstInput { mimeType } } } } } } }"""
    edges = shop.graphql(query, p=shop.project("shop-assistant"))["node"]["sessions"]["edges"]
    chats = [e["node"] for e in edges if e["node"]["sessionId"].startswith("chat") and (e["node"]["firstInput"] or {}).get("mimeType") == "json"]
    return max(chats, key=lambda chat: chat["numTraces"])["sessionId"]


def turn(page: Page, number: int):
    return page.get_by_role("feed", name="Conversation").get_by_role("region", name=f"Turn {number}", exact=True)


def test_a_conversation_reads_from_top_to_bottom(open_page, shop):
    session = longest(shop)
    page = open_page(shop, path_of(shop, session))
    expect(turn(page, 1)).to_contain_text("Where is my order 4417?")
    expect(turn(page, 1)).to_contain_text(re.compile("It left our warehouse|did not answer"))
    expect(turn(page, 2)).to_contain_text(re.compile(r"after \d"))
    expect(turn(page, 1)).to_contain_text(re.compile(r"\d+ tokens"))
    expect(page.get_by_role("region", name="Session").get_by_text(session, exact=True)).to_be_visible()
    shot(page, "session-dark")


def test_history_is_folded_and_can_be_opened(open_page, shop):
    page = open_page(shop, path_of(shop, longest(shop)))
    second = turn(page, 2)
    expect(second).to_contain_text("Can I still change the delivery address?")
    expect(second).not_to_contain_text("Where is my order 4417?")
    second.get_by_role("button", name=re.compile(r"Show \d earlier messages|Show an earlier message")).click()
    expect(second).to_contain_text("Where is my order 4417?")


def test_text_markdown_and_raw(open_page, shop):
    page = open_page(shop, path_of(shop, longest(shop)))
    expect(turn(page, 1).locator("strong, .turn-failed").first).to_be_visible()
    page.get_by_role("radio", name="Raw").check(force=True)
    expect(turn(page, 1)).to_contain_text('"role": "system"')
    page.get_by_role("radio", name="Text", exact=True).check(force=True)
    expect(turn(page, 1)).not_to_contain_text('"role"')
    page.reload()
    expect(page.get_by_role("radio", name="Text", exact=True)).to_be_checked()


def test_j_and_k_move_and_o_opens_the_trace(open_page, shop):
    page = open_page(shop, path_of(shop, "long-conversation"))
    expect(turn(page, 1)).to_contain_text("Question 1:")
    for _ in range(3):
        page.keyboard.press("j")
    expect(page).to_have_url(re.compile("turn=4"))
    expect(turn(page, 4)).to_be_in_viewport()
    expect(turn(page, 4)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile("turn=3"))
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/traces/[0-9a-f]{32}"))


def test_a_thousand_turns_stay_bounded(open_page, shop):
    page = open_page(shop, path_of(shop, "long-conversation", "&turn=1000"))
    expect(turn(page, 1000)).to_contain_text("Answer 1000.")
    expect(turn(page, 1000)).to_be_in_viewport()
    assert dom_size(page) < 1500
    feed = page.get_by_role("feed", name="Conversation")
    most = feed.evaluate(
        """async (box) => { let most = 0; for (let i = 0; i <= 40; i++) { box.scrollTop = (box.scrollHeight - box.clientHeight) * i / 40;
           await new Promise(r => setTimeout(r, 40)); most = Math.max(most, document.querySelectorAll('*').length); } return most; }"""
    )
    assert most < 2000, most
    feed.evaluate("box => { box.scrollTop = 0 }")
    expect(turn(page, 1)).to_contain_text("Question 1:")


def test_turns_are_read_in_pages_of_fifty(open_page, shop):
    asked: list[str] = []
    page = open_page(shop, "/projects?timeRangeKey=all")
    page.on("request", lambda r: asked.append(unquote(r.url) + (r.post_data or "")))
    page.goto(shop.url + path_of(shop, "long-conversation"))
    expect(turn(page, 1)).to_contain_text("Answer 1.")
    sizes = [int(size) for request in asked if "ProjectSession" in request or "UHJvamVjdFNlc3Npb246" in request for size in re.findall(r'"first":\s*(\d+)', request)]
    assert 50 in sizes and max(sizes) == 50, sizes


def test_traces_with_their_spans(open_page, shop):
    page = open_page(shop, path_of(shop, longest(shop)))
    page.get_by_role("tab", name="Traces").click()
    expect(page).to_have_url(re.compile("sessionView=traces"))
    page.get_by_role("button", name="Spans of trace 1", exact=True).click()
    expect(page.get_by_role("list", name="Spans")).to_contain_text("ChatCompletion")
    check_axe(page)
    shot(page, "session-traces-dark")
    page.get_by_role("list", name="Spans").get_by_role("link", name=re.compile("ChatCompletion")).click()
    expect(page).to_have_url(re.compile(r"/traces/[0-9a-f]{32}\?.*selectedSpanNodeId="))


def test_a_new_turn_appears(make_site, open_page):
    site = make_site()
    turns = conversations.long_session(6)
    conversations.send(site.server.url, "shop-assistant", [*turns[:2], turns[3]])
    page = open_page(site, path_of(site, "long-conversation"))
    expect(turn(page, 3)).to_contain_text("Answer 4.")
    conversations.send(site.server.url, "shop-assistant", turns[4:])
    expect(turn(page, 4)).to_contain_text("Answer 5.")
    # One that arrives late takes its place.
    conversations.send(site.server.url, "shop-assistant", [turns[2]])
    expect(turn(page, 3)).to_contain_text("Answer 3.")
    expect(turn(page, 6)).to_contain_text("Answer 6.")


def send(site, trace: conversations.Trace, *spans) -> None:
    """Sends some spans of a trace."""
    part = conversations.Trace(trace.rng, trace.start, trace.shared, list(spans))
    conversations.send(site.server.url, "shop-assistant", [part])


def test_a_turn_is_read_again_when_its_root_arrives(make_site, open_page):
    site = make_site()
    first, second = conversations.long_session(2)
    root = second.spans[0]
    child = second.add("ChatCompletion", "LLM", 20, 100, parent=root, llm__model_name="gpt-4o")
    conversations.send(site.server.url, "shop-assistant", [first])
    send(site, second, child)
    page = open_page(site, path_of(site, "long-conversation"))
    expect(turn(page, 2)).to_contain_text("No input was recorded.")
    send(site, second, root)
    expect(turn(page, 2)).to_contain_text("Question 2:")
    expect(turn(page, 2)).to_contain_text("Answer 2.")
    expect(turn(page, 1)).to_contain_text("Answer 1.")


def test_the_spans_of_a_trace_follow_it(make_site, open_page):
    site = make_site()
    (only,) = conversations.long_session(1)
    conversations.send(site.server.url, "shop-assistant", [only])
    page = open_page(site, path_of(site, "long-conversation", "&sessionView=traces"))
    page.get_by_role("button", name="Spans of trace 1", exact=True).click()
    spans = page.get_by_role("list", name="Spans")
    expect(spans.get_by_role("listitem")).to_have_count(1)
    send(site, only, only.add("late", "TOOL", 20, 100, parent=only.spans[0]))
    expect(spans).to_contain_text("late")


def test_turns_that_are_deleted_go(make_site, open_page):
    site = make_site()
    turns = conversations.long_session(4)
    conversations.send(site.server.url, "shop-assistant", turns)
    page = open_page(site, path_of(site, "long-conversation"))
    expect(turn(page, 2)).to_contain_text("Answer 2.")
    site.server.http.delete(f"/v1/traces/{turns[1].id.hex()}").raise_for_status()
    expect(turn(page, 2)).to_contain_text("Answer 3.")
    expect(turn(page, 3)).to_contain_text("Answer 4.")
    expect(turn(page, 4)).to_have_count(0)
    site.server.http.delete("/v1/sessions/long-conversation").raise_for_status()
    expect(page.get_by_role("heading", name="No such session")).to_be_visible()


def test_drawer_page_and_back(open_page, shop):
    page = open_page(shop, path_of(shop, longest(shop)))
    page.get_by_role("button", name="Show as a page").click()
    expect(page).to_have_url(re.compile("view=full"))
    expect(turn(page, 1)).to_be_visible()
    page.get_by_role("button", name="Show beside the sessions").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page).to_have_url(re.compile(r"/sessions(\?|$)"))


def test_a_narrow_session_keeps_its_switch_within_the_page(open_page, shop):
    page = open_page(shop, path_of(shop, longest(shop)), width=420)
    box = page.get_by_role("radiogroup", name="Text as").bounding_box()
    assert box["x"] >= 10 and box["x"] + box["width"] <= 410


def test_an_unknown_session_is_said(open_page, shop):
    page = open_page(shop, f"/projects/{shop.project('shop-assistant')}/sessions/UHJvamVjdFNlc3Npb246OTk5OTk=")
    expect(page.get_by_role("heading", name="No such session")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_session_is_accessible(open_page, shop, theme, width):
    page = open_page(shop, path_of(shop, longest(shop), "&view=full"), theme=theme, width=width)
    expect(turn(page, 1)).to_contain_text("order 4417")
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"session-{theme}-{width}")

"""A trace: its tree and waterfall, the details of each kind of span, two traces side by side."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import quote

import pytest
import trace_data
from conftest import Site, check_axe, dom_size, shot, ui_from
from playwright.sync_api import Page, expect
from support.server import Server
from trace_data import trace_id

AGENT, HOSTILE, BROKEN, OTHER, HUGE, LEFT, RIGHT, NESTED = range(1, 9)


@pytest.fixture(scope="module")
def shown(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server with the traces of trace_data."""
    made = Site(Server(folder / "trace-view", env=ui_from(request))).start()
    trace_data.send(made, trace_data.agent(AGENT), trace_data.hostile(HOSTILE), trace_data.broken(BROKEN), trace_data.agent(OTHER, "Oslo", slower=900))
    yield made
    made.stop()


def path(site: Site, number: int, more: str = "", kind: str = "traces") -> str:
    return f"/projects/{site.project('trace-view')}/{kind}/{trace_id(number)}?timeRangeKey=all{more}"


@pytest.fixture
def opened(open_page: Any, shown: Site) -> Page:
    page = open_page(shown, path(shown, AGENT))
    expect(row(page, "travel_agent")).to_have_attribute("aria-selected", "true")
    return page


def tree(page: Page):
    return page.get_by_role("tree", name="Spans of the trace")


def row(page: Page, name: str):
    return tree(page).get_by_role("treeitem", name=re.compile(rf"\b{re.escape(name)}\b")).first


def detail(page: Page):
    return page.get_by_role("region", name="Span", exact=True)


def found(page: Page):
    """How many spans the search of the trace found."""
    return page.get_by_role("toolbar", name="Tree").get_by_role("status")


def select(page: Page, name: str):
    row(page, name).click()
    expect(detail(page).get_by_role("heading", level=2)).to_have_text(re.compile(re.escape(name)))
    return detail(page)


# -------------------------------------------------------------------- tree


def test_a_trace_opens_over_its_table(opened, shown):
    drawer = opened.get_by_role("region", name="Trace", exact=True)
    expect(drawer.get_by_role("heading", level=2, name="travel_agent").first).to_be_visible()
    expect(drawer.get_by_text("Error below")).to_be_visible()
    expect(drawer.get_by_text("530", exact=True)).to_be_visible()
    expect(drawer.get_by_role("link", name="Session")).to_have_attribute("href", re.compile("/sessions/"))
    expect(tree(opened).get_by_role("treeitem")).to_have_count(11)
    shot(opened, "trace-dark")
    opened.keyboard.press("Escape")
    expect(opened).to_have_url(re.compile(r"/traces\?"))
    expect(drawer).to_have_count(0)


def test_the_full_page_is_a_link_of_its_own(opened):
    opened.get_by_role("button", name="Full page").click()
    expect(opened).to_have_url(re.compile("view=full"))
    expect(row(opened, "travel_agent")).to_be_visible()
    opened.get_by_role("button", name="Beside the table").click()
    expect(opened).not_to_have_url(re.compile("view=full"))
    opened.keyboard.press("Shift+F")
    expect(opened).to_have_url(re.compile("view=full"))


def test_the_full_page_says_where_one_is(open_page, shown):
    page = open_page(shown, path(shown, AGENT, "&view=full"))
    expect(page.get_by_role("heading", level=1)).to_have_text("travel_agent")
    expect(page).to_have_title(re.compile("^travel_agent"))
    expect(row(page, "travel_agent")).to_be_visible()
    check_axe(page)
    crumbs = page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link")
    expect(crumbs).to_have_text(["Projects", "trace-view"])
    crumbs.last.click()
    expect(page).to_have_url(re.compile(r"/traces\?timeRangeKey=all$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("trace-view")


def test_the_full_page_of_an_unknown_trace_leads_back(open_page, shown):
    page = open_page(shown, f"/projects/{shown.project('trace-view')}/traces/{'0' * 31}f?timeRangeKey=all&view=full")
    page.watch.allow("404")
    expect(page.get_by_role("heading", name="No such trace")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Projects").click()
    expect(page).to_have_url(re.compile(r"/projects$"))


def test_the_narrow_full_page_has_its_navigation(open_page, shown):
    page = open_page(shown, path(shown, AGENT, "&view=full"), width=700)
    expect(row(page, "travel_agent")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Navigation", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_keys_move_through_the_tree(opened):
    tree(opened).focus()
    keys = opened.keyboard
    keys.press("ArrowDown")
    expect(row(opened, "input_guard")).to_have_attribute("aria-selected", "true")
    keys.press("j")
    expect(row(opened, "plan")).to_have_attribute("aria-selected", "true")
    keys.press("k")
    keys.press("ArrowUp")
    expect(row(opened, "travel_agent")).to_have_attribute("aria-selected", "true")
    keys.press("ArrowLeft")
    expect(tree(opened).get_by_role("treeitem")).to_have_count(1)
    expect(row(opened, "travel_agent")).to_have_attribute("aria-expanded", "false")
    keys.press("ArrowRight")
    expect(tree(opened).get_by_role("treeitem")).to_have_count(11)
    keys.press("End")
    expect(row(opened, "judge")).to_have_attribute("aria-selected", "true")
    keys.press("ArrowLeft")
    expect(row(opened, "travel_agent")).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(detail(opened).get_by_role("tabpanel")).to_be_focused()
    keys.press("Escape")
    expect(tree(opened)).to_be_focused()


def test_e_goes_to_the_next_error(opened):
    opened.keyboard.press("e")
    expect(row(opened, "get_weather")).to_have_attribute("aria-selected", "true")
    expect(detail(opened).get_by_role("note", name="Error")).to_contain_text("LookupError")
    opened.keyboard.press("Home")
    opened.get_by_role("button", name="1 error").click()
    expect(row(opened, "get_weather")).to_have_attribute("aria-selected", "true")


def test_e_and_shift_e_go_through_the_errors(open_page, shown):
    failing = trace_data.Trace(60)
    failing.add("several errors", "AGENT", ms=100)
    for i in range(6):
        failing.add(f"step {i}", parent=0, start=i * 10, failed="broken" if i in (1, 3, 4) else "")
    trace_data.send(shown, failing)
    page = open_page(shown, path(shown, 60))
    expect(row(page, "several errors")).to_have_attribute("aria-selected", "true")
    for keys, name in (("e", "step 1"), ("e", "step 3"), ("Shift+E", "step 1"), ("Shift+E", "step 4"), ("e", "step 1")):
        page.keyboard.press(keys)
        expect(row(page, name)).to_have_attribute("aria-selected", "true")


def test_ids_and_links_can_be_copied(opened, shown):
    def copied(text: str) -> None:
        opened.wait_for_function("text => navigator.clipboard.readText().then((copied) => copied === text)", arg=text)

    select(opened, "plan").get_by_role("button", name="Copy the span id").click()
    copied((AGENT * 1_000_000 + 3).to_bytes(8, "big").hex())
    opened.get_by_role("button", name="More", exact=True).click()
    opened.get_by_role("menuitem", name="Copy the trace id").click()
    copied(trace_id(AGENT))
    opened.get_by_role("button", name="Copy a link to the trace").click()
    copied(opened.evaluate("document.baseURI") + f"projects/{quote(shown.project('trace-view'))}/traces/{trace_id(AGENT)}")


def test_the_minimap_zooms_moves_and_shows_all_again(opened):
    strip = opened.locator(".tree-minimap")
    box = strip.bounding_box()

    def drag(start: float, end: float) -> None:
        opened.mouse.move(box["x"] + box["width"] * start, box["y"] + 10)
        opened.mouse.down()
        opened.mouse.move(box["x"] + box["width"] * end, box["y"] + 10, steps=5)
        opened.mouse.up()

    shade = strip.locator(".tree-shade")
    expect(shade).to_have_count(0)
    drag(0.2, 0.4)
    expect(shade).to_have_count(2)
    before = shade.first.bounding_box()["width"]
    assert abs(before - 0.2 * box["width"]) < 0.03 * box["width"]
    drag(0.3, 0.6)
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()
    assert shade.first.bounding_box()["width"] > before + 0.2 * box["width"]
    strip.dblclick(position={"x": 5, "y": 10})
    expect(shade).to_have_count(0)


def test_what_is_selected_is_in_the_url(opened):
    select(opened, "rerank")
    expect(opened).to_have_url(re.compile("selectedSpanNodeId=U3Bhb"))
    opened.reload()
    expect(row(opened, "rerank")).to_have_attribute("aria-selected", "true")


def test_y_copies_a_link_to_the_span(opened):
    select(opened, "plan")
    opened.keyboard.press("y")
    expect(opened.get_by_text("Copied the link to the span")).to_be_visible()
    link = opened.evaluate("navigator.clipboard.readText()")
    opened.goto(link)
    expect(row(opened, "plan")).to_have_attribute("aria-selected", "true")


def test_zoom_by_keys_wheel_and_ruler(opened):
    bar = row(opened, "embed").locator(".tree-bar")
    before = bar.bounding_box()["width"]
    select(opened, "embed")
    opened.keyboard.press("f")
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()
    assert bar.bounding_box()["width"] > 10 * before
    expect(opened).to_have_url(re.compile("zoom=5"))
    opened.reload()
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()
    opened.keyboard.press("0")
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_have_count(0)
    opened.keyboard.press("+")
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()
    opened.keyboard.press("-")
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_have_count(0)
    ruler = opened.locator(".tree-ruler").bounding_box()
    opened.mouse.move(ruler["x"] + 20, ruler["y"] + 8)
    opened.mouse.down()
    opened.mouse.move(ruler["x"] + 120, ruler["y"] + 8, steps=4)
    opened.mouse.up()
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()
    opened.get_by_role("button", name=re.compile("Show all")).click()
    opened.mouse.move(ruler["x"] + 60, ruler["y"] + 200)
    opened.keyboard.down("Control")
    opened.mouse.wheel(0, -400)
    opened.keyboard.up("Control")
    expect(opened.get_by_role("button", name=re.compile("Show all"))).to_be_visible()


def test_the_critical_path_fades_what_nobody_waited_for(opened):
    opened.keyboard.press("c")
    expect(opened).to_have_url(re.compile("criticalPath=1"))
    expect(row(opened, "get_weather")).to_have_class(re.compile("tree-faded"))
    expect(row(opened, "search_flights")).not_to_have_class(re.compile("tree-faded"))
    expect(opened.get_by_role("button", name="Critical path")).to_have_attribute("aria-pressed", "true")
    shot(opened, "trace-critical-dark")
    opened.keyboard.press("c")
    expect(row(opened, "get_weather")).not_to_have_class(re.compile("tree-faded"))


def test_search_finds_names_and_contents(opened):
    opened.keyboard.press("/")
    field = opened.get_by_role("searchbox", name=re.compile("Search in this trace"))
    expect(field).to_be_focused()
    opened.keyboard.type("rerank")
    expect(found(opened)).to_have_text("1 span")
    expect(tree(opened).get_by_role("treeitem")).to_have_count(2)
    field.fill("never invent")
    expect(found(opened)).to_have_text("2 spans")
    opened.keyboard.press("Enter")
    expect(row(opened, "plan")).to_have_attribute("aria-selected", "true")
    expect(detail(opened).locator("mark").first).to_have_text("never invent")
    expect(opened).to_have_url(re.compile("spanSearch=never"))
    field.fill("nothing has this")
    expect(opened.get_by_role("heading", name="Nothing found")).to_be_visible()
    opened.get_by_role("button", name="Show all spans").click()
    expect(tree(opened).get_by_role("treeitem")).to_have_count(11)


def test_brackets_go_to_the_traces_beside(opened, shown):
    opened.keyboard.press("[")
    expect(opened).not_to_have_url(re.compile(trace_id(AGENT)))
    opened.keyboard.press("]")
    expect(opened).to_have_url(re.compile(trace_id(AGENT)))
    expect(row(opened, "travel_agent")).to_be_visible()


def test_brackets_go_past_the_rows_that_are_loaded(open_page, shown):
    count, loaded = 108, 100
    traces = [trace_data.Trace(1000 + i) for i in range(count)]
    for trace in traces:
        trace.add(f"trace {trace.number}")
    trace_data.send(shown, *traces, project="beside")
    # The table begins with the latest.
    numbers = [trace.number for trace in reversed(traces)]
    at = f"/projects/{shown.project('beside')}/traces/"
    page = open_page(shown, f"{at}{trace_id(numbers[loaded - 3])}?timeRangeKey=all")
    expect(page.get_by_role("treegrid", name="Traces").get_by_role("row").nth(1)).to_be_visible()
    for number in numbers[loaded - 3 : loaded + 3]:
        expect(row(page, f"trace {number}")).to_be_visible()
        page.keyboard.press("]")
    for number in reversed(numbers[loaded : loaded + 4]):
        expect(row(page, f"trace {number}")).to_be_visible()
        page.keyboard.press("[")
    page.goto(f"{shown.url}{at}{trace_id(numbers[-1])}?timeRangeKey=all")
    expect(row(page, f"trace {numbers[-1]}")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_text("This is the last trace.")).to_be_visible()
    page.keyboard.press("[")
    expect(row(page, f"trace {numbers[-2]}")).to_be_visible()


def test_broken_trees_are_mended_and_marked(open_page, shown):
    page = open_page(shown, path(shown, BROKEN))
    expect(tree(page).get_by_role("treeitem")).to_have_count(6)
    expect(row(page, "orphan").get_by_text("orphan", exact=True).last).to_be_visible()
    expect(tree(page).get_by_text("cycle")).to_have_count(2)
    expect(row(page, "circle a")).to_have_attribute("aria-level", "2")
    select(page, "ends before it starts")
    expect(detail(page).get_by_text("no end")).to_be_visible()


def test_an_unknown_trace_says_so(open_page, shown):
    page = open_page(shown, f"/projects/{shown.project('trace-view')}/traces/{'0' * 31}f?timeRangeKey=all")
    page.watch.allow("404")
    expect(page.get_by_role("heading", name="No such trace")).to_be_visible()
    page.get_by_role("button", name="Back to the traces").click()
    expect(page).to_have_url(re.compile(r"/traces\?"))


def test_an_unknown_span_in_the_url_selects_the_root(open_page, shown):
    page = open_page(shown, path(shown, AGENT, "&selectedSpanNodeId=nonsense"))
    expect(row(page, "travel_agent")).to_have_attribute("aria-selected", "true")


def test_spans_that_arrive_later_appear(open_page, shown):
    late = trace_data.Trace(50)
    late.add("first", ms=20)
    trace_data.send(shown, late)
    page = open_page(shown, path(shown, 50))
    expect(tree(page).get_by_role("treeitem")).to_have_count(1)
    late.add("second", parent=0, start=5)
    trace_data.send(shown, late)
    expect(row(page, "second")).to_be_visible()


# -------------------------------------------------------------------- kinds of spans


def test_a_call_of_a_model(opened):
    span = select(opened, "plan")
    expect(span.get_by_text("gpt-4o-mini")).to_be_visible()
    expect(span.get_by_text("temperature 0.2")).to_be_visible()
    expect(span.get_by_role("article", name="Message of system")).to_contain_text("never invent prices")
    expect(span.get_by_role("article", name="Message of user").locator("strong")).to_have_text("four days")
    answer = span.get_by_role("article", name="Message of assistant")
    expect(answer).to_contain_text('search_flights(to: "Lisbon")')
    expect(answer).to_contain_text('get_weather(city: "Lisbon", days: 4)')
    span.get_by_role("radio", name="Text", exact=True).check(force=True)
    expect(span.get_by_role("article", name="Message of user")).to_contain_text("**four days**")
    span.get_by_role("radio", name="Tools 1").check(force=True)
    span.get_by_text("search_flights").first.click()
    expect(span.get_by_role("table")).to_contain_text("Where to")
    span.get_by_role("button", name="150 tok").click()
    expect(opened.get_by_role("dialog", name="Tokens")).to_contain_text("cache read64")
    opened.keyboard.press("Escape")
    span.get_by_role("button", name="$", exact=False).click()
    expect(opened.get_by_role("dialog", name="Cost")).to_contain_text("Total")


def test_a_call_shows_where_its_time_went(open_page, shown):
    trace = trace_data.Trace(61)
    root = trace.add("streaming", "AGENT", ms=1200)
    call = trace.add("streamed", "LLM", root, 100, 1000, attributes={"llm.model_name": "gpt-4o", "gen_ai.latency.time_in_queue": 0.1})
    trace.spans[call].events.add(name="First Token Stream Event", time_unix_nano=trace.spans[call].start_time_unix_nano + 300_000_000)
    trace_data.send(shown, trace)
    page = open_page(shown, path(shown, 61))
    expect(row(page, "streaming")).to_have_attribute("aria-selected", "true")
    expect(select(page, "streamed")).to_contain_text("100 ms in the queue, first token after 300 ms, 700 ms of output")
    bar = row(page, "streamed").locator(".tree-bar")
    expect(bar).to_have_attribute("title", re.compile("first token after 300 ms"))
    prompt = bar.locator(".tree-phase-prompt").bounding_box()["width"]
    assert abs(prompt / bar.bounding_box()["width"] - 0.2) < 0.02
    check_axe(page)
    shot(page, "trace-phases-dark")


def test_history_that_an_earlier_call_showed_is_folded(opened):
    span = select(opened, "answer")
    folded = span.get_by_role("button", name=re.compile("3 messages shown before"))
    expect(folded).to_be_visible()
    expect(span.get_by_role("article")).to_have_count(3)
    folded.click()
    expect(span.get_by_role("article")).to_have_count(6)
    span.get_by_role("button", name="in plan").click()
    expect(row(opened, "plan")).to_have_attribute("aria-selected", "true")


def test_a_prompt_template_with_its_variables(opened):
    span = select(opened, "answer")
    span.get_by_role("radio", name="Template").check(force=True)
    expect(span.locator(".template-variable").first).to_have_text("{city}")
    expect(span.get_by_text("the guides")).to_be_visible()


def test_images_that_the_span_carries_are_shown_and_others_are_not(opened):
    span = select(opened, "look")
    expect(span.locator("img")).to_have_count(1)
    expect(span.locator("img")).to_have_js_property("naturalWidth", 1)
    expect(span.get_by_text("https://elsewhere.example/cat.png")).to_be_visible()
    expect(span.get_by_text("fetches nothing from other machines")).to_be_visible()
    reasoning = span.locator("details").filter(has_text="Reasoning")
    expect(reasoning.get_by_text("A cat?")).to_be_visible()
    reasoning.locator("summary").click()
    expect(reasoning.get_by_text("A cat?")).to_be_hidden()


def test_a_retriever_and_a_reranker(opened):
    span = select(opened, "retrieve")
    items = span.get_by_role("region", name="Documents").get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.first).to_contain_text("Guide 0")
    expect(items.first).to_contain_text("0.8")
    span = select(opened, "rerank")
    items = span.get_by_role("region", name="Documents").get_by_role("listitem")
    expect(span.get_by_text("3 documents in, 2 out, 1 dropped")).to_be_visible()
    expect(items.nth(0)).to_contain_text("up 2")
    expect(items.nth(1)).to_contain_text("down 1")
    expect(items.nth(2)).to_contain_text("from 2")
    shot(opened, "trace-reranker-dark")


def test_embedding_tool_guardrail_evaluator_and_agent(opened):
    expect(select(opened, "embed")).to_contain_text("sights of Lisbon")
    expect(detail(opened)).to_contain_text("dimensions 16")
    expect(select(opened, "search_flights")).to_contain_text('search_flights(to: "Lisbon")')
    expect(detail(opened).get_by_role("region", name="Result")).to_contain_text("price: 242")
    expect(select(opened, "input_guard").locator(".verdict")).to_contain_text("allowed")
    expect(select(opened, "judge").locator(".verdict")).to_contain_text("correct0.9")
    expect(select(opened, "travel_agent").get_by_role("region", name="Output")).to_contain_text("Done.")
    expect(detail(opened).get_by_role("region", name="Metadata")).to_contain_text("ines")


def test_attributes_can_be_searched(opened):
    span = select(opened, "plan")
    span.get_by_role("tab", name="Attributes").click()
    expect(opened).to_have_url(re.compile("tab=attributes"))
    expect(span.get_by_text("model_name")).to_be_visible()
    span.get_by_role("searchbox", name="Find in attributes").fill("cache_read")
    expect(span.get_by_text("llm.token_count.prompt_details.cache_read")).to_be_visible()
    expect(span.get_by_text("1 place")).to_be_visible()


def test_events_with_a_stack_trace(opened):
    span = select(opened, "get_weather")
    expect(span.get_by_role("tab", name="Events 1")).to_be_visible()
    span.get_by_role("button", name="Stack trace").click()
    expect(span.get_by_role("tab", name="Events 1")).to_have_attribute("aria-selected", "true")
    expect(span.locator(".stack-frame")).to_contain_text("/app/shop/orders.py:42")
    expect(span.locator(".stack-library")).to_contain_text("site-packages")
    span.get_by_role("button", name="As text").click()
    expect(span.get_by_text("Traceback (most recent call last)")).to_be_visible()


def test_raw_json_and_downloads(opened):
    span = select(opened, "plan")
    span.get_by_role("tab", name="Raw JSON").click()
    expect(span.get_by_role("tabpanel")).to_contain_text('"spanKind": "llm"')
    span.get_by_role("button", name="More about the span").click()
    with opened.expect_download() as download:
        opened.get_by_role("menuitem", name="Download as JSON").click()
    assert json.loads(Path(download.value.path()).read_text())["name"] == "plan"
    opened.get_by_role("button", name="More", exact=True).click()
    with opened.expect_download() as download:
        opened.get_by_role("menuitem", name="Download as JSON lines").click()
    assert len(Path(download.value.path()).read_text().splitlines()) == 11


# -------------------------------------------------------------------- hostile contents


def test_hostile_contents_do_nothing(open_page, shown):
    page = open_page(shown, path(shown, HOSTILE, "&view=full"))
    expect(tree(page).get_by_role("treeitem")).to_have_count(24)
    tree(page).focus()
    home = page.url.split("?")[0]
    for _ in range(24):
        expect(detail(page).get_by_role("tabpanel").locator(".skeleton")).to_have_count(0)
        for tab in ("Attributes", "Events", "Raw JSON", "Info"):
            detail(page).get_by_role("tab", name=re.compile(f"^{tab}")).click()
        for mode in ("Text", "Markdown"):
            radios = detail(page).get_by_role("radio", name=mode, exact=True)
            if radios.count():
                radios.first.check(force=True)
        panel = detail(page).get_by_role("tabpanel")
        assert panel.locator("script, iframe, object, embed, form, style, link, meta, base, svg [onload], [onerror], [onload], [ontoggle]").count() == 0
        assert panel.locator('a[href^="javascript" i], a[href^="data:" i], img:not([src^="data:image/"])').count() == 0
        assert dom_size(page) < 4000
        tree(page).focus()
        page.keyboard.press("ArrowDown")
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("({}).hacked") is None
    assert page.url.split("?")[0] == home


def test_characters_that_cannot_be_seen_are_shown(open_page, shown):
    page = open_page(shown, path(shown, HOSTILE))
    span = select(page, "bidi")
    expect(span.get_by_text("RLO").first).to_be_visible()
    expect(row(page, "bidi").get_by_text("RLO")).to_be_visible()


def test_a_text_of_megabytes_can_be_read_whole(open_page, shown):
    page = open_page(shown, path(shown, HOSTILE))
    span = select(page, "five megabytes")
    more = span.get_by_role("button", name=re.compile("Show all 5.0M characters")).first
    expect(more).to_be_visible()
    more.click()
    expect(span.get_by_role("button", name="Show less")).to_be_visible()
    assert dom_size(page) < 4000
    tree(page).focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, "ten thousand keys")).to_have_attribute("aria-selected", "true")
    expect(detail(page).get_by_role("button", name=re.compile("Show 100 more of 10,000")).first).to_be_visible()


# -------------------------------------------------------------------- large traces


@pytest.fixture(scope="module")
def huge(shown: Site) -> Site:
    trace_data.send(shown, trace_data.many(HUGE, 100_000))
    return shown


#: Scrolls from top to bottom and answers with the most elements that the page had on the way.
SCROLL = """async () => {
  const box = document.querySelector('[role=tree]'), frame = () => new Promise((r) => requestAnimationFrame(r));
  let most = 0;
  for (let i = 0; i <= 60; i++) {
    box.scrollTop = ((box.scrollHeight - box.clientHeight) * i) / 60;
    await frame();
    most = Math.max(most, document.querySelectorAll('*').length);
  }
  return most;
}"""


def test_a_hundred_thousand_spans(open_page, huge):
    # How long it takes is measured by the benchmarks.
    page = open_page(huge, path(huge, HUGE, "&view=full"))
    expect(row(page, "research")).to_be_visible()
    page.get_by_role("button", name="Open all").click()
    expect(page.get_by_role("button", name="Close all")).to_be_visible()
    assert page.evaluate(SCROLL) < 2500
    tree(page).focus()
    page.keyboard.press("e")
    expect(detail(page).get_by_role("note", name="Error")).to_contain_text("no seats")
    page.keyboard.press("/")
    page.keyboard.type("odd_tool")
    expect(found(page)).to_have_text(re.compile(r"^\d+ spans$"))
    shot(page, "trace-huge-dark")


# -------------------------------------------------------------------- two traces side by side


def compare_path(site: Site, left: int, right: int, more: str = "") -> str:
    return f"/projects/{site.project('trace-view')}/traces/compare?traceId={trace_id(left)}&traceId={trace_id(right)}{more}"


def pairs(page: Page):
    return page.get_by_role("tree", name="Spans of both traces")


def test_two_traces_side_by_side(open_page, shown):
    page = open_page(shown, compare_path(shown, AGENT, OTHER))
    expect(page.get_by_role("region", name="Trace A").get_by_role("link")).to_have_text("travel_agent")
    expect(page.get_by_text(re.compile("11 spans in both"))).to_be_visible()
    answer = pairs(page).get_by_role("treeitem", name=re.compile(r"\banswer\b"))
    expect(answer).to_contain_text("output")
    expect(answer).to_contain_text("+900 ms")
    answer.click()
    panel = page.get_by_role("region", name="Pair")
    expect(panel.locator("del").first).to_contain_text("Lisbon")
    expect(panel.locator("ins").first).to_contain_text("Oslo")
    expect(panel.get_by_text("The same in both: ")).to_contain_text("parameters")
    expect(page).to_have_url(re.compile("pair="))
    page.get_by_role("radio", name="Only differences").check(force=True)
    expect(pairs(page).get_by_role("treeitem", name=re.compile("look"))).to_have_count(0)
    pairs(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"pair=\d"))
    shot(page, "compare-dark")
    page.get_by_role("button", name="Swap").click()
    expect(pairs(page).get_by_role("treeitem", name=re.compile(r"\banswer\b"))).to_contain_text("−900 ms")


@pytest.mark.parametrize("width", [900, 420])
def test_names_of_compared_spans_come_before_what_differs(open_page, shown, width):
    nested = trace_data.Trace(NESTED)
    parent = -1
    for level in range(30):
        parent = nested.add(f"step of level {level}", parent=parent, ms=100)
    trace_data.send(shown, nested)
    page = open_page(shown, compare_path(shown, NESTED, AGENT), width=width)
    expect(pairs(page).get_by_role("treeitem").first).to_be_visible()
    # Twelve characters, or all of a shorter name, whole within what is seen of its line.
    narrow = pairs(page).locator(".tree-text").evaluate_all("""all => all.filter(text => {
        const shown = text.getBoundingClientRect(), cell = text.closest('.tree-name').getBoundingClientRect();
        return Math.min(shown.right, cell.right) - shown.left < Math.min(text.scrollWidth, 80) - 1;
    }).map(text => text.textContent)""")
    assert narrow == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_second_trace_is_chosen_from_a_list(open_page, shown):
    page = open_page(shown, path(shown, AGENT))
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Compare with another trace").click()
    expect(page.get_by_role("heading", name="With which trace?")).to_be_visible()
    page.get_by_role("searchbox").fill(trace_id(OTHER))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("11 spans in both"))).to_be_visible()


def test_two_traces_of_five_thousand_spans(open_page, shown):
    trace_data.send(shown, trace_data.many(LEFT, 5000), trace_data.many(RIGHT, 5000, seed=2))
    page = open_page(shown, compare_path(shown, LEFT, RIGHT))
    summary = page.locator(".compare-sum")
    expect(summary).to_contain_text("spans in both")
    both = int(re.search(r"[\d,]+", summary.inner_text())[0].replace(",", ""))
    assert 4500 < both <= 5000
    assert dom_size(page) < 2500


# -------------------------------------------------------------------- for everybody


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("what", ["drawer", "page", "events", "attributes", "reranker", "compare"])
def test_no_accessibility_violation(open_page, shown, theme, what):
    where = {"compare": compare_path(shown, AGENT, OTHER, "&pair=2"), "page": path(shown, AGENT, "&view=full"), "events": path(shown, AGENT, "&tab=events"), "attributes": path(shown, AGENT, "&tab=attributes")}.get(what, path(shown, AGENT))
    page = open_page(shown, where, theme=theme)
    expect(page.get_by_role("treeitem").first).to_be_visible()
    if what == "events":
        page.keyboard.press("e")
        expect(page.get_by_text("Stack trace").first).to_be_visible()
    elif what == "reranker":
        select(page, "rerank")
    else:
        expect(page.locator(".skeleton")).to_have_count(0)
    page.wait_for_timeout(300)
    check_axe(page)
    shot(page, f"trace-{what}-{theme}")


@pytest.mark.parametrize("width", [900, 1100, 1440])
def test_a_trace_leaves_no_strip_of_its_table(open_page, shown, width):
    page = open_page(shown, path(shown, AGENT), width=width)
    drawer = page.get_by_role("region", name="Trace", exact=True)
    expect(drawer).to_be_visible()
    rail = page.get_by_role("navigation", name="Main").bounding_box()
    assert drawer.bounding_box()["x"] == rail["x"] + rail["width"]
    # Whoever draws it to the right has the table back.
    handle = drawer.get_by_role("separator", name="Width of trace")
    handle.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    assert drawer.bounding_box()["x"] - rail["width"] >= 120


@pytest.mark.parametrize("width", [320, 900])
def test_narrow_pages_lose_nothing(open_page, shown, width):
    page = open_page(shown, path(shown, AGENT), width=width)
    expect(row(page, "travel_agent")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    select(page, "plan")
    expect(detail(page).get_by_role("article", name="Message of user")).to_be_visible()
    close = page.get_by_role("button", name="Close the trace")
    box = close.bounding_box()
    assert box["x"] + box["width"] <= width
    shot(page, f"trace-{width}")
    close.click()
    expect(tree(page)).to_have_count(0)

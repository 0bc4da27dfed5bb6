"""What tests of a project's page look at and do."""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import parse_qs, urlparse

from conftest import WEB, Site
from playwright.sync_api import Locator, Page, Request, expect

ALL_TIME = "timeRangeKey=all"


def rows(page: Page, name: str = "Spans") -> Locator:
    return cells(page, name).locator('[role="row"][aria-rowindex]:not([aria-rowindex="1"]):not([aria-busy])')


def cells(page: Page, name: str = "Spans") -> Locator:
    return page.get_by_role("treegrid" if name == "Traces" else "grid", name=name)


def tab(site: Site, project: str, name: str, query: str = "") -> str:
    return f"/projects/{site.project(project)}/{name}?{ALL_TIME}{query}"


def count(page: Page, text: str) -> None:
    expect(page.get_by_role("toolbar", name=re.compile("View of")).get_by_role("status")).to_have_text(re.compile(rf"^\s*{text}\s*$"))


def settled(page: Page, name: str = "Spans") -> None:
    """Waits until the table shows what it was asked for last."""
    expect(cells(page, name)).to_be_visible()
    expect(cells(page, name)).not_to_have_attribute("aria-busy", "true")


def field(page: Page, things: str = "spans") -> Locator:
    return page.get_by_role("combobox", name=f"Filter {things}")


def apply(page: Page, condition: str, things: str = "spans") -> None:
    page.keyboard.press("/")
    expect(field(page, things)).to_be_focused()
    field(page, things).fill(condition)
    page.keyboard.press("Enter")
    expect(field(page, things)).not_to_be_focused()


def tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Goes on with the Tab key until a control has the focus."""
    expect(target).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")


def painted(page: Page, chart: str) -> int:
    """How many pixels of a chart are not paper."""
    return page.get_by_role("region", name=chart).locator("canvas").first.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"
    )


# -------------------------------------------------------------------- requests and events


@cache
def _operations() -> dict[str, str]:
    return json.loads((WEB / "dist" / "operations.json").read_text(encoding="utf-8"))


def asks(request: Request, operation: str) -> bool:
    """Whether a request carries an operation, by its text or by its hash."""
    text = request.post_data or _operations().get(parse_qs(urlparse(request.url).query).get("id", [""])[0], "")
    return re.search(rf"\b(query|mutation) {operation}\b", text) is not None


def listen(page: Page) -> None:
    """From its next load on the page counts the live events that it has dealt with."""
    page.add_init_script("""
        window.heard = [];
        const add = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (type, listener, ...rest) {
            return add.call(this, type, (event) => { listener(event); window.heard.push(type); }, ...rest);
        };
    """)


def heard(page: Page, event: str) -> int:
    return page.evaluate("event => window.heard.filter((one) => one === event).length", event)


def wait_heard(page: Page, event: str, times: int = 1) -> None:
    page.wait_for_function("([event, times]) => window.heard.filter((one) => one === event).length >= times", arg=[event, times])

#!/usr/bin/env python3
"""Takes twelve screenshots of the UI and puts them on one sheet.

    .venv/bin/python web/test/contact_sheet.py docs/contact-sheet.jpg [--shots folder]

It starts the built server on an empty folder, sends the recorded traces and a week of conversations, and drives Chromium.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEnd")]

import conversations  # noqa: E402
from conftest import FLAGS, WEB, Site  # noqa: E402
from playwright.sync_api import Page, Playwright, expect, sync_playwright  # noqa: E402
from support import corpus  # noqa: E402
from support.server import Server  # noqa: E402

SIZE = {"width": 1440, "height": 900}
#: Pixels of a shot on the sheet.
THUMB = 640
ALL = "timeRangeKey=all"
WEEK = "timeRangeKey=7d"

TRACES = """query($p: ID!, $filter: String) { node(id: $p) { ... on Project {
    spans(first: 200, filterCondition: $filter) { edges { node { id spanId trace { traceId numSpans } } } } } } }"""
SESSIONS = """query($p: ID!) { node(id: $p) { ... on Project {
    sessions(first: 200) { edges { node { id sessionId numTraces firstInput { mimeType } } } } } } }"""


class Tour:
    """The places that are shown."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.shop = site.project("shop-assistant")
        self.empty = self.empty_project()

    def spans(self, project: str, condition: str) -> list[dict[str, Any]]:
        found = self.site.graphql(TRACES, p=project, filter=condition)["node"]["spans"]["edges"]
        return [edge["node"] for edge in found]

    def session(self) -> str:
        edges = self.site.graphql(SESSIONS, p=self.shop)["node"]["sessions"]["edges"]
        chats = [e["node"] for e in edges if (e["node"]["firstInput"] or {}).get("mimeType") == "json"]
        return str(max(chats, key=lambda chat: chat["numTraces"])["id"])

    def large_trace(self) -> tuple[str, str]:
        """The recorded trace of an agent with the most spans, 120 at most, and its project."""
        found = self.site.graphql("{ projects(first: 100) { edges { node { id name } } } }")["projects"]["edges"]
        recorded = [e["node"]["id"] for e in found if e["node"]["name"] not in ("default", "shop-assistant")]
        calls = [(p, s["trace"]) for p in recorded for s in self.spans(p, "span_kind == 'AGENT' and parent_id is not None") if s["trace"]["numSpans"] <= 120]
        project, trace = max(calls, key=lambda call: call[1]["numSpans"])
        return project, trace["traceId"]

    def empty_project(self) -> str:
        made = self.site.graphql('mutation { createProject(input: { name: "my-first-project" }) { project { id } } }')
        return str(made["createProject"]["project"]["id"])

    def shots(self) -> list[tuple[str, str, str, Callable[[Page], Any]]]:
        """Name, theme, path, and what to do there before the picture is taken."""
        shop = self.shop
        wide, large = self.large_trace()
        llm = next(iter(self.spans(shop, "span_kind == 'LLM' and llm.model_name == 'gpt-4o' and status_code == 'OK'")))
        failed = next(iter(self.spans(shop, "span_kind == 'LLM' and status_code == 'ERROR'")))
        pair = [span["trace"]["traceId"] for span in sorted(self.spans(shop, "name == 'answer'"), key=lambda s: -s["trace"]["numSpans"])[:2]]
        return [
            ("projects", "dark", f"/projects?{WEEK}", lambda page: None),
            ("first trace", "light", f"/projects/{self.empty}/spans", lambda page: None),
            ("spans", "dark", f"/projects/{shop}/spans?{WEEK}", lambda page: None),
            ("errors by facet", "light", f"/projects/{shop}/spans?{WEEK}&spanFilterCondition=status_code+%3D%3D+%27ERROR%27", lambda page: None),
            ("a call of a model", "dark", f"/projects/{shop}/spans/{llm['trace']['traceId']}?{WEEK}&selectedSpanNodeId={llm['id']}", lambda page: None),
            ("a failure", "light", f"/projects/{shop}/traces/{failed['trace']['traceId']}?{WEEK}&view=full&selectedSpanNodeId={failed['id']}", lambda page: None),
            ("agents at work", "dark", f"/projects/{wide}/traces/{large}?{ALL}&view=full", lambda page: None),
            ("two traces compared", "light", f"/projects/{shop}/traces/compare?{WEEK}&traceId={pair[0]}&traceId={pair[1]}", lambda page: None),
            ("a session", "dark", f"/projects/{shop}/sessions/{self.session()}?{WEEK}", lambda page: None),
            ("metrics", "light", f"/projects/{shop}/metrics?{WEEK}&bins=HOUR", self.point_at_a_chart),
            ("search", "dark", f"/projects/{shop}/traces?{WEEK}", self.search),
            ("prices of models", "light", "/settings/models?q=gpt-4o", lambda page: None),
        ]

    @staticmethod
    def point_at_a_chart(page: Page) -> None:
        slider = page.get_by_role("slider", name="Traces by status")
        expect(slider).to_be_visible()
        box = slider.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] * 0.38, box["y"] + 60)

    @staticmethod
    def search(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search").fill("warehouse")
        expect(page.get_by_role("option").filter(has=page.locator("mark")).first).to_be_visible()


def take(playwright: Playwright, tour: Tour, folder: Path) -> list[tuple[str, Path]]:
    taken = []
    for theme in ("dark", "light"):
        context = playwright.chromium.launch_persistent_context(
            tempfile.mkdtemp(), executable_path="/usr/bin/chromium", headless=True, args=FLAGS, color_scheme=theme, viewport=SIZE,  # type: ignore[arg-type]
        )  # fmt: skip
        for number, (name, of, path, prepare) in enumerate(tour.shots(), 1):
            if of != theme:
                continue
            page = context.new_page()
            page.goto(tour.site.url + path)
            page.wait_for_load_state("load")
            page.wait_for_timeout(1500)
            prepare(page)
            page.wait_for_timeout(500)
            file = folder / f"{number:02}-{name.replace(' ', '-')}.png"
            page.screenshot(path=file)
            taken.append((name, file))
            page.close()
        context.close()
    return sorted(taken, key=lambda shot: shot[1].name)


def sheet(playwright: Playwright, shots: list[tuple[str, Path]], out: Path) -> None:
    """Three in a row, each with its name."""
    figures = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}"><figcaption>{name}</figcaption></figure>'
        for name, file in shots
    )
    html = f"""<!doctype html><meta charset="utf-8"><style>
        body {{ margin: 0; padding: 20px; display: grid; grid-template-columns: repeat(3, {THUMB}px); gap: 16px 20px; background: #24272d; color: #e6e8ec; font: 15px sans-serif; width: max-content }}
        figure {{ margin: 0 }} img {{ width: {THUMB}px; display: block; border-radius: 6px }} figcaption {{ padding: 6px 2px 0 }}</style>{figures}"""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    page = browser.new_page(viewport={"width": 3 * THUMB + 80, "height": 900})
    page.set_content(html)
    page.screenshot(path=out, full_page=True, type="jpeg", quality=82)
    browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--shots", type=Path, help="a folder that keeps the single pictures")
    parser.add_argument("--from-disk", action="store_true", help="serve web/dist instead of what the binary has in it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="phoenix-sheet-") as temporary:
        folder = given.shots or Path(temporary) / "shots"
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"PHOENIX_UI_DIR": str(WEB / "dist")} if given.from_disk else {}
        site = Site(Server(Path(temporary) / "server", env=environment)).start()
        try:
            site.load(corpus.recorded_bodies())
            conversations.send(site.server.url, "shop-assistant", conversations.week(160))
            with sync_playwright() as playwright:
                shots = take(playwright, Tour(site), folder)
                given.out.parent.mkdir(parents=True, exist_ok=True)
                sheet(playwright, shots, given.out)
        finally:
            site.stop()
    print(given.out)


if __name__ == "__main__":
    main()

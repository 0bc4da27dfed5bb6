"""The real server with the recorded traces, and Chromium pages that fail a test when they complain.

A page fails its test on an error on the console, an exception, a request that fails or that leaves the machine, an answer of
400 or more, and a dialog of the browser. ``page.watch.allow("…")`` lets through what a test brings about on purpose.

``pytest web/test --from-disk`` has the server read web/dist instead of what is in its binary, which spares building that.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

WEB = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WEB.parent / "Tests" / "EndToEnd"))

import conversations  # noqa: E402
from support import corpus  # noqa: E402
from support.asking import Target  # noqa: E402
from support.server import Server  # noqa: E402

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Seconds that an assertion waits; the machine may be busy.
expect.set_options(timeout=15_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--from-disk", "--front", action="store_true", help="serve web/dist, not what is in the binary")


# -------------------------------------------------------------------- servers


class Site:
    """A server and the address of its UI."""

    def __init__(self, server: Server, root: str = "") -> None:
        self.server, self.url = server, server.url + root
        self.target: Target | None = None

    def start(self) -> Site:
        self.server.start()
        return self

    def stop(self) -> None:
        if self.server.running():
            self.server.stop()

    def load(self, bodies: list[corpus.Body]) -> Site:
        """Sends spans in and waits until they are stored."""
        self.target = Target(self.server.url)
        self.target.load(bodies)
        return self

    def send(self, request: Any) -> None:
        """Sends one OTLP export, which ``support.otlp`` makes."""
        answer = self.server.http.post("/v1/traces", content=request.SerializeToString(), headers={"content-type": "application/x-protobuf"})
        answer.raise_for_status()

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.server.http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def project(self, name: str) -> str:
        """The global id of a project."""
        return self.graphql("query($n: String!) { getProjectByName(name: $n) { id } }", n=name)["getProjectByName"]["id"]


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="phoenix-ui-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def ui_from(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"PHOENIX_UI_DIR": str(WEB / "dist")} if request.config.getoption("--from-disk") else {}


@pytest.fixture(scope="session")
def site(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The session's server with every recorded trace and the generated projects. Tests leave them as they are."""
    made = Site(Server(folder / "session", env=ui_from(request))).start()
    made.load(corpus.generated_bodies() + corpus.recorded_bodies())
    yield made
    made.stop()


@pytest.fixture(scope="session")
def shop(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server with a week of conversations in the project `shop-assistant`, and one of 1,000 turns. Tests leave them as they are."""
    made = Site(Server(folder / "shop", env=ui_from(request))).start()
    conversations.send(made.server.url, "shop-assistant", conversations.week(120))
    conversations.send(made.server.url, "shop-assistant", conversations.long_session(1000))
    yield made
    made.stop()


@pytest.fixture
def make_site(folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Site]]:
    """Makes servers for one test, empty at first."""
    made: list[Site] = []

    def make(root: str = "", env: dict[str, str] | None = None, **options: Any) -> Site:
        server = Server(Path(tempfile.mkdtemp(dir=folder)), env=ui_from(request) | (env or {}), **options)
        made.append(Site(server, root).start())
        return made[-1]

    yield make
    for site in made:
        site.stop()


# -------------------------------------------------------------------- pages


class Watch:
    """What went wrong on a page."""

    def __init__(self, page: Page, url: Callable[[], str]) -> None:
        self.wrong: list[str] = []
        self.allowed: list[str] = []
        page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self.wrong.append(f"exception: {e}"))
        page.on("request", lambda r: self.leaves(r.url, url()))
        page.on("requestfailed", lambda r: self.failed(r.url, r.failure or ""))
        page.on("response", lambda r: self.wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("dialog", lambda d: (self.wrong.append(f"dialog: {d.message}"), d.dismiss()))

    def leaves(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.wrong.append(f"left the machine: {url}")

    def failed(self, url: str, why: str) -> None:
        # Leaving a view gives its requests up.
        if "ERR_ABORTED" not in why:
            self.wrong.append(f"failed: {url} {why}")

    def allow(self, *patterns: str) -> None:
        """Complaints that match one of these regular expressions are meant to be."""
        self.allowed.extend(patterns)

    def check(self) -> None:
        left = [w for w in self.wrong if not any(re.search(p, w) for p in self.allowed)]
        assert left == [], "\n".join(left)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="session")
def contexts(playwright: Playwright, folder: Path) -> Iterator[Callable[[str], BrowserContext]]:
    """One browser a colour scheme, started when it is asked for."""
    made: dict[str, BrowserContext] = {}

    def context(theme: str) -> BrowserContext:
        if theme not in made:
            made[theme] = playwright.chromium.launch_persistent_context(
                tempfile.mkdtemp(dir=folder), executable_path="/usr/bin/chromium", headless=True, args=FLAGS,
                color_scheme=theme, viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Berlin",
                permissions=["clipboard-read", "clipboard-write"],
            )  # fmt: skip
        return made[theme]

    yield context
    for context in made.values():
        context.close()


@pytest.fixture
def open_page(contexts: Callable[[str], BrowserContext], make_site: Callable[..., Site]) -> Iterator[Callable[..., Page]]:
    """Opens pages: ``open_page(site, "/projects", theme="light", width=900)``. Each begins with nothing stored.

    It asks for ``make_site`` so that pages close before the servers of the test stop.
    """
    pages: list[Page] = []

    def make(at: Site, path: str = "/", theme: str = "dark", width: int = 1440, height: int = 900) -> Page:
        page = contexts(theme).new_page()
        pages.append(page)
        page.watch = Watch(page, lambda: at.url)  # type: ignore[attr-defined]
        page.set_viewport_size({"width": width, "height": height})
        page.add_init_script("try { if (!sessionStorage.begun) { localStorage.clear(); sessionStorage.begun = 1; } } catch { /* no page */ }")
        page.goto(at.url + path)
        # The page listens to keys from here on.
        page.locator("main").wait_for()
        return page

    yield make
    for page in pages:
        page.close()
    for page in pages:
        page.watch.check()  # type: ignore[attr-defined]


@pytest.fixture
def page(open_page: Callable[..., Page], site: Site) -> Page:
    """A page of the session's server, on the list of projects, over all time."""
    page = open_page(site, "/projects?timeRangeKey=all")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    return page


# -------------------------------------------------------------------- what tests ask of a page

_axe: str | None = None


def check_axe(page: Page) -> None:
    """Fails on any violation of WCAG 2.0 to 2.2, A and AA."""
    global _axe
    if _axe is None:
        import axe_playwright_python

        _axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
    page.evaluate(_axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})")
    assert [
        (v["id"], v["impact"], n["html"][:160], n["failureSummary"][:240]) for v in found["violations"] for n in v["nodes"][:3]
    ] == []  # fmt: skip


def dom_size(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def shot(page: Page, name: str) -> None:
    """A screenshot for whoever looks at a change, where PHOENIX_SHOTS names a folder."""
    import os

    if where := os.environ.get("PHOENIX_SHOTS"):
        Path(where).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{where}/{name}.png")

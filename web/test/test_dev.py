"""The development server: an open page follows the sources."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Iterator

import httpx
import pytest
from conftest import WEB
from playwright.sync_api import expect
from support.ports import free_port

SECONDS = 90


def copied(folder: Path) -> Path:
    """A copy of what the UI is built from, which a test may change."""
    web = folder / "web"
    for name in ("src", "operations", "tools", "licenses", "node_modules"):
        shutil.copytree(WEB / name, web / name)
    for schema in (WEB.parent / "Sources").rglob("*.graphql"):
        target = folder / schema.relative_to(WEB.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(schema, target)
    (web / ".cache").mkdir()
    for made in (WEB / ".cache").iterdir():
        if made.name != "built":
            (web / ".cache" / made.name).symlink_to(made)
    return web


class Development:
    def __init__(self, folder: Path, server: str) -> None:
        self.web, port = copied(folder), free_port()
        self.url, self.log = f"http://localhost:{port}", folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["node", str(self.web / "tools/dev.mjs"), "--server", server, "--port", str(port)], stdout=log, stderr=log)

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return httpx.get(self.url).status_code == 200
        except httpx.HTTPError:
            return False

    def says(self, text: str) -> Callable[[], bool]:
        return lambda: text in self.log.read_text()

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.web / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def development(make_site: Any, tmp_path: Path) -> Iterator[Development]:
    made = Development(tmp_path, make_site().url)
    yield made
    made.process.terminate()
    made.process.wait()


def test_an_open_page_follows_the_sources(development, open_page):
    development.until(development.answers)
    page = open_page(SimpleNamespace(url=development.url), "/projects")
    expect(page.get_by_role("link", name="default", exact=True)).to_be_visible()
    page.goto(development.url + "/no/such/page")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    development.replace("src/parts/NotFound.tsx", "There is no such page", "Nothing lives here")
    expect(page.get_by_role("heading", name="Nothing lives here")).to_be_visible(timeout=SECONDS * 1000)

    # Mistakes are told; the next change is followed again.
    wrong = development.web / "operations" / "wrong.graphql"
    wrong.write_text("query Wrong { nothingLikeThis }\n")
    development.until(development.says("nothingLikeThis"))
    wrong.unlink()
    development.replace("src/parts/NotFound.tsx", "Nothing lives here\"", "Nothing lives here")
    development.until(development.says("NotFound.tsx"))
    development.replace("src/parts/NotFound.tsx", "Nothing lives here", "Nobody lives here\"")
    expect(page.get_by_role("heading", name="Nobody lives here")).to_be_visible(timeout=SECONDS * 1000)

"""What holds on every page: WCAG, budgets, the policy, a root path, and that nothing leaves the machine."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator

import httpx
import pytest
import trace_data
from conftest import Site, check_axe, dom_size, shot, ui_from
from playwright.sync_api import Locator, Page, expect
from support.server import Server
from test_datasets import upload

ROUTES = {
    "projects": "/projects?timeRangeKey=all",
    "project-spans": "/projects/{project}/spans?timeRangeKey=all",
    "project-traces": "/projects/{project}/traces?timeRangeKey=all",
    "project-sessions": "/projects/{project}/sessions?timeRangeKey=all",
    "project-metrics": "/projects/{project}/metrics?timeRangeKey=all",
    "project-config": "/projects/{project}/config",
    "trace": "/projects/{project}/traces/{trace}?timeRangeKey=all",
    "trace-full": "/projects/{project}/traces/{trace}?view=full",
    "dashboards": "/dashboards",
    "settings": "/settings/general",
    "models": "/settings/models",
    "annotation-configs": "/settings/annotations",
    "dataset-settings": "/settings/datasets",
    "preferences": "/profile/preferences",
    "datasets": "/datasets",
    "examples": "/datasets/{dataset}/examples",
    "example": "/datasets/{dataset}/examples/{example}",
    "experiments": "/datasets/{dataset}/experiments",
    "prompts": "/prompts",
    "versions": "/datasets/{dataset}/versions",
    "version": "/datasets/{dataset}/versions/{version}",
    "compare": "/projects/{project}/traces/compare?timeRangeKey=all&traceId={trace}&traceId={second}",
    "session": "/projects/{project}/sessions/{session}?timeRangeKey=all&view=full",
    "session-annotations": "/projects/{project}/sessions/{session}?timeRangeKey=all&view=full&sessionView=annotations",
    "sessions-annotated": "/projects/{project}/sessions?timeRangeKey=all",
    "documents": "/projects/{project}/traces/{trace}?view=full&selectedSpanNodeId={span}",
    "not-found": "/no/such/page",
}


def point_of(page: Page, route: str) -> Locator:
    """What somebody comes to a page for, which is there when all of it has been read."""
    drawn = '[role="row"][aria-rowindex="2"]:not([aria-busy])'
    return {
        "projects": lambda: page.get_by_role("img", name=re.compile("traces? over time")).first,
        "project-spans": lambda: page.get_by_role("grid", name="Spans").locator(drawn),
        "project-traces": lambda: page.get_by_role("treegrid", name="Traces").locator(drawn),
        "project-sessions": lambda: page.get_by_role("grid", name="Sessions").locator(drawn),
        "project-metrics": lambda: page.get_by_role("slider", name="Traces by status"),
        "project-config": lambda: page.get_by_role("region", name="Data").get_by_text(re.compile("[0-9] traces with")),
        "trace": lambda: page.get_by_role("region", name="Span", exact=True).get_by_role("heading", level=2),
        "trace-full": lambda: page.get_by_role("region", name="Span", exact=True).get_by_role("heading", level=2),
        "dashboards": lambda: page.get_by_role("main").get_by_role("link", name="larkspur-support"),
        "settings": lambda: page.get_by_role("heading", name="Storage"),
        "models": lambda: page.get_by_role("grid", name="Models").locator(drawn),
        "annotation-configs": lambda: page.get_by_role("grid", name="Annotation configs").locator(drawn),
        "dataset-settings": lambda: page.get_by_role("region", name="Splits of examples").get_by_role("listitem").first,
        "datasets": lambda: page.get_by_role("grid", name="Datasets").locator(drawn),
        "examples": lambda: page.get_by_role("grid", name="Examples").locator(drawn),
        "example": lambda: page.get_by_role("region", name="Example", exact=True).get_by_role("region", name="Metadata"),
        "experiments": lambda: page.get_by_role("heading", name="Experiments cannot be shown here yet"),
        "prompts": lambda: page.get_by_role("heading", name="Prompts cannot be shown here yet"),
        "versions": lambda: page.get_by_role("grid", name="Versions").locator(drawn),
        "version": lambda: page.get_by_role("region", name="Changes").get_by_role("listitem").first,
        "session-annotations": lambda: page.get_by_role("tabpanel", name="Annotations").get_by_role("listitem").first,
        "sessions-annotated": lambda: page.get_by_role("grid", name="Sessions").get_by_role("button", name="solved yes"),
        "documents": lambda: page.get_by_role("group", name="Feedback on document 3"),
        "preferences": lambda: page.get_by_role("heading", name="Kept in this browser"),
        "compare": lambda: page.get_by_role("tree", name="Spans of both traces").get_by_role("treeitem").first,
        "session": lambda: page.get_by_role("feed", name="Conversation").get_by_role("region", name="Turn 1", exact=True),
        "not-found": lambda: page.get_by_role("heading", name="There is no such page"),
    }[route]()


def shows(page: Page, route: str) -> None:
    expect(point_of(page, route)).to_be_visible()
    expect(page.get_by_role("status", name=re.compile("^Loading"))).to_have_count(0)
    expect(page.locator('main [aria-busy="true"]')).to_have_count(0)


@pytest.fixture(scope="module")
def places(site):
    """Ids of a project with a large trace, another trace and a session."""
    project = site.project("larkspur-support")
    node = site.graphql(
        """query($p: ID!) { node(id: $p) { ... on Project {
            spans(first: 50, sort: {col: cumulativeTokenCountTotal, dir: desc}) { edges { node { trace { traceId } } } }
            sessions(first: 1) { edges { node { id } } } } } }""",
        p=project,
    )["node"]
    first, second = list(dict.fromkeys(edge["node"]["trace"]["traceId"] for edge in node["spans"]["edges"]))[:2]
    return {"project": project, "trace": first, "second": second, "session": node["sessions"]["edges"][0]["node"]["id"]}


@pytest.fixture(scope="module")
def judged(folder: Any, request: pytest.FixtureRequest) -> Iterator[tuple[Site, dict[str, str]]]:
    """A server of its own with an annotated session and a dataset, and their ids."""
    made = Site(Server(folder / "judged", env=ui_from(request))).start()
    trace_data.send(made, trace_data.agent(1), trace_data.agent(2))
    session = made.graphql("{ getProjectSessionById(sessionId: \"trip\") { id } }")["getProjectSessionById"]["id"]
    for name, label in (("solved", "yes"), ("tone", "rude")):
        data = [{"session_id": "trip", "annotator_kind": "LLM", "name": name, "result": {"label": label, "score": 1, "explanation": "It says so."}}]
        made.server.http.post("/v1/session_annotations?sync=true", json={"data": data}).raise_for_status()
    dataset = upload(made, "plans", 40)
    held = made.graphql(
        "query($id: ID!) { node(id: $id) { ... on Dataset { versions { edges { node { id } } } examples(first: 1) { edges { node { id } } } } } }", id=dataset
    )["node"]
    example, version = (held[part]["edges"][0]["node"]["id"] for part in ("examples", "versions"))
    span = made.graphql("query($id: String!) { getSpanByOtelId(spanId: $id) { id } }", id=f"{1_000_006:016x}")["getSpanByOtelId"]["id"]
    yield made, {"project": made.project("trace-view"), "session": session, "trace": trace_data.trace_id(1), "span": span, "dataset": dataset, "example": example, "version": version}
    made.stop()


#: Routes that need what the session's server does not have.
JUDGED = {"dataset-settings", "datasets", "examples", "example", "experiments", "versions", "version", "sessions-annotated", "session-annotations", "documents"}


@pytest.fixture
def home(site: Site, places: dict[str, str], request: pytest.FixtureRequest) -> Callable[[str], tuple[Site, str]]:
    """The server and the path of a route."""

    def of(route: str) -> tuple[Site, str]:
        at, ids = request.getfixturevalue("judged") if route in JUDGED else (site, places)
        return at, ROUTES[route].format(**ids)

    return of


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("route", ROUTES)
def test_no_route_breaks_a_rule_of_wcag(open_page, home, route, theme):
    page = open_page(*home(route), theme=theme)
    shows(page, route)
    check_axe(page)
    assert page.title() not in ("", "Phoenix")
    assert dom_size(page) < 6000
    shot(page, f"{route}-{theme}")


@pytest.mark.parametrize("width", [900, 320])
@pytest.mark.parametrize(
    "route",
    ["project-spans", "project-sessions", "trace-full", "project-metrics", "compare", "session", "dashboards", "settings", "models", "annotation-configs", "preferences", *sorted(JUDGED)],
)
def test_narrow_windows_scroll_one_way(open_page, home, route, width):
    page = open_page(*home(route), width=width)
    shows(page, route)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"{route}-{width}")


@pytest.mark.parametrize("width", [900, 320])
def test_the_palette_fits_into_narrow_windows(open_page, site, width):
    page = open_page(site, ROUTES["projects"], width=width)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("larkspur-support")
    option = page.get_by_role("option", name=re.compile("larkspur-support"))
    expect(option.first).to_be_visible()
    box = page.get_by_role("dialog", name="Search and commands").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = page.get_by_role("listbox", name="Findings").evaluate("list => list.scrollWidth <= list.clientWidth")
    assert inside
    shot(page, f"palette-{width}")


def test_blocked_storage_is_told_and_does_no_harm(open_page, site, places):
    page = open_page(site, "/no/such/page")
    page.add_init_script("""
        for (const name of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, name, { get: () => { throw new DOMException('Access is denied for this document.', 'SecurityError'); } });
    """)
    for route in ("project-spans", "trace-full", "preferences"):
        page.goto(site.url + ROUTES[route].format(**places))
        shows(page, route)
        expect(page.get_by_role("region", name="Notifications").get_by_text("This browser does not keep preferences")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("does not let this page store")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("button", name=re.compile("Theme")).click()
    page.get_by_role("menuitemradio", name="Light").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_first_load_is_small(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all")
    shows(page, "projects")
    loaded = page.evaluate("""async () => { await document.fonts.ready; return performance.getEntriesByType('resource')
        .concat(performance.getEntriesByType('navigation')).filter((e) => !/graphql|live_events/.test(e.name))
        .map((e) => [e.name.split('/').pop(), e.encodedBodySize]); }""")
    sizes = dict(loaded)
    for name in ("main.js", "main.css", "Inter-Regular.woff2", "ProjectsPage.js"):
        assert sizes.get(name, 0) > 1000, loaded
    assert sum(size for _, size in loaded) < 250_000, loaded


def test_the_policy_allows_nothing_inline(site):
    answer = httpx.get(site.url + "/projects", headers={"accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", answer.text)
    assert all("src=" in attributes or "application/json" in attributes for attributes, _ in scripts)
    assert answer.headers["cache-control"] == "no-cache"


def test_assets_are_cached_and_compressed(site, request):
    html = httpx.get(site.url + "/").text
    main = re.search(r'src="(assets/[^"]+/main.js)"', html)[1]
    brotli = {"accept-encoding": "br"}
    answer = httpx.get(f"{site.url}/{main}", headers=brotli)
    # What is read from disk may change at any moment.
    if not request.config.getoption("--from-disk"):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "br"
    again = httpx.get(f"{site.url}/{main}", headers=brotli | {"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    licences = httpx.get(f"{site.url}/{main.replace('main.js', 'licenses.txt')}").text
    for name in ("react", "codemirror6", "marked", "inter", "jetbrains-mono"):
        assert f"\n{name}\n" in licences
    assert httpx.get(f"{site.url}/assets/nothing.js").status_code == 404


def test_it_works_below_a_root_path(open_page, make_site):
    site = make_site(root="/phoenix", env={"PHOENIX_HOST_ROOT_PATH": "/phoenix"})
    page = open_page(site, "/projects")
    expect(page.get_by_role("link", name="default", exact=True)).to_be_visible()
    expect(page.get_by_text("/phoenix/v1/traces").first).to_be_visible()
    page.get_by_role("link", name="default", exact=True).click()
    expect(page).to_have_url(re.compile(r"/phoenix/projects/[^/]+/\w+"))
    page.reload()
    expect(page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Projects")).to_be_visible()

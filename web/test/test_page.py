"""What holds on every page: WCAG, budgets, the policy, a root path, and that nothing leaves the machine."""

from __future__ import annotations

import re

import httpx
import pytest
from conftest import check_axe, dom_size, shot
from playwright.sync_api import expect

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
    "preferences": "/profile/preferences",
    "not-found": "/no/such/page",
}


@pytest.fixture(scope="module")
def places(site):
    project = site.project("larkspur-support")
    trace = site.graphql(
        "query($p: ID!) { node(id: $p) { ... on Project { spans(first: 1, sort: {col: cumulativeTokenCountTotal, dir: desc}) { edges { node { trace { traceId } } } } } } }",
        p=project,
    )["node"]["spans"]["edges"][0]["node"]["trace"]["traceId"]
    return {"project": project, "trace": trace}


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("route", ROUTES)
def test_no_route_breaks_a_rule_of_wcag(open_page, site, places, route, theme):
    page = open_page(site, ROUTES[route].format(**places), theme=theme)
    page.wait_for_load_state("networkidle") if route.startswith("settings") else page.wait_for_timeout(900)
    expect(page.get_by_role("status", name=re.compile("^Loading"))).to_have_count(0)
    check_axe(page)
    assert page.title() not in ("", "Phoenix")
    assert dom_size(page) < 6000
    shot(page, f"{route}-{theme}")


@pytest.mark.parametrize("width", [900, 320])
@pytest.mark.parametrize("route", ["project-spans", "trace-full", "project-metrics", "settings"])
def test_narrow_windows_scroll_one_way(open_page, site, places, route, width):
    page = open_page(site, ROUTES[route].format(**places), width=width)
    page.wait_for_timeout(900)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"{route}-{width}")


def test_the_first_load_is_small(open_page, site):
    page = open_page(site, "/projects?timeRangeKey=all")
    page.wait_for_timeout(800)
    loaded = page.evaluate("""performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
        .filter((e) => !/graphql|live_events/.test(e.name)).map((e) => [e.name.split('/').pop(), e.encodedBodySize])""")
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

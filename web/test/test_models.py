"""Settings: models with their prices, the server's facts, preferences; and the pages of the APIs."""

from __future__ import annotations

import re

import pytest
from conftest import check_axe, dom_size, shot
from playwright.sync_api import Page, expect

MODELS = "{ generativeModels(first: 1000) { edges { node { name namePattern provider kind tokenPrices { tokenType kind costPerMillionTokens } } } } }"


def models(site) -> dict[str, dict]:
    return {edge["node"]["name"]: edge["node"] for edge in site.graphql(MODELS)["generativeModels"]["edges"]}


@pytest.fixture
def own(make_site):
    """A server whose models a test may change."""
    return make_site()


@pytest.fixture
def settings(own, open_page) -> Page:
    page = open_page(own, "/settings/models")
    expect(page.get_by_role("grid", name="Models")).to_be_visible()
    return page


def test_built_in_models_are_listed_and_found(settings, own):
    expect(settings.get_by_role("status").filter(has_text="models,")).to_contain_text(f"{len(models(own))} models, 0 custom")
    assert dom_size(settings) < 1800
    settings.get_by_role("textbox", name="Search models").fill("gpt-4o-mini")
    row = settings.get_by_role("row").filter(has_text="gpt-4o-mini").first
    expect(row).to_contain_text("$0.15")
    expect(row).to_contain_text("$0.60")
    settings.get_by_role("radio", name="Custom").check(force=True)
    expect(settings.get_by_text("No model like that")).to_be_visible()
    shot(settings, "models-empty-dark")


def test_a_model_is_added_changed_and_deleted_with_undo(settings, own):
    settings.get_by_role("button", name="Add a model").click()
    form = settings.get_by_role("dialog", name="Add a model")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text("Give the model a name.")).to_be_visible()
    form.get_by_label("Name", exact=True).fill("in-house")
    form.get_by_label("Name pattern").fill("^in-house-(")
    expect(form.get_by_role("alert").filter(has_text=re.compile("paren|unterminated|missing", re.I))).to_be_visible()
    form.get_by_label("Name pattern").fill("^in-house-\\d+$")
    form.get_by_label("Provider").fill("openai")
    form.get_by_label("Price of input tokens").fill("1.25")
    form.get_by_label("Price of output tokens").fill("10")
    form.get_by_role("button", name="Another kind of tokens").first.click()
    form.get_by_label("Price of cache_read tokens").fill("0.5")
    check_axe(settings)
    shot(settings, "model-form-dark")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_have_count(0)
    row = settings.get_by_role("row").filter(has_text="in-house")
    expect(row).to_contain_text("custom")
    made = models(own)["in-house"]
    assert made["namePattern"] == "^in-house-\\d+$" and made["kind"] == "CUSTOM" and made["provider"] == "openai"
    assert sorted((p["tokenType"], round(p["costPerMillionTokens"], 6)) for p in made["tokenPrices"]) == [("cache_read", 0.5), ("input", 1.25), ("output", 10)]

    row.get_by_role("button", name="Edit in-house").click()
    form = settings.get_by_role("dialog", name="Edit in-house")
    form.get_by_label("Price of output tokens").fill("12,5")
    form.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("$12.50")

    row.get_by_role("button", name="Delete in-house").click()
    expect(row).to_have_count(0)
    settings.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    assert "in-house" in models(own)
    row.get_by_role("button", name="Delete in-house").click()
    settings.goto(own.url + "/settings/general")
    settings.goto(own.url + "/settings/models")
    expect(settings.get_by_role("status").filter(has_text="models,")).to_contain_text("0 custom")
    assert "in-house" not in models(own)


def test_a_built_in_model_is_overridden_by_a_copy(settings, own):
    settings.get_by_role("textbox", name="Search models").fill("gpt-4o-mini")
    settings.get_by_role("button", name="Override gpt-4o-mini", exact=True).click()
    form = settings.get_by_role("dialog", name="Override gpt-4o-mini")
    expect(form.get_by_label("Name", exact=True)).to_have_value("gpt-4o-mini (override)")
    expect(form.get_by_label("Price of input tokens")).to_have_value("0.15")
    form.get_by_label("Price of input tokens").fill("0.2")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(settings.get_by_role("row").filter(has_text="gpt-4o-mini (override)")).to_contain_text("$0.20")
    assert models(own)["gpt-4o-mini (override)"]["namePattern"] == models(own)["gpt-4o-mini"]["namePattern"]


def add(settings, name: str) -> None:
    settings.get_by_role("button", name="Add a model").click()
    form = settings.get_by_role("dialog", name="Add a model")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Name pattern").fill(f"^{name}$")
    form.get_by_label("Price of input tokens").fill("1")
    form.get_by_label("Price of output tokens").fill("2")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_have_count(0)


def test_a_deleted_model_stays_away_while_another_is_added(settings, own):
    settings.get_by_role("radio", name="Custom").check(force=True)
    add(settings, "first")
    settings.get_by_role("button", name="Delete first").click()
    first = settings.get_by_role("row").filter(has_text="first")
    second = settings.get_by_role("row").filter(has_text="second")
    expect(first).to_have_count(0)
    add(settings, "second")
    expect(second).to_have_count(1)
    expect(first).to_have_count(0)
    settings.get_by_role("button", name="Undo").click()
    expect(first).to_have_count(1)
    expect(second).to_have_count(1)


def test_a_model_by_keyboard_alone(settings, own):
    settings.get_by_role("button", name="Add a model").focus()
    settings.keyboard.press("Enter")
    form = settings.get_by_role("dialog", name="Add a model")
    form.get_by_label("Name", exact=True).focus()
    settings.keyboard.type("typed")
    settings.keyboard.press("Tab")
    settings.keyboard.type("^typed$")
    form.get_by_label("Price of input tokens").focus()
    settings.keyboard.type("1")
    form.get_by_label("Price of output tokens").focus()
    settings.keyboard.type("2")
    settings.keyboard.press("Enter")
    expect(form).to_have_count(0)
    assert models(own)["typed"]["provider"] is None


def test_general_settings_tell_where_to_send_traces(open_page, shop):
    page = open_page(shop, "/settings/general")
    expect(page.get_by_text("/v1/traces")).to_be_visible()
    expect(page.get_by_text(re.compile(r"[\d.]+ [kMG]B used"))).to_be_visible()
    check_axe(page)
    shot(page, "settings-dark")


def test_preferences_change_theme_and_zone_and_are_forgotten(open_page, shop):
    page = open_page(shop, "/profile/preferences")
    page.get_by_role("radio", name="Light").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("combobox", name="Time zone").select_option("Asia/Tokyo")
    page.reload()
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_role("listitem").filter(has_text="time-zone")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.get_by_text("Nothing is kept.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("")


@pytest.mark.parametrize("path, heading", [("/settings", "Server"), ("/profile", "Appearance")])
def test_the_first_page_of_settings_and_profile_needs_no_name(open_page, shop, path, heading):
    page = open_page(shop, path)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


@pytest.mark.parametrize("api, text", [("rest", "/v1/traces"), ("graphql", "GraphQL explorer")])
def test_pages_of_the_apis(open_page, shop, api, text):
    page = open_page(shop, f"/apis/{api}")
    body = page.frame_locator("iframe").locator("body")
    expect(body.get_by_text(text).first).to_be_visible()
    for theme, colour in (("Dark", re.compile(r"rgb\(1\d, [12]\d, [12]\d\)")), ("Light", re.compile(r"rgb\(2\d\d, 2\d\d, 2\d\d\)"))):
        page.get_by_role("navigation", name="Main").get_by_role("button", name=re.compile("Theme")).click()
        page.get_by_role("menuitemradio", name=theme).click()
        expect(body).to_have_css("background-color", colour)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", ["/settings/models", "/settings/general", "/profile/preferences", "/apis/rest", "/dashboards"])
def test_settings_are_accessible(open_page, shop, path, theme):
    page = open_page(shop, path, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(400)
    check_axe(page)
    shot(page, path.strip("/").replace("/", "-") + f"-{theme}")

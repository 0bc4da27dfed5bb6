"""Datasets: their list, examples and versions; files that become datasets; spans that become examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import trace_data
from conftest import Site, check_axe, dom_size, shot
from playwright.sync_api import Page, expect
from project_page import rows, settled

EXAMPLES = """query($id: ID!) { node(id: $id) { ... on Dataset { name exampleCount versions { edges { node { id description } } }
    examples(first: 1000) { edges { node { id externalId revision { input output metadata } datasetSplits { name } span { name } } } } } } }"""


def upload(site: Site, name: str, count: int, **more: Any) -> str:
    body = {
        "action": "create", "name": name,
        "inputs": [{"question": f"What does plan {at} cost?"} for at in range(count)],
        "outputs": [{"answer": f"Plan {at} costs {at} euros."} for at in range(count)],
        "metadata": [{"level": at % 3} for at in range(count)],
        "splits": ["test" if at % 4 == 0 else "train" for at in range(count)],
        "example_ids": [f"q-{at:04}" for at in range(count)],
        **more,
    }  # fmt: skip
    answer = site.server.http.post("/v1/datasets/upload?sync=true", json=body)
    answer.raise_for_status()
    return answer.json()["data"]["dataset_id"]


def stored(site: Site, dataset: str) -> dict[str, Any]:
    return site.graphql(EXAMPLES, id=dataset)["node"]


def examples(site: Site, dataset: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in stored(site, dataset)["examples"]["edges"]]


def named(site: Site, name: str) -> str:
    found = site.graphql("{ datasets(first: 1000) { edges { node { id name } } } }")["datasets"]["edges"]
    return next(edge["node"]["id"] for edge in found if edge["node"]["name"] == name)


@pytest.fixture
def own(make_site: Any) -> Site:
    return make_site()


def grid(page: Page, name: str):
    return page.get_by_role("grid", name=name)


def line(page: Page, table: str, text: str):
    return grid(page, table).get_by_role("row").filter(has_text=text)


def rewrite(page, editor, text):
    """Replaces what an editor holds, as hands do: it may still be drawing what it held."""
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    expect(editor).to_have_text(text)


# -------------------------------------------------------------------- the list


def test_no_datasets_say_what_they_would_be(open_page, own):
    page = open_page(own, "/datasets")
    expect(page.get_by_role("heading", name="No datasets yet")).to_be_visible()
    check_axe(page)
    shot(page, "datasets-empty-dark")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="New dataset")).to_be_visible()


def test_datasets_are_searched_sorted_edited_and_deleted_with_undo(open_page, own):
    for name in ("alpha set", "beta set", "gamma"):
        upload(own, name, 3)
    page = open_page(own, "/datasets")
    expect(grid(page, "Datasets").get_by_role("row")).to_have_count(4)
    grid(page, "Datasets").get_by_role("columnheader", name="Name").get_by_role("button").click()
    first = grid(page, "Datasets").locator('[role="row"][aria-rowindex="2"]')
    expect(first).to_contain_text("gamma")
    grid(page, "Datasets").get_by_role("columnheader", name="Name").get_by_role("button").click()
    expect(first).to_contain_text("alpha set")
    page.get_by_role("textbox", name="Search datasets").fill("set")
    expect(grid(page, "Datasets").get_by_role("row")).to_have_count(3)
    page.get_by_role("textbox", name="Search datasets").fill("nothing")
    expect(page.get_by_role("heading", name="No dataset like that")).to_be_visible()
    page.get_by_role("button", name="Show all").click()

    line(page, "Datasets", "beta set").get_by_role("button", name="More about beta set").click()
    page.get_by_role("menuitem", name="Edit the details…").click()
    dialog = page.get_by_role("dialog", name="Edit beta set")
    rewrite(page, dialog.get_by_label("Metadata"), "[1]")
    expect(dialog.get_by_role("alert")).to_contain_text("JSON object")
    rewrite(page, dialog.get_by_label("Metadata"), '{"owner": "ada"}')
    dialog.get_by_label("Name").fill("delta set")
    dialog.get_by_label("Description").fill("Checked by two people")
    dialog.get_by_role("button", name="Save").click()
    expect(line(page, "Datasets", "delta set")).to_contain_text("Checked by two people")

    line(page, "Datasets", "delta set").get_by_role("button", name="More about delta set").click()
    page.get_by_role("menuitem", name="Labels…").click()
    labels = page.get_by_role("dialog", name="Labels of delta set")
    labels.get_by_role("textbox", name="New label").fill("production")
    labels.get_by_role("button", name="Create").click()
    expect(labels.get_by_role("checkbox", name="production")).to_be_checked()
    check_axe(page)
    labels.get_by_role("button", name="Save").click()
    expect(line(page, "Datasets", "delta set")).to_contain_text("production")
    check_axe(page)
    shot(page, "datasets-dark")

    line(page, "Datasets", "gamma").get_by_role("button", name="More about gamma").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    line(page, "Datasets", "gamma").get_by_role("button", name="More about gamma").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.goto(own.url + "/projects")
    page.goto(own.url + "/datasets")
    expect(grid(page, "Datasets").get_by_role("row")).to_have_count(3)
    expect(line(page, "Datasets", "gamma")).to_have_count(0)


# -------------------------------------------------------------------- files


def test_a_csv_becomes_a_dataset(open_page, own, tmp_path: Path):
    file = tmp_path / "support.csv"
    file.write_text("\ufeffquestion,expected,lang,split,id\n" + "".join(f'"What, is {at}?",It is {at},en,{"test" if at % 2 else "train"},x{at}\n' for at in range(9)), encoding="utf-8")
    page = open_page(own, "/datasets", theme="light")
    page.get_by_role("main").get_by_role("button", name="New dataset").first.click()
    dialog = page.get_by_role("dialog", name="New dataset")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog.get_by_text("Choose a file.")).to_be_visible()
    dialog.get_by_label("File", exact=True).set_input_files(file)
    expect(dialog.get_by_role("combobox", name="What question is")).to_have_value("input")
    expect(dialog.get_by_role("combobox", name="What expected is")).to_have_value("output")
    expect(dialog.get_by_role("combobox", name="What lang is")).to_have_value("none")
    dialog.get_by_role("combobox", name="What lang is").select_option("metadata")
    expect(dialog.get_by_label("Name")).to_have_value("support")
    check_axe(page)
    shot(page, "upload-light")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/datasets/[^/]+/examples"))
    expect(line(page, "Examples", "x3")).to_contain_text("What, is 3?")
    made = {one["externalId"]: one for one in examples(own, named(own, "support"))}
    assert len(made) == 9
    assert made["x3"]["revision"] == {"input": {"question": "What, is 3?"}, "output": {"expected": "It is 3"}, "metadata": {"lang": "en"}}
    assert made["x3"]["datasetSplits"] == [{"name": "test"}]


def test_json_lines_are_added_and_a_bad_line_is_told_before_anything_is_sent(open_page, own, tmp_path: Path):
    dataset = upload(own, "plans", 2)
    page = open_page(own, f"/datasets/{dataset}/examples")
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("menuitem", name="Examples of a file…").click()
    dialog = page.get_by_role("dialog", name="Add examples to plans")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"input": {"question": "a"}}\n{"input": \n')
    dialog.get_by_label("File", exact=True).set_input_files(bad)
    expect(dialog.get_by_role("alert")).to_contain_text("Line 2 is no JSON")
    good = tmp_path / "good.jsonl"
    good.write_text("".join(json.dumps({"input": {"question": f"new {at}"}, "output": {"answer": "yes"}}) + "\n" for at in range(3)))
    dialog.get_by_label("File", exact=True).set_input_files(good)
    expect(dialog.get_by_role("checkbox", name="Open its keys").first).to_be_checked()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("3 examples added")
    expect(line(page, "Examples", "new 2")).to_be_visible()
    assert [one["revision"]["input"] for one in examples(own, dataset)[-3:]].count({"question": "new 1"}) == 1


def test_a_name_that_is_taken_is_told(open_page, own, tmp_path: Path):
    upload(own, "plans", 2)
    file = tmp_path / "plans.csv"
    file.write_text("input,output\na,b\n")
    page = open_page(own, "/datasets")
    page.watch.allow("409", "Conflict")
    page.get_by_role("button", name="New dataset").click()
    dialog = page.get_by_role("dialog", name="New dataset")
    dialog.get_by_label("File", exact=True).set_input_files(file)
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("plans")
    dialog.get_by_label("Name").fill("other plans")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name="other plans")).to_be_visible()


def test_an_empty_dataset_gets_an_example_by_hand(open_page, own):
    page = open_page(own, "/datasets")
    page.get_by_role("main").get_by_role("button", name="New dataset").first.click()
    dialog = page.get_by_role("dialog", name="New dataset")
    dialog.get_by_role("radio", name="Empty").check(force=True)
    dialog.get_by_label("Name").fill("by hand")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name="No examples yet")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="One by hand").click()
    dialog = page.get_by_role("dialog", name="Add an example")
    rewrite(page, dialog.get_by_role("textbox", name="Input"), '{"question": ')
    expect(dialog.get_by_role("alert")).to_contain_text("This is no JSON")
    expect(dialog.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    rewrite(page, dialog.get_by_role("textbox", name="Input"), '{"question": "Who?"}')
    dialog.get_by_label("Id").fill("mine")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(line(page, "Examples", "mine")).to_contain_text("Who?")


# -------------------------------------------------------------------- examples


def test_examples_are_found_read_and_changed(open_page, own):
    dataset = upload(own, "plans", 250)
    page = open_page(own, f"/datasets/{dataset}")
    expect(page).to_have_url(re.compile("/examples$"))
    expect(page.get_by_role("search", name="Examples").get_by_role("status")).to_have_text("250 examples")
    assert dom_size(page) < 1800
    check_axe(page)
    shot(page, "examples-dark")
    page.get_by_role("combobox", name="Split").select_option(label="test")
    expect(page.get_by_role("search", name="Examples").get_by_role("status")).to_have_text("63 examples")
    page.get_by_role("combobox", name="Split").select_option(label="All splits")
    page.get_by_role("textbox", name="Search examples").fill("plan 123 ")
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(2)
    line(page, "Examples", "q-0123").get_by_role("link").click()
    drawer = page.get_by_role("region", name="Example", exact=True)
    expect(drawer.get_by_role("region", name="Input")).to_contain_text("What does plan 123 cost?")
    check_axe(page)
    shot(page, "example-dark")
    page.keyboard.press("e")
    output = drawer.get_by_role("textbox", name="Output")
    rewrite(page, output, '{"answer": "It is free."}')
    drawer.get_by_label("What changed").fill("the 123rd is free")
    check_axe(page)
    shot(page, "example-edit-dark")
    page.keyboard.press("Control+Enter")
    expect(drawer.get_by_role("region", name="Output")).to_contain_text("It is free.")
    expect(line(page, "Examples", "q-0123")).to_contain_text("It is free.")
    node = stored(own, dataset)
    assert [edge["node"]["description"] for edge in node["versions"]["edges"]].count("the 123rd is free") == 1
    changed = next(one for one in examples(own, dataset) if one["externalId"] == "q-0123")
    assert changed["revision"]["output"] == {"answer": "It is free."} and changed["revision"]["metadata"] == {"level": 0}


def test_j_and_k_go_through_the_examples(open_page, own):
    dataset = upload(own, "plans", 5)
    page = open_page(own, f"/datasets/{dataset}/examples")
    grid(page, "Examples").focus()
    first = grid(page, "Examples").locator('[role="row"][aria-rowindex="2"]')
    expect(first).not_to_have_attribute("aria-busy", "true")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Example", exact=True)
    heading = drawer.get_by_role("heading", level=2)
    expect(heading).to_have_text(re.compile(r"Example q-000\d"))
    before = heading.inner_text()
    page.keyboard.press("j")
    expect(heading).not_to_have_text(before)
    page.keyboard.press("k")
    expect(heading).to_have_text(before)
    page.keyboard.press("k")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("This is the first example.")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_earlier_versions_can_be_read_but_not_changed(open_page, own):
    dataset = upload(own, "plans", 2)
    upload(own, "plans", 3, action="append", example_ids=["n-1", "n-2", "n-3"])
    page = open_page(own, f"/datasets/{dataset}/versions", theme="light")
    expect(grid(page, "Versions").get_by_role("row")).to_have_count(3)
    check_axe(page)
    shot(page, "versions-light")
    grid(page, "Versions").locator('[role="row"][aria-rowindex="3"]').click()
    drawer = page.get_by_role("region", name="Version", exact=True)
    expect(drawer.get_by_role("region", name="Changes").get_by_role("status").first).to_have_text("2 added")
    drawer.get_by_role("button", name="Its examples").click()
    expect(page.get_by_text("This is an earlier version.")).to_be_visible()
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(3)
    expect(grid(page, "Examples").get_by_role("checkbox")).to_have_count(0)
    line(page, "Examples", "q-0000").get_by_role("link").click()
    expect(page.get_by_role("region", name="Example", exact=True).get_by_role("region", name="Input")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Show the latest").click()
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(6)


def test_examples_join_splits_and_are_deleted_with_undo(open_page, own):
    dataset = upload(own, "plans", 4)
    page = open_page(own, f"/datasets/{dataset}/examples")
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(5)
    line(page, "Examples", "q-0000").get_by_role("checkbox").check(force=True)
    line(page, "Examples", "q-0001").get_by_role("checkbox").check(force=True)
    bar = page.get_by_role("toolbar", name="Selected examples")
    expect(bar).to_contain_text("2 examples")
    bar.get_by_role("button", name="Splits").click()
    page.get_by_role("menuitem", name="New split…").click()
    dialog = page.get_by_role("dialog", name="New split")
    dialog.get_by_label("Name").fill("hard")
    dialog.get_by_role("button", name="Create").click()
    expect(line(page, "Examples", "q-0001")).to_contain_text("hard")
    expect(line(page, "Examples", "q-0001")).to_contain_text("train")
    line(page, "Examples", "q-0001").get_by_role("checkbox").check(force=True)
    bar.get_by_role("button", name="Splits").click()
    page.get_by_role("menuitem", name="Add to test").click()
    expect(line(page, "Examples", "q-0001")).to_contain_text("test")
    splits = {one["externalId"]: sorted(split["name"] for split in one["datasetSplits"]) for one in examples(own, dataset)}
    assert splits == {"q-0000": ["hard", "test"], "q-0001": ["hard", "test", "train"], "q-0002": ["train"], "q-0003": ["train"]}

    line(page, "Examples", "q-0002").get_by_role("checkbox").check(force=True)
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    assert stored(own, dataset)["exampleCount"] == 4
    line(page, "Examples", "q-0002").get_by_role("checkbox").check(force=True)
    bar.get_by_role("button", name="Delete").click()
    page.goto(own.url + "/datasets")
    page.goto(own.url + f"/datasets/{dataset}/examples")
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(4)


def test_downloads_are_files_of_the_version_that_is_shown(open_page, own):
    dataset = upload(own, "plans", 3)
    page = open_page(own, f"/datasets/{dataset}/examples")
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(4)
    for name, wanted in (("CSV", "q-0002"), ("JSON lines", "What does plan 1 cost?")):
        page.get_by_role("button", name="Download").click()
        with page.expect_download() as started:
            page.get_by_role("menuitem", name=name).click()
        assert wanted in Path(started.value.path()).read_text()


def test_the_id_that_somebody_gave_an_example_leads_to_it(open_page, own):
    dataset = upload(own, "plans", 3)
    page = open_page(own, f"/redirects/datasets/{dataset}/examples/q-0002")
    expect(page.get_by_role("region", name="Example", exact=True).get_by_role("heading", level=2)).to_have_text("Example q-0002")
    page = open_page(own, f"/redirects/datasets/{dataset}/examples/q-9")
    expect(page.get_by_role("heading", name="There is no such example")).to_be_visible()


def test_a_dataset_that_is_not_there_says_so(open_page, own):
    page = open_page(own, "/datasets/RGF0YXNldDo5OTk=/examples")
    expect(page.get_by_role("heading", name="There is no such dataset")).to_be_visible()


@pytest.mark.parametrize("width", [900, 390, 320])
def test_narrow_windows_scroll_one_way(open_page, own, width):
    dataset = upload(own, "plans", 30)
    for place, table in (("/datasets", "Datasets"), (f"/datasets/{dataset}/examples", "Examples"), (f"/datasets/{dataset}/versions", "Versions")):
        page = open_page(own, place, width=width)
        expect(grid(page, table).locator('[role="row"][aria-rowindex="2"]:not([aria-busy])')).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shot(page, f"{table.lower()}-{width}")


# -------------------------------------------------------------------- spans


def test_spans_become_examples(open_page, own):
    trace_data.send(own, trace_data.agent(1), trace_data.agent(2, "Oslo"))
    page = open_page(own, f"/projects/{own.project('trace-view')}/spans?timeRangeKey=all")
    settled(page)
    for at in range(2):
        rows(page).nth(at).get_by_role("checkbox").check(force=True)
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Add to dataset").click()
    dialog = page.get_by_role("dialog", name="Add 2 spans to a dataset")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_have_text("Give the dataset a name.")
    dialog.get_by_label("Name of the new dataset").fill("worth keeping")
    check_axe(page)
    shot(page, "add-to-dataset-dark")
    dialog.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("region", name="Notifications").get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="worth keeping")).to_be_visible()
    grid(page, "Examples").locator('[role="row"][aria-rowindex="2"]').get_by_role("link").click()
    page.get_by_role("region", name="Example", exact=True).get_by_role("link", name=re.compile("travel_agent in trace-view")).click()
    expect(page.get_by_role("region", name="Span", exact=True).get_by_role("heading", level=2)).to_contain_text("travel_agent")
    assert {one["span"]["name"] for one in examples(own, named(own, "worth keeping"))} == {"travel_agent"}


def test_links_that_clients_print_say_where_results_are(open_page, own):
    dataset = upload(own, "linked", 2)
    page = open_page(own, f"/datasets/{dataset}/compare?experimentId=RXhwZXJpbWVudDox")
    expect(page.get_by_role("heading", name="Experiments cannot be shown here yet")).to_be_visible()
    expect(page.get_by_role("link", name="JSON")).to_have_attribute(
        "href", re.compile(r"/v1/experiments/RXhwZXJpbWVudDox/json$"))
    page.get_by_role("link", name="The dataset").click()
    expect(page).to_have_url(re.compile(rf"/datasets/{re.escape(dataset)}/examples"))
    for path, what in (("/prompts", "Prompts"), ("/playground", "The playground")):
        page.goto(own.url + path)
        expect(page.get_by_role("heading", name=f"{what} cannot be shown here yet")).to_be_visible()

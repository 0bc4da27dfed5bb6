"""What is around datasets: the palette, labels and splits in the settings, what versions changed, spans of a trace as examples."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import trace_data
from conftest import Site, check_axe, shot
from playwright.sync_api import Page, expect
from project_page import tab_to
from test_annotations import open_trace
from test_datasets import examples, grid, line, named, rewrite, stored, upload
from trace_data import TRICKS

LABELS = "{ datasetLabels { edges { node { name color description usageCount } } } datasetSplits { edges { node { name color description } } } }"


@pytest.fixture
def own(make_site: Any) -> Site:
    return make_site()


def named_things(site: Site, what: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in site.graphql(LABELS)[what]["edges"]]


def patch(site: Site, dataset: str, operations: list[dict[str, Any]], description: str) -> None:
    site.graphql(
        "mutation($i: PatchDatasetExamplesInput!) { patchDatasetExamples(input: $i) { dataset { id } } }",
        i={"datasetId": dataset, "operations": operations, "versionDescription": description},
    )


# -------------------------------------------------------------------- the palette


def test_the_palette_finds_datasets_and_their_examples(open_page, own):
    dataset = upload(own, "support questions", 3)
    page = open_page(own, "/projects")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search")
    field.fill("support q")
    option = page.get_by_role("option", name=re.compile("support questions"))
    expect(option).to_be_visible()
    check_axe(page)
    shot(page, "palette-datasets-dark")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="support questions")).to_be_visible()
    page.keyboard.press("Control+k")
    # What was looked at stands on top.
    expect(page.get_by_role("listbox", name="Findings").get_by_role("option").first).to_contain_text("support questions")
    field.fill(next(one["id"] for one in examples(own, dataset) if one["externalId"] == "q-0002"))
    expect(page.get_by_role("option", name=re.compile("q-0002"))).to_contain_text("example in support questions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Example", exact=True).get_by_role("heading", level=2)).to_have_text("Example q-0002")


# -------------------------------------------------------------------- settings


def test_labels_are_made_given_to_datasets_and_deleted(open_page, own):
    for name in ("alpha", "beta"):
        upload(own, name, 2)
    page = open_page(own, "/settings/datasets")
    section = page.get_by_role("region", name="Labels of datasets")
    expect(section).to_contain_text("No labels yet.")
    check_axe(page)
    section.get_by_role("button", name="New label").click()
    dialog = page.get_by_role("dialog", name="New label")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give it a name.")
    dialog.get_by_label("Name").fill("production")
    dialog.get_by_label("Description").fill("Taken from real traffic")
    # By keys: to the colours, and to the third of them.
    dialog.get_by_label("Description").press("Tab")
    expect(dialog.get_by_role("radio", name="blue")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="amber")).to_be_checked()
    check_axe(page)
    shot(page, "label-form-dark")
    page.keyboard.press("Enter")
    expect(section.get_by_role("listitem")).to_contain_text("Taken from real traffic")
    assert named_things(own, "datasetLabels") == [{"name": "production", "color": "#f59e0b", "description": "Taken from real traffic", "usageCount": 0}]

    # The same name again is refused in words.
    section.get_by_role("button", name="New label").click()
    dialog.get_by_label("Name").fill("production")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("production")
    page.keyboard.press("Escape")

    section.get_by_role("button", name="Choose the datasets of production").click()
    chosen = page.get_by_role("dialog", name="Datasets with the label production")
    chosen.get_by_role("checkbox", name="beta").check()
    check_axe(page)
    shot(page, "label-assign-dark")
    chosen.get_by_role("button", name="Save").click()
    section.get_by_role("link", name="1 dataset").click()
    expect(grid(page, "Datasets").get_by_role("row")).to_have_count(2)
    expect(line(page, "Datasets", "beta")).to_contain_text("production")

    page.goto(own.url + "/settings/datasets")
    section.get_by_role("button", name="Delete the label production").click()
    expect(section).to_contain_text("No labels yet.")
    page.get_by_role("button", name="Undo").click()
    section.get_by_role("button", name="Delete the label production").click()
    page.goto(own.url + "/datasets")
    expect(grid(page, "Datasets").get_by_role("row")).to_have_count(3)
    assert named_things(own, "datasetLabels") == []


def test_splits_are_made_renamed_and_deleted(open_page, own):
    dataset = upload(own, "plans", 4)
    page = open_page(own, "/settings/datasets", theme="light")
    section = page.get_by_role("region", name="Splits of examples")
    expect(section.get_by_role("listitem")).to_have_count(2)
    section.get_by_role("button", name="New split").click()
    dialog = page.get_by_role("dialog", name="New split")
    dialog.get_by_label("Name").fill("hard")
    dialog.get_by_role("radio", name="red").check(force=True)
    dialog.get_by_role("button", name="Create").click()
    section.get_by_role("button", name="Edit the split train").click()
    dialog = page.get_by_role("dialog", name="Edit train")
    dialog.get_by_label("Name").fill("training")
    dialog.get_by_role("radio", name="teal").check(force=True)
    dialog.get_by_role("button", name="Save").click()
    expect(section).to_contain_text("training")
    check_axe(page)
    shot(page, "dataset-settings-light")
    section.get_by_role("button", name="Delete the split test").click()
    page.goto(own.url + f"/datasets/{dataset}/examples")
    expect(line(page, "Examples", "q-0001")).to_contain_text("training")
    assert sorted((one["name"], one["color"]) for one in named_things(own, "datasetSplits")) == [("hard", "#ef4444"), ("training", "#14b8a6")]
    assert stored(own, dataset)["exampleCount"] == 4


@pytest.mark.parametrize("width", [900, 320])
def test_the_settings_fit_into_narrow_windows(open_page, own, width):
    dataset = upload(own, "plans", 4)
    own.graphql("mutation { createDatasetLabel(input: {name: \"a label with a name that goes on and on and on\", color: \"#123456\", description: \"and a description that is longer than that by far\"}) { datasetLabel { id } } }")
    page = open_page(own, "/settings/datasets", width=width)
    expect(page.get_by_role("region", name="Splits of examples").get_by_role("listitem")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"dataset-settings-{width}")
    page = open_page(own, f"/datasets/{dataset}/versions/{stored(own, dataset)['versions']['edges'][0]['node']['id']}", width=width)
    expect(page.get_by_role("region", name="Changes").get_by_role("listitem").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"version-{width}")


# -------------------------------------------------------------------- versions


def test_a_version_says_what_it_changed(open_page, own):
    dataset = upload(own, "plans", 4)
    ids = {one["externalId"]: one["id"] for one in examples(own, dataset)}
    patch(
        own, dataset,
        [
            {"replace": {"exampleId": ids["q-0001"], "field": "OUTPUT", "value": {"answer": "Plan 1 is free."}}},
            {"remove": {"exampleId": ids["q-0002"]}},
            {"add": {"value": {"input": {"question": "And plan 9?"}, "output": {"answer": "No."}, "metadata": {}, "externalId": "n-9"}}},
        ],
        "plan 1 became free",
    )  # fmt: skip
    page = open_page(own, f"/datasets/{dataset}/versions")
    expect(grid(page, "Versions").get_by_role("row")).to_have_count(3)
    grid(page, "Versions").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Version", exact=True)
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Version 2")
    expect(drawer).to_contain_text("plan 1 became free")
    changes = drawer.get_by_role("region", name="Changes")
    expect(changes.get_by_role("status").first).to_have_text("1 added1 changed1 removed")
    expect(changes.get_by_role("listitem")).to_have_count(3)
    expect(changes.get_by_role("listitem").filter(has_text="n-9")).to_contain_text("And plan 9?")
    changed = changes.get_by_role("listitem").filter(has_text="q-0001")
    expect(changed.locator("ins")).to_contain_text(["is", "free"])
    expect(changed).not_to_contain_text("What does plan 1 cost?")
    expect(changes.get_by_role("listitem").filter(has_text="q-0002")).to_contain_text("removed")
    check_axe(page)
    shot(page, "version-dark")
    page.keyboard.press("j")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Version 1")
    expect(changes.get_by_role("status").first).to_have_text("4 added")
    expect(drawer.get_by_role("combobox", name="Compared with")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("This is the first version.")
    changes.get_by_role("link", name="q-0002").click()
    expect(page.get_by_role("region", name="Example", exact=True).get_by_role("region", name="Input")).to_contain_text("What does plan 2 cost?")
    expect(page.get_by_text("This is an earlier version.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="What it changed").click()
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Version 1")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_any_two_versions_are_compared(open_page, own):
    dataset = upload(own, "plans", 2)
    first = examples(own, dataset)[0]["id"]
    for at in range(2):
        patch(own, dataset, [{"replace": {"exampleId": first, "field": "OUTPUT", "value": {"answer": f"answer {at}"}}}], f"change {at}")
    patch(own, dataset, [{"add": {"value": {"input": {"question": "new"}, "output": {}, "metadata": {}}}}], "one more")
    page = open_page(own, f"/datasets/{dataset}/versions", theme="light")
    grid(page, "Versions").locator('[role="row"][aria-rowindex="2"]').click()
    drawer = page.get_by_role("region", name="Version", exact=True)
    sums = drawer.get_by_role("region", name="Changes").get_by_role("status").first
    expect(sums).to_have_text("1 added")
    compared = drawer.get_by_role("combobox", name="Compared with")
    compared.select_option(compared.get_by_role("option", name=re.compile("^Version 1,")).get_attribute("value"))
    expect(sums).to_have_text("1 added1 changed")
    # Word by word: the space between them is in both.
    expect(drawer.locator("ins")).to_have_text(["answer", "1"])
    expect(page).to_have_url(re.compile("base="))
    check_axe(page)
    shot(page, "version-base-light")
    page.reload()
    expect(sums).to_have_text("1 added1 changed")
    page.keyboard.press("j")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Version 3")
    expect(sums).to_have_text("1 changed")


def test_a_version_that_is_not_there_says_so(open_page, own):
    dataset = upload(own, "plans", 1)
    page = open_page(own, f"/datasets/{dataset}/versions/RGF0YXNldFZlcnNpb246OTk5")
    expect(page.get_by_role("heading", name="There is no such version")).to_be_visible()


# -------------------------------------------------------------------- by keys alone


def test_a_dataset_is_made_filled_and_changed_by_keys_alone(open_page, own):
    page = open_page(own, "/datasets")
    expect(page.get_by_role("heading", name="No datasets yet")).to_be_visible()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New dataset")
    expect(dialog.get_by_role("radio", name="From a file")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.type("by keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="by keys")).to_be_visible()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Add an example")
    expect(dialog.get_by_role("textbox", name="Input")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('{"question": "Who?"}')
    page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    first = grid(page, "Examples").locator('[role="row"][aria-rowindex="2"]')
    expect(first).to_contain_text("Who?")
    grid(page, "Examples").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Example", exact=True)
    expect(drawer.get_by_role("region", name="Input")).to_contain_text("Who?")
    page.keyboard.press("e")
    expect(drawer.get_by_role("textbox", name="Input")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('{"question": "Who else?"}')
    page.keyboard.press("Control+Enter")
    expect(drawer.get_by_role("region", name="Input")).to_contain_text("Who else?")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    grid(page, "Examples").focus()
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selected examples")
    tab_to(page, bar.get_by_role("button", name="Delete"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Deleted 1 example")
    page.keyboard.press("u")
    expect(first).to_contain_text("Who else?")
    assert [one["revision"]["input"] for one in examples(own, named(own, "by keys"))] == [{"question": "Who else?"}]


# -------------------------------------------------------------------- spans of a trace


def test_a_span_becomes_an_example_by_keys_and_can_be_edited_first(open_page, own):
    trace_data.send(own, trace_data.agent(1))
    upload(own, "plans", 1)
    page = open_trace(open_page, own)
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Add 1 span to a dataset")
    expect(dialog.get_by_role("combobox", name="Dataset")).to_be_focused()
    edit = dialog.get_by_role("checkbox", name="Edit it first")
    expect(edit).to_be_enabled()
    dialog.get_by_role("combobox", name="Dataset").press("Tab")
    page.keyboard.press("Space")
    output = dialog.get_by_role("textbox", name="Output")
    expect(output).to_contain_text("Done.")
    rewrite(page, output, '{"answer": ')
    expect(dialog.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    rewrite(page, output, '{"answer": "A plan of four days."}')
    check_axe(page)
    shot(page, "add-span-edit-dark")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Added 1 example to plans")
    [made] = [one for one in examples(own, named(own, "plans")) if one["span"]]
    assert made["revision"]["output"] == {"answer": "A plan of four days."} and made["span"]["name"] == "travel_agent"

    page.get_by_role("button", name="More about the span").click()
    page.get_by_role("menuitem", name="Add to a dataset…").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0)
    assert [one["span"] and one["span"]["name"] for one in examples(own, named(own, "plans"))].count("travel_agent") == 2


# -------------------------------------------------------------------- tricks


def test_tricks_in_datasets_do_nothing(open_page, own):
    tricks = [text for text in TRICKS.values() if len(text) < 20_000]
    name = TRICKS["image"]
    values = [{"text": text, text[:60]: [text]} for text in tricks]
    dataset = upload(own, name, len(tricks), inputs=values, outputs=values, metadata=values, splits=[text[:80] for text in tricks], example_ids=[f"{at} {text[:60]}" for at, text in enumerate(tricks)])
    own.graphql("mutation($d: ID!, $t: String!) { patchDataset(input: {datasetId: $d, description: $t, metadata: {x: 1}}) { dataset { id } } }", d=dataset, t=TRICKS["script"])
    label = own.graphql("mutation($n: String!) { createDatasetLabel(input: {name: $n, color: \"#123456\", description: $n}) { datasetLabel { id } } }", n=TRICKS["svg"])["createDatasetLabel"]["datasetLabel"]["id"]
    own.graphql("mutation($d: ID!, $l: ID!) { setDatasetLabels(input: {datasetId: $d, datasetLabelIds: [$l]}) { dataset { id } } }", d=dataset, l=label)
    made = examples(own, dataset)
    patch(own, dataset, [{"replace": {"exampleId": one["id"], "field": "OUTPUT", "value": {"text": one["revision"]["output"]["text"] + " changed", "other": TRICKS["frame"]}}} for one in made[:20]], TRICKS["form"])
    version = stored(own, dataset)["versions"]["edges"]
    latest = max((edge["node"]["id"] for edge in version), key=lambda id: int(__import__("base64").b64decode(id).split(b":")[1]))

    def harmless(page: Page) -> None:
        assert page.evaluate("[window.hacked ?? null, ({}).hacked ?? null]") == [None, None]
        assert page.locator("main").locator("iframe, object, embed, meta, base, svg [onload], [onerror], [ontoggle], [onfocus], a[href^='javascript' i], a[href^='data:' i], img:not([src^='data:image/'])").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440

    page = open_page(own, "/datasets")
    expect(line(page, "Datasets", name)).to_contain_text(TRICKS["svg"])
    harmless(page)
    page.goto(own.url + f"/datasets/{dataset}/examples")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(grid(page, "Examples").get_by_role("row")).to_have_count(len(tricks) + 1)
    shot(page, "dataset-tricks-dark")
    harmless(page)
    grid(page, "Examples").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Example", exact=True)
    for at in range(len(tricks)):
        expect(drawer.get_by_role("region", name="Input")).to_be_visible()
        harmless(page)
        if at == len(tricks) - 1:
            shot(page, "example-tricks-dark")
        page.keyboard.press("j")
    page.keyboard.press("e")
    expect(drawer.get_by_role("textbox", name="Output")).to_be_visible()
    harmless(page)
    page.goto(own.url + f"/datasets/{dataset}/versions/{latest}")
    expect(page.get_by_role("region", name="Changes").get_by_role("listitem").first).to_contain_text("changed")
    expect(page.get_by_role("region", name="Changes").locator("ins").first).to_be_visible()
    shot(page, "version-tricks-dark")
    harmless(page)
    page.goto(own.url + "/settings/datasets")
    expect(page.get_by_role("region", name="Labels of datasets").get_by_role("listitem")).to_contain_text(TRICKS["svg"])
    harmless(page)
    assert json.dumps(examples(own, dataset)[-1]["revision"]["input"])

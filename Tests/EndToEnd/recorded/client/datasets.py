from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from phoenix.client.resources.datasets import Dataset
from support.client_calls import Calls, unknown

from .things import id_of, span, store

CREATE, ADD, GET = (
    "datasets.create_dataset",
    "datasets.add_examples_to_dataset",
    "datasets.get_dataset",
)
VERSIONS = "datasets.get_dataset_versions"


def colours(count: int = 3, start: int = 0) -> dict[str, Any]:
    numbers = range(start, start + count)
    return {
        "inputs": [{"q": f"colour {i}", "n": i} for i in numbers],
        "outputs": [{"a": f"shade {i}"} for i in numbers],
        "metadata": [{"hue": i / 2, "tags": ["x", None]} for i in numbers],
    }


def datasets(ask: Calls) -> None:
    """Creating, growing, reading and listing by name, id and version."""
    ask("list-first", "datasets.list")
    plain = ask("create", CREATE, name="colours", dataset_description="of things", **colours())
    ask("create-inputs-only", CREATE, name="inputs only", inputs=[{"q": 1}, {"q": 2}])
    ask("create-described-empty", CREATE, name="undescribed", dataset_description="",
        inputs=[{"q": 1}])  # fmt: skip
    ask("create-odd-values", CREATE, name="odd é/?#%", inputs=[
        {"": "empty key", "nested": {"deep": [1, [2, {"x": None}]]}, "big": 2**53 + 1, "f": 1e-9},
        {"text": "line\nbreak \u0001 \U0001f600 \"quoted\" <b>", "true": True, "null": None},
    ])  # fmt: skip
    ask("create-empty-dicts", CREATE, name="empty dicts", inputs=[{}, {}], outputs=[{}, {}])
    ask("create-nothing", CREATE, name="nothing")
    ask("create-no-name", CREATE, name="", inputs=[{"q": 1}])
    ask("create-blank-name", CREATE, name="  ", inputs=[{"q": 1}])
    ask("create-lengths-differ", CREATE, name="uneven", inputs=[{"q": 1}], outputs=[{}, {}])
    ask("create-not-dicts", CREATE, name="not dicts", inputs=["q"])
    ask("create-two-ways", CREATE, name="two ways", inputs=[{"q": 1}],
        examples=[{"input": {}, "output": {}}])  # fmt: skip
    ask("create-non-finite", CREATE, name="non finite", inputs=[{"q": float("nan")}])

    same = ask("create-same-again", CREATE, name="colours", **colours())
    ask.note("same-version", lambda: same.version_id == plain.version_id)
    more = ask("create-with-another", CREATE, name="colours", **colours(4))
    ask.note("another-version", lambda: more.version_id == plain.version_id)
    ask("create-with-less", CREATE, name="colours", **colours(2, 1))
    ask("create-with-changes", CREATE, name="colours", inputs=[{"q": "colour 1", "n": 1}],
        outputs=[{"a": "changed"}])  # fmt: skip
    ask("create-described-anew", CREATE, name="colours", dataset_description="other words",
        inputs=[{"q": "colour 1", "n": 1}], outputs=[{"a": "changed"}])  # fmt: skip

    ask("add", ADD, dataset="colours", **colours(2, 10))
    ask("add-same-again", ADD, dataset="colours", **colours(2, 10))
    ask("add-by-id", ADD, dataset=plain.id, inputs=[{"by": "id"}])
    ask("add-by-dataset", ADD, dataset=plain, inputs=[{"by": "dataset"}])
    ask("add-by-dict", ADD, dataset={"id": plain.id, "name": "colours"}, inputs=[{"by": "dict"}])
    ask("add-by-dict-of-id", ADD, dataset={"id": plain.id}, inputs=[{"by": "dict of id"}])
    ask("add-nothing", ADD, dataset="colours")
    ask("add-unknown-name", ADD, dataset="no such dataset", inputs=[{"q": 1}])
    ask("add-unknown-id", ADD, dataset=unknown("Dataset"), inputs=[{"q": 1}])
    ask("add-number", ADD, dataset=7, inputs=[{"q": 1}])
    ask("add-empty-dict", ADD, dataset={}, inputs=[{"q": 1}])

    ask("get", GET, dataset="colours")
    ask("get-by-id", GET, dataset=plain.id)
    ask("get-by-dataset", GET, dataset=plain)
    ask("get-by-dict", GET, dataset={"name": "colours"})
    ask("get-version", GET, dataset="colours", version_id=plain.version_id)
    ask("get-second-version", GET, dataset="colours", version_id=more.version_id)
    ask("get-odd", GET, dataset="odd é/?#%")
    ask("get-unknown", GET, dataset="no such dataset")
    ask("get-unknown-id", GET, dataset=unknown("Dataset"))
    ask("get-unknown-version", GET, dataset="colours", version_id=unknown("DatasetVersion"))
    ask("get-odd-version", GET, dataset="colours", version_id="nonsense")
    ask("get-version-of-another-kind", GET, dataset="colours", version_id=plain.id)
    other = ask("create-other", CREATE, name="other", inputs=[{"q": 1}])
    ask("get-version-of-another", GET, dataset="colours", version_id=other.version_id)
    ask("get-empty-dict", GET, dataset={})
    ask.note("as-frame", lambda: plain.to_dataframe())
    ask.note("restored", lambda: Dataset.from_dict(plain.to_dict()))

    ask("versions", VERSIONS, dataset="colours")
    ask("versions-limit", VERSIONS, dataset=plain.id, limit=2)
    ask("versions-limit-zero", VERSIONS, dataset="colours", limit=0)
    ask("versions-limit-negative", VERSIONS, dataset="colours", limit=-1)
    ask("versions-limit-none", VERSIONS, dataset="colours", limit=None)
    ask("versions-unknown", VERSIONS, dataset="no such dataset")
    ask("versions-unknown-id", VERSIONS, dataset=unknown("Dataset"))

    ask("list", "datasets.list")
    ask("list-limit", "datasets.list", limit=2)
    ask("list-limit-zero", "datasets.list", limit=0)
    ask("list-limit-large", "datasets.list", limit=1000)


def examples(ask: Calls) -> None:
    """The forms of single examples: ids, splits, spans."""

    def example(number: int, **more: Any) -> dict[str, Any]:
        return {"input": {"q": number}, "output": {"a": number * 2}, **more}

    P = "client-examples"
    made = [span(ask, f"source {i}", i) for i in range(2)]
    store(ask, P, made)

    ask("one", CREATE, name="ex one", examples=example(1))
    ask("several", CREATE, name="ex several",
        examples=[example(1, metadata={"m": 1}), example(2)])  # fmt: skip
    ask("generator", CREATE, name="ex generator", examples=(example(i) for i in range(3)))
    ask("no-output", CREATE, name="ex no output", examples=[{"input": {}}])
    ask("none", CREATE, name="ex none", examples=[])
    ask("not-dicts", CREATE, name="ex not dicts", examples=["x"])

    first = ask("with-ids", CREATE, name="ex ids",
                examples=[example(i, id=f"id-{i}") for i in range(3)])  # fmt: skip
    ask("with-ids-again", CREATE, name="ex ids",
        examples=[example(i, id=f"id-{i}") for i in range(3)])  # fmt: skip
    ask("with-ids-changed", CREATE, name="ex ids",
        examples=[example(0, id="id-0"), example(70, id="id-1"), example(3, id="id-3")])  # fmt: skip
    ask("with-some-ids", CREATE, name="ex some ids", examples=[example(1, id="only"), example(2)])
    ask("with-twice-the-id", CREATE, name="ex twice",
        examples=[example(1, id="same"), example(2, id="same")])  # fmt: skip
    ask("with-empty-id", CREATE, name="ex empty id", examples=[example(1, id="")])
    ask("with-twice-the-content", CREATE, name="ex content", examples=[example(1), example(1)])
    ask("add-with-ids", ADD, dataset="ex ids", examples=[example(9, id="id-9")])
    ask("add-known-id", ADD, dataset="ex ids", examples=[example(90, id="id-9")])
    ask("add-known-id-same", ADD, dataset="ex ids", examples=[example(90, id="id-9")])
    ask("get-ids", GET, dataset="ex ids")
    ask("get-ids-first", GET, dataset="ex ids", version_id=first.version_id)
    latest = ask("get-to-copy", GET, dataset="ex ids")
    ask("copy", CREATE, name="ex copy", examples=[dict(e) for e in latest.examples])
    ask("copy-onto-itself", CREATE, name="ex ids", examples=[dict(e) for e in latest.examples])
    ask("versions-ids", VERSIONS, dataset="ex ids")

    ask("with-splits", CREATE, name="ex splits", examples=[
        example(1, splits="train"), example(2, splits=["train", "hard"]), example(3, splits="test"),
        example(4), example(5, splits=[]), example(6, splits=None)])  # fmt: skip
    ask("get-split", GET, dataset="ex splits", splits=["train"])
    ask("get-splits", GET, dataset="ex splits", splits=["hard", "test"])
    ask("get-unknown-split", GET, dataset="ex splits", splits=["none"])
    ask("get-some-unknown-split", GET, dataset="ex splits", splits=["train", "none"])
    ask("get-no-splits", GET, dataset="ex splits", splits=[])
    ask("add-with-splits", ADD, dataset="ex splits", examples=[example(7, splits="late")])
    ask("get-added-split", GET, dataset="ex splits", splits=["late"])
    ask("blank-split", CREATE, name="ex blank split", examples=[example(1, splits=" ")])
    ask("odd-splits", CREATE, name="ex odd splits", examples=[example(1, splits=[1, None])])
    ask("same-name-of-split", CREATE, name="ex other splits", examples=[example(1, splits="train")])

    ask("with-spans", CREATE, name="ex spans", examples=[
        example(1, span_id=id_of(made[0])), example(2, span_id=None),
        example(3, span_id=id_of(made[1]))])  # fmt: skip
    ask("with-unknown-span", CREATE, name="ex unknown span",
        examples=[example(1, span_id="f" * 16), example(2, span_id="nonsense")])  # fmt: skip
    ask("add-with-span", ADD, dataset="ex spans", examples=[example(4, span_id=id_of(made[0]))])
    ask("add-not-dicts", ADD, dataset="ex spans", examples=["x"])
    ask("add-none", ADD, dataset="ex spans", examples=[])
    ask("add-two-ways", ADD, dataset="ex spans", inputs=[{}], examples=[example(1)])


def tables(ask: Calls) -> None:
    """Data frames and CSV files."""
    frame = pd.DataFrame(
        {
            "question": ["one", "two", "three"], "answer": ["1", "2", "3"], "score": [0.5, 1.0, 2.0],
            "part": ["train", "test", "train"], "key": ["k1", "k2", "k3"],
        }
    )  # fmt: skip
    keys: dict[str, Any] = {
        "input_keys": ["question"], "output_keys": ["answer"], "metadata_keys": ["score"],
    }  # fmt: skip
    P = "client-tables"
    made = [span(ask, f"row {i}", i) for i in range(3)]
    store(ask, P, made)
    spans = frame.assign(span=[id_of(s) for s in made])

    ask("frame", CREATE, name="t frame", dataframe=frame, **keys)
    ask("frame-described", CREATE, name="t described", dataframe=frame, dataset_description="d",
        **keys)  # fmt: skip
    ask("frame-inferred", CREATE, name="t inferred", dataframe=frame[["question", "answer"]])
    ask("frame-split", CREATE, name="t split", dataframe=frame, split_key="part", **keys)
    ask("frame-get-split", GET, dataset="t split", splits=["test"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask("frame-splits", CREATE, name="t splits", dataframe=frame, split_keys=["part"], **keys)
    ask("frame-ids", CREATE, name="t ids", dataframe=frame, example_id_key="key", **keys)
    ask("frame-ids-changed", CREATE, name="t ids", example_id_key="key", **keys,
        dataframe=frame.assign(answer=["1", "two", "3"]).head(2))  # fmt: skip
    ask("frame-ids-twice", CREATE, name="t ids twice", example_id_key="key", **keys,
        dataframe=frame.assign(key="same"))  # fmt: skip
    ask("frame-spans", CREATE, name="t spans", dataframe=spans, span_id_key="span", **keys)
    ask("frame-everything", CREATE, name="t everything", dataframe=spans, span_id_key="span",
        example_id_key="key", split_key="part", **keys)  # fmt: skip
    ask("frame-missing-values", CREATE, name="t missing", **keys,
        dataframe=pd.DataFrame({"question": ["a", None], "answer": ["", "b"], "score": [None, 1]}))  # fmt: skip
    ask("frame-odd-values", CREATE, name="t odd", **keys,
        dataframe=pd.DataFrame({"question": ['quo"te', "a,b\nc é"], "answer": [True, {"a": [1]}],
                                "score": [1, 2**40]}))  # fmt: skip
    ask("frame-unknown-key", CREATE, name="t unknown", dataframe=frame, input_keys=["no"])
    ask("frame-keys-overlap", CREATE, name="t overlap", dataframe=frame, input_keys=["answer"],
        output_keys=["answer"])  # fmt: skip
    ask("frame-two-splits", CREATE, name="t two", dataframe=frame, split_key="part",
        split_keys=["part"], **keys)  # fmt: skip
    ask("frame-empty", CREATE, name="t empty", dataframe=frame.head(0), **keys)
    ask("frame-twice-a-column", CREATE, name="t columns", input_keys=["a"],
        dataframe=pd.DataFrame([[1, 2]], columns=["a", "a"]))  # fmt: skip
    ask("frame-add", ADD, dataset="t frame", dataframe=frame.assign(question="more"), **keys)
    ask("frame-add-split", ADD, dataset="t split", dataframe=frame.head(1), split_key="part",
        **keys)  # fmt: skip
    ask("frame-add-ids", ADD, dataset="t ids", example_id_key="key", **keys,
        dataframe=frame.assign(answer="added"))  # fmt: skip

    with tempfile.TemporaryDirectory() as folder:

        def csv(name: str, text: str | bytes) -> Path:
            path = Path(folder) / name
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            return path

        table = "question,answer,score\none,1,0.5\n\"two, 2\",\"2\n\",\n"
        ask("csv", CREATE, name="t csv", csv_file_path=csv("a.csv", table), **keys)
        ask("csv-text-path", CREATE, name="t csv path", csv_file_path=str(csv("b.csv", table)),
            **keys)  # fmt: skip
        ask("csv-inferred", CREATE, name="t csv inferred", csv_file_path=csv("c.csv", table))
        ask("csv-crlf", CREATE, name="t csv crlf", **keys,
            csv_file_path=csv("d.csv", "question,answer,score\r\none,1,2\r\n"))  # fmt: skip
        ask("csv-bom", CREATE, name="t csv bom", **keys,
            csv_file_path=csv("e.csv", "\ufeff" + table))  # fmt: skip
        ask("csv-ragged-long", CREATE, name="t csv long", **keys,
            csv_file_path=csv("f.csv", "question,answer,score\none,1,2,3\ntwo,1,2\n"))  # fmt: skip
        ask("csv-ragged-short", CREATE, name="t csv short", **keys,
            csv_file_path=csv("g.csv", "question,answer,score\none\ntwo,1,2\n"))  # fmt: skip
        ask("csv-blank-lines", CREATE, name="t csv blank", **keys,
            csv_file_path=csv("h.csv", "question,answer,score\n\none,1,2\n\n"))  # fmt: skip
        ask("csv-latin", CREATE, name="t csv latin", **keys,
            csv_file_path=csv("i.csv", "question,answer,score\nn\xe9,1,2\n".encode("latin-1")))  # fmt: skip
        ask("csv-header-only", CREATE, name="t csv header", **keys,
            csv_file_path=csv("j.csv", "question,answer,score\n"))  # fmt: skip
        ask("csv-duplicate-header", CREATE, name="t csv headers", input_keys=["a"],
            csv_file_path=csv("k.csv", "a,a\n1,2\n"))  # fmt: skip
        ask("csv-unclosed-quote", CREATE, name="t csv quote", **keys,
            csv_file_path=csv("l.csv", "question,answer,score\n\"one,1,2\n"))  # fmt: skip
        ask("csv-nested-keys", CREATE, name="t csv nested", input_keys=["a.b"],
            csv_file_path=csv("m.csv", "a.b,c\n\"{\"\"x\"\": 1}\",2\n"))  # fmt: skip
        ask("csv-both", CREATE, name="t both", dataframe=frame,
            csv_file_path=csv("n.csv", table), **keys)  # fmt: skip
        ask("csv-add", ADD, dataset="t csv", csv_file_path=csv("o.csv", table), **keys)
        ask("csv-with-dicts", CREATE, name="t dicts", csv_file_path=csv("p.csv", table),
            inputs=[{}], **keys)  # fmt: skip
    ask("csv-none", CREATE, name="t csv none", csv_file_path="/nowhere/at/all.csv", **keys)
    ask("csv-get", GET, dataset="t csv")

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from topics.explore import Payload, payload_of
from topics.explore._columns import MISSING_DATE, columns_of, minutes_of, shown_dates
from topics.explore._topics import seed_reproducibility
from topics.records import Levels, Origin


def array_of(payload: Payload, name: str) -> np.ndarray:
    part = payload.meta["parts"][name]
    kind = np.dtype(part["dtype"])
    return np.frombuffer(payload.data, dtype=kind, offset=part["offset"], count=part["length"])


def column_of(payload: Payload, name: str) -> dict:
    return next(column for column in payload.meta["columns"] if column["name"] == name)


@pytest.fixture(scope="module")
def payload(dated_run) -> Payload:
    return payload_of(dated_run)


def test_documents_are_those_of_the_run_without_near_duplicates(payload, dated_run):
    documents = dated_run.documents()
    distinct = documents[documents["copy_of"].isna()]
    assert payload.meta["n"] == len(distinct) == 45
    assert array_of(payload, "topic").tolist() == distinct["topic"].tolist()
    assert array_of(payload, "n_copies").sum() == 1
    x, y = array_of(payload, "x"), array_of(payload, "y")
    assert max(np.ptp(x), np.ptp(y)) == pytest.approx(2)
    assert np.corrcoef(x, distinct["x"])[0, 1] == pytest.approx(1)


def test_what_is_sent_is_json_and_holds_no_article(payload, dated_run):
    sent = json.dumps(payload.meta, allow_nan=False)
    assert not any(text in sent for text in dated_run.documents()["text"].tolist()[5:10])
    assert payload.meta["edits"] is None
    assert payload_of(dated_run, editable=True).meta["edits"] == {"done": 0, "said": [], "saved": False}


def test_columns_are_categories_numbers_and_dates(payload):
    assert {column["name"]: column["kind"] for column in payload.meta["columns"]} == {
        "source": "category", "lang": "category", "date": "date", "confidence": "number", "method": "category",
        "score": "number", "desk": "category",
    }  # fmt: skip
    outlets = column_of(payload, "source")
    assert outlets["values"] == ["Post", "Ledger"]
    assert np.bincount(array_of(payload, outlets["part"])).tolist() == [24, 21]
    dates = array_of(payload, column_of(payload, "date")["part"])
    assert (dates == MISSING_DATE).sum() == 3
    assert column_of(payload, "date")["low"] == pd.Timestamp("2022-01-01T08:30").timestamp() / 60


def test_topics_have_forms_reliabilities_and_a_place(payload, dated_run):
    [level] = [level for level in payload.meta["levels"] if level["chosen"]]
    assert [topic["size"] for topic in level["topics"]] == dated_run.topics()["size"].tolist()
    for topic in level["topics"]:
        assert set(topic["terms"]) <= set(topic["forms"])
        assert len(topic["anchor"]) == 2
        assert topic["evidence"][0][1].endswith(tuple("0123456789"))


def test_a_run_without_topics_or_dates_has_a_payload(dated_run, bag_of_words):
    import topics

    run = topics.fit(["one text", "another text"], encoder=bag_of_words)
    payload = payload_of(run)
    assert [level["topics"] for level in payload.meta["levels"] if level["chosen"]] == [[]]
    assert "noise" not in payload.meta["said"]
    assert "date" not in {column["name"] for column in payload.meta["columns"]}


def test_dates_are_shown_as_precisely_as_they_are_known():
    dates = pd.to_datetime(pd.Series(["2022-03-05T08:30", "2022-03-05", None]), format="ISO8601", utc=True)
    frame = pd.DataFrame({"date": dates, "date_precision": ["minute", "day", None]})
    assert shown_dates(frame) == ["2022-03-05 08:30", "2022-03-05", ""]
    assert minutes_of(frame["date"]).tolist()[2] == MISSING_DATE


def test_columns_that_tell_documents_apart_are_no_facets(dated_run):
    documents = dated_run.documents()
    documents["note"] = [f"note {i}" for i in range(len(documents))]
    documents["list"] = [["a"]] * len(documents)
    documents["flag"] = [i % 2 == 0 for i in range(len(documents))]
    found = {column.name: column for column in columns_of(documents)}
    assert not {"note", "list", "doc_id", "title", "url"} & set(found)
    assert found["flag"].names == ("False", "True")


def test_seed_reproducibility_is_of_topics_that_are_as_they_were_fitted():
    import pyarrow as pa
    from scipy.sparse import csr_array

    table = pa.table({"level": ["topic"], "seed_reproducibility": [[0.9, 0.8, 0.7]]})
    fitted = np.array([[0, 0, 1, 1, 2, 2, -1]])
    levels = Levels("c", table, table, fitted, fitted, csr_array((7, 3)), 5, 2, Origin("levels", 1, {}, (), {}))
    assert seed_reproducibility(np.array([1, 1, 0, 0, 2, 2, 2]), levels, level="topic") == {0: 0.8, 1: 0.9, 2: 0.7}
    merged = np.array([0, 0, 0, 0, 1, 1, -1])
    assert seed_reproducibility(merged, levels, level="topic") == {1: 0.7}
    assert seed_reproducibility(merged, levels, level="theme") == {}

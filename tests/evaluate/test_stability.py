from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from topics.evaluate import stability

LABELS = st.lists(st.integers(-1, 3), min_size=2, max_size=30)


@given(LABELS, st.randoms(use_true_random=False))
def test_the_same_topics_in_other_numbers_agree_fully(labels, random):
    numbers = list(range(-1, 4))
    random.shuffle(numbers)
    found = stability([labels, [numbers[label + 1] for label in labels]])
    assert found["ari"].tolist() == pytest.approx([1.0])
    assert found["n_shared"].tolist() == [len(labels)]


def test_every_two_runs_are_compared_on_what_both_have():
    one = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 1}
    other = pd.Series([5, 5, 7, 5, 9], index=["c", "b", "a", "d", "z"])
    table = pd.DataFrame({"Document": ["a", "b", "c", "d"], "Topic": [3, 3, -1, 2]})
    run = SimpleNamespace(documents=lambda: pd.DataFrame({"doc_id": ["d", "c", "b", "a"], "topic": [1, 1, 0, 0]}))
    found = stability([one, other, table, run])
    assert found[["run", "other"]].to_numpy().tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    assert found["n_shared"].tolist() == [4] * 6
    assert found["ari"][0] == pytest.approx(adjusted_rand_score([0, 0, 1, 1], [7, 5, 5, 5]))
    assert found["ari"][2] == 1
    assert stability([one, table], noise=False)["n_shared"].tolist() == [3]


def test_runs_that_share_nothing_have_no_agreement():
    found = stability([{"a": 0}, {"b": 0}])
    assert found["n_shared"].tolist() == [0]
    assert np.isnan(found["ami"][0])


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ([[0, 1]], "expected at least two runs to compare, got 1"),
        ([[0, 1], [0, 1, 2]], "runs 0 and 1 have no ids and differ in length: 2 and 3"),
        ([[0, 1], {"a": 0}], "run 0 has topics without ids"),
        ([{"a": 0}, pd.DataFrame({"id": ["a"], "cluster": [1]})], "run 1: expected a column topic or label or Topic"),
        ([{"a": 0}, pd.DataFrame({"id": ["a", "a"], "topic": [1, 1]})], "run 1 has document 'a' more than once"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, message):
    with pytest.raises(ValueError, match=message):
        stability(runs)

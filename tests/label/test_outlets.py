from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from topics.label._outlets import drop_outlet_names, find_outlet_habits, outlet_names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("BBC", {"bbc"}), ("BBC News", {"bbc news", "bbc"}), ("CNN (Web News)", {"cnn"}), ("nytimes.com", {"nytimes"}),
        ("www.bbc.co.uk", {"bbc"}), ("The New York Times", {"new york times", "nyt"}), ("🙂", set()), ("News", {"news"} - {"news"}),
        ("Українська правда", {"українська правда"}),
    ],
)  # fmt: skip
def test_names_of_an_outlet(source, expected):
    assert outlet_names(source) == expected


def test_an_outlet_s_name_counts_only_in_what_others_publish():
    counts = csr_array(np.array([[2, 1], [3, 0], [1, 1]], dtype=np.int32))
    left = drop_outlet_names(counts, ["bbc", "strike"], sources=["BBC", "Echo", None])
    assert left.toarray().tolist() == [[0, 1], [3, 0], [1, 1]]
    assert counts.toarray()[0, 0] == 2
    assert drop_outlet_names(counts, ["rail", "strike"], sources=["BBC"] * 3) is counts


def test_what_only_one_outlet_writes_of_a_shared_topic_is_its_habit():
    sources = ["ABC"] * 20 + ["Echo"] * 20
    members = csr_array(np.ones((1, 40), dtype=np.int32))
    table = np.zeros((40, 3), dtype=np.float32)
    table[:20, 0] = 1  # "playlist", in ABC's alone
    table[10:30, 1] = 1  # in both
    table[:3, 2] = 1  # too rare to tell
    presence = csr_array(table)
    weights = csr_array(np.ones((1, 3)))
    assert find_outlet_habits(weights, presence, members=members, sources=sources).tolist() == [True, False, False]
    assert not find_outlet_habits(weights, presence, members=members, sources=["ABC"] * 40).any()
    assert not find_outlet_habits(weights, presence, members=members, sources=[None] * 40).any()


def test_documents_of_unknown_source_are_not_one_outlet():
    sources = [None] * 20 + ["ABC", "Echo"] * 10
    table = np.zeros((40, 1), dtype=np.float32)
    table[:20] = 1
    members = csr_array(np.ones((1, 40), dtype=np.int32))
    assert not find_outlet_habits(csr_array(np.ones((1, 1))), csr_array(table), members=members, sources=sources).any()

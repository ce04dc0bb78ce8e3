"""What became of topics in another labeling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import InputError
from topics.evaluate import flow_of, match_alike, match_topics

LABELINGS = st.integers(2, 60).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(-1, 6), min_size=n, max_size=n) for _ in range(2)])
)


def events(frame):
    return [(row.kind, row.topics_a, row.topics_b) for row in frame.itertuples()]


def test_equal_labelings_keep_every_topic_under_any_numbers():
    found = match_topics([0, 0, 1, 1, 2, -1], [5, 5, 3, 3, 9, -1])
    assert events(found) == [("kept", [0], [5]), ("kept", [1], [3]), ("kept", [2], [9])]
    assert (found["jaccard"] == 1).all()


def test_a_split_a_merge_a_birth_and_a_death_are_told_apart():
    a = [0] * 10 + [1] * 6 + [2] * 6 + [3] * 5 + [-1] * 5
    b = [0] * 6 + [1] * 4 + [2] * 12 + [-1] * 5 + [3] * 5
    found = match_topics(a, b)
    assert events(found) == [("split", [0], [0, 1]), ("merged", [1, 2], [2]), ("gone", [3], []), ("born", [], [3])]
    assert found["nearest"].tolist()[2:] == [-1, -1]


def test_half_of_two_topics_exchanged_is_drift():
    a = np.repeat([0, 1, 2], 20)
    b = a.copy()
    b[:10], b[20:30] = 1, 0
    assert sorted(match_topics(a, b)["kind"]) == ["drifted", "drifted", "kept"]


@given(LABELINGS)
def test_every_topic_is_in_an_event_and_turning_round_turns_the_events_round(labelings):
    a, b = labelings
    found, turned = match_topics(a, b), match_topics(b, a)
    for side, labels in (("topics_a", a), ("topics_b", b)):
        assert {topic for topics in found[side] for topic in topics} == set(labels) - {-1}
    other = {"split": "merged", "merged": "split", "gone": "born", "born": "gone"}
    many = ("split", "merged")
    assert sorted((other[k], sorted(y), sorted(x)) for k, x, y in events(found) if k in many) == sorted(
        (k, sorted(x), sorted(y)) for k, x, y in events(turned) if k in many
    )
    assert found["jaccard"].between(0, 1).all()


@given(LABELINGS)
def test_the_flow_counts_every_document_once(labelings):
    flow = flow_of(*labelings)
    assert flow["n_documents"].sum() == len(labelings[0])
    assert (flow["n_documents"] > 0).all()


def test_labelings_of_other_lengths_are_refused():
    with pytest.raises(InputError, match=r"one shape .* got \(2,\) and \(3,\)"):
        match_topics([0, 1], [0, 1, 1])


def test_topics_without_shared_documents_are_matched_by_what_they_are_like():
    apart = np.array([[1.0, 0.2, 0.1], [0.2, 1.0, 0.1], [0.1, 0.1, 1.0]])
    similarity = np.array([[0.9, 0.0, 0.8], [0.0, 0.9, 0.0], [0.1, 0.1, 0.1]])
    assert match_alike(similarity, within_a=apart, within_b=apart) == [
        ("kept", [1], [1]),
        ("split", [0], [0, 2]),
        ("gone", [2], []),
    ]
    assert match_alike(similarity.T, within_a=apart, within_b=apart) == [
        ("kept", [1], [1]),
        ("merged", [0, 2], [0]),
        ("born", [], [2]),
    ]


def test_without_topics_on_a_side_all_are_gone_or_born():
    none = np.zeros((0, 0))
    assert match_alike(np.zeros((0, 2)), within_a=none, within_b=np.eye(2)) == [("born", [], [0]), ("born", [], [1])]
    assert events(match_topics([-1, -1], [0, 0])) == [("born", [], [0])]

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers import clusters_of
from hypothesis import given
from hypothesis import strategies as st

from topics.records import Embeddings, Layout, Neighbors, Origin, check_same_corpus, fingerprint

ORIGIN = Origin("test", 1, {"a": 1}, (), {})


def test_arrays_are_copied_in_and_read_only():
    vectors = np.ones((2, 3), dtype=np.float64)
    record = Embeddings("corpus", vectors, np.ones(2), ORIGIN)
    vectors[0, 0] = 7
    assert record.vectors[0, 0] == 1
    assert record.vectors.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        record.vectors[0, 0] = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.corpus_key = "other"


def test_records_of_different_corpora_are_not_joined():
    layout = Layout("a" * 64, np.zeros((2, 2)), "pca", 2, np.arange(2), ORIGIN)
    clusters = clusters_of("b" * 64, [0, 0], origin=ORIGIN)
    with pytest.raises(ValueError, match="expected records of one corpus, got Layout of aaaaaaaaaaaa, Clusters of bbb"):
        check_same_corpus(layout, clusters)


def test_key_depends_on_everything_but_the_notes():
    changes = {"stage": "x", "version": 2, "parameters": {"a": 2}, "parents": ("p",), "libraries": {"numpy": "1"}}
    keys = {dataclasses.replace(ORIGIN, **{name: value}).key for name, value in changes.items()}
    assert len(keys | {ORIGIN.key}) == len(changes) + 1
    assert dataclasses.replace(ORIGIN, notes=("said",)).key == ORIGIN.key


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans() | st.none(), max_size=6))
def test_fingerprint_does_not_depend_on_the_order_of_keys(values):
    backwards = dict(reversed(list(values.items())))
    assert fingerprint(values) == fingerprint(backwards)


def test_frames_are_tidy():
    assert Layout("c", np.zeros((3, 2)), "pca", 3, np.arange(3), ORIGIN).frame().columns.tolist() == ["x0", "x1"]
    near = Neighbors("c", np.array([[0, 1], [1, 0]]), np.array([[0, 0.5], [0, 0.5]]), ORIGIN).frame()
    assert near.to_dict("records")[1] == {"document": 0, "rank": 1, "neighbor": 1, "distance": 0.5}
    assert clusters_of("c", [0, -1, 0], original=[0, -1, -1], origin=ORIGIN).frame()["method"].tolist() == [
        "cluster", "noise", "neighbors",
    ]  # fmt: skip

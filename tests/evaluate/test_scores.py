from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from helpers import clusters_of
from scipy.sparse import csr_array

from topics.evaluate import DEFINITIONS, score
from topics.records import Embeddings, Origin, TermCounts, Topics

ORIGIN = Origin("test", 1, {}, (), {})


def records(labels, terms, original=None):
    clusters = clusters_of("c", labels, origin=ORIGIN, original=original)
    table = pa.table({"topic": list(range(len(terms))), "terms": pa.array(terms, pa.list_(pa.string()))})
    return clusters, Topics("c", table, (), csr_array((len(terms), 0)), ORIGIN), counts_of(terms, len(labels))


def counts_of(topics, n_docs) -> TermCounts:
    """A corpus in whose first document every term stands, and in whose others none does."""
    names = tuple(sorted({term for terms in topics for term in terms}))
    table = np.zeros((n_docs, len(names)), dtype=np.int32)
    table[0] = 1
    return TermCounts("c", csr_array(table), names, names, np.arange(len(names)), ORIGIN)


def scored(labels, terms, *, original=None, **changes):
    clusters, topics, counts = records(labels, terms, original)
    return score(clusters, topics, counts=counts, **changes)


def test_scores_without_labels():
    found = scored([0, 0, 1, -1], [["a", "b"], ["b", "c"]])
    assert {name: entry["value"] for name, entry in found.items()} == {
        "n_topics": 2, "noise_share": 0.25, "noise_share_before": 0.25, "stability": None, "reproducibility": None,
        "npmi": pytest.approx(1.0), "diversity": 0.75, "rank_diversity": pytest.approx(0.55),
    }  # fmt: skip
    assert all(entry["definition"] and entry["better"] in ("higher", "lower", "none") for entry in found.values())


def test_scores_with_labels_leave_out_documents_without_one():
    found = scored([0, 0, 1, 1, 0], [["a"], ["b"]], truth=["x", "x", "y", "y", None])
    assert found["ami"]["value"] == pytest.approx(1)
    given_more = {"npmi_held_out", "silhouette", "dbcv", "language_leak", "language_leak_within_labels"}
    assert set(found) == set(DEFINITIONS) - given_more
    assert found["b_cubed"]["interval"] == [None, None]  # of too few documents
    many = scored([0, 0, 1, 1, 0] * 4, [["a"], ["b"]], truth=["x", "x", "y", "y", "y"] * 4)
    low, high = many["b_cubed"]["interval"]
    assert low < many["b_cubed"]["value"] < high
    assert "interval" not in many["n_topics"]


def test_scores_of_vectors_layout_languages_and_a_held_out_half():
    vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    embeddings = Embeddings("c", vectors, np.ones(6, np.float32), ORIGIN)
    found = scored(
        [0, 0, 0, 1, 1, 1],
        [["a", "b"], ["c", "d"]],
        embeddings=embeddings,
        held_out=([["a", "b"], ["c", "unheard"]], np.array([0, 2, 4])),
        languages=["en", "uk"] * 3,
        truth=["x"] * 3 + ["y"] * 3,
    )
    assert found["silhouette"]["value"] == pytest.approx(1)
    assert found["npmi_held_out"]["value"] == pytest.approx(1)  # of the topic that can be told
    assert abs(found["language_leak"]["value"]) < 0.3
    assert "language_leak_within_labels" in found
    assert "language_leak" not in scored([0, 0], [["a"]], languages=["en", "en"])


def test_without_noise_means_what_was_in_a_cluster_before_any_was_moved():
    truth = ["x", "x", "y", "y", "x"]
    found = scored([0, 0, 1, 1, 1], [["a"], ["b"]], original=[0, 0, 1, 1, -1], truth=truth, stability=0.9)
    assert found["noise_share"]["value"] == 0
    assert found["noise_share_before"]["value"] == pytest.approx(0.2)
    assert found["ami"]["value"] < found["ami_without_noise"]["value"] == pytest.approx(1)
    assert found["ari"]["value"] < found["ari_without_noise"]["value"] == pytest.approx(1)
    assert found["stability"]["value"] == 0.9


def test_nothing_found_has_no_values_where_none_can_be():
    found = scored([-1, -1], [], truth=["x", "y"])
    assert found["diversity"]["value"] is None
    assert found["ami_without_noise"]["value"] is None
    assert found["noise_share"]["value"] == 1

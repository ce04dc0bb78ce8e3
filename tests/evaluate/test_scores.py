from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_array

from topics.evaluate import DEFINITIONS, score
from topics.records import Clusters, Origin, Topics

ORIGIN = Origin("test", 1, {}, (), {})


def records(labels, terms):
    clusters = Clusters("c", np.array(labels), np.ones(len(labels)), 5, 5, ORIGIN)
    table = pa.table({"topic": list(range(len(terms))), "terms": pa.array(terms, pa.list_(pa.string()))})
    return clusters, Topics("c", table, (), csr_array((len(terms), 0)), ORIGIN)


def test_scores_without_labels():
    found = score(*records([0, 0, 1, -1], [["a", "b"], ["b", "c"]]))
    assert {name: entry["value"] for name, entry in found.items()} == {
        "n_topics": 2, "noise_share": 0.25, "diversity": 0.75,
    }  # fmt: skip
    assert all(entry["definition"] and entry["better"] in ("higher", "lower", "none") for entry in found.values())


def test_scores_with_labels_leave_out_documents_without_one():
    found = score(*records([0, 0, 1, 1, 0], [["a"], ["b"]]), truth=["x", "x", "y", "y", None])
    assert found["ami"]["value"] == pytest.approx(1)
    assert set(found) == set(DEFINITIONS)


def test_nothing_found_has_no_values_where_none_can_be():
    found = score(*records([-1, -1], []), truth=["x", "y"])
    assert found["diversity"]["value"] is None
    assert found["ami_without_noise"]["value"] is None
    assert found["noise_share"]["value"] == 1

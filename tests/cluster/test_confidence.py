from __future__ import annotations

import numpy as np
from helpers import blobs
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.cluster._confidence import confidences
from topics.cluster._consensus import Consensus

VECTORS = blobs(2, 20, n_dims=8)
VECTORS = (VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)).astype(np.float32)
TRUTH = np.repeat([0, 1], 20)


def consensus_of(shares: np.ndarray) -> Consensus:
    """Documents with this share of the votes for their own group, the rest for the other."""
    votes = np.zeros((40, 2))
    votes[np.arange(40), TRUTH], votes[np.arange(40), 1 - TRUTH] = shares, 1 - shares
    return Consensus(TRUTH.astype(np.int32), csr_array(votes), csr_array(votes))


def sure(items: np.ndarray, *, stability: float = 0.9) -> np.ndarray:
    return confidences(consensus_of(np.ones(40)), VECTORS, items=items, stability=stability)


@given(st.lists(st.floats(0, 1), min_size=40, max_size=40))
def test_confidences_are_chances(items):
    found = sure(np.array(items))
    assert found.shape == (40,)
    assert ((found > 0) & (found < 1)).all()


def test_a_document_that_is_seldom_with_its_topic_is_less_sure_and_nothing_is_wholly_so():
    curve = np.array([sure(np.r_[value, np.ones(39)]) for value in (0.0, 0.3, 0.6, 0.9, 1.0)])
    assert (np.diff(curve[:, 0]) > 0.02).all()
    assert curve[-1].max() < 0.95


def test_where_there_is_no_structure_nothing_is_sure():
    curve = np.array([sure(np.ones(40), stability=value) for value in (-0.1, 0.0, 0.3, 0.6, 0.9)])
    assert (curve[:2] == 0).all()
    assert (curve[2] < 0.6).all()
    np.testing.assert_array_equal(curve[3], curve[4])


def test_a_topic_that_does_not_stay_together_makes_all_its_documents_less_sure():
    loose = np.where(TRUTH == 0, 1.0, 0.4)
    loose[39] = 1.0
    found, whole = sure(loose), sure(np.ones(40))
    np.testing.assert_allclose(found[:20], whole[:20])
    assert found[39] < whole[39] - 0.03


def test_a_document_that_is_unlike_its_topic_is_less_sure():
    stray = VECTORS.copy()
    stray[0] = -VECTORS[0]
    found = confidences(consensus_of(np.ones(40)), stray, items=np.ones(40), stability=0.9)
    assert found[0] < found[1:20].min() - 0.2


def test_nothing_that_votes_is_not_sure():
    nobody = csr_array((40, 2))
    labels = np.full(40, -1, np.int32)
    labels[:20], labels[20:30] = 0, 1
    found = confidences(Consensus(labels, nobody, nobody), VECTORS, items=np.full(40, np.nan), stability=0.9)
    assert (found == 0).all()

from __future__ import annotations

import numpy as np
from helpers import blobs
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.cluster.confidence import confidences
from topics.cluster.consensus import Consensus

VECTORS = blobs(2, 20, n_dims=8)
VECTORS = (VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)).astype(np.float32)
TRUTH = np.repeat([0, 1], 20)


def consensus_of(shares: np.ndarray) -> Consensus:
    """Documents with this share of the votes for their own group, the rest for the other."""
    votes = np.zeros((40, 2))
    votes[np.arange(40), TRUTH], votes[np.arange(40), 1 - TRUTH] = shares, 1 - shares
    return Consensus(TRUTH.astype(np.int32), csr_array(votes), csr_array(votes))


def sure(
    shares: np.ndarray, *, reproducibility: tuple[float, float] = (0.9, 0.9), stability: float = 0.9
) -> np.ndarray:
    return confidences(consensus_of(shares), VECTORS, reproducibility=np.array(reproducibility), stability=stability)


@given(st.lists(st.floats(0.5, 1), min_size=40, max_size=40), st.floats(0, 1), st.floats(0, 1), st.floats(-0.1, 1))
def test_confidences_are_chances(shares, one, other, stability):
    found = sure(np.array(shares), reproducibility=(one, other), stability=stability)
    assert found.shape == (40,)
    assert ((found >= 0) & (found <= 1)).all()


def test_more_votes_are_no_less_sure():
    curve = np.array([sure(np.full(40, share)) for share in np.linspace(0.55, 1, 10)])
    assert (np.diff(curve, axis=0) >= -1e-12).all()
    assert (curve[-1] > curve[0]).all()


def test_nothing_that_votes_is_not_sure():
    nobody = csr_array((40, 2))
    labels = np.full(40, -1, np.int32)
    labels[:20], labels[20:30] = 0, 1
    found = confidences(Consensus(labels, nobody, nobody), VECTORS, reproducibility=np.array([0.9, 0.9]), stability=0.9)
    assert (found == 0).all()

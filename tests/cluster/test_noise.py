from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from topics.cluster.noise import Calibration


def test_probabilities_are_what_the_documents_held_out_show():
    """Votes of three quarters are right half the time, whole votes always."""
    n = 200
    consensus = np.repeat([0, 1], n // 2).astype(np.int32)
    held_out = np.arange(0, n, 2)
    labels = consensus.copy()
    labels[held_out] = -1
    voters = np.zeros((n, n))
    for i, row in enumerate(held_out):
        own, other = (1, n - 1) if consensus[row] == 0 else (n - 1, 1)
        if i % 4 < 2:
            voters[row, own] = 1.0
        else:
            voters[row, own if i % 4 == 2 else other], voters[row, other if i % 4 == 2 else own] = 3.0, 1.0
    calibration = Calibration(labels, held_out, consensus=consensus, voters=csr_array(voters))
    assert calibration.n_held_out == 100
    np.testing.assert_allclose(calibration(np.array([0.75, 1.0])), [0.5, 1.0])
    assert (np.diff(calibration(np.linspace(0, 1, 50))) >= 0).all()


def test_too_few_held_out_leave_the_share_as_it_is():
    calibration = Calibration(
        np.zeros(5, np.int32), np.array([0]), consensus=np.zeros(5, np.int32), voters=csr_array((5, 5))
    )
    assert calibration(np.array([0.3, 0.9])).tolist() == [0.3, 0.9]

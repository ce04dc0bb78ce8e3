from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from topics.evaluate import word_gain
from topics.records import NOISE

COUNTS = csr_array(np.array([[400, 100, 0], [0, 100, 400]]))


def gain(labels, new, given):
    return word_gain(COUNTS, np.array(labels), new_counts=csr_array(np.array(new)), new_labels=np.array(given))


def test_it_is_the_mean_log_ratio_of_smoothed_frequencies():
    there, corpus = (400 + 1000 * 0.4) / 1500, 0.4
    assert gain([0, 1], [[3, 0, 0]], [0]) == pytest.approx(np.log(there / corpus))
    assert gain([0, 1], [[3, 0, 0], [0, 2, 0]], [0, 0]) == pytest.approx((np.log(there / corpus) + 0) / 2)


def test_noise_gains_nothing_and_wrong_topics_lose():
    assert gain([0, 1], [[1, 0, 0]], [NOISE]) == 0
    assert gain([0, 1], [[1, 0, 0]], [1]) < 0 < gain([0, 1], [[1, 0, 0]], [0])
    assert gain([0, 0], [[1, 0, 0]], [0]) == pytest.approx(0)
    assert np.isnan(gain([0, 1], [[0, 0, 0]], [0]))


def test_labels_of_other_documents_are_refused():
    with pytest.raises(ValueError, match="expected one label a row of the counts, got 1 for 2"):
        gain([0], [[1, 0, 0]], [0])

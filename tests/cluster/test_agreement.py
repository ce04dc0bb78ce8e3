from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from topics.cluster import adjusted_mutual_information
from topics.cluster._agreement import adjusted_agreement


@given(st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 6)), min_size=1, max_size=200))
def test_equal_to_scikit_learn_s(pairs):
    one, other = np.array(pairs).T
    # scikit-learn calls every labeling of a single cluster against another perfect or 0 likewise
    information, rand = adjusted_agreement(one, other)
    assert information == pytest.approx(adjusted_mutual_info_score(one, other), abs=1e-9)
    assert rand == pytest.approx(adjusted_rand_score(one, other), abs=1e-9)
    assert adjusted_mutual_information(one, other) == information


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 3)), min_size=2, max_size=30))
def test_numbers_may_be_any(pairs):
    one, other = np.array(pairs).T
    expected = adjusted_mutual_info_score(one, other), adjusted_rand_score(one, other)
    assert adjusted_agreement(one, other) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("n", "k"), [(5_000, 3), (5_000, 200), (20_000, 40)])
def test_equal_where_only_the_counts_that_can_occur_are_summed(n, k):
    random = np.random.default_rng(k)
    one = random.integers(0, k, n)
    other = np.where(random.uniform(size=n) < 0.3, random.integers(0, k, n), one)
    assert adjusted_mutual_information(one, other) == pytest.approx(adjusted_mutual_info_score(one, other), abs=1e-9)


def test_nothing_has_no_agreement():
    assert all(map(math.isnan, adjusted_agreement(np.array([], dtype=int), np.array([], dtype=int))))
    assert math.isnan(adjusted_mutual_information(np.array([], dtype=int), np.array([], dtype=int)))

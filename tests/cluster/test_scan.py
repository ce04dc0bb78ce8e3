from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster.scan import Cut, compare, grid, level_cuts, most_stable, nearest_cut


def cuts_of(*values: tuple[float, float]) -> list[Cut]:
    """Cuts of so many clusters and such stability, without noise."""
    return [Cut(5 + i, (int(k), int(k)), agreement, 0.0) for i, (k, agreement) in enumerate(values)]


@given(st.integers(15, 10**7))
def test_the_grid_ascends_from_five_to_a_quarter_of_the_documents(n):
    sizes = grid(n)
    assert sizes[0] == 5
    assert all(b > a and b <= math.ceil(1.3 * (a + 1)) for a, b in pairwise(sizes))
    assert sizes[-1] <= max(5, n / 4 + 1) < sizes[-1] * 1.4 + 7


def test_agreement_is_taken_where_both_are_in_a_cluster():
    one, other = np.array([0, 0, 1, 1, -1], np.int32), np.array([1, 1, 0, -1, 0], np.int32)
    cut = compare([one, other], 2)
    assert cut.agreement == 1
    assert cut.noise_share == 0.2
    assert cut.stability == 0.8
    assert math.isnan(compare([one], 2).agreement)


def test_the_most_stable_cut_is_chosen():
    assert most_stable(cuts_of((40, 0.6), (20, 0.7), (8, 0.95), (5, 0.8)), 10_000) == 2


def test_of_equally_stable_peaks_the_finest_is_chosen():
    assert most_stable(cuts_of((40, 0.96), (20, 0.7), (8, 0.99), (5, 0.8)), 10_000) == 0
    assert most_stable(cuts_of((40, 0.90), (20, 0.7), (8, 0.99), (5, 0.8)), 10_000) == 2


def test_about_a_peak_the_finest_cut_that_so_many_documents_cannot_tell_from_it():
    cuts = cuts_of((12, 0.5), (9, 0.98), (8, 0.99), (5, 0.8))
    assert most_stable(cuts, 100) == 1
    assert most_stable(cuts, 100_000) == 2


def test_levels_are_peaks_far_enough_apart():
    cuts = cuts_of((64, 0.9), (40, 0.7), (20, 0.95), (18, 0.94), (16, 0.955), (6, 0.7), (5, 0.93), (2, 0.2))
    assert level_cuts(cuts, 2, n_docs=10**6) == [0, 2, 6]  # 16 clusters are too near 20
    assert level_cuts(cuts_of((64, 0.6), (20, 0.95)), 1, n_docs=100) == [1]  # too unstable beside the best


def test_the_cut_nearest_to_a_number_of_clusters():
    cuts = cuts_of((64, 0.9), (20, 0.8), (5, 0.9))
    assert [nearest_cut(cuts, k) for k in (2, 9, 11, 100)] == [2, 2, 1, 0]
    assert nearest_cut(cuts_of((20, 0.8), (5, 0.9)), 10) == 1  # as far from both: the more stable

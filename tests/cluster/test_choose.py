from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster._choose import choose_cut, choose_levels, find_cut, finer_sizes, worths
from topics.cluster._scan import Cut, finest_first, grid


def cut_of(k: int, agreement: float, *, method: str = "leaf", noise: float = 0.0) -> Cut:
    return Cut(method, 5, (k, k), agreement, agreement, noise)


def cuts_of(*values: tuple[int, float]) -> list[Cut]:
    """Cuts of so many clusters and, alone, such worth."""
    return [cut_of(k, worth + 0.25 / k) for k, worth in values]


def test_agreement_of_few_clusters_of_noise_and_of_great_ones_is_worth_less():
    fair, few, noisy, mass = worths(
        [cut_of(8, 0.9), cut_of(2, 0.9), cut_of(32, 0.9, noise=0.25), cut_of(8, 0.9, method="eom")]
    )
    assert fair == pytest.approx(0.9 - 0.25 / 8, abs=1e-6)
    assert few == pytest.approx(0.9 - 0.25 / 2, abs=1e-6)
    assert noisy == pytest.approx(0.9 - 0.2 - 0.25 / 32, abs=1e-6)
    assert mass == pytest.approx(fair - 0.07, abs=1e-6)


def test_a_lucky_cut_among_poor_ones_is_not_taken():
    lucky = cuts_of((44, 0.78), (40, 0.95), (36, 0.78))
    steady = cuts_of((12, 0.9), (11, 0.91), (10, 0.9))
    assert choose_cut([*lucky, *steady]) == 4
    assert choose_cut([*lucky, *cuts_of((12, 0.7), (11, 0.7))]) == 1


def test_a_finer_level_that_is_clear_and_as_good_within_the_error_is_taken():
    def with_errors(fine: float, coarse: float, *, error: float) -> list[Cut]:
        step = error / math.sqrt(3)
        one, other = cuts_of((13, fine), (5, coarse))
        return [
            replace(one, without=tuple(one.stability + step * sign for sign in (1, 1, -1, -1))),
            replace(other, without=(other.stability,) * 4),
        ]

    assert choose_cut(with_errors(0.92, 0.93, error=0.014)) == 0
    assert choose_cut(with_errors(0.92, 0.93, error=0.005)) == 1
    assert choose_cut(with_errors(0.70, 0.71, error=0.014)) == 1  # neither is clear


def test_cuts_of_the_other_kind_do_not_speak_for_one():
    eom = [cut_of(10, 0.2, method="eom"), cut_of(11, 0.2, method="eom")]
    assert worths([cut_of(10, 0.9), *eom])[0] == pytest.approx(worths([cut_of(10, 0.9)])[0])


def test_one_layout_takes_the_finest_with_about_the_least_noise():
    cuts = [Cut("leaf", 5, (k,), math.nan, math.nan, noise) for k, noise in ((40, 0.5), (20, 0.22), (9, 0.2), (3, 0.3))]
    assert choose_cut(cuts) == 1


@given(st.lists(st.tuples(st.integers(2, 300), st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_worth_lies_within_what_the_cuts_alone_are_worth(values):
    cuts = [cut_of(k, agreement, method="eom" if mass else "leaf") for k, agreement, mass in values]
    alone = np.array([worths([cut])[0] for cut in cuts])
    found = worths(cuts)
    assert ((found >= alone.min() - 1e-9) & (found <= alone.max() + 1e-9)).all()


def test_levels_are_the_chosen_cut_and_peaks_far_enough_apart():
    cuts = cuts_of((64, 0.9), (40, 0.7), (20, 0.95), (18, 0.94), (16, 0.955), (6, 0.7), (5, 0.93), (2, 0.2))
    assert choose_levels(cuts, 4) == [0, 4, 6]  # 20 clusters are too near 16
    assert choose_levels(cuts, 2) == [0, 2, 6]
    assert choose_levels(cuts_of((64, 0.6), (20, 0.95)), 1) == [1]  # too unstable beside the best
    assert choose_levels(cuts_of((64, 0.9), (20, 0.95), (5, 0.1)), 2) == [0, 1, 2]  # a number that was asked for


@given(st.lists(st.tuples(st.integers(2, 300), st.floats(0, 1)), min_size=1, max_size=30), st.data())
def test_levels_ascend_and_stand_an_octave_apart(values, data):
    cuts = finest_first(cuts_of(*values))
    chosen = data.draw(st.integers(0, len(cuts) - 1))
    levels = choose_levels(cuts, chosen)
    assert chosen in levels
    sizes = [cuts[i].mean_clusters for i in levels]
    assert all(one >= 2 * other - 1e-9 for one, other in pairwise(sizes))
    worth = worths(cuts)
    assert all(worth[i] >= 0.8 * worth.max() - 1e-9 for i in levels if i != chosen)
    assert 0 <= choose_cut(cuts) < len(cuts)


def test_the_cut_nearest_to_a_number_of_clusters():
    cuts = cuts_of((64, 0.9), (20, 0.8), (5, 0.9))
    assert [find_cut(cuts, k) for k in (2, 9, 11, 100)] == [2, 2, 1, 0]
    assert find_cut(cuts_of((20, 0.8), (5, 0.9)), 10) == 1  # as far from both: the better
    assert find_cut(cuts_of((11, 0.9), (10, 0.6), (5, 0.9)), 10) == 0  # about as many, and far better


def test_smaller_sizes_are_tried_where_more_clusters_are_wanted():
    cuts = cuts_of((64, 0.9), (20, 0.8))
    assert finer_sizes(cuts, 60, n_docs=500) == []
    assert finer_sizes(cuts, 65, n_docs=500) == finer_sizes([], 2, n_docs=500) == [2, 3, 4]
    many = finer_sizes(cuts, 65, n_docs=100_000)
    assert many[:4] == [2, 3, 4, 5]
    assert 35 < many[-1] < grid(100_000)[0] == 50

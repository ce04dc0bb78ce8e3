"""Tests of topics by group over tables of counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from topics.errors import InputError
from topics.evaluate import group_cells, group_test


def test_a_large_table_is_tested_by_chi_square_and_a_sparse_one_by_random_tables():
    large = np.array([[80, 20, 30], [20, 80, 30]])
    found = group_test(large)
    assert found["method"] == "chi-square"
    assert found["p"] == pytest.approx(chi2_contingency(large)[1])
    assert 0.4 < found["cramers_v"] < 0.7
    sparse = group_test([[3, 0, 1], [0, 4, 0], [0, 1, 2]])
    assert sparse["method"] == "random tables"
    assert 0.001 < sparse["p"] < 0.1


def test_groups_without_a_difference_have_none():
    found = group_test([[50, 50], [50, 50]])
    assert found["cramers_v"] == 0
    assert found["p"] == pytest.approx(1)
    assert np.isnan(group_test([[5, 5]])["p"])
    assert np.isnan(group_test([[5, 5], [0, 0]])["p"])


def test_a_cell_tells_its_share_its_interval_and_how_it_differs():
    cells = group_cells([[40, 5], [60, 95]])
    first = cells.iloc[0]
    assert first["share"] == 0.4
    assert first["low"] < 0.4 < first["high"]
    assert (round(first["low"], 3), round(first["high"], 3)) == (0.309, 0.498)  # Wilson
    assert first["share_elsewhere"] == 0.05
    assert first["odds_ratio"] == pytest.approx(40 * 95 / (5 * 60))
    assert first["residual"] == pytest.approx(-cells.iloc[1]["residual"])
    assert first["test"] == "chi-square"
    assert first["q"] <= 0.05


def test_small_counts_are_tested_exactly_and_empty_ones_have_no_infinite_odds():
    cells = group_cells([[4, 0], [0, 5]])
    assert set(cells["test"]) == {"Fisher"}
    assert np.isfinite(cells["odds_ratio"]).all()
    assert np.isnan(group_cells([[3, 0], [4, 0]]).iloc[1]["share"])


def test_a_list_is_no_table():
    with pytest.raises(InputError, match="n_topics, n_groups"):
        group_test([1, 2])

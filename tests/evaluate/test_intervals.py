from __future__ import annotations

import numpy as np
import pytest

from topics.evaluate import _intervals as intervals
from topics.evaluate import adjusted_rand, bootstrap, wilson


def test_an_interval_holds_the_mean_about_as_often_as_it_says():
    inside = 0
    for seed in range(100):
        values = np.random.default_rng(seed).normal(size=200)
        low, high = bootstrap(lambda rows, values=values: float(values[rows].mean()), 200, random_state=seed)
        inside += low < 0 < high
    assert 88 <= inside <= 100


def test_agreement_of_few_documents_is_less_sure():
    random = np.random.default_rng(0)
    truth = np.arange(1000) % 5
    labels = np.where(random.random(1000) < 0.8, truth, random.integers(5, size=1000))
    widths = []
    for n in (100, 1000):
        low, high = bootstrap(lambda rows, n=n: adjusted_rand(truth[:n][rows], labels[:n][rows]), n)
        assert low < adjusted_rand(truth[:n], labels[:n]) < high
        widths.append(high - low)
    assert 2 < widths[0] / widths[1] < 5  # the square root of ten


def test_of_many_rows_fewer_are_drawn_for_the_same_interval(monkeypatch):
    values = np.random.default_rng(0).normal(size=4000)
    whole = bootstrap(lambda rows: float(values[rows].mean()), 4000, n_resamples=400)
    monkeypatch.setattr(intervals, "_MAX_DRAWN", 400)
    part = bootstrap(lambda rows: float(values[rows].mean()), 4000, n_resamples=400)
    assert np.diff(part) == pytest.approx(np.diff(whole), rel=0.2)


def test_what_has_no_value_has_no_interval():
    assert np.isnan(bootstrap(lambda rows: float("nan"), 5)).all()
    assert np.isnan(bootstrap(lambda rows: 1.0, 3)).all()
    with pytest.raises(ValueError, match="expected rows to draw from, got 0"):
        bootstrap(lambda rows: 0.0, 0)
    with pytest.raises(ValueError, match="expected a confidence between 0 and 1, got 95"):
        bootstrap(lambda rows: 0.0, 5, confidence=95)


def test_intervals_are_wilson_s():
    from scipy.stats import binomtest

    counts, totals = np.array([0, 1, 3, 10, 40]), np.array([5, 7, 30, 10, 100])
    low, high = wilson(counts, totals)
    for at, (n, total) in enumerate(zip(counts.tolist(), totals.tolist(), strict=True)):
        expected = binomtest(n, total).proportion_ci(method="wilson")
        assert (low[at], high[at]) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert np.isnan(wilson(np.array([0]), np.array([0]))).all()

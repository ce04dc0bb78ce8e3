"""Is the difference of two sides more than what seeds do? Tests that are valid with a few runs a side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate._agreement import adjusted_mutual_information, adjusted_rand

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MAX_SPLITS = 9_999  # not tuned: with more ways to split the runs, so many are drawn


def partition_distance(labels_a: ArrayLike, labels_b: ArrayLike) -> float:
    """1 minus the mean of AMI and ARI of two labelings: 0 for equal ones, about 1 by chance.

    The agreement is that by which levels are judged. Noise counts as one cluster.

    Parameters
    ----------
    labels_a, labels_b : array-like of int, shape (n_docs,)
        Topic of each document, or ``NOISE``.
    """
    agreement = adjusted_mutual_information(labels_a, labels_b) + adjusted_rand(labels_a, labels_b)
    return 1.0 - agreement / 2


def partition_distances(labelings: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Distance of every two labelings, shape (n, n), symmetric, 0 on the diagonal.

    Parameters
    ----------
    labelings : sequence of array-like of int, shape (n_docs,)
        Of the same documents.
    """
    n = len(labelings)
    distances = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            distances[i, j] = distances[j, i] = partition_distance(labelings[i], labelings[j])
    return distances


def energy_test(distances: NDArray[np.floating], n_first: int) -> dict[str, float]:
    """Whether runs of one side lie farther from those of the other than from their own: an exact permutation test.

    The statistic is the energy distance of Székely and Rizzo (2004): twice the mean distance between the sides less
    the mean distances within. If the sides do not differ, all runs are exchangeable and every way to split them into
    two sides is as likely; with runs that are paired by their seeds the test is conservative. Five runs a side can
    give .008, four .029, three no less than .1.

    Parameters
    ----------
    distances : numpy.ndarray, shape (n, n)
        Of every two runs, such as :func:`partition_distances` gives.
    n_first : int
        How many of them, the first ones, are of the one side; at least 2, and at least 2 others.

    Returns
    -------
    dict
        ``between, within_a, within_b``: mean distances; ``statistic``; ``p``; ``smallest_p``: what the test could give
        at least.

    Raises
    ------
    ValueError
        If a side has fewer than two runs.
    """
    from scipy.stats import permutation_test

    n = len(distances)
    if not 2 <= n_first <= n - 2:
        raise InputError(f"expected at least two runs a side, got {n_first} and {n - n_first}")

    def within(rows: NDArray[np.intp]) -> float:
        part = distances[np.ix_(rows, rows)]
        return float(part[np.triu_indices(len(rows), 1)].mean())

    def statistic(one: NDArray[Any], other: NDArray[Any]) -> float:
        one, other = one.astype(np.intp), other.astype(np.intp)
        return float(2 * distances[np.ix_(one, other)].mean() - within(one) - within(other))

    first, second = np.arange(n_first), np.arange(n_first, n)
    result = permutation_test(
        (first, second), statistic, permutation_type="independent", n_resamples=_MAX_SPLITS, alternative="greater",
        random_state=np.random.default_rng(0), vectorized=False,
    )  # fmt: skip
    return {
        "between": float(distances[np.ix_(first, second)].mean()), "within_a": within(first),
        "within_b": within(second), "statistic": float(result.statistic), "p": float(result.pvalue),
        "smallest_p": smallest_p(n_first, n - n_first),
    }  # fmt: skip


def smallest_p(n_first: int, n_second: int) -> float:
    """The least p-value that a permutation test of so many runs a side can give.

    Parameters
    ----------
    n_first, n_second : int
        Runs of each side.
    """
    from math import comb

    splits = comb(n_first + n_second, n_first)
    if splits > _MAX_SPLITS:
        return 1 / (_MAX_SPLITS + 1)
    return (2 if n_first == n_second else 1) / splits


def null_p_value(observed: float, null: ArrayLike) -> float:
    """Share of draws of a null at least as large as what was observed, itself counted: (1 + n) / (1 + n_draws).

    Valid at every number of draws (Phipson and Smyth 2010). NaN without draws.

    Parameters
    ----------
    observed : float
        The statistic.
    null : array-like of float, shape (n_draws,)
        Draws of it where there is no difference; NaN is left out.

    Examples
    --------
    >>> null_p_value(0.5, [0.1, 0.2, 0.6])
    0.5
    """
    draws = np.asarray(null, dtype=float)
    draws = draws[~np.isnan(draws)]
    if not len(draws) or np.isnan(observed):
        return float("nan")
    # A labeling that is computed twice gives the same distance but for its last digits.
    return float((1 + (draws >= observed - 1e-12).sum()) / (1 + len(draws)))


def seed_difference(values_a: ArrayLike, values_b: ArrayLike) -> dict[str, float]:
    """Difference of a score over runs that are paired by their seeds, its interval, effect size and p-value.

    Parameters
    ----------
    values_a, values_b : array-like of float, shape (n_runs,)
        The score in the runs of each side; run i of both has the same seed.

    Returns
    -------
    dict
        ``difference``: mean of b less mean of a; ``reach``: half the width of its 95 % interval by Student's t over the
        pairs; ``effect``: Hedges' g, the difference in standard deviations between seeds, corrected for few runs
        (Hedges 1981); ``p``: of the exact permutation test over all ways to split the runs. NaN with one run a side.

    Raises
    ------
    ValueError
        If the sides have not as many runs.
    """
    from scipy.stats import permutation_test, t

    a, b = np.asarray(values_a, dtype=float), np.asarray(values_b, dtype=float)
    if a.shape != b.shape or a.ndim != 1:
        raise InputError(f"expected as many values of both sides, got shapes {a.shape} and {b.shape}")
    n, pairs = len(a), b - a
    found = {"difference": float(pairs.mean()), "reach": float("nan"), "effect": float("nan"), "p": float("nan")}
    if n < 2 or np.isnan(pairs).any():
        return found
    found["reach"] = float(t.ppf(0.975, n - 1) * pairs.std(ddof=1) / np.sqrt(n))
    spread = float(np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))
    if spread > 1e-12:  # above rounding errors
        found["effect"] = found["difference"] / spread * (1 - 3 / (4 * (2 * n - 2) - 1))
    if np.ptp(np.concatenate([a, b])) < 1e-12:
        return found | {"effect": 0.0, "p": 1.0}
    result = permutation_test(
        (a, b), lambda one, other: other.mean() - one.mean(), permutation_type="independent", n_resamples=_MAX_SPLITS,
        random_state=np.random.default_rng(0), vectorized=False,
    )  # fmt: skip
    return found | {"p": float(result.pvalue)}


def adjusted_p_values(p_values: ArrayLike) -> NDArray[np.float64]:
    """The p-values adjusted for their number by Benjamini and Hochberg (1995); NaN stays and does not count.

    Not by Holm (1979): the least p-value that five seeds a side can give, .008, could not pass with seven scores.

    Parameters
    ----------
    p_values : array-like of float, shape (n,)
        In [0, 1], or NaN.
    """
    from scipy.stats import false_discovery_control

    adjusted = np.array(p_values, dtype=float)
    known = ~np.isnan(adjusted)
    if known.any():
        adjusted[known] = false_discovery_control(adjusted[known], method="bh")
    return adjusted

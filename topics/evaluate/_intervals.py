"""Confidence intervals of scores: the values other documents would have given."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MAX_DRAWN = 5_000  # not tuned: bounds the time of a resample
_MIN_ROWS = 5  # not tuned: with fewer rows a standard deviation means little


def bootstrap(
    measure: Callable[[NDArray[np.intp]], float],
    n: int,
    *,
    n_resamples: int = 100,
    confidence: float = 0.95,
    random_state: int = 0,
) -> tuple[float, float]:
    """Lower and upper bound of a score's confidence interval, over resampled rows; NaN with fewer than five rows.

    The standard interval (Efron and Tibshirani 1993, section 13.3): the score plus or minus a multiple of the standard
    deviation of the resamples. Their mean is not used: documents drawn twice agree with themselves and shift it. With
    more than 5,000 rows, 5,000 are drawn and the deviation is scaled (Bickel, Götze and van Zwet 1997).

    Parameters
    ----------
    measure : callable
        Returns the score of the rows it is called with, which may repeat.
    n : int
        Number of rows.
    n_resamples : int
        Number of resamples.
    confidence : float in (0, 1)
        Probability that the interval contains the expected score.
    random_state : int
        Seed of the resamples.

    Raises
    ------
    ValueError
        If ``n`` is below 1, or ``confidence`` is not between 0 and 1.

    Examples
    --------
    >>> values = np.arange(100.0)
    >>> low, high = bootstrap(lambda rows: values[rows].mean(), 100)
    >>> low < values.mean() < high
    True
    """
    if n < 1:
        raise InputError(f"expected rows to draw from, got {n}")
    if not 0 < confidence < 1:
        raise InputError(f"expected a confidence between 0 and 1, got {confidence!r}")
    random = np.random.default_rng(random_state)
    if n < _MIN_ROWS:
        return float("nan"), float("nan")
    value, n_drawn = measure(np.arange(n)), min(n, _MAX_DRAWN)
    drawn = np.array([measure(random.integers(n, size=n_drawn)) for _ in range(n_resamples)])
    drawn = drawn[~np.isnan(drawn)]
    if np.isnan(value) or len(drawn) < 2:
        return float("nan"), float("nan")
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * float(drawn.std(ddof=1)) * (n_drawn / n) ** 0.5
    return value - reach, value + reach


def wilson(counts: ArrayLike, totals: ArrayLike) -> NDArray[np.float64]:
    """Lower and upper bound of the 95 % interval of each share (Wilson 1927), in [0, 1]; NaN where the total is 0.

    :func:`scipy.stats.binomtest` gives the same bounds one share at a time, with a p-value that nobody asked for.

    Parameters
    ----------
    counts, totals : array-like of shape (n,)
        A share is a count of a total; both may be effective numbers, such as 12.5.

    Returns
    -------
    numpy.ndarray of float64, shape (2, n)
        The bounds; a share of 0 or 1 has a bound there.
    """
    counts, totals = np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    z = NormalDist().inv_cdf(0.975)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, spread = counts / totals, z**2 / totals
        middle = (share + spread / 2) / (1 + spread)
        half = np.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
        low, high = np.where(counts == 0, 0.0, middle - half), np.where(counts == totals, 1.0, middle + half)
    return np.where(totals > 0, np.stack([low, high]), np.nan)

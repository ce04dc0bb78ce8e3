"""How far a score might be off, had other documents been drawn."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_DRAWN = 5_000
_FEWEST_ROWS = 5


def bootstrap(
    measure: Callable[[NDArray[np.intp]], float],
    n: int,
    *,
    n_resamples: int = 100,
    confidence: float = 0.95,
    random_state: int = 0,
) -> tuple[float, float]:
    """Least and greatest value of a score within the confidence, over resampled rows; NaN of fewer than five rows.

    The standard interval (Efron and Tibshirani 1993, section 13.3): the score give or take as many standard deviations
    of the resamples. Their mean is not looked at, since documents drawn twice agree with themselves and shift it. Of
    more than 5,000 rows that many are drawn, and the deviation is scaled (Bickel, Götze and van Zwet 1997).

    Parameters
    ----------
    measure : callable
        Gives the score of the rows it is called with, some of them several times.
    n : int
        Number of rows.
    n_resamples : int
        How often rows are drawn.
    confidence : float in (0, 1)
        How likely the interval holds the score that is expected of as many rows.
    random_state : int
        Seed.

    Raises
    ------
    ValueError
        If there are no rows, or the confidence is not between 0 and 1.

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
    if n < _FEWEST_ROWS:
        return float("nan"), float("nan")
    value, n_drawn = measure(np.arange(n)), min(n, _MOST_DRAWN)
    drawn = np.array([measure(random.integers(n, size=n_drawn)) for _ in range(n_resamples)])
    drawn = drawn[~np.isnan(drawn)]
    if np.isnan(value) or len(drawn) < 2:
        return float("nan"), float("nan")
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * float(drawn.std(ddof=1)) * (n_drawn / n) ** 0.5
    return value - reach, value + reach

"""Signals: how popular each topic is for how long, and whether that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError
from topics.records import NOISE
from topics.timeline._counts import Timeline, by_topic

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_GONE = 1e-5  # a popularity below it is of a topic that has vanished, and no threshold is of it


def find_signals(
    timeline: Timeline, *, decay: float = 0.01, window: int = 4, lower: float = 10.0, upper: float = 75.0
) -> pd.DataFrame:
    """Each topic's popularity and signal by period: noise, weak or strong (Boutaleb, Picault and Grosjean 2024).

    A topic's popularity grows by its documents of each period, and where it has none is multiplied by
    exp(−``decay`` n²), n being the periods since it had some. Thresholds are percentiles of the popularities of all
    topics in the last ``window`` periods. Below the lower one a topic is noise, above the upper one a strong signal; in
    between it is a weak signal if its popularity grows in these periods, and else noise. The defaults are those of
    BERTrend, the authors' implementation, with its slices of two days as periods; they were not tuned here.

    BERTrend finds topics anew in every period; here they are those of the whole run, so a topic with some documents in
    every period never decays, and a strong signal is one that is large by then.

    Parameters
    ----------
    timeline : Timeline
        From :func:`topics.timeline.over_time`.
    decay : float
        How fast a topic without documents is forgotten, a squared period, ≥ 0.
    window : int
        Periods that thresholds and trends are of, at least 2.
    lower, upper : float
        Percentiles, 0 ≤ lower ≤ upper ≤ 100.

    Returns
    -------
    pandas.DataFrame
        One row a period and topic, noise (-1) left out, as in ``timeline.frame``: ``period, topic, n_documents``;
        ``popularity`` ≥ 0, in documents; ``trend``: slope of its least-squares line over the window, in documents a
        period; ``signal``: "noise", "weak", "strong", or "none" before a topic's first document.

    Raises
    ------
    ValueError
        If a parameter is out of its range.
    """
    import pandas as pd

    if not decay >= 0:
        raise InputError(f"expected a decay of at least 0, got {decay!r}")
    if window < 2:
        raise InputError(f"expected a window of at least 2 periods, got {window!r}")
    if not 0 <= lower <= upper <= 100:
        raise InputError(f"expected percentiles with 0 ≤ lower ≤ upper ≤ 100, got {lower!r} and {upper!r}")
    table, topics, totals = by_topic(timeline.frame)
    table, topics = table[topics != NOISE], topics[topics != NOISE]
    popularity = _popularity(table, decay)
    trend = np.zeros(popularity.shape)
    signals = np.full(popularity.shape, "none", dtype=object)
    there = np.cumsum(table, axis=1) > 0
    for t in range(len(totals)):
        start = max(0, t + 1 - window)
        trend[:, t] = _slope(popularity[:, start : t + 1])
        recent = popularity[:, start : t + 1][there[:, start : t + 1]]
        recent = recent[recent > _GONE]
        if not len(recent):
            continue
        low, high = np.percentile(recent, [lower, upper])
        now = popularity[:, t]
        is_weak = (now >= low) & (now <= high) & ((trend[:, t] > 0) | (t == start))
        signals[:, t] = np.where(now > high, "strong", np.where(is_weak, "weak", "noise"))
    signals[~there] = "none"
    return pd.DataFrame(
        {
            "period": timeline.starts[np.tile(np.arange(len(totals)), len(topics))],
            "topic": np.repeat(topics, len(totals)),
            "n_documents": table.ravel(),
            "popularity": popularity.ravel(),
            "trend": trend.ravel(),
            "signal": signals.ravel(),
        }
    )


def _popularity(table: NDArray[np.int64], decay: float) -> NDArray[np.float64]:
    """Documents so far of each topic and period, less what was forgotten."""
    popularity = np.zeros(table.shape)
    now, since = np.zeros(len(table)), np.zeros(len(table))
    for t in range(table.shape[1]):
        since = np.where(table[:, t] > 0, 0.0, since + 1)
        now = (now + table[:, t]) * np.exp(-decay * since**2)
        popularity[:, t] = now
    return popularity


def _slope(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope of each row's least-squares line; 0 of a single value."""
    places = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    spread = float((places**2).sum())
    return values @ places / spread if spread else np.zeros(len(values))

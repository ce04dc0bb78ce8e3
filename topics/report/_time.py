"""Documents over time as lines and bars of a report, from dates that are already known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.explore._run import Explorable

_BINS = 40  # of a course; not tuned: what a line of 160 pixels shows
_BARS = 80
_WIDE, _TALL = 160, 26  # pixels of a course


def courses_of(run: Explorable) -> dict[int, str]:
    """Points of a line over time, as SVG takes them, by topic; none where there are no two dates.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    dated = _dated(run)
    places = _places(dated, _BINS)
    if places is None:
        return {}
    topics = dated["topic"].to_numpy()
    return {int(topic): _line(np.bincount(places[topics == topic], minlength=_BINS)) for topic in np.unique(topics)}


def time_of(run: Explorable) -> dict[str, Any] | None:
    """Documents over time: bars in percent of the tallest, the days of the ends; None where there are no two dates.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    dated = _dated(run)
    places = _places(dated, _BARS)
    if places is None:
        return None
    counts = np.bincount(places, minlength=_BARS)
    documents = run.documents()
    n_undated = int((documents["copy_of"].isna() & documents["date"].isna()).sum())
    return {
        "bars": [round(100 * float(n) / int(counts.max()), 1) for n in counts],
        "most": f"{int(counts.max()):,}",
        "first": f"{dated['date'].min():%Y-%m-%d}",
        "last": f"{dated['date'].max():%Y-%m-%d}",
        "undated": f"{n_undated:,}" if n_undated else "",
    }


def _dated(run: Explorable) -> pd.DataFrame:
    documents = run.documents()
    dated: pd.DataFrame = documents[documents["copy_of"].isna() & documents["date"].notna()]
    return dated


def _places(dated: pd.DataFrame, n_bins: int) -> NDArray[np.int64] | None:
    """The part of the time that each document is in."""
    if not len(dated):
        return None
    times = dated["date"].dt.tz_localize(None).to_numpy("datetime64[s]").astype(np.int64)
    low, high = times.min(), times.max()
    if low == high:
        return None
    places: NDArray[np.int64] = np.minimum(n_bins - 1, (times - low) * n_bins // (high - low))
    return places


def _line(counts: NDArray[np.int64]) -> str:
    most = max(1, int(counts.max()))
    steps = _WIDE / (len(counts) - 1)
    return " ".join(f"{i * steps:.1f},{_TALL - 1 - (_TALL - 2) * n / most:.1f}" for i, n in enumerate(counts.tolist()))

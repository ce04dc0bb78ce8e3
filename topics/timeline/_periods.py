"""Dates → periods of any length, as far as the dates are known to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from topics.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Frequency = Literal["year", "quarter", "month", "week", "day", "hour", "minute"]
"""Units of a period's length."""

_UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W-SUN", "day": "D", "hour": "h", "minute": "min"}
# What a date must be known to for a period, from the coarsest precision to the finest.
_PRECISIONS = ("year", "month", "day", "minute")
_NEEDED = {
    "year": "year", "quarter": "month", "month": "month", "week": "day", "day": "day", "hour": "minute",
    "minute": "minute",
}  # fmt: skip
_SPELLING = re.compile(rf"(?:([1-9][0-9]{{0,5}}) )?({'|'.join(_UNITS)})s?")


class Grain(NamedTuple):
    """The length of a period: so many of a unit."""

    n: int
    unit: str


def grain_of(freq: str) -> Grain:
    """The length that a text such as "week" or "2 weeks" says.

    Parameters
    ----------
    freq : str
        As for :func:`topics.timeline.over_time`.

    Raises
    ------
    ValueError
        Saying which there are.
    """
    found = _SPELLING.fullmatch(freq) if isinstance(freq, str) else None
    if found is None:
        raise InputError(
            f"expected a period to be one of {', '.join(map(repr, _UNITS))}, or several such as '2 weeks', got {freq!r}"
        )
    return Grain(int(found[1] or 1), found[2])


def check_frequency(freq: str) -> None:
    """Refuse what is no length of a period.

    Parameters
    ----------
    freq : str
        As for :func:`topics.timeline.over_time`.

    Raises
    ------
    ValueError
        Saying which there are.
    """
    grain_of(freq)


def periods_of(documents: pd.DataFrame, freq: str) -> pd.Series:
    """The period of each document, NaT where it has no date or one that is not known to the period.

    Of several units, such as two weeks, the first is given.

    Parameters
    ----------
    documents : pandas.DataFrame
        Rows of ``Run.documents()``.
    freq : str
        Length of a period, as for :func:`topics.timeline.over_time`.

    Raises
    ------
    ValueError
        If there is no such length.
    """
    import pandas as pd

    grain = grain_of(freq)
    ordinals, is_known = ordinals_of(documents, grain)
    index: Any = pd.PeriodIndex  # whose stubs lack from_ordinals
    units = index.from_ordinals(ordinals * grain.n, freq=_UNITS[grain.unit])
    return pd.Series(units, index=documents.index).where(is_known)


def ordinals_of(documents: pd.DataFrame, grain: Grain) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number of each document's period, and whether its date is known to it.

    Periods are numbered from 1970, of UTC, so that the same document is in the same period whatever others there are.

    Parameters
    ----------
    documents : pandas.DataFrame
        Rows of ``Run.documents()``.
    grain : Grain
        Length of a period.
    """
    import pandas as pd

    precision = documents["date_precision"]
    precision = precision.where(precision.isin(_PRECISIONS), "day")  # one that nobody knows is taken for a day
    enough = _PRECISIONS[_PRECISIONS.index(_NEEDED[grain.unit]) :]
    dates = pd.to_datetime(documents["date"], utc=True).dt.tz_localize(None)
    is_known: NDArray[np.bool_] = (precision.isin(enough) & dates.notna()).to_numpy(dtype=bool)
    ordinals = np.zeros(len(documents), dtype=np.int64)
    ordinals[is_known] = pd.PeriodIndex(dates[is_known], freq=_UNITS[grain.unit]).asi8
    return ordinals // grain.n, is_known


def starts_of(ordinals: NDArray[np.int64], grain: Grain) -> Any:
    """The first moments of periods, of UTC.

    Parameters
    ----------
    ordinals : numpy.ndarray of int64
        Their numbers, as :func:`ordinals_of` gives them.
    grain : Grain
        Their length.

    Returns
    -------
    pandas.DatetimeIndex
        One a number.
    """
    import pandas as pd

    index: Any = pd.PeriodIndex  # whose stubs lack from_ordinals
    units = index.from_ordinals(np.asarray(ordinals) * grain.n, freq=_UNITS[grain.unit])
    return units.to_timestamp().tz_localize("UTC")


def after(start: Any, grain: Grain) -> Any:
    """The first moment after a period, of UTC.

    Parameters
    ----------
    start : pandas.Timestamp
        The period's first moment, of UTC.
    grain : Grain
        Its length.

    Returns
    -------
    pandas.Timestamp
        That of the next one.
    """
    import pandas as pd

    period = pd.Period(start.tz_localize(None), freq=_UNITS[grain.unit])
    return (period + grain.n).to_timestamp().tz_localize("UTC")

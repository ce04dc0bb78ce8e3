"""Counts and shares as sentences say them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def count(n: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun, such as "1 article" and "2 articles".

    Parameters
    ----------
    n : int
        How many.
    noun : str
        In the singular.
    plural : str or None
        None adds an s.

    Examples
    --------
    >>> count(1, "story", "stories"), count(0, "topic"), count(3877, "line")
    ('1 story', '0 topics', '3,877 lines')
    """
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def verb(n: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number.

    Parameters
    ----------
    n : int
        How many.
    one, many : str
        In the singular and in the plural.

    Examples
    --------
    >>> f"{count(1, 'row')} {verb(1, 'was', 'were')} rejected"
    '1 row was rejected'
    """
    return one if n == 1 else many


def percent(share: float, *, digits: int = 0) -> str:
    """A share in percent that is 0% and 100% only where it is none and all.

    Parameters
    ----------
    share : float
        In [0, 1].
    digits : int
        After the point.

    Examples
    --------
    >>> percent(0.0), percent(0.001), percent(0.256), percent(0.999), percent(1.0)
    ('0%', 'under 1%', '26%', 'over 99%', '100%')
    >>> percent(0.0004, digits=1), percent(0.9997, digits=1)
    ('under 0.1%', 'over 99.9%')
    """
    said = f"{share:.{digits}%}"
    step = 10.0**-digits
    if share > 0 and said == f"{0:.{digits}%}":
        return f"under {step:.{digits}f}%"
    if share < 1 and said == f"{1:.{digits}%}":
        return f"over {100 - step:.{digits}f}%"
    return said


def room(n_bytes: int) -> str:
    """A number of bytes in the unit that it fills.

    Parameters
    ----------
    n_bytes : int
        At least 0.

    Examples
    --------
    >>> room(0), room(2_097_152), room(13_640_000_000)
    ('0 kB', '2.1 MB', '13.6 GB')
    """
    if n_bytes < 1_000_000:
        return f"{n_bytes / 1e3:.0f} kB"
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes < 1_000_000_000 else f"{n_bytes / 1e9:.1f} GB"


def no_label_column(column: str, names: Sequence[str]) -> str:
    """The sentence that refuses a column of human labels which the articles do not have, with the nearest name.

    Parameters
    ----------
    column : str
        What was asked for.
    names : sequence of str
        The columns there are.
    """
    near = difflib.get_close_matches(column, names, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"evaluate.label_column is {column!r}, but the articles' columns are {', '.join(map(repr, names))}{meant}"

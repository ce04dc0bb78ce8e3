"""Counts, shares and sizes formatted for messages."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def count(n: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun, such as "1 article" and "2 articles".

    Parameters
    ----------
    n : int
        The number.
    noun : str
        Noun in the singular.
    plural : str or None
        Noun in the plural; None adds an s.

    Examples
    --------
    >>> count(1, "story", "stories"), count(0, "topic"), count(3877, "line")
    ('1 story', '0 topics', '3,877 lines')
    """
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def verb(n: int, one: str, many: str) -> str:
    """The form of a verb that agrees with a number.

    Parameters
    ----------
    n : int
        The number.
    one, many : str
        Verb in the singular and in the plural.

    Examples
    --------
    >>> f"{count(1, 'row')} {verb(1, 'was', 'were')} rejected"
    '1 row was rejected'
    """
    return one if n == 1 else many


def percent(share: float, *, digits: int = 0) -> str:
    """A share in percent, 0% and 100% only if it is exactly 0 and 1.

    Parameters
    ----------
    share : float
        Share in [0, 1].
    digits : int
        Digits after the decimal point.

    Examples
    --------
    >>> percent(0.0), percent(0.001), percent(0.256), percent(0.999), percent(1.0)
    ('0%', 'under 1%', '26%', 'over 99%', '100%')
    >>> percent(0.0004, digits=1), percent(0.9997, digits=1)
    ('under 0.1%', 'over 99.9%')
    """
    text = f"{share:.{digits}%}"
    step = 10.0**-digits
    if share > 0 and text == f"{0:.{digits}%}":
        return f"under {step:.{digits}f}%"
    if share < 1 and text == f"{1:.{digits}%}":
        return f"over {100 - step:.{digits}f}%"
    return text


def room(n_bytes: int) -> str:
    """A number of bytes in kB, MB or GB.

    Parameters
    ----------
    n_bytes : int
        Number of bytes, ≥ 0.

    Examples
    --------
    >>> room(0), room(2_097_152), room(13_640_000_000)
    ('0 kB', '2.1 MB', '13.6 GB')
    """
    if n_bytes < 1_000_000:
        return f"{n_bytes / 1e3:.0f} kB"
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes < 1_000_000_000 else f"{n_bytes / 1e9:.1f} GB"


def no_label_column(column: str, names: Sequence[str]) -> str:
    """The message for a column of human labels that the articles do not have, with the closest name.

    Parameters
    ----------
    column : str
        The requested column.
    names : sequence of str
        The columns of the articles.
    """
    near = difflib.get_close_matches(column, names, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"evaluate.label_column is {column!r}, but the articles' columns are {', '.join(map(repr, names))}{meant}"

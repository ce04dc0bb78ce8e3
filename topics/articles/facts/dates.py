"""Dates as found → UTC, or nothing: a year that is not there is never guessed, and a day is never a month."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

import numpy as np

from topics.articles.facts.written import Precision, Stamp, numeric_orders, stamp_of, written_dates
from topics.articles.sources.missing import is_missing

__all__ = ["DayFirst", "Precision", "Stamp", "cut_stamp", "parse_date"]

_LEADING = re.compile(
    r"\s*(?:date|pubdate|published|datetime|fecha|datum|data|дата)\b\s*:?\s*"
    r"((?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)(?![\d:-])[^\S\n]*",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?:19|20)\d\d(?:-\d\d-\d\d(?:[T ]\d\d(?::?\d\d){1,2}(?:[.,]\d{1,9})?\s?(?:Z|[+-]\d\d:?(?:\d\d)?)?)?"
    r"|\d{4}(?:T?\d{6}Z?)?)",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{8})T?(\d{6})(Z?)", re.ASCII)
# The form of C's ctime, of the date command and of Twitter: the year stands last, after the time.
_CTIME = re.compile(
    r"([^\W\d_]+\.?,? )?([^\W\d_]+) +(\d\d?) (\d\d?:\d\d:\d\d(?: [AP]M)?)((?: [A-Z]{3,4}| [+-]\d{4})?) ((?:19|20)\d\d)"
)
_LONGEST_CELL = 200
_MOST_OTHER_LETTERS = 80
# Unix times are taken from 1990 to 2100, in seconds, milliseconds, microseconds or nanoseconds.
_FIRST_UNIX, _LAST_UNIX = 631_152_000, 4_102_444_800
_UNIX = re.compile(r"\d{10}|\d{13}|\d{16}|\d{19}")
_UNIX_UNITS = (1, 10**3, 10**6, 10**9)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_COMPACT, _LAST_COMPACT = 1900_01_01, 2099_12_31


def parse_date(
    value: object, *, day_first: bool | None = None, latest: dt.datetime | None = None, lang: str | None = None
) -> Stamp | None:
    """Date of a table's cell; None where it is not certain.

    Not certain are: no year, a year before 1900, 03/04/2023 with ``day_first`` unknown, several days, a range, words
    that are relative to a day not known ("yesterday"), and what lies after ``latest``.

    Parameters
    ----------
    value : object
        String, datetime, date, pandas or numpy time, or number: Unix time from 1990 to 2100, or 20230516.
    day_first : bool or None
        What 03/04/2023 begins with; see :class:`DayFirst`. With dots the day comes first.
    latest : datetime or None
        Aware; no article is younger than this. Leave a day where time zones are not known.
    lang : str or None
        ISO 639-1 code of the article, for names that are different months in two languages.
    """
    if is_missing(value) or isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, str):
        stamp = _of_string(value.strip(), day_first, latest, lang)
    elif isinstance(value, dt.datetime | np.datetime64):
        stamp = _of_moment(value)
    elif isinstance(value, dt.date):
        stamp = stamp_of(dt.datetime.combine(value, dt.time()), had_zone=False)
    elif isinstance(value, int | float | np.integer | np.floating):
        stamp = _of_number(value)
    else:
        return None
    return None if stamp is None or (latest is not None and stamp.date > latest) else stamp


def cut_stamp(text: str) -> tuple[str, Stamp | None]:
    """Text without the stamp that a scraper wrote before it, and the stamp.

    Parameters
    ----------
    text : str
        A page or its first line, such as `` date 2023-11-29 NATO has reaffirmed``.
    """
    found = _LEADING.match(text)
    stamp = parse_date(found[1]) if found else None
    return (text[found.end() :], stamp) if found and stamp else (text, None)


class DayFirst:
    """What dates such as 03/04/2023 begin with, by source: its dates that can be read in one way only decide.

    Add every row, then ask; a source that writes both ways decides nothing.
    """

    def __init__(self) -> None:
        self._shown: dict[str | None, set[bool]] = {}

    def add(self, value: object, source: str | None) -> None:
        """Take note of a cell, or of a line at the head of a page.

        Parameters
        ----------
        value : object
            As found; what is not a string shows nothing.
        source : str or None
            Those without a source are taken together.
        """
        if isinstance(value, str) and (shown := numeric_orders(value[:_LONGEST_CELL])):
            self._shown.setdefault(source, set()).update(shown)

    def of(self, source: str | None) -> bool | None:
        """Whether the day comes first; None where the source does not show it.

        Parameters
        ----------
        source : str or None
            As it was added.
        """
        shown = self._shown.get(source, set())
        return next(iter(shown)) if len(shown) == 1 else None


def _of_string(text: str, day_first: bool | None, latest: dt.datetime | None, lang: str | None) -> Stamp | None:
    if _UNIX.fullmatch(text):
        return _of_number(int(text))
    if len(text) > _LONGEST_CELL:
        return None
    if _ISO.fullmatch(text):
        return _of_iso(text)
    if ctime := _CTIME.fullmatch(text):
        text = f"{ctime[2]} {ctime[3]}, {ctime[6]} {ctime[4]}{ctime[5]}"
    dates = written_dates(text, day_first=day_first, latest=latest, lang=lang)
    if len(dates) > 1:
        dates = [date for date in dates if not date.updated] or dates
    n_others = sum(map(str.isalpha, text)) - sum(sum(map(str.isalpha, text[d.start : d.end])) for d in dates)
    if not dates or n_others > _MOST_OTHER_LETTERS or len({d.stamp and d.stamp.date.date() for d in dates}) > 1:
        return None
    stamps = [date.stamp for date in dates if date.stamp]
    return next((stamp for stamp in stamps if stamp.precision == "minute"), stamps[0] if stamps else None)


def _of_iso(text: str) -> Stamp | None:
    if compact := _COMPACT.fullmatch(text):
        text = f"{compact[1]}T{compact[2]}{compact[3]}"
    try:
        moment = dt.datetime.fromisoformat(re.sub(r"\s(?=[Z+-])", "", text.replace(",", ".")))
    except ValueError:
        return None
    return stamp_of(moment, had_zone=moment.tzinfo is not None)


def _of_moment(value: dt.datetime | np.datetime64) -> Stamp | None:
    """Stamp of a time that a library made, nanoseconds left off."""
    if not isinstance(value, dt.datetime) or type(value).__module__.startswith("pandas"):
        import pandas as pd

        try:
            moment = pd.Timestamp(value).floor("us").to_pydatetime()
        except (ValueError, OverflowError):  # outside what pandas can hold
            return None
    else:
        moment = value
    return stamp_of(moment, had_zone=moment.tzinfo is not None)


def _of_number(value: int | float | np.integer[Any] | np.floating[Any]) -> Stamp | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    if number.is_integer() and _FIRST_COMPACT <= number <= _LAST_COMPACT:
        return _of_iso(str(int(number)))
    for unit in _UNIX_UNITS:
        if _FIRST_UNIX <= number / unit <= _LAST_UNIX:
            microseconds = int(value) * 10**6 // unit if number.is_integer() else int(number * 10**6 / unit)
            return stamp_of(_EPOCH + dt.timedelta(microseconds=microseconds), had_zone=True)
    return None

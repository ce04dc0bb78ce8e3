"""Dates as they came → UTC, or nothing: a year that is not there is never guessed, and a day is never a month."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

import numpy as np

from topics.articles.metadata._horizon import Horizon
from topics.articles.metadata._signs import plain_signs
from topics.articles.metadata._written import Precision, Stamp, numeric_orders, stamp_of, written_dates
from topics.articles.readers._missing import is_missing

__all__ = ["DayFirst", "Precision", "Stamp", "cut_stamp", "parse_date"]

_LEADING = re.compile(
    r"\s*(?:date|pubdate|published|datetime|fecha|datum|data|дата)\b\s*:?\s*"
    r"((?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)"
    r"(?![\d:-]|[T ]\d\d:|\s?(?:/|\.\.|…|[–—-])\s?(?:19|20)\d\d-)[^\S\n]*",
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
# As programs write a time: .NET's JSON, cameras, Python's and pandas' own notation.
_NET = re.compile(r"\\?/Date\((-?\d{1,17})(?:[+-]\d{4})?\)\\?/", re.ASCII)
_EXIF = re.compile(r"((?:19|20)\d\d):(\d\d):(\d\d)((?:[ T]\d\d:\d\d.*)?)", re.ASCII)
_PYTHON = re.compile(r"(?:datetime\.)?date(?:time)?\((\d{4}(?:, ?\d{1,2}){2,5})(?:, ?\d{1,6})?\)", re.ASCII)
_QUOTED = re.compile(r"(?:(?:pd\.)?Timestamp|(?:np\.|numpy\.)?datetime64)\('([^']+)'.*\)|\[?[\"']([^\"']+)[\"']\]?")
# Oracle's default and RFC 850's form. Two digits of a year are read here alone: day and year cannot be confused, since
# neither writes the year first.
_SHORT_YEAR = re.compile(
    r"((?:[A-Z][a-z]{2,8}, )?)(\d\d?)-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-(\d\d)((?: \d\d:\d\d.*)?)",
    re.IGNORECASE | re.ASCII,
)
# Years of the Buddhist era, which Thailand counts in: 1900 to 2100.
_BUDDHIST = re.compile(r"(?<!\d)(?:พ\.ศ\.\s*)?(24[4-9]\d|25\d\d|26[0-3]\d|264[0-3])(?!\d)")
_BUDDHIST_SHIFT = 543
_MONTH_FIRST = re.compile(r"([\u0e01-\u0e4e][\u0e01-\u0e4e.]+) (\d\d?),? (\d{4})")
_THAI = re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]")
# Days since 1899-12-30, as spreadsheets store a date, from 1980 to 2050: taken where a column's small numbers are all
# of this kind.
_FIRST_SERIAL, _LAST_SERIAL, _LAST_SMALL = 29_221, 55_153, 1_000_000
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?", re.ASCII)
_SERIAL_ORIGIN = dt.datetime(1899, 12, 30)
_FIRST_OF_LAST_CENTURY = 50  # as Oracle and POSIX nearly agree on
_MAX_CELL_LENGTH = 200
_MAX_OTHER_LETTERS = 80
# Unix times are taken from 1980 to 2100, in seconds, milliseconds, microseconds or nanoseconds.
_FIRST_UNIX, _LAST_UNIX = 315_532_800, 4_102_444_800
_UNIX = re.compile(r"\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19}", re.ASCII)
_FLOAT = re.compile(r"\d{9,19}\.\d{0,9}|[1-9]\.\d+[eE]\+?\d{1,2}", re.ASCII)
_UNIX_UNITS = (1, 10**3, 10**6, 10**9)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_FIRST_COMPACT, _LAST_COMPACT = 1900_01_01, 2099_12_31


def parse_date(
    value: object,
    *,
    day_first: bool | None = None,
    horizon: Horizon | None = None,
    lang: str | None = None,
    serials: bool = False,
) -> Stamp | None:
    """Date of a table's cell; None where it is not certain.

    Not certain are: no year, a year before 1900, 03/04/2023 with ``day_first`` unknown, several days, a range, words
    that are relative to a day not known ("yesterday"), and what lies after ``horizon``.

    Parameters
    ----------
    value : object
        String, datetime, date, pandas or numpy time, or number: Unix time from 1980 to 2100, or 20230516.
    day_first : bool or None
        What 03/04/2023 begins with; see :class:`DayFirst`. With dots the day comes first.
    horizon : Horizon or None
        What no article is younger than.
    lang : str or None
        ISO 639-1 code of the article, for names that are different months in two languages, and for Thai's years.
    serials : bool
        Whether small numbers are a spreadsheet's days; see :class:`DayFirst`.
    """
    if is_missing(value) or isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, str):
        text = _unwrapped(plain_signs(value).strip())
        if serials and _SERIAL.fullmatch(text):
            return _within(_of_serial(float(text)), horizon)
        if lang == "th" or _THAI.search(text):
            text = _BUDDHIST.sub(lambda year: str(int(year[1]) - _BUDDHIST_SHIFT), text)
            text = _MONTH_FIRST.sub(r"\2 \1 \3", text)
        stamp = _of_string(text, day_first, horizon, lang)
        if stamp and not stamp.had_zone and any(map(str.isalpha, text.replace("T", ""))) and ":" not in text:
            return _within(stamp, horizon)  # people write "1 January 1970", programs the moment
    elif isinstance(value, dt.datetime | np.datetime64):
        stamp = _of_moment(value)
    elif isinstance(value, dt.date):
        stamp = stamp_of(dt.datetime.combine(value, dt.time()), had_zone=False)
    elif isinstance(value, int | float | np.integer | np.floating):
        small = _small_number(value)
        stamp = _of_serial(small) if serials and small else _of_number(value)
    elif isinstance(value, Decimal):
        stamp = _of_number(float(value))
    else:
        return None
    return None if stamp is None or stamp.date == _EPOCH else _within(stamp, horizon)


def _within(stamp: Stamp | None, horizon: Horizon | None) -> Stamp | None:
    return None if stamp is None or (horizon is not None and not horizon.admits(stamp.date)) else stamp


def _unwrapped(text: str) -> str:
    """A date without the notation that a program put around it."""
    if quoted := _QUOTED.fullmatch(text):
        return (quoted[1] or quoted[2]).strip()
    if python := _PYTHON.fullmatch(text):
        year, month, day, *time = map(int, python[1].split(","))
        clock = "".join(f":{part:02d}" for part in (*time, 0)[: max(2, len(time))]) if time else ""
        return f"{year}-{month:02d}-{day:02d}" + (f"T{clock[1:]}" if time else "")
    if exif := _EXIF.fullmatch(text):
        return f"{exif[1]}-{exif[2]}-{exif[3]}{exif[4]}"
    if short := _SHORT_YEAR.fullmatch(text):
        year = int(short[4]) + (2000 if int(short[4]) < _FIRST_OF_LAST_CENTURY else 1900)
        return f"{short[1]}{short[2]} {short[3]} {year}{short[5]}"
    return text


def _of_serial(number: float) -> Stamp | None:
    """Stamp of a spreadsheet's day, to the second."""
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return stamp_of(_SERIAL_ORIGIN + dt.timedelta(seconds=round(number * 86_400)), had_zone=False)


def cut_stamp(text: str) -> tuple[str, Stamp | None]:
    """Text without the stamp that a scraper wrote before it, and the stamp.

    Parameters
    ----------
    text : str
        A page or its first line, such as `` date 2023-11-29 NATO has reaffirmed``.
    """
    match = _LEADING.match(plain_signs(text[:_MAX_CELL_LENGTH]))
    stamp = parse_date(match[1]) if match else None
    return (text[match.end() :], stamp) if match and stamp else (text, None)


class DayFirst:
    """What dates such as 03/04/2023 begin with, by source: its dates that can be read in one way only decide.

    Add every row, then ask; a source that writes both ways decides nothing. Whether small numbers are a spreadsheet's
    days is decided by all rows together.
    """

    def __init__(self) -> None:
        self._shown: dict[str | None, set[bool]] = {}
        self._n_serials = self._n_other_numbers = 0

    def add(self, value: object, source: str | None) -> None:
        """Take note of a cell, or of a line at the head of a page.

        Parameters
        ----------
        value : object
            As it came; what is not a string shows nothing.
        source : str or None
            Those without a source are taken together.
        """
        number = _small_number(value)
        if number is not None and not _FIRST_YEAR <= number <= _LAST_YEAR:
            is_serial = _FIRST_SERIAL <= number <= _LAST_SERIAL
            self._n_serials, self._n_other_numbers = (
                self._n_serials + is_serial,
                self._n_other_numbers + (not is_serial),
            )
        if isinstance(value, str) and (shown := numeric_orders(value[:_MAX_CELL_LENGTH])):
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

    @property
    def serials(self) -> bool:
        """Whether all small numbers are days of a spreadsheet, as far as they are no years."""
        return bool(self._n_serials) and not self._n_other_numbers


def _small_number(value: object) -> float | None:
    """A number below those of Unix time and of days written as 20230516, zero apart."""
    if isinstance(value, str):
        text = value.strip()
        return float(text) or None if _SERIAL.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return float(value) if 0 < min(value, _LAST_SMALL) < _LAST_SMALL else None


def _of_string(text: str, day_first: bool | None, horizon: Horizon | None, lang: str | None) -> Stamp | None:
    if _UNIX.fullmatch(text):
        return _of_number(int(text))
    if _FLOAT.fullmatch(text):
        return _of_number(float(text))
    if net := _NET.fullmatch(text):
        try:
            return stamp_of(_EPOCH + dt.timedelta(milliseconds=int(net[1])), had_zone=True)
        except OverflowError:
            return None
    if len(text) > _MAX_CELL_LENGTH:
        return None
    if _ISO.fullmatch(text):
        return _of_iso(text)
    if ctime := _CTIME.fullmatch(text):
        text = f"{ctime[2]} {ctime[3]}, {ctime[6]} {ctime[4]}{ctime[5]}"
    dates = written_dates(text, day_first=day_first, horizon=horizon, lang=lang)
    if len(dates) > 1:
        dates = [date for date in dates if not date.updated] or dates
    n_others = sum(map(str.isalpha, text)) - sum(sum(map(str.isalpha, text[d.start : d.end])) for d in dates)
    if not dates or n_others > _MAX_OTHER_LETTERS or len({d.stamp and d.stamp.date.date() for d in dates}) > 1:
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

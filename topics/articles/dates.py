"""Dates as found → UTC, or nothing: a year that is not there is never guessed, and a day is never a month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from topics.articles.missing import is_missing

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|^\d{8}(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2\d{4}")
_FIRST_YEAR = 1900


def parse_dates(entries: list[dict[str, Any]]) -> list[str]:
    """What was done, in sentences; each entry's date becomes a UTC time, or None where it is not certain.

    Parameters
    ----------
    entries : list of dict
        With ``date`` as found and ``source``; changed in place.
    """
    import pandas as pd
    from pandas.api.typing import NaTType

    by_source = _day_first_by_source(entries)
    n_bad = 0
    for entry in entries:
        value = entry["date"]
        if is_missing(value) or (isinstance(value, str) and not value.strip()):
            entry["date"] = None
            continue
        stamp: pd.Timestamp | NaTType = pd.NaT
        if isinstance(value, dt.date):
            stamp = pd.to_datetime(value, utc=True, errors="coerce")
        elif isinstance(value, str) and _YEAR.search(value):
            day_first = _day_first(value, entry["source"], by_source)
            if day_first is not None:
                stamp = pd.to_datetime(value, utc=True, errors="coerce", dayfirst=day_first)
        known = not pd.isna(stamp) and stamp.year >= _FIRST_YEAR
        entry["date"] = stamp.floor("us").to_pydatetime() if known else None
        n_bad += not known
    return [f"{n_bad} dates could not be read for certain and were left empty"] if n_bad else []


def _day_first(date: str, source: str | None, by_source: Mapping[str | None, set[bool]]) -> bool | None:
    """Whether a date such as 03/04/2023 starts with the day; None where its source leaves that open."""
    found = _NUMERIC_DATE.search(date)
    if found is None:
        return False  # the year or a month's name comes first: there is nothing to decide
    if found[2] == ".":
        return True
    seen = by_source.get(source, set())
    return next(iter(seen)) if len(seen) == 1 else None


def _day_first_by_source(entries: Iterable[Mapping[str, Any]]) -> dict[str | None, set[bool]]:
    """For each source what its dates show that can be read in one way only."""
    shown: dict[str | None, set[bool]] = {}
    for entry in entries:
        found = _NUMERIC_DATE.search(entry["date"]) if isinstance(entry["date"], str) else None
        if found and max(int(found[1]), int(found[3])) > 12:
            shown.setdefault(entry["source"], set()).add(int(found[1]) > 12)
    return shown

"""The cells of a row in one form: marks of missing values, wrapped values of databases, and how deep they may nest."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_DEEPEST = 30  # levels of lists and objects in a cell; trees of documents in editors have up to about 20
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Missing:
    """What a tool wrote where it had no value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True)
class Broken:
    """A value that cannot be taken although its text can be parsed, and why."""

    reason: str


class CellError(ValueError):
    """A cell that cannot be read; the message says why."""


def settle(cells: Mapping[Any, Any]) -> tuple[dict[str, Any], int]:
    """The cells with None for every mark of a missing value, and how many there were.

    Values that MongoDB exports as objects (``{"$date": …}``, ``{"$oid": …}``, ``{"$numberLong": …}``) are the values
    themselves.

    Parameters
    ----------
    cells : mapping
        By column.

    Raises
    ------
    CellError
        If one nests too deeply or is no value.
    """
    n_missing = [0]
    return {str(column): _settled(value, 0, n_missing) for column, value in cells.items()}, n_missing[0]


def _settled(value: Any, depth: int, n_missing: list[int]) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if value is MISSING or (isinstance(value, dt.datetime) and not _in_range(value)):
        n_missing[0] += 1
        return None
    if isinstance(value, Broken):
        raise CellError(value.reason)
    if not isinstance(value, list | tuple | dict):
        return value
    if depth >= _DEEPEST:
        raise CellError(f"nested too deeply: more than {_DEEPEST} levels")
    if isinstance(value, dict):
        inner = {key: _settled(item, depth + 1, n_missing) for key, item in value.items()}
        return _unwrapped(inner, n_missing)
    return [_settled(item, depth + 1, n_missing) for item in value]


def _in_range(moment: dt.datetime) -> bool:
    """Whether Python can hold a moment; pandas gives later and earlier ones, and a wrong year is written for them."""
    return not (moment.year > dt.MAXYEAR or moment.year < dt.MINYEAR)  # the year of pandas' NaT is NaN


def _unwrapped(value: dict[Any, Any], n_missing: list[int]) -> Any:
    """The value that an object of MongoDB's extended JSON stands for; any other object as it is."""
    if len(value) != 1:
        return value
    [(key, inner)] = value.items()
    try:
        match key:
            case "$oid" | "$uuid" | "$symbol" | "$numberDecimal":
                return str(inner)
            case "$numberInt" | "$numberLong":
                return int(inner)
            case "$numberDouble":
                number = float(inner)
                n_missing[0] += not math.isfinite(number)
                return number if math.isfinite(number) else None
            case "$date":
                return inner if isinstance(inner, str) else _EPOCH + dt.timedelta(milliseconds=int(inner))
            case "$timestamp":
                return _EPOCH + dt.timedelta(seconds=int(inner["t"]))
            case "$undefined":
                return None
    except (ValueError, TypeError, KeyError, OverflowError):
        pass
    return value

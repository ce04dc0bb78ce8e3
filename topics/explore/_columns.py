"""Columns of documents as typed arrays: categories by number, numbers, dates in minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records import DOCUMENT_COLUMNS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

MISSING_DATE = np.iinfo(np.int32).min
_MAX_CATEGORIES = 300  # not tuned: what can be scrolled through in a facet
_OURS = {"copy_of", "topic", "strength", "x", "y", "original_topic", "method", "confidence"}
_LABELS = {"lang": "language", "source": "outlet"}
_DATE_FORMS = {"year": "%Y", "month": "%Y-%m", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}


@dataclass(frozen=True, eq=False)
class Column:
    """A column that documents are colored, filtered and sorted by.

    Attributes
    ----------
    name : str
        As in the frame of documents.
    label : str
        As it is shown.
    kind : {"category", "number", "date"}
        What its values are.
    values : numpy.ndarray, shape (n_docs,)
        Of a category its place in ``names``, -1 if missing (int16); of a number float32, NaN if missing; of a date
        minutes since 1970 in UTC (int32), ``MISSING_DATE`` if missing.
    names : tuple of str
        Of a category, the most frequent first; else empty.
    """

    name: str
    label: str
    kind: str
    values: NDArray[Any]
    names: tuple[str, ...] = ()

    def bounds(self) -> tuple[float, float]:
        """Least and greatest value that is not missing; zeros where all are."""
        known = self.values[self.values != MISSING_DATE] if self.kind == "date" else self.values
        known = known[~np.isnan(known)] if self.kind == "number" else known
        return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def columns_of(documents: pd.DataFrame) -> list[Column]:
    """The columns by which documents can be colored and filtered: ours first, then the user's own.

    Texts with more than 300 values, or nearly as many as documents, and columns of lists are left out.

    Parameters
    ----------
    documents : pandas.DataFrame
        Rows of ``Run.documents()``.
    """
    own = [
        name for name in documents.columns if name not in {*DOCUMENT_COLUMNS, *_OURS} and not name.startswith("level_")
    ]
    columns = [_category(documents, name) for name in ("source", "lang")]
    columns.append(Column("date", "date", "date", minutes_of(documents["date"])))
    columns.append(Column("confidence", "confidence", "number", documents["confidence"].to_numpy(np.float32)))
    columns.append(_category(documents, "method"))
    columns += [_own(documents, str(name)) for name in own]
    return [column for column in columns if column is not None and _says_something(column)]


def minutes_of(dates: pd.Series) -> NDArray[np.int32]:
    """Minutes since 1970 in UTC, ``MISSING_DATE`` where there is no date.

    Parameters
    ----------
    dates : pandas.Series
        Of datetimes in UTC.
    """
    values = dates.dt.tz_localize(None).to_numpy("datetime64[m]")
    minutes: NDArray[np.int32] = np.where(np.isnat(values), MISSING_DATE, values.astype(np.int64)).astype(np.int32)
    return minutes


def shown_dates(documents: pd.DataFrame) -> list[str]:
    """Each date as precisely as it is known, such as "2022-03-15" or "2022-03-15 08:30"; "" where there is none.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``date`` and ``date_precision``.
    """
    pairs = zip(documents["date"], documents["date_precision"], strict=True)
    return [shown_date(date, precision) for date, precision in pairs]


def shown_date(date: Any, precision: Any) -> str:
    """A date as precisely as it is known; "" where there is none.

    Parameters
    ----------
    date : datetime or missing value
        In UTC.
    precision : str or missing value
        Such as "day" or "minute"; one that is missing is taken for a day.
    """
    return str(date.strftime(_DATE_FORMS.get(precision, "%Y-%m-%d"))) if date == date else ""


def _own(documents: pd.DataFrame, name: str) -> Column | None:
    import pandas as pd

    values = documents[name]
    if pd.api.types.is_bool_dtype(values):
        return _category(documents, name)
    if pd.api.types.is_numeric_dtype(values):
        return Column(name, name, "number", pd.to_numeric(values).to_numpy(np.float32, na_value=np.nan))
    if pd.api.types.is_datetime64_any_dtype(values):
        return Column(name, name, "date", minutes_of(values.dt.tz_localize(None).dt.tz_localize("UTC")))
    return _category(documents, name)


def _category(documents: pd.DataFrame, name: str) -> Column | None:
    """The column's values by frequency, equal ones by name; None where they are no categories."""
    known = documents[name].dropna()
    if not len(known) or not known.map(lambda value: isinstance(value, (str, bool, np.bool_))).all():
        return None
    counts = known.astype(str).value_counts()
    if len(counts) > _MAX_CATEGORIES or (len(counts) > 20 and len(counts) > len(known) / 2):
        return None
    names = tuple(sorted(counts.index, key=lambda value: (-counts[value], value)))
    place = {value: code for code, value in enumerate(names)}
    codes = [place[str(value)] if value == value and value is not None else -1 for value in documents[name].tolist()]
    return Column(name, _LABELS.get(name, name), "category", np.array(codes, dtype=np.int16), names)


def _says_something(column: Column) -> bool:
    low, high = column.bounds()
    return len(column.names) > 0 if column.kind == "category" else low != high or column.name == "confidence"

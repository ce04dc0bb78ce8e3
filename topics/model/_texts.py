"""What users hand over: texts in any holder, their dates and vectors, and the index that they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from topics.articles import check_texts
from topics.embed import UserVectors, take_vectors
from topics.errors import InputError, InputTypeError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Texts:
    """The texts of a call.

    Attributes
    ----------
    strings : list of str
        One a text; None or NaN where there is none.
    dates : list or None
        One a text.
    index : pandas.Index or None
        Theirs; None where they carry none.
    """

    strings: list[Any]
    dates: list[Any] | None
    index: pd.Index | None

    @classmethod
    def of(cls, X: Any, *, text_column: str | None, dates: Any = None) -> Texts:
        """The texts in whatever holds them.

        Parameters
        ----------
        X : iterable of str, or table
            The texts, or a frame of pandas or polars or an Arrow table that has them in ``text_column``.
        text_column : str or None
            Name of the column; None where ``X`` is no table.
        dates : array-like, str or None
            One a text, or the name of a column of the table.

        Raises
        ------
        InputError, InputTypeError
            If these are no texts, the table has no such column, or there is no table to have it.
        """
        is_table = hasattr(X, "columns") or hasattr(X, "column_names")
        index = X.index if hasattr(X, "iloc") else None
        held = _column(X, text_column) if is_table and text_column is not None else X
        check_texts(held)
        if isinstance(dates, str):
            if not is_table:
                raise InputTypeError(
                    f"expected dates as one value a text, got the name {dates!r} without a table to have such a column"
                )
            dates = _column(X, dates)
        if dates is not None:
            if index is not None and hasattr(dates, "iloc") and not index.equals(dates.index):
                raise InputError("expected dates with the index of the texts, got another; pass dates.loc[texts.index]")
            dates = _listed(dates)
        return cls(_listed(held), dates, index)

    def rows(self, n: int) -> pd.Index:
        """The index of this many texts: theirs, else their places.

        Parameters
        ----------
        n : int
            How many they are.
        """
        import pandas as pd

        return pd.RangeIndex(n) if self.index is None else self.index

    def vectors(self, embeddings: Any) -> UserVectors | None:
        """The vectors, with row i for text i; None of none.

        Parameters
        ----------
        embeddings : array-like of shape (n_texts, n_dims) or None
            In the order of the texts.

        Raises
        ------
        InputError
            If they are in another order, or in none.
        """
        if embeddings is None:
            return None
        if isinstance(embeddings, Mapping):
            raise InputError(
                "expected embeddings as one vector per text in the order of the texts, got a "
                f"{type(embeddings).__name__}; pass its vectors as a list in that order"
            )
        other = embeddings.index if hasattr(embeddings, "iloc") else None
        if self.index is None or other is None or self.index.equals(other) or set(self.index) != set(other):
            return replace(take_vectors(embeddings), ids=None)
        raise InputError(
            "expected embeddings in the order of the texts, got the same index in another order; pass "
            "embeddings.loc[texts.index]"
        )


def _listed(held: Any) -> list[Any]:
    return list(held.to_pylist() if hasattr(held, "to_pylist") else held)  # Arrow's own cells are no strings


def _column(table: Any, name: str) -> Any:
    names = list(table.column_names if hasattr(table, "column_names") else table.columns)
    if name not in names:
        raise InputError(f"expected a table with a column {name!r}, got one with {', '.join(map(repr, names))}")
    return table[name]

"""The index of a pandas object that holds vectors → the ids of its rows, where it is more than their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NAMELESS = "__index_level_"  # how pandas calls an index without a name in an Arrow table


def index_ids(index: pd.Index) -> tuple[tuple[str, ...] | None, bool]:
    """The ids in an index, None where it only numbers the rows from 0; and whether they are ids for sure.

    A nameless index of integers may be what a selection left of such numbers, as long as they rise or stand twice.

    Parameters
    ----------
    index : pandas.Index
        Of any kind.
    """
    import pandas as pd

    if isinstance(index, pd.RangeIndex) and index.name is None and index.equals(pd.RangeIndex(len(index))):
        return None, True
    may_be_left = index.name is None and index.dtype.kind in "iu"
    sure = not (may_be_left and (index.is_monotonic_increasing or not index.is_unique))
    return tuple(map(str, index)), sure


def index_of(table: pa.Table) -> tuple[pd.Index, frozenset[str]]:
    """The index that pandas kept in an Arrow table, numbers from 0 where it kept none; and the columns that hold it.

    Parameters
    ----------
    table : pyarrow.Table
        With columns of different names.
    """
    told = (table.schema.pandas_metadata or {}).get("index_columns", ())
    names = [name for name in told if isinstance(name, str) and name in table.column_names]
    names = names or [name for name in table.column_names if name.startswith(_NAMELESS)]
    frame = table.select(names).to_pandas()
    if left := [name for name in names if name in frame.columns]:  # written by another tool than pandas
        frame = frame.set_index(left).rename_axis(index=[None] * len(left))
    return frame.index, frozenset(names)

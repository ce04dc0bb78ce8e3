"""The index of a pandas object with vectors → the ids of its rows, unless it only numbers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NAMELESS = "__index_level_"  # pandas' name for a nameless index in an Arrow table


def index_ids(index: pd.Index) -> tuple[tuple[str, ...] | None, bool]:
    """The ids in an index (None if it only numbers the rows from 0), and whether they are certainly ids.

    A nameless index of integers that ascend or repeat may be row numbers that are left from a selection.

    Parameters
    ----------
    index : pandas.Index
        Index of the object with the vectors.
    """
    import pandas as pd

    if isinstance(index, pd.RangeIndex) and index.name is None and index.equals(pd.RangeIndex(len(index))):
        return None, True
    may_be_left = index.name is None and index.dtype.kind in "iu"
    sure = not (may_be_left and (index.is_monotonic_increasing or not index.is_unique))
    return tuple(map(str, index)), sure


def index_of(table: pa.Table) -> tuple[pd.Index, frozenset[str]]:
    """The index that pandas stored in an Arrow table (row numbers if none), and the columns that contain it.

    Parameters
    ----------
    table : pyarrow.Table
        Table with unique column names.
    """
    listed = (table.schema.pandas_metadata or {}).get("index_columns", ())
    names = [name for name in listed if isinstance(name, str) and name in table.column_names]
    names = names or [name for name in table.column_names if name.startswith(_NAMELESS)]
    frame = table.select(names).to_pandas()
    if left := [name for name in names if name in frame.columns]:  # not written by pandas
        frame = frame.set_index(left).rename_axis(index=[None] * len(left))
    return frame.index, frozenset(names)

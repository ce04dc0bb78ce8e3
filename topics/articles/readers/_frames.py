"""Tables in memory → rows: frames of pandas and polars, Arrow's tables, data sets, columns, rows and plain texts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from topics.articles.readers._cells import Broken
from topics.articles.readers._columns import check_unique, listed, to_rows
from topics.articles.readers._parquet import batch_rows, to_records
from topics.articles.readers._rows import ArticlesError, Note, Rows
from topics.articles.readers._shapes import records_in
from topics.config import ArticlesParams
from topics.errors import InputTypeError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Records = Iterator[tuple[int, Mapping[Any, Any] | str]]


def read_frame(frame: Any, params: ArticlesParams) -> Rows:
    """Rows of a table in memory.

    Parameters
    ----------
    frame : pandas.DataFrame or Series, any table that speaks Arrow's C interface, mapping of columns, or iterable
        One article a row; a series or an iterable may be of plain texts. Polars' lazy frames are collected, and a
        Hugging Face data set is read as a stream.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If two columns have one name, or several tables were given.
    TypeError
        If it is none of these.
    """
    if type(frame).__name__ == "LazyFrame" and hasattr(frame, "collect"):
        frame = frame.collect()
    if hasattr(frame, "iloc") or hasattr(frame, "toPandas"):
        return _of_pandas(_in_memory(frame), params)
    if hasattr(frame, "features"):  # before Arrow's interface, which reads a data set as a whole
        return to_rows(_mappings(frame), "dataset", params=params)
    if (batches := _arrow_batches(frame)) is not None:
        return to_rows(_batch_records(batches), "table", params=params)
    if isinstance(frame, Mapping):
        return _of_mapping(frame, params)
    if isinstance(frame, (bytes, bytearray)) or hasattr(frame, "read") or not isinstance(frame, Iterable):
        what = "an open file: give its path" if hasattr(frame, "read") else type(frame).__name__
        raise InputTypeError(
            f"expected a path, a pandas.DataFrame, a Hugging Face dataset or rows, got {what}; tables of polars "
            "and pyarrow, mappings of columns and lists of texts are read too"
        )
    if (n_dims := getattr(frame, "ndim", 1)) != 1:
        raise InputTypeError(
            f"expected rows or texts, got an array of {n_dims} dimensions; give it as pandas.DataFrame(array, "
            "columns=[...])"
        )
    return to_rows(_mappings(frame), "rows", params=params)


def _of_pandas(frame: Any, params: ArticlesParams) -> Rows:
    if not hasattr(frame, "columns"):  # a series of texts
        named = frame.index.name is not None
        frame = frame.rename(params.text_column or "text").to_frame()
        frame = frame if named else frame.reset_index(drop=True)
    check_unique([str(column) for column in frame.columns], "the frame")
    return to_rows(_frame_records(cast("pd.DataFrame", frame)), "frame", params=params)


def _in_memory(frame: Any) -> Any:
    """A pandas frame or series of one that is lazy, or of another library's with pandas' face (Dask, cuDF, Spark)."""
    for name in ("compute", "to_pandas", "toPandas"):
        if not type(frame).__module__.startswith("pandas") and callable(make := getattr(frame, name, None)):
            return make()
    return frame


def _frame_records(frame: pd.DataFrame) -> Records:
    names = [name for name in frame.index.names if name is not None and name not in frame.columns]
    if names:
        frame = frame.reset_index(level=names)  # an index that has a name is a column, often the ids
    step = batch_rows(len(frame.columns))
    for start in range(0, len(frame), step):
        part = frame.iloc[start : start + step]
        columns = {str(name): part.iloc[:, i].tolist() for i, name in enumerate(part.columns)}
        for number in range(len(part)):
            yield start + number + 1, {name: cells[number] for name, cells in columns.items()}


def _arrow_batches(table: Any) -> Any:
    """The batches of anything that speaks Arrow's C interface, or can be made an Arrow table; None for the rest."""
    import pyarrow as pa

    if isinstance(table, Mapping | list | tuple | set | str):
        return None
    if isinstance(table, pa.Array | pa.ChunkedArray) and not pa.types.is_struct(table.type):
        return iter(pa.table({"text": table}).to_batches())
    if type(table).__name__ in ("Series", "Column") and hasattr(table, "to_arrow"):  # of polars
        return iter(pa.table({"text": table.to_arrow()}).to_batches())
    if hasattr(table, "__arrow_c_stream__"):
        return iter(pa.RecordBatchReader.from_stream(table))
    if hasattr(table, "__arrow_c_array__"):
        return iter([pa.record_batch(table)])
    for name in ("to_reader", "to_batches", "to_arrow", "to_arrow_table", "arrow"):  # pyarrow's data sets, DuckDB
        if callable(make := getattr(table, name, None)):
            made = make()
            return iter(made.to_batches() if isinstance(made, pa.Table) else made)
    return None


def _batch_records(batches: Iterator[pa.RecordBatch]) -> Records:
    number = 0
    for batch in batches:
        check_unique(batch.schema.names, "the table")
        step = batch_rows(batch.num_columns)
        for start in range(0, batch.num_rows, step):
            for record in to_records(batch.slice(start, step)):
                number += 1
                yield number, record


def _of_mapping(frame: Mapping[Any, Any], params: ArticlesParams) -> Rows:
    """Rows of a mapping of columns, or of another of the shapes in which JSON holds a table."""
    if any(hasattr(table, name) for table in frame.values() for name in ("features", "columns")):  # splits
        splits = ", ".join(map(repr, list(frame)[:5]))
        raise ArticlesError(f"expected one table, got a mapping of {splits}; choose one of them, as data[name]")
    if frame and all(_is_column(column) for column in frame.values()):
        lengths = {str(name): len(column) for name, column in frame.items()}
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name!r} of {n}" for name, n in list(lengths.items())[:5])
            raise ArticlesError(f"expected columns of one length, got {shown}")
        columns = {str(name): list(column) for name, column in _aligned(frame).items()}
        rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
        return to_rows(enumerate(rows, start=1), "columns", params=params)
    notes: list[str] = []
    records = records_in(dict(frame), params, notes=notes)
    if records is None:
        raise ArticlesError(
            f"expected a mapping of columns, one of them the text, got one of {listed(map(str, frame))}; name "
            "the text's in articles.text_column"
        )
    return itertools.chain(to_rows(_mappings(records), "rows", params=params), map(Note, notes))


def _aligned(columns: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Columns of one length, the series of pandas among them in the one order in which a frame would hold them."""
    import pandas as pd

    series = {name: column for name, column in columns.items() if isinstance(column, pd.Series)}
    indices = [column.index for column in series.values()]
    if all(index.equals(indices[0]) for index in indices[1:]):
        return columns
    if not all(index.is_unique and index.isin(indices[0]).all() for index in indices):
        raise ArticlesError(
            f"expected series of one index, got several that differ in {listed(map(str, series))}; make one table of "
            "them with pandas.DataFrame, or give their values in one order as lists"
        )
    rows = pd.DataFrame(series).index
    return {**columns, **{name: column.reindex(rows) for name, column in series.items()}}


def _is_column(value: Any) -> bool:
    """Whether a value is a column of cells: a list, an array or a series, and no table."""
    if isinstance(value, list | tuple):
        return not any(isinstance(item, Mapping) for item in value[:5])
    return (
        hasattr(value, "__len__")
        and (getattr(value, "ndim", 0) == 1 or hasattr(value, "to_pylist"))
        and not hasattr(value, "columns")
    )


def _mappings(rows: Iterable[Any]) -> Records:
    items = iter(rows)
    head = list(itertools.islice(items, 3))
    if head and all(_is_file(item) for item in head):
        raise ArticlesError(
            f"expected rows or texts, got paths such as {str(head[0])!r}; read one path, a folder or a pattern such as "
            "'data/*.jsonl'"
        )
    for number, row in enumerate(itertools.chain(head, items), start=1):
        yield number, _as_mapping(row)


def _as_mapping(row: Any) -> Mapping[Any, Any] | str:
    if isinstance(row, Mapping):
        return row
    if row is None or isinstance(row, str):
        return {"text": row}
    return row.reason if isinstance(row, Broken) else f"not a mapping: {type(row).__name__}"


def _is_file(item: Any) -> bool:
    if isinstance(item, Path):
        return True
    try:
        return isinstance(item, str) and len(item) < 500 and "\n" not in item and Path(item).is_file()
    except (OSError, ValueError):
        return False

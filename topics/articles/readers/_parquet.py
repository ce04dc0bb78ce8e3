"""Parquet files → rows, a few at a time, within a cap on what may come out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from topics.articles.readers._cells import MISSING
from topics.articles.readers._columns import check_unique, to_rows
from topics.articles.readers._files import File
from topics.articles.readers._rows import ArticlesError, Rows
from topics.config import ArticlesParams

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_CELLS = 100_000
_BATCH = 512
_CELL_BYTES = 8


def read_parquet(file: File, params: ArticlesParams) -> Rows:
    """Rows of a Parquet file.

    Parameters
    ----------
    file : File
        ``.parquet``; a gzipped one is read into memory as a whole.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If it is damaged, two columns have one name, or more comes out of it than the caps allow.
    """
    return to_rows(_records(file), file.name, params=params)


def batch_rows(n_columns: int) -> int:
    """Rows of a wide or narrow table that are handled at once.

    Parameters
    ----------
    n_columns : int
        Of the table.
    """
    return max(1, min(_BATCH, _BATCH_CELLS // max(1, n_columns)))


def to_records(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of a batch; times to the nanosecond come as pandas' or, where it cannot hold them, in microseconds.

    A time or a span that Python has no value for, such as a day after the year 9999, is :data:`MISSING`.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        With columns of different names.
    """
    names = batch.schema.names
    columns = [_cells(column) for column in batch.columns]
    for i in range(batch.num_rows):
        yield {name: column[i] for name, column in zip(names, columns, strict=True)}


def _cells(column: pa.Array) -> list[Any]:
    import pyarrow as pa

    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except (ValueError, OverflowError, pa.ArrowException):
        return [_cell(value) for value in column]


def _cell(value: pa.Scalar) -> Any:
    """A value that Python may have no type for, as its text; a time out of Python's range is missing."""
    try:
        return value.as_py(maps_as_pydicts="lossy")
    except OverflowError:
        return MISSING
    except (ValueError, TypeError):
        return str(value)


def _records(file: File) -> Iterator[tuple[int, Mapping[Any, Any] | str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    packed = file.path.suffix.lower() != file.suffix
    try:
        content = pa.BufferReader(file.read()) if packed else None
        n_bytes = content.size() if content else file.path.stat().st_size
        # Arrow's read-ahead threads can outlive the call and abort the process at exit (apache/arrow#34314).
        table = pq.ParquetFile(content or file.path, pre_buffer=False)
        names = table.schema_arrow.names
        check_unique(names, str(file.path))
        meta = table.metadata
        file.check_unpacked(sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)), n_bytes)
        # Strings stay packed in their dictionary until their size is known.
        table = pq.ParquetFile(content or file.path, pre_buffer=False, read_dictionary=_texts(table.schema_arrow))
        number = n_out = 0
        for batch in table.iter_batches(batch_rows(len(names)), use_threads=False):
            n_out += sum(map(_n_bytes, batch.columns))
            file.check_unpacked(n_out, n_bytes)
            for record in to_records(batch):
                number += 1
                yield number, record
            if file.on_bytes and not packed:
                file.on_bytes(n_bytes * batch.num_rows // max(1, meta.num_rows))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ArticlesError(f"{file.path} is not a Parquet file that can be read: {error}") from None


def _texts(schema: pa.Schema) -> list[str]:
    import pyarrow as pa

    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return [field.name for field in schema if any(is_kind(field.type) for is_kind in kinds)]


def _n_bytes(column: pa.Array) -> int:
    """Bytes of a column with every value written out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    n_bytes = _CELL_BYTES * len(column)
    if not pa.types.is_dictionary(column.type):
        return n_bytes + int(column.nbytes)
    try:
        lengths = pc.binary_length(column.dictionary).cast(pa.int64()).take(column.indices)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # of no text
        return n_bytes
    return n_bytes + (pc.sum(lengths).as_py() or 0)

"""Tables written one after the other into one file, of any size: all of them or none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from topics.store._files import StoreError, replace_file

if TYPE_CHECKING:
    import pyarrow as pa


def write_tables(path: Path, tables: Iterable[pa.Table]) -> int:
    """Number of rows of the tables, which are written one after the other: all of them or, where it ends early, none.

    A file is written beside the path as the tables come, and takes its place at the end.

    Parameters
    ----------
    path : Path
        ``.parquet`` or ``.jsonl``.
    tables : iterable of pyarrow.Table
        All with the columns of the first.

    Raises
    ------
    StoreError
        If the name ends otherwise, or the disk refuses; what was there is intact.
    """
    check_stream(path)
    return replace_file(path, lambda file: _STREAMS[path.suffix](file, tables))


def check_stream(path: Path) -> None:
    """Refuse a name that does not say how the tables are to be written.

    Parameters
    ----------
    path : Path
        ``.parquet`` or ``.jsonl``.

    Raises
    ------
    StoreError
        If the name ends otherwise.
    """
    if path.suffix not in _STREAMS:
        raise StoreError(f"cannot write {str(path)!r}: expected a name that ends in {' or '.join(sorted(_STREAMS))}")


def _stream_parquet(file: IO[bytes], tables: Iterable[pa.Table]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, n_rows, waiting = None, 0, []
    for table in tables:
        waiting.append(table)
        n_rows += table.num_rows
        if writer is None:
            writer = pq.ParquetWriter(file, table.schema, compression="zstd", write_page_checksum=True)
        if sum(one.num_rows for one in waiting) >= _ROWS_A_GROUP:
            writer.write_table(pa.concat_tables(waiting))
            waiting = []
    if writer is not None:
        if waiting:
            writer.write_table(pa.concat_tables(waiting))
        writer.close()
    return n_rows


def _stream_jsonl(file: IO[bytes], tables: Iterable[pa.Table]) -> int:
    n_rows = 0
    for table in tables:
        for row in table.to_pylist():
            file.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
        n_rows += table.num_rows
    return n_rows


_STREAMS = {".parquet": _stream_parquet, ".jsonl": _stream_jsonl}
_ROWS_A_GROUP = 16_384  # not tuned: bounds memory

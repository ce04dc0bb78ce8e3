"""Texts and tables too large for memory: what does not fit lies in unnamed temporary files.

Texts are kept as bytes and their ends, tables in Arrow. Texts in Arrow too were no better: 60,000 articles (134 MB)
took 0.55 s of CPU to write and 188 MB against 0.20 s and 138 MB, and as long to read in any order; 200,000 headlines
were the same either way.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import pyarrow as pa

_IN_MEMORY = 128 << 20  # bytes of text; beyond, a file
_CHUNK_ROWS = 2048


class Texts(Sequence[str]):
    """A sequence of texts that can be appended to; in memory up to a limit, in a file beyond it.

    Parameters
    ----------
    in_memory : int
        Limit in bytes.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._held: list[bytes] = []
        self._n_held = 0
        self._limit = in_memory
        self._ends = array("Q", [0])
        self._file: Any = None

    def append(self, text: str) -> int:
        """Keep a text; its place.

        Parameters
        ----------
        text : str
            Any text that can be encoded.
        """
        content = text.encode("utf-8")
        self._held.append(content)
        self._n_held += len(content)
        self._ends.append(self._ends[-1] + len(content))
        if self._n_held > self._limit:
            self._spill()
        return len(self) - 1

    def view(self, order: Sequence[int]) -> Sequence[str]:
        """The texts in another order, fetched one by one.

        Parameters
        ----------
        order : sequence of int
            Places.
        """
        return _View(self, array("Q", order))

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="topics-")  # noqa: SIM115  (lives as long as this object)
        self._file.write(b"".join(self._held))
        self._file.flush()
        self._held, self._n_held = [], 0
        self._limit = min(self._limit, 1 << 20)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        i = place + len(self) if place < 0 else place
        if not 0 <= i < len(self):
            raise IndexError(f"expected a place in 0..{len(self) - 1}, got {place}")
        first_held = len(self) - len(self._held)
        if i >= first_held:
            return self._held[i - first_held].decode("utf-8")
        start, end = self._ends[i], self._ends[i + 1]
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8")


class _View(Sequence[str]):
    def __init__(self, texts: Texts, order: array[int]) -> None:
        self._texts, self._order = texts, order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._texts[i] for i in self._order[place]]
        return self._texts[self._order[place]]


def make_table(rows: Iterable[list[Any]], schema: pa.Schema, *, in_memory: int = _IN_MEMORY) -> pa.Table:
    """Table of rows, made a few thousand at a time; one that is larger than the limit is mapped from a file.

    Parameters
    ----------
    rows : iterable of list
        Cells in the order of the schema.
    schema : pyarrow.Schema
        Names and types of the columns.
    in_memory : int
        Limit in bytes.
    """
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    batches = _batches(rows, schema)
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size > in_memory:
            return _mapped(held, batches, schema)
    return pa.Table.from_batches(held, schema=schema).combine_chunks()


def _batches(rows: Iterable[list[Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    pending: list[list[Any]] = []

    def batch() -> pa.RecordBatch:
        columns = list(zip(*pending, strict=True))
        arrays = [pa.array(cells, type=f.type, from_pandas=True) for cells, f in zip(columns, schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    for row in rows:
        pending.append(row)
        if len(pending) == _CHUNK_ROWS:
            yield batch()
            pending = []
    if pending:
        yield batch()


def _mapped(held: list[pa.RecordBatch], more: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    handle, path = tempfile.mkstemp(prefix="topics-", suffix=".arrow")
    os.close(handle)
    try:
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            while held:
                writer.write_batch(held.pop(0))
            for batch in more:
                writer.write_batch(batch)
        return pa.ipc.open_file(pa.memory_map(path)).read_all()
    finally:
        Path(path).unlink()  # the mapping keeps what it needs


@contextmanager
def temporary_file(content: bytes) -> Iterator[Path]:
    """Path of a file with some content, which other processes read; it is gone afterwards.

    Parameters
    ----------
    content : bytes
        What it holds.
    """
    handle, name = tempfile.mkstemp(prefix="topics-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)

"""A table of any length, written part by part: who is stopped goes on after the last part that was finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.store._files import StoreError, read_plain, sweep, write_file
from topics.store._formats import json_bytes, table_bytes
from topics.store._streams import write_tables

if TYPE_CHECKING:
    import pyarrow as pa

_KEY = "key.json"


class Parts:
    """The parts of a table that is to be written, in a hidden folder beside it; one process at a time.

    Parameters
    ----------
    out : Path
        The table, ``.parquet`` or ``.jsonl``.
    key : str
        Of all that its rows depend on. Parts of another key are removed.

    Raises
    ------
    StoreError
        If the disk refuses.
    """

    def __init__(self, out: Path, *, key: str) -> None:
        self.out, self.folder = out, out.with_name(f".{out.name}.parts")
        there = self.folder / _KEY
        if not there.is_file() or read_plain(there) != json_bytes({"key": key}):
            for path in self.folder.glob("*.parquet"):
                path.unlink()
            write_file(there, json_bytes({"key": key}))
        sweep(self.folder)
        self.n_done = 0
        while self._path(self.n_done).is_file():
            self.n_done += 1

    def add(self, table: pa.Table, *, told: Mapping[str, Any]) -> None:
        """Write the next part, whole or not at all.

        Parameters
        ----------
        table : pyarrow.Table
            With the columns of the others.
        told : Mapping
            What is to be known of the part beside its rows; JSON-able.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        write_file(self._path(self.n_done).with_suffix(".json"), json_bytes(dict(told)))
        write_file(self._path(self.n_done), table_bytes(table))
        self.n_done += 1

    def told(self) -> list[dict[str, Any]]:
        """What was told of each part."""
        paths = (self._path(n).with_suffix(".json") for n in range(self.n_done))
        return [dict(json.loads(read_plain(path))) for path in paths]

    def finish(self) -> int:
        """Number of rows of all parts, which become the table; the parts are removed.

        Raises
        ------
        StoreError
            If the disk refuses; then the parts are kept.
        """
        n_rows = write_tables(self.out, self._tables())
        shutil.rmtree(self.folder, ignore_errors=True)
        return n_rows

    def _tables(self) -> Iterator[pa.Table]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for n in range(self.n_done):
            try:
                yield pq.read_table(self._path(n), page_checksum_verification=True)
            except (OSError, pa.ArrowException) as error:
                raise StoreError(f"cannot read {str(self._path(n))!r}: {error}; remove it and run again") from error

    def _path(self, n: int) -> Path:
        return self.folder / f"{n:06}.parquet"

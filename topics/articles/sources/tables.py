"""Tables → rows, a few at a time: JSONL, JSON, CSV, TSV, Parquet, pandas frames, Hugging Face datasets."""

from __future__ import annotations

import csv
import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from topics.articles.sources.columns import check_unique, has_text_column, to_rows
from topics.articles.sources.files import File
from topics.articles.sources.rows import ArticlesError, Found
from topics.config import ArticlesParams

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 512
_DELIMITERS = ",;\t|"
_MOST_LINES = 5000  # of one row
Records = Iterator[tuple[int, Mapping[Any, Any] | str]]


def read_jsonl(file: File, params: ArticlesParams) -> Found:
    """Rows of a file with one JSON object a line.

    Parameters
    ----------
    file : File
        ``.jsonl`` or ``.ndjson``.
    params : ArticlesParams
        Names columns.
    """
    return to_rows(_json_lines(file.lines()), file.name, params=params)


def read_json(file: File, params: ArticlesParams) -> Found:
    """Rows of a JSON file: a list of objects, an object that holds one such list, one article, or an object a line.

    Parameters
    ----------
    file : File
        ``.json``; unless it has an object a line it is read into memory as a whole.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If it is not JSON, or holds no list of objects.
    """
    lines = file.lines()
    head = list(itertools.islice(lines, 2))
    if len(head) == 2 and isinstance(_json_object(head[0]), dict):
        return to_rows(_json_lines(itertools.chain(head, lines)), file.name, params=params)
    value = _json_value(b"".join(itertools.chain(head, lines)))
    if isinstance(value, str):
        raise ArticlesError(f"{file.path}: {value}")
    found = _list_in(value[0], params)
    if found is None:
        raise ArticlesError(
            f"{file.path}: expected a list of objects, an object that holds one such list, or one article; "
            f"got {type(value[0]).__name__}"
        )
    records = (
        (i, item if isinstance(item, dict) else f"not a JSON object: {type(item).__name__}")
        for i, item in enumerate(found, start=1)
    )
    return to_rows(records, file.name, params=params)


def _list_in(value: Any, params: ArticlesParams) -> list[Any] | None:
    """The list of articles in a JSON value."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = [v for v in value.values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
        if has_text_column(value, params):
            return [value]
        if len(lists) == 1:
            return lists[0]
    return None


def _json_lines(lines: Iterable[bytes]) -> Records:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _json_object(line.rstrip())


def _json_object(line: bytes) -> Mapping[str, Any] | str:
    """The object of a line, or why there is none."""
    value = _json_value(line)
    if isinstance(value, str):
        return value
    return value[0] if isinstance(value[0], dict) else f"not a JSON object: {type(value[0]).__name__}"


def _json_value(content: bytes) -> tuple[Any] | str:
    """A value in strict JSON, or why there is none: no NaN, no numbers out of range, no key twice."""
    try:
        text = content.decode("utf-8-sig")
        return (json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_unique),)
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start} of the line is 0x{content[error.start]:02x}"
    except RecursionError:
        return "not JSON: nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    if abs(value := float(text)) == float("inf"):
        raise ValueError(f"{text} is too large a number")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def read_csv(file: File, params: ArticlesParams) -> Found:
    """Rows of a CSV or TSV file; the separator of a CSV file is the one that its head has most of.

    Parameters
    ----------
    file : File
        ``.csv`` or ``.tsv`` with a head line.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If it has no head line, or two columns have one name.
    """
    return to_rows(_csv_records(file), file.name, params=params)


def _csv_records(file: File) -> Records:
    lines = _Lines(_decoded(file))
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return
    if first.spoilt:
        raise ArticlesError(f"{file.path}: {first.spoilt}; name its encoding in articles.encodings")
    delimiter = "\t" if file.suffix == ".tsv" else max(_DELIMITERS, key=first.text.count)
    lines.put_back([first])
    limit = csv.field_size_limit(sys.maxsize)  # an article may be longer than the module's 128 kB
    try:
        header: list[str] | None = None
        for taken, cells in _csv_rows(lines, delimiter):
            if header is None:
                if isinstance(cells, str):
                    raise ArticlesError(f"{file.path}: the head line is {cells}")
                header = _without_empty_end(cells)
                check_unique(header, str(file.path))
                continue
            spoilt = next((line.spoilt for line in taken if line.spoilt), None)
            if isinstance(cells, list):
                cells = cells[: len(header)] + _without_empty_end(cells[len(header) :])
            if spoilt or isinstance(cells, str):
                yield taken[0].number, spoilt or str(cells)
            elif len(cells) != len(header):
                yield taken[0].number, f"ragged row: expected {len(header)} columns, got {len(cells)}"
            else:
                yield taken[0].number, {name: cell or None for name, cell in zip(header, cells, strict=True)}
    finally:
        csv.field_size_limit(limit)


def _csv_rows(lines: _Lines, delimiter: str) -> Iterator[tuple[list[_Line], list[str] | str]]:
    """The lines of each row with its cells, or with what is wrong; a quote that is never closed spoils one line."""
    while True:
        reader = csv.reader((line.text for line in lines), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                taken = lines.taken()
                if cells:  # a blank line is no row
                    yield taken, cells
            return
        except (csv.Error, _TooLong) as error:
            taken = lines.taken()
            yield taken[:1], f"not CSV: {error}"
            lines.put_back(taken[1:])


class _TooLong(Exception):
    """A row of more lines than any article has: a quote was opened and never closed."""


class _Lines(Iterator["_Line"]):
    """Lines that remember what was taken since it was last asked, and can be put back."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self._back: list[_Line] = []
        self._taken: list[_Line] = []

    def __next__(self) -> _Line:
        if len(self._taken) >= _MOST_LINES:
            raise _TooLong(f"a quote is not closed within {_MOST_LINES} lines")
        line = self._back.pop() if self._back else next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> list[_Line]:
        """Lines taken since this was last asked."""
        taken, self._taken = self._taken, []
        return taken

    def put_back(self, lines: list[_Line]) -> None:
        """Give lines out again."""
        self._back.extend(reversed(lines))
        self._taken = []


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    spoilt: str | None


def _without_empty_end(cells: list[str]) -> list[str]:
    """Cells without the empty ones at the end, which spreadsheets leave."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _decoded(file: File) -> Iterator[_Line]:
    """Lines as text; one that is not UTF-8 says so."""
    at = 0
    for number, line in enumerate(file.lines(), start=1):
        try:
            yield _Line(number, line.decode("utf-8"), None)
        except UnicodeDecodeError as error:
            said = f"not UTF-8: byte {at + error.start} of the file is 0x{line[error.start]:02x}"
            yield _Line(number, line.decode("utf-8", "replace"), said)
        at += len(line)


def read_parquet(file: File, params: ArticlesParams) -> Found:
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
        If it is damaged.
    """
    return to_rows(_parquet_records(file), file.name, params=params)


def _parquet_records(file: File) -> Records:
    import pyarrow as pa
    import pyarrow.parquet as pq

    packed = file.path.suffix.lower() != file.suffix
    try:
        # Arrow's read-ahead threads can outlive the call and abort the process at exit (apache/arrow#34314).
        table = pq.ParquetFile(pa.BufferReader(file.read()) if packed else file.path, pre_buffer=False)
        number = 0
        for batch in table.iter_batches(_BATCH, use_threads=False):
            for record in batch.to_pylist():
                number += 1
                yield number, record
            if file.on_bytes and not packed:
                file.on_bytes(file.path.stat().st_size * batch.num_rows // max(1, table.metadata.num_rows))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ArticlesError(f"{file.path} is not a Parquet file that can be read: {error}") from None


def read_frame(frame: pd.DataFrame | Iterable[Mapping[str, Any]], params: ArticlesParams) -> Found:
    """Rows of a pandas frame, a Hugging Face dataset, or any iterable of mappings.

    Parameters
    ----------
    frame : pandas.DataFrame, datasets.Dataset, datasets.IterableDataset or iterable of mappings
        One article a row.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If two columns have one name, or a mapping of splits was given.
    TypeError
        If it is none of these.
    """
    if hasattr(frame, "columns") and hasattr(frame, "iloc"):
        check_unique([str(column) for column in frame.columns], "the frame")
        return to_rows(_frame_records(cast("pd.DataFrame", frame)), "frame", params=params)
    if isinstance(frame, Mapping):
        splits = ", ".join(map(repr, list(frame)[:5]))
        raise ArticlesError(f"expected one table, got a mapping of {splits}; choose one of them, as data[name]")
    if isinstance(frame, (bytes, bytearray)) or not isinstance(frame, Iterable):
        raise TypeError(
            f"expected a path, a pandas.DataFrame, a Hugging Face dataset or rows, got {type(frame).__name__}"
        )
    name = "dataset" if hasattr(frame, "features") else "rows"
    return to_rows(_mappings(frame), name, params=params)


def _frame_records(frame: pd.DataFrame) -> Records:
    if frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()  # an index that has a name is a column, often the ids
    for start in range(0, len(frame), _BATCH):
        yield from enumerate(frame.iloc[start : start + _BATCH].to_dict("records"), start=start + 1)


def _mappings(rows: Iterable[Any]) -> Records:
    for number, row in enumerate(rows, start=1):
        yield number, row if isinstance(row, Mapping) else f"not a mapping: {type(row).__name__}"

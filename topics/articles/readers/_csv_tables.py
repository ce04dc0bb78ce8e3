"""CSV and TSV files → rows, as spreadsheets, databases and scripts write them."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from topics.articles.readers._cells import MISSING
from topics.articles.readers._columns import named_once, to_rows
from topics.articles.readers._csv_forms import NO_DELIMITER, delimiter_of, escape_shown, is_dump, skips_spaces
from topics.articles.readers._csv_lines import Line, Lines, TooLong, decoded, sample, shown
from topics.articles.readers._files import File
from topics.articles.readers._rows import ArticlesError, Note, Rows
from topics.config import ArticlesParams

Records = Iterator[tuple[int, Mapping[Any, Any] | str]]

_SEPARATOR = re.compile(r"""\ufeff?["']?sep=(.)["']?[,;\t|]*\s*""", re.IGNORECASE)


def read_csv(file: File, params: ArticlesParams) -> Rows:
    r"""Rows of a CSV or TSV file; the separator of a CSV file is the one that its head has most of.

    A line ``sep=;`` before the head, which Excel writes, tells it. Quotes may be doubled or, where the file shows it,
    escaped by backslashes; a dump of MySQL or PostgreSQL has tabs and escapes, and no quotes. ``\N`` is a missing
    value. Columns without a name are called by their place, and one whose name stands already gets a number.

    Parameters
    ----------
    file : File
        ``.csv`` or ``.tsv`` with a head line.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If it has no head line.
    """
    notes: list[Note] = []
    yield from to_rows(_records(file, notes), file.name, params=params)
    yield from notes


def _records(file: File, notes: list[Note]) -> Records:
    lines = Lines(decoded(file))
    first = next((line for line in lines if line.text.strip()), None)
    separator = _SEPARATOR.fullmatch(first.text) if first else None
    if separator:
        first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return
    if first.spoilt:
        raise ArticlesError(f"{file.path}: {first.spoilt}; name its encoding in articles.encodings")
    delimiter = separator[1] if separator else delimiter_of(first.text, file.suffix)
    lines.put_back([first, *sample(lines)])
    waiting = lines.waiting()
    form: dict[str, Any] = {"delimiter": delimiter, "strict": True}
    form["skipinitialspace"] = skips_spaces(waiting, delimiter)
    if is_dump(waiting, delimiter):
        lines.escaped, form["quoting"] = True, csv.QUOTE_NONE
    else:
        lines.escaped = bool(escape_shown(delimiter).search(waiting))
    limit = csv.field_size_limit(sys.maxsize)  # an article may be longer than the module's 128 kB
    try:
        header: list[str] | None = None
        n_named = 0
        for row_lines, cells in _rows(lines, form):
            if header is None:
                if isinstance(cells, str):
                    raise ArticlesError(f"{file.path}: the head line is {cells}")
                n_named = len(_without_empty_end(cells))
                header = _named(cells, file, notes)
                continue
            yield row_lines[0].number, _record(header, n_named, row_lines, cells)
    finally:
        csv.field_size_limit(limit)


def _named(names: list[str], file: File, notes: list[Note]) -> list[str]:
    """Names of columns, every one once."""
    given = [name.strip() or f"Unnamed: {i}" for i, name in enumerate(names)]
    unique, note = named_once(given)
    if note is None:
        return [name if name.strip() else filled for name, filled in zip(names, given, strict=True)]
    notes.append(Note(f"{file.name}: {note}"))
    return unique


def _record(header: list[str], n_named: int, row_lines: list[Line], cells: list[str] | str) -> Mapping[str, Any] | str:
    """The cells of a row by column, or what is wrong with it; columns without a name at the end may be left out."""
    if spoilt := next((line.spoilt for line in row_lines if line.spoilt), None):
        return spoilt
    if isinstance(cells, str):
        return cells
    if len(cells) > n_named:
        cells = cells[:n_named] + _without_empty_end(cells[n_named:])
    if not n_named <= len(cells) <= len(header):
        return f"ragged row: expected {n_named} columns, got {len(cells)}"
    return {name: MISSING if cell == "\\N" else cell or None for name, cell in zip(header, cells, strict=False)}


def _rows(lines: Lines, form: Mapping[str, Any]) -> Iterator[tuple[list[Line], list[str] | str]]:
    """The lines of each row with its cells, or with what is wrong; a quote that is never closed spoils one line."""
    delimiter = form["delimiter"]
    while True:
        reader = csv.reader((line.text for line in lines), **form)
        try:
            for cells in reader:
                row_lines = lines.take_lines()
                if cells:  # a blank line is no row
                    yield row_lines, [shown(cell) for cell in cells] if lines.escaped else cells
            return
        except (csv.Error, TooLong) as error:
            row_lines = lines.take_lines()
            if not lines.escaped and escape_shown(delimiter).search("".join(line.text for line in row_lines)):
                lines.escaped = True  # it shows only here that quotes are escaped by backslashes
                lines.put_back(row_lines)
                continue
            if delimiter == NO_DELIMITER:  # a quote is one of the text's
                yield row_lines[:1], [row_lines[0].text.rstrip("\r\n")]
            else:
                yield row_lines[:1], f"not CSV: {error}"
            lines.put_back(row_lines[1:])


def _without_empty_end(cells: list[str]) -> list[str]:
    """Cells without the empty ones at the end, which spreadsheets leave."""
    n = len(cells)
    while n and not cells[n - 1].strip():
        n -= 1
    return cells[:n]

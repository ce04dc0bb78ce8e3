"""CSV and TSV files → rows, as spreadsheets, databases and scripts write them."""

from __future__ import annotations

import csv
import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topics.articles.sources.cells import MISSING
from topics.articles.sources.columns import named_once, to_rows
from topics.articles.sources.files import File
from topics.articles.sources.rows import ArticlesError, Found, Note
from topics.config import ArticlesParams

Records = Iterator[tuple[int, Mapping[Any, Any] | str]]

_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\ufddf"  # stands in no text: a table of one column has none
_MOST_LINES = 5000  # of one row
_SAMPLE_LINES = 2000
_SAMPLE_CHARACTERS = 8 << 20
_SEPARATOR = re.compile(r"""\ufeff?["']?sep=(.)["']?[,;\t|]*\s*""", re.IGNORECASE)
# In a file whose quotes are escaped by a backslash, what stands after one is put in letters that stand in no text, so
# that the csv module sees none of it. (The module's own way makes "N" of "\N", its mark of a missing value.)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "0": "", "Z": ""}  # MySQL's, PostgreSQL's
_HIDDEN = {
    '"': "\ufdd0",
    "\\": "\ufdd1",
    "\n": "\ufdd2",
    "\r": "\ufdd3",
    "\t": "\ufdd4",
    ",": "\ufdd5",
    ";": "\ufdd6",
    "|": "\ufdd7",
}
_SHOWN = str.maketrans({hidden: shown for shown, hidden in _HIDDEN.items()} | {"\ufdd8": "N"})
_NULL = "\ufdd8"


def read_csv(file: File, params: ArticlesParams) -> Found:
    r"""Rows of a CSV or TSV file; the separator of a CSV file is the one that its head has most of.

    A line ``sep=;`` before the head, which Excel writes, tells it. Quotes may be doubled or, where the file shows it,
    escaped by backslashes; ``\N`` is a missing value. Columns without a name are called by their place, and one
    whose name stands already gets a number.

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
    lines = _Lines(_decoded(file))
    first = next((line for line in lines if line.text.strip()), None)
    told = _SEPARATOR.fullmatch(first.text) if first else None
    if told:
        first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return
    if first.spoilt:
        raise ArticlesError(f"{file.path}: {first.spoilt}; name its encoding in articles.encodings")
    delimiter = told[1] if told else _delimiter(first.text, file)
    lines.put_back([first, *_sample(lines)])
    lines.escaped = bool(_escape_shown(delimiter).search(lines.waiting()))
    limit = csv.field_size_limit(sys.maxsize)  # an article may be longer than the module's 128 kB
    try:
        header: list[str] | None = None
        n_named = 0
        for taken, cells in _rows(lines, delimiter):
            if header is None:
                if isinstance(cells, str):
                    raise ArticlesError(f"{file.path}: the head line is {cells}")
                n_named = len(_without_empty_end(cells))
                header = _named(cells, file, notes)
                continue
            yield taken[0].number, _record(header, n_named, taken, cells)
    finally:
        csv.field_size_limit(limit)


def _delimiter(head: str, file: File) -> str:
    if file.suffix == ".tsv" and "\t" in head:
        return "\t"
    delimiter = max(_DELIMITERS, key=head.count)
    return delimiter if delimiter in head else _NO_DELIMITER


def _sample(lines: _Lines) -> Iterator[_Line]:
    n_characters = 0
    for line in itertools.islice(lines, _SAMPLE_LINES):
        yield line
        n_characters += len(line.text)
        if n_characters > _SAMPLE_CHARACTERS:
            break


def _escape_shown(delimiter: str) -> re.Pattern[str]:
    """A quoted cell that goes on after a quote with a backslash before it, where a doubled quote could not stand."""
    d = re.escape(delimiter)
    return re.compile(rf'(?:^|{d})"[^"\\]*+(?:\\[^"][^"\\]*+)*+\\"[^"\r\n{d}]', re.MULTILINE)


def _named(names: list[str], file: File, notes: list[Note]) -> list[str]:
    """Names of columns, every one once."""
    given = [name.strip() or f"Unnamed: {i}" for i, name in enumerate(names)]
    unique, said = named_once(given)
    if said is None:
        return [name if name.strip() else filled for name, filled in zip(names, given, strict=True)]
    notes.append(Note(f"{file.name}: {said}"))
    return unique


def _record(header: list[str], n_named: int, taken: list[_Line], cells: list[str] | str) -> Mapping[str, Any] | str:
    """The cells of a row by column, or what is wrong with it; columns without a name at the end may be left out."""
    if spoilt := next((line.spoilt for line in taken if line.spoilt), None):
        return spoilt
    if isinstance(cells, str):
        return cells
    if len(cells) > n_named:
        cells = cells[:n_named] + _without_empty_end(cells[n_named:])
    if not n_named <= len(cells) <= len(header):
        return f"ragged row: expected {n_named} columns, got {len(cells)}"
    return {name: MISSING if cell == "\\N" else cell or None for name, cell in zip(header, cells, strict=False)}


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[list[_Line], list[str] | str]]:
    """The lines of each row with its cells, or with what is wrong; a quote that is never closed spoils one line."""
    while True:
        reader = csv.reader((line.text for line in lines), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                taken = lines.taken()
                if cells:  # a blank line is no row
                    yield taken, [_shown(cell) for cell in cells] if lines.escaped else cells
            return
        except (csv.Error, _TooLong) as error:
            taken = lines.taken()
            if not lines.escaped and _escape_shown(delimiter).search("".join(line.text for line in taken)):
                lines.escaped = True  # it shows only here that quotes are escaped by backslashes
                lines.put_back(taken)
                continue
            if delimiter == _NO_DELIMITER:  # a quote is one of the text's
                yield taken[:1], [taken[0].text.rstrip("\r\n")]
            else:
                yield taken[:1], f"not CSV: {error}"
            lines.put_back(taken[1:])


def _shown(cell: str) -> str:
    """A cell with what was hidden from the csv module."""
    return "\\N" if cell == _NULL else cell if cell.isascii() else cell.translate(_SHOWN)


class _TooLong(Exception):
    """A row of more lines than any article has: a quote was opened and never closed."""


class _Lines(Iterator["_Line"]):
    """Lines that remember what was taken since it was last asked, and can be put back.

    Attributes
    ----------
    escaped : bool
        Whether what stands after a backslash is hidden from the csv module.
    """

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self._back: list[_Line] = []
        self._taken: list[_Line] = []
        self.escaped = False

    def __next__(self) -> _Line:
        if len(self._taken) >= _MOST_LINES:
            raise _TooLong(f"a quote is not closed within {_MOST_LINES} lines")
        line = self._next()
        if self.escaped and "\\" in line.text:
            return self._without_escapes(line)
        return line

    def _next(self) -> _Line:
        line = self._back.pop() if self._back else next(self._lines)
        self._taken.append(line)
        return line

    def _without_escapes(self, line: _Line) -> _Line:
        text = line.text
        while _ends_escaped(text) and len(self._taken) < _MOST_LINES:
            try:
                text += self._next().text
            except StopIteration:
                break
        return _Line(line.number, _ESCAPED.sub(_hide, text), line.spoilt)

    def taken(self) -> list[_Line]:
        """Lines taken since this was last asked."""
        taken, self._taken = self._taken, []
        return taken

    def put_back(self, lines: list[_Line]) -> None:
        """Give lines out again."""
        self._back.extend(reversed(lines))
        self._taken = []

    def waiting(self) -> str:
        """The text of the lines that were put back."""
        return "".join(line.text for line in reversed(self._back))


def _ends_escaped(text: str) -> bool:
    """Whether the end of a line is escaped by a backslash, and belongs to a cell."""
    body = text.rstrip("\r\n")
    return body != text and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _hide(found: re.Match[str]) -> str:
    if found[1] == "N":
        return _NULL
    meant = _MEANT.get(found[1], found[1])
    return _HIDDEN.get(meant, meant)


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    spoilt: str | None


def _without_empty_end(cells: list[str]) -> list[str]:
    """Cells without the empty ones at the end, which spreadsheets leave."""
    n = len(cells)
    while n and not cells[n - 1].strip():
        n -= 1
    return cells[:n]


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

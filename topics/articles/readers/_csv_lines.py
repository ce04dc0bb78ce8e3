"""The lines of a CSV or TSV file as text, with what stands behind a backslash hidden from the csv module."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from topics.articles.readers._files import File

_MAX_LINES = 5000  # of one row
_SAMPLE_LINES = 2000
_SAMPLE_CHARACTERS = 8 << 20
# In a file whose quotes are escaped by a backslash, what stands after one is put in letters that stand in no text, so
# that the csv module sees none of it. (The module's own way makes "N" of "\N", its mark of a missing value.)
_ESCAPED = re.compile(r"\\(\r\n|.)", re.DOTALL)
_MEANT = {
    "\r\n": "\n",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "",
    "Z": "",
}  # MySQL's, PostgreSQL's
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


def sample(lines: Lines) -> Iterator[Line]:
    """The first lines, which show how a file was written.

    Parameters
    ----------
    lines : Lines
        What is given out is taken from them.
    """
    n_characters = 0
    for line in itertools.islice(lines, _SAMPLE_LINES):
        yield line
        n_characters += len(line.text)
        if n_characters > _SAMPLE_CHARACTERS:
            break


def hidden(text: str) -> str:
    """A text with what stands behind a backslash in letters that stand in no text.

    Parameters
    ----------
    text : str
        Lines of a file.
    """
    return _ESCAPED.sub(_hide, text)


def shown(cell: str) -> str:
    """A cell with what was hidden from the csv module.

    Parameters
    ----------
    cell : str
        As the module gave it.
    """
    return "\\N" if cell == _NULL else cell if cell.isascii() else cell.translate(_SHOWN)


class TooLong(Exception):
    """A row of more lines than any article has: a quote was opened and never closed."""


class Lines(Iterator["Line"]):
    """Lines that remember which were given out since last asked, and can be put back.

    Attributes
    ----------
    escaped : bool
        Whether what stands after a backslash is hidden from the csv module.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: list[Line] = []
        self._given_out: list[Line] = []
        self.escaped = False

    def __next__(self) -> Line:
        if len(self._given_out) >= _MAX_LINES:
            raise TooLong(f"a quote is not closed within {_MAX_LINES} lines")
        line = self._next()
        if self.escaped and "\\" in line.text:
            return self._without_escapes(line)
        return line

    def _next(self) -> Line:
        line = self._back.pop() if self._back else next(self._lines)
        self._given_out.append(line)
        return line

    def _without_escapes(self, line: Line) -> Line:
        text = line.text
        while _ends_escaped(text) and len(self._given_out) < _MAX_LINES:
            try:
                text += self._next().text
            except StopIteration:
                break
        text = hidden(text)
        body = text.rstrip("\r\n")
        return Line(line.number, body.replace("\r", _HIDDEN["\r"]) + text[len(body) :], line.spoilt)

    def take_lines(self) -> list[Line]:
        """Lines given out since this was last asked."""
        lines, self._given_out = self._given_out, []
        return lines

    def put_back(self, lines: list[Line]) -> None:
        """Give lines out again."""
        self._back.extend(reversed(lines))
        self._given_out = []

    def waiting(self) -> str:
        """The text of the lines that were put back."""
        return "".join(line.text for line in reversed(self._back))


def _ends_escaped(text: str) -> bool:
    """Whether the end of a line is escaped by a backslash, and belongs to a cell."""
    body = text.rstrip("\r\n")
    return body != text and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _hide(match: re.Match[str]) -> str:
    if match[1] == "N":
        return _NULL
    meant = _MEANT.get(match[1], match[1])
    return _HIDDEN.get(meant, meant)


@dataclass(frozen=True)
class Line:
    """A line of a file.

    Attributes
    ----------
    number : int
        Its place, from 1.
    text : str
        With its end.
    spoilt : str or None
        What is wrong with its bytes.
    """

    number: int
    text: str
    spoilt: str | None


def decoded(file: File) -> Iterator[Line]:
    """Lines as text; one that is not UTF-8 says so.

    Parameters
    ----------
    file : File
        In any encoding that is declared or marked.
    """
    at = 0
    for number, line in enumerate(file.lines(), start=1):
        try:
            yield Line(number, line.decode("utf-8"), None)
        except UnicodeDecodeError as error:
            problem = f"not UTF-8: byte {at + error.start} of the file is 0x{line[error.start]:02x}"
            yield Line(number, line.decode("utf-8", "replace"), problem)
        at += len(line)

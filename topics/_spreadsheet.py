"""Tables that open in a spreadsheet, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

# A spreadsheet may split a line at other characters than it was written with, and drops quotes where a cell begins: so
# a formula could begin at the start, or after any character that separates cells, behind spaces and quotes.
_START = r"((?:^|[,;|])[\s\"\u2028]*'*)"
_FORMULA = r"(?=[=+\-@＝＋－＠])"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def spreadsheet(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """A table that opens in a spreadsheet; no cell is taken for a formula there, whatever it splits lines at.

    Parameters
    ----------
    rows : sequence of Mapping
        By column.
    columns : sequence of str
        In their order.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([to_cell(row.get(name, "")) for name in columns] for row in rows)
    return sink.getvalue().encode("utf-8-sig")


def to_cell(value: Any) -> str:
    """A value in one line, with an apostrophe before what could begin a formula.

    Parameters
    ----------
    value : object
        Any.

    Examples
    --------
    >>> to_cell("=1+1")
    "'=1+1"
    """
    return re.sub(_START + _FORMULA, r"\1'", _CONTROL.sub(" ", str(value)).strip())


def from_cell(cell: str) -> str:
    """What :func:`to_cell` made the cell of.

    Parameters
    ----------
    cell : str
        As it stands in the table.
    """
    return re.sub(_START + "'" + _FORMULA, r"\1", cell)

"""How a CSV or TSV file was written, as its first lines show: its separator, its quotes and its escapes."""

from __future__ import annotations

import re

NO_DELIMITER = "\ufddf"  # stands in no text: a table of one column has none
_DELIMITERS = ",;\t|"
_QUOTED_CELL = re.compile(r'(?:^|(?<=[,;\t|]))( *)"(?:[^"\\]|\\.|"")*"?')


def delimiter_of(head: str, suffix: str) -> str:
    """The separator that a head line has most of outside its quotes, :data:`NO_DELIMITER` where it has none.

    Parameters
    ----------
    head : str
        The first line that is not blank.
    suffix : str
        Of the file; ``.tsv`` has tabs where the head has one.
    """
    unquoted = _without_quotes(head)
    if suffix == ".tsv" and "\t" in unquoted:
        return "\t"
    delimiter = max(_DELIMITERS, key=unquoted.count)
    return delimiter if delimiter in unquoted else NO_DELIMITER


def skips_spaces(head: str, sample: str, delimiter: str) -> bool:
    """Whether a space follows every separator, so that a quote behind one opens a cell.

    Parameters
    ----------
    head : str
        The first line that is not blank.
    sample : str
        The first lines, the head among them.
    delimiter : str
        Of the file.
    """
    d = re.escape(delimiter)
    if delimiter not in head or re.search(rf"{d}(?! )", _without_quotes(head).rstrip()):
        return False
    if re.search(rf'{d} +"', head):
        return True
    n_opened = len(re.findall(rf'{d} +"', sample))
    closed = re.compile(rf'{d} +"[^"]*+(?:""[^"]*+)*+"(?= *(?:{d}|$))', re.MULTILINE)
    return bool(n_opened) and n_opened == len(closed.findall(sample))


def _without_quotes(head: str) -> str:
    """A head line with a letter for each quoted cell."""
    return _QUOTED_CELL.sub(r"\1q", head)


def escape_shown(delimiter: str) -> re.Pattern[str]:
    """A quoted cell that goes on after a quote with a backslash before it, where a doubled quote could not stand.

    Parameters
    ----------
    delimiter : str
        Of the file.
    """
    d = re.escape(delimiter)
    return re.compile(rf'(?:^|{d})"[^"\\]*+(?:\\[^"][^"\\]*+)*+\\"[^"\r\n{d}]', re.MULTILINE)

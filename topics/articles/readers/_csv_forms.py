"""How a CSV or TSV file was written, as its first lines show: its separator, its quotes and its escapes."""

from __future__ import annotations

import re

from topics.articles.readers._csv_lines import hidden

NO_DELIMITER = "\ufddf"  # stands in no text: a table of one column has none
_DELIMITERS = ",;\t|"
_QUOTED_CELL = re.compile(r'(?:^|(?<=[,;\t|]))( *)"(?:[^"\\]|\\.|"")*"?')
# Dumps of MySQL and PostgreSQL: every backslash is one of theirs; a line's end stands as "\n" or behind a backslash.
_TABBED_QUOTES = re.compile(r'(?:^|(?<=\t))"([^"]*+(?:""[^"]*+)*+)"(?=[\t\r\n]|\Z)', re.MULTILINE)
_NEEDS_QUOTES = frozenset(',;"\t\r\n')
_FOREIGN = re.compile(
    r"\\(?![nrtbfv0ZN\r\n\t]|\.$)|(?<![^\W_])[A-Za-z]:\\(?!\\|[nrt](?![a-z]))",  # the second: "C:\new"
    re.MULTILINE,
)
_PAIRS = re.compile(r"\\\\")
_LINE_END = re.compile(r"\\n")
_SHOWN_LINE_END = re.compile(r"(?<=[^\s\\$({\[=^_:])(?:\\r)?\\n(?![a-z])")
_NULL_CELL = re.compile(r"(?:^|(?<=\t))\\N(?=[\t\r\n]|\Z)", re.MULTILINE)
_SHOWN_SHARE = 0.2  # of "\n"; those of wrapped lines are mostly followed by small letters, as "\nu" of a formula is


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


def skips_spaces(sample: str, delimiter: str) -> bool:
    """Whether a space follows every separator, so that a quote behind one opens a cell.

    Parameters
    ----------
    sample : str
        The first lines, the head before all.
    delimiter : str
        Of the file.
    """
    d, head = re.escape(delimiter), _head(sample)
    if delimiter not in head or re.search(rf"{d}(?! )", _without_quotes(head).rstrip()):
        return False
    if re.search(rf'{d} +"', head):
        return True
    n_opened = len(re.findall(rf'{d} +"', sample))
    closed = re.compile(rf'{d} +"[^"]*+(?:""[^"]*+)*+"(?= *(?:{d}|$))', re.MULTILINE)
    return bool(n_opened) and n_opened == len(closed.findall(sample))


def _head(sample: str) -> str:
    return re.split(r"[\r\n]", sample, maxsplit=1)[0]


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


def is_dump(sample: str, delimiter: str) -> bool:
    r"""Whether a file has tabs, no quotes, and a database's escapes: ``\n``, ``\t``, ``\\``, or an escaped line's end.

    Paths of Windows and formulas hold backslashes that are none of theirs. An escaped line's end or tab counts where
    more rows have as many cells as the head with it than without it.

    Parameters
    ----------
    sample : str
        The first lines, the head before all.
    delimiter : str
        Of the file.
    """
    if delimiter != "\t" or "\\" not in sample:
        return False
    unpaired = _PAIRS.sub("\N{REPLACEMENT CHARACTER}", sample)
    if _FOREIGN.search(unpaired) or _has_quotes(sample):
        return False
    as_they_stand, with_escapes = _share_whole(sample), _share_whole(hidden(sample))
    if as_they_stand != with_escapes:
        return with_escapes > as_they_stand
    if n_line_ends := len(_LINE_END.findall(unpaired)):
        return len(_SHOWN_LINE_END.findall(unpaired)) >= _SHOWN_SHARE * n_line_ends
    return _NULL_CELL.search(unpaired) is not None


def _has_quotes(sample: str) -> bool:
    """Whether quotes of a file with tabs are the format's: in the head, or around what programs quote."""
    quoted = _TABBED_QUOTES.finditer(sample)
    return _TABBED_QUOTES.search(_head(sample)) is not None or any(
        _NEEDS_QUOTES.intersection(cell[1]) for cell in quoted
    )


def _share_whole(sample: str) -> float:
    """Share of rows that have as many cells as the head."""
    rows = [row for row in sample.split("\n") if row.strip()]
    return sum(row.count("\t") == rows[0].count("\t") for row in rows) / len(rows)

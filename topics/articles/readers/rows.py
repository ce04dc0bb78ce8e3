"""What the readers hand on: one article as it came, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from topics.errors import InputError


@dataclass(frozen=True)
class LeftOut:
    """What extraction left out of the article on a page of HTML.

    Attributes
    ----------
    n_words, n_left_out : int
        Of the article's sentences, and of those left out.
    example : str
        The longest paragraph left out.
    """

    n_words: int
    n_left_out: int
    example: str


@dataclass(frozen=True)
class Row:
    """One article as it came.

    Attributes
    ----------
    file : str
        File it stands in, or what was given instead of one.
    row : int
        Line of the file or row of the table, from 1; 0 where the file is the article.
    doc_id, text, title, date, source, lang, author, url : Any
        As found; None where there is none.
    extra : Mapping[str, Any]
        The user's further columns.
    is_html : bool
        Whether the text is an HTML page, whatever it looks like; then it may be bytes.
    text_name : str or None
        Column of the text.
    n_missing : int
        Cells whose mark of a missing value was not the format's own.
    left_out : LeftOut or None
        What extraction left out of HTML, if that is much.
    """

    file: str
    row: int
    doc_id: Any = None
    text: Any = None
    title: Any = None
    date: Any = None
    source: Any = None
    lang: Any = None
    author: Any = None
    url: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    is_html: bool = False
    text_name: str | None = None
    n_missing: int = 0
    left_out: LeftOut | None = None


@dataclass(frozen=True)
class Rejected:
    """One row that was not taken in, and why."""

    file: str
    row: int
    doc_id: str | None
    reason: str


@dataclass(frozen=True)
class Note:
    """What a reader of the corpus should know of how a table was read."""

    text: str


class ArticlesError(InputError):
    """Articles that cannot be read; the message names the file, row, id or column."""


Rows = Iterator[Row | Rejected | Note]

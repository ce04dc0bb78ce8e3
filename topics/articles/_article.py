"""One article on its way from a row to a document: its fields are declared here, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Article:
    """An article: as a reader gives it, then gathered (its cells clean, its text stored), then a document.

    Each step gives a new one with :meth:`with_`.

    Attributes
    ----------
    file : str
        File it stands in, or what was given instead of one.
    row : int
        Line of the file or row of the table, from 1; 0 where the file is the article.
    doc_id, title, source, lang, author, url : Any
        As the row has them, None where there is none; once gathered, str or None, and ``doc_id`` is a str. A document
        has also what its page says; the id of a story of a round-up is its page's with ``#`` and a number.
    text : Any
        As the row has it, str or the bytes of a page; None once gathered.
    date : Any
        As the row has it; of a document, a datetime in UTC or None.
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
    place : int
        Of its text among the stored ones; -1 before.
    rows : tuple of int
        Its place among all rows, from 0; several where rows without an id are the same in everything.
    date_precision : str or None
        Of a document, ``"day"`` or ``"minute"``.
    other_langs : tuple of str
        Of a document, languages of paragraphs that are in another one than ``lang``.
    parent_id, parent_title : str or None
        Of a story, the round-up's page.
    is_page : bool
        Whether it was cleaned as a page.
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
    place: int = -1
    rows: tuple[int, ...] = ()
    date_precision: str | None = None
    other_langs: tuple[str, ...] = ()
    parent_id: str | None = None
    parent_title: str | None = None
    is_page: bool = False

    def with_(self, changes: Mapping[str, Any]) -> Article:
        """The article with other values of some fields, in a third of the time of :func:`dataclasses.replace`.

        Parameters
        ----------
        changes : Mapping
            The values by the fields' names.
        """
        values = list(_values(self))
        for name, value in changes.items():
            values[_PLACES[name]] = value
        other = object.__new__(Article)
        for put, value in zip(_PUT, values, strict=True):
            put(other, value)
        return other


_NAMES = [each.name for each in fields(Article)]
_PLACES = {name: place for place, name in enumerate(_NAMES)}
_PUT = [getattr(Article, name).__set__ for name in _NAMES]
_values = attrgetter(*_NAMES)

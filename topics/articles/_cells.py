"""One row: whether it holds an article, and its cells in one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from topics.articles._article import Article
from topics.articles._leftovers import decode_entities, without_emphasis
from topics.articles._repair import repair
from topics.articles.readers._html import from_html, looks_like_html
from topics.articles.readers._missing import is_missing
from topics.articles.readers._rows import Rejected

NO_TEXT = "no text"
_NAMED = ("name", "rendered", "title", "value", "#text")


def clean_cell(value: Any) -> str | None:
    """A cell as text in one form; None where it holds nothing.

    Parameters
    ----------
    value : Any
        As it came.
    """
    if is_missing(value):
        return None
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return ", ".join(cell for item in value if (cell := clean_cell(item))) or None
    if isinstance(value, Mapping):  # {"name": "BBC News"}, {"rendered": "A title"}
        return next((cell for key in _NAMED if (cell := clean_cell(value.get(key)))), None)
    return repair(str(value)) or None


def _clean_title(value: Any) -> str | None:
    """A title as text: feeds leave entities and emphasis in it."""
    cell = clean_cell(value)
    if cell and ("&" in cell or "<" in cell):
        cell = repair(without_emphasis(decode_entities(cell))) or None
    return cell


def checked(row: Article | Rejected, pages: bool) -> Article | Rejected:
    """The row with text, not HTML; or why there is none."""
    if isinstance(row, Rejected):
        return row
    given = clean_cell(row.doc_id)
    if is_missing(row.text):
        return Rejected(row.file, row.row, given, NO_TEXT)
    if row.is_html or (pages and isinstance(row.text, str) and looks_like_html(row.text)):
        return from_html(row)
    if pages and isinstance(row.text, str) and "&lt;" in row.text and "<" not in row.text:  # HTML that was escaped
        whole = decode_entities(row.text)
        if whole.count("</") > 1 and looks_like_html(whole):
            return from_html(row.with_({"text": whole}))
    if not isinstance(row.text, str):
        kind = type(row.text).__name__
        return Rejected(row.file, row.row, given, f"text is not a string: {kind} {row.text!r:.60}")
    return row


def cleaned(row: Article, place: int, *, number: int) -> Article:
    """The article of a row, its cells clean and its text stored."""
    return row.with_(
        {
            "doc_id": clean_cell(row.doc_id) or "",
            "text": None,
            "place": place,
            "title": _clean_title(row.title),
            "source": source_of(row),
            "author": clean_cell(row.author),
            "url": clean_cell(row.url),
            "lang": clean_cell(row.lang),
            "date": None if is_missing(row.date) else row.date,
            "extra": dict(row.extra),
            "rows": (number,),
        }
    )


def source_of(row: Article) -> str | None:
    """The outlet of a row: as it says, else the site of its address."""
    return clean_cell(row.source) or _site_of(clean_cell(row.url))


def _site_of(url: str | None) -> str | None:
    """The site of an address."""
    try:
        site = urlsplit(url or "").hostname
    except ValueError:
        return None
    return site.removeprefix("www.") if site else None

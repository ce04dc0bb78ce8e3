"""How much of a page's article extraction leaves out: sidebars, footers and cells within it, listed nowhere else."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from topics._say import count, percent
from topics.articles._article import LeftOut
from topics.articles.boilerplate._recurrence import length_in_words, reads_like_prose
from topics.articles.readers._html_trees import squeezed

LEFT_OUT = "extraction of HTML left out"
_ENOUGH = 0.75  # share of an article's words that extraction keeps where little is lost
_MIN_WORDS = 30  # words of prose of an article worth a note
_SENTENCE = 8  # words
_KNOWN_BY = 40  # letters and digits by which a paragraph is found again
_CHARACTERS, _ID_CHARACTERS = 60, 24
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol"),
        *("p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
_UNREAD = frozenset(
    {
        *("button", "form", "iframe", "nav", "noscript", "script", "select", "style", "svg", "template"),
        "textarea",
    }
)
_AROUND = frozenset({"aside", "footer", "header"})  # of a page; within an article they are its own
_COMMENTS = re.compile(r"(?i)\b(?:comments?|disqus|kommentare?|comentarios?)\b")


def article_prose(tree: Any) -> list[str]:
    """The paragraphs of prose in a page's ``<article>``, else in its ``<main>``, else in its ``<p>``.

    Parameters
    ----------
    tree : lxml element
        The page, as it was parsed.
    """
    for path in ("//article[not(ancestor::article)]", "//main | //*[@role='main']"):
        paragraphs = [list(_prose(element)) for element in tree.xpath(path)]
        most = max(paragraphs, key=_n_words, default=[])
        if _n_words(most) >= _MIN_WORDS:
            return most
    return list(_prose(tree, around=True))


def left_out(prose: Sequence[str], text: str) -> LeftOut | None:
    """What extraction left out of an article; None where that is little.

    Parameters
    ----------
    prose : sequence of str
        Paragraphs of the article.
    text : str
        What was extracted.
    """
    n_words = _n_words(prose)
    whole = squeezed(text)
    gone = [paragraph for paragraph in prose if squeezed(paragraph)[:_KNOWN_BY] not in whole]
    n_gone = _n_words(gone)
    if n_words < _MIN_WORDS or n_words - n_gone >= _ENOUGH * n_words:
        return None
    return LeftOut(n_words, n_gone, max(gone, key=length_in_words))


def say_left_out(pages: Sequence[tuple[str, LeftOut]]) -> str:
    """What extraction left out, in a sentence.

    Parameters
    ----------
    pages : sequence of (str, LeftOut)
        Ids of the pages from whose articles it left out much, at least one; and what.
    """
    share = sum(page.n_left_out for _, page in pages) / sum(page.n_words for _, page in pages)
    name, most = max(pages, key=lambda pair: (pair[1].n_left_out, pair))
    name = name if len(name) <= _ID_CHARACTERS else f"{name[:_ID_CHARACTERS]}…"
    example = textwrap.shorten(most.example, _CHARACTERS, placeholder=" …")
    return (
        f"{LEFT_OUT} {percent(share)} of the words of {count(len(pages), 'article')}, such as sidebars and footers "
        f'within them; for example "{example}" in {name}'
    )


def _prose(root: Any, *, around: bool = False) -> Iterator[str]:
    """The paragraphs of an element that read like sentences; around whole pages only those in ``<p>`` count."""
    for paragraph, in_p in _paragraphs(root, unread=_UNREAD | _AROUND if around else _UNREAD):
        if (in_p or not around) and length_in_words(paragraph) >= _SENTENCE and reads_like_prose(paragraph):
            yield paragraph


def _paragraphs(root: Any, *, unread: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text of each block, and whether it stands in a ``<p>``."""
    from lxml import etree

    pieces: list[str] = []
    n_p = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            if paragraph := " ".join("".join(pieces).split()):
                yield paragraph, n_p > 0
            pieces = []
        if event == "start":
            n_p += element.tag == "p"
            if not isinstance(element.tag, str) or element.tag in unread or _is_comments(element):
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            n_p -= element.tag == "p"
            pieces.append("" if element is root else element.tail or "")
    if paragraph := " ".join("".join(pieces).split()):
        yield paragraph, False


def _is_comments(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _COMMENTS.search(names.replace("_", "-")) is not None


def _n_words(paragraphs: Sequence[str]) -> int:
    return sum(map(length_in_words, paragraphs))

"""The headline of a page: the line above the article that shares its words, or the first line if it is none of it.

A headline is short, does not end like a sentence, is neither a time stamp nor cut off, and stands near the article;
many pages show it twice, and once more with the name of the site.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from topics.articles.boilerplate._line_contexts import stamps
from topics.articles.boilerplate._line_shapes import LOCAL, Flags, Shapes

_MIN_WORDS, _MAX_WORDS = 3, 30
_MAX_DIGITS, _MAX_SEPARATORS = 0.15, 0.2  # a share of the characters, and a word: menus and tickers have more
_NEAR_TOP = 4
_MIN_SCORE = 1.0
_MUCH_SHARED = 0.3
_ECHO, _TWICE = 1.0, 0.8


def same_headline(line: str, title: str) -> bool:
    """Whether a line says the headline, case and white space apart.

    Parameters
    ----------
    line, title : str
        What to compare.
    """
    return " ".join(line.casefold().split()) == " ".join(title.casefold().split())


def find_headline(lines: Sequence[str], page: Shapes, *, kept: Flags) -> str | None:
    """The headline of the article, or None.

    Parameters
    ----------
    lines : sequence of str
        The lines of the page.
    page : Shapes
        Their shapes.
    kept : ndarray of shape (n_lines,)
        Which lines are the body.
    """
    inside = np.flatnonzero(kept)
    sentences = inside[_reads_on(page)[inside]]
    end = int(sentences[0]) if len(sentences) else int(inside[0])
    likely = _looks_like_one(page)
    likely[end:] = False
    likely[np.flatnonzero(likely & kept)[1:]] = False  # headings within the body stand below its headline
    candidates = np.flatnonzero(likely)
    if not len(candidates):
        return None
    shared = shared_with(page, np.arange(len(lines)) >= end, kept=kept)
    caption = _looks_like_caption(lines, page)
    best, most = None, _MIN_SCORE
    for i in candidates.tolist():
        score = 3.0 * shared[i] + 0.4 * min(float(np.log1p(page.words[i])), np.log1p(10))
        score -= 0.4 * float(np.log1p(max(0, end - i - 1)))
        score -= 1.0 if caption[i] else 0.0
        if score + _ECHO > most:
            score += _echo(lines, i, end)
        score += 1.0 if i == 0 and end - i <= _NEAR_TOP else 0.0
        score += 0.5 * (shared[i] >= _MUCH_SHARED) - 1.0 * (shared[i] == 0 and i > 0)
        if score > most:
            best, most = i, score
    return None if best is None else lines[best]


def _looks_like_one(page: Shapes) -> Flags:
    column = {name: page.local[:, k] for k, name in enumerate(LOCAL)}
    spaced = (page.words >= _MIN_WORDS) & (page.words <= _MAX_WORDS)
    open_end = (column["ends_stop"] == 0) & (column["ends_cut"] == 0) & (column["ends_colon"] == 0)
    plain = (column["digits"] < _MAX_DIGITS) & (column["separators"] < _MAX_SEPARATORS)
    return np.asarray(spaced & open_end & plain & ~stamps(page) & (column["clocks"] == 0) & (column["links"] == 0))


def _reads_on(page: Shapes) -> Flags:
    """Lines of sentences, not of one question or exclamation."""
    stop = page.local[:, LOCAL.index("ends_stop")] > 0
    return np.asarray((page.prose > 0) & (stop | (page.words > _MAX_WORDS)))


def _looks_like_caption(lines: Sequence[str], page: Shapes) -> list[bool]:
    """Lines that close with a bracket, or say something after a full stop."""
    calls = page.local[:, LOCAL.index("ends_calling")] > 0
    return [line.endswith((")", "]", "）")) or (". " in line and not c) for line, c in zip(lines, calls, strict=True)]


def shared_with(page: Shapes, below: Flags, *, kept: Flags) -> np.ndarray:
    """Share of each line's longer words that stand in the body below, in [0, 1].

    Parameters
    ----------
    page : Shapes
        The lines of a page.
    below : ndarray of shape (n_lines,)
        Which lines are below.
    kept : ndarray of shape (n_lines,)
        Which lines are the body.
    """
    n_tokens = int(page.token_id.max()) + 1 if page.token_id.size else 1
    known = np.zeros(n_tokens, bool)
    known[page.token_id[(kept & below)[page.token_line]]] = True
    n = len(kept)
    whole = np.bincount(page.token_line, page.token_weight, minlength=n)
    part = np.bincount(page.token_line, page.token_weight * known[page.token_id], minlength=n)
    return np.asarray(part / np.maximum(whole, 1.0))


def _echo(lines: Sequence[str], i: int, end: int) -> float:
    """More for a line that others above the article repeat or carry on with the name of the site."""
    line = lines[i]
    for k, other in enumerate(lines[:end]):
        if k != i and len(other) > len(line) and other.startswith(line):
            return _ECHO
        if k < i and other == line:
            return _TWICE
    return 0.0

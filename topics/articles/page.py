"""The article in the visible text of a page: a body among navigation, feeds, teasers and subscribe lines.

Evidence that holds in any language: a body line is a sentence (several words, a terminator, words that mostly start
in lower case, or a long line in a script without case), body lines stand together, and furniture recurs on other
pages. The body is the contiguous run of lines with the greatest sum of scores (Kadane's maximum subarray).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_TERMINATOR = re.compile(r"[.!?…。！？।؟:;][\"'”’»)\]]*(?:\s|$)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)[\"'”’»)\]]*$")
_SENTENCE_OR_CAPTION = re.compile(r"[.)]$")
_LEADING_DATE = re.compile(r"^\s*date \d{4}-\d{2}-\d{2}\s*")

_MIN_WORDS = 8
_MIN_CASELESS_CHARACTERS = 30
_MOST_WORDS = 60
_SHORT = -6.0
_FEED = -40.0
_RECURRING = -30.0
_MIN_BODY_WORDS = 20
_MIN_RECURRENCE = 3
_MIN_BODY_RECURRENCE = 5
_MIN_BODY_RECURRENCE_SHARE = 0.01
_MOST_HEADLINE_WORDS = 30
_MIN_LOWER_SHARE = 1 / 3


@dataclass(frozen=True)
class Page:
    """A page taken apart.

    Attributes
    ----------
    title : str or None
        The headline, where one was found above the body.
    body : str
        The lines of the article.
    n_removed : int
        Number of lines that were taken off, blank ones not counted.
    """

    title: str | None
    body: str
    n_removed: int


def recurring_lines(texts: Sequence[str], sources: Sequence[str | None] | None = None) -> frozenset[str]:
    """The lines that are furniture because they stand on many pages.

    A line that does not read like an article's must stand on three. One that does must stand on three of one source,
    or, where sources are not known, on five and 1 % of all: a wire copy's paragraphs stand on the pages of every
    outlet that took it.

    Parameters
    ----------
    texts : sequence of str
        One page each, copies of a page taken out.
    sources : sequence of str or None
        Source of each page.
    """
    pages: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    of_source: Counter[tuple[str, str]] = Counter()
    for text, source in zip(texts, sources or [None] * len(texts), strict=True):
        lines = {line.strip() for line in text.split("\n")} - {""}
        pages.update(lines)
        if source is None:
            unknown.update(lines)
        else:
            of_source.update((source, line) for line in lines)
    often = max(_MIN_BODY_RECURRENCE, _MIN_BODY_RECURRENCE_SHARE * len(texts))
    furniture = {line for line, n in pages.items() if n >= _MIN_RECURRENCE and _score(line, frozenset()) <= 0}
    furniture |= {line for line, n in unknown.items() if n >= often}
    furniture |= {line for (_, line), n in of_source.items() if n >= _MIN_RECURRENCE}
    return frozenset(furniture)


def take_apart(text: str, recurring: frozenset[str] = frozenset()) -> Page:
    """Title and body of a page.

    Parameters
    ----------
    text : str
        Visible text, one block a line.
    recurring : frozenset of str
        Lines known to be furniture; see :func:`recurring_lines`.
    """
    lines = text.split("\n")
    scores = [_score(line.strip(), recurring) for line in lines]
    first, last, total = _best_run(scores)
    if total < _MIN_BODY_WORDS:
        return Page(_headline(lines[:1], text), text.strip(), 0)
    body = "\n".join(_LEADING_DATE.sub("", line) for line in lines[first : last + 1]).strip()
    outside = [*lines[:first], *lines[last + 1 :]]
    return Page(_headline(lines[:first], body), body, sum(1 for line in outside if line.strip()))


def _score(line: str, recurring: frozenset[str]) -> float:
    """Words of a body line, capped; below zero for anything else; 0 for a blank line."""
    if not line:
        return 0.0
    if line in recurring:
        return _RECURRING
    words = _WORD.findall(line)
    if _CLOCK.search(line) and len(words) < _MIN_WORDS:
        return _FEED
    if _CUT_OFF.search(line):
        return _RECURRING
    cased = [word for word in words if word[0].isupper() or word[0].islower()]
    if len(cased) < len(words) / 2:  # a script without case, often without spaces
        letters = sum(len(word) for word in words)
        if letters >= _MIN_CASELESS_CHARACTERS and _TERMINATOR.search(line):
            return min(letters / 2, _MOST_WORDS)
        return _SHORT
    lower = sum(word[0].islower() for word in cased)
    if len(words) >= _MIN_WORDS and lower >= len(cased) * _MIN_LOWER_SHARE and _TERMINATOR.search(line):
        return float(min(len(words), _MOST_WORDS))
    return _SHORT


def _best_run(scores: Sequence[float]) -> tuple[int, int, float]:
    """First and last index and sum of the contiguous run with the greatest sum; the earliest of equals."""
    best = (0, len(scores) - 1, float("-inf"))
    start, total = 0, 0.0
    for i, score in enumerate(scores):
        if total <= 0:
            start, total = i, 0.0
        total += score
        if total > best[2]:
            best = (start, i, total)
    return best


def _headline(above: Sequence[str], body: str) -> str | None:
    """The line above the body that shares most of its longer words with it; the first of equals.

    That it recurs is no evidence against it: other pages list it among their related stories.
    """
    known = {word.casefold() for word in _WORD.findall(body)}
    best, most = None, 0
    for line in above:
        headline = _LEADING_DATE.sub("", line).strip()
        if _SENTENCE_OR_CAPTION.search(headline) or _CLOCK.search(headline):
            continue
        words = {w.casefold() for w in _WORD.findall(headline) if len(w) > 3}
        shared = len(words & known)
        if 3 <= len(words) <= _MOST_HEADLINE_WORDS and shared > most:
            best, most = headline, shared
    return best

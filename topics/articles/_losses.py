"""How much of the words cleaning took, and whether that is more than a reader expects."""

from __future__ import annotations

import re
import textwrap

from topics._say import count, percent
from topics.articles._cleaning import DATE_OR_BYLINE, STOCK, CleanPage
from topics.articles.boilerplate._recurrence import length_in_words
from topics.articles.readers._html_losses import LEFT_OUT
from topics.text._sentences import CLOSERS, STOPS

_MUCH = 0.1  # of a corpus's words
_HALF = 0.5  # of a page's words
_SENTENCE = 8  # words of a line that reads like a sentence
_STOP = re.compile(rf"[{STOPS}][{CLOSERS}]*(?:\s|$)")
_KNOWN = frozenset(
    {"recurs on other pages", STOCK, "repeated", "feed", "teaser", DATE_OR_BYLINE}
)  # certain, whatever it reads
_EXAMPLES, _CHARACTERS, _ID_CHARACTERS = 3, 60, 24
_REMOVED = "cleaning removed"


class Losses:
    """Counts of the words that cleaning removed, page by page."""

    def __init__(self) -> None:
        self._n_words = self._n_removed = self._n_prose = 0
        self._examples: list[tuple[str, str]] = []
        self._halved: list[tuple[str, str]] = []

    def add(self, page: CleanPage) -> None:
        """Count one page.

        Parameters
        ----------
        page : CleanPage
            With the reason for which each line was removed, if it was.
        """
        counts = [length_in_words(line.text) for line in page.lines]
        self._n_words += sum(counts)
        removed = [(line, n) for line, n in zip(page.lines, counts, strict=True) if line.reason not in (None, "title")]
        if not removed:
            return
        n_removed = sum(n for _, n in removed)
        self._n_removed += n_removed
        prose = [(line.text, n) for line, n in removed if line.reason not in _KNOWN and _is_prose(line.text, n)]
        if not prose:
            return
        n_prose = sum(n for _, n in prose)
        self._n_prose += n_prose
        example = max(prose, key=lambda pair: pair[1])[0]
        self._examples.append((page.doc_id, example))
        kept = [(line.text, n) for line, n in zip(page.lines, counts, strict=True) if line.reason is None]
        all_prose = n_prose + sum(n for text, n in kept if _is_prose(text, n))
        half = _HALF * sum(counts)
        if n_prose > half or (all_prose > half and n_removed > half):
            self._halved.append((page.doc_id, example))

    def notes(self) -> list[str]:
        """One sentence where much was removed; nothing where not."""
        much = self._n_removed > _MUCH * self._n_words
        if not much and not self._halved:
            return []
        note = f"{_REMOVED} {percent(self._n_removed / self._n_words)} of the words"
        if self._n_prose:
            note += f" ({percent(self._n_prose / self._n_words)} in sentences that are on no other page)"
        if n := len(self._halved):
            note += f"; {count(n, 'article')} of mostly prose lost more than half"
        shown = [*self._halved, *self._examples][:_EXAMPLES]
        if shown:
            note += f"; for example, it removed {', '.join(_example(*pair) for pair in dict(shown).items())}"
        return [f'{note}; articles.clean = "keep-all" keeps every line, "light" all but the plainest boilerplate']


def is_loss(note: str) -> bool:
    """Whether a note says that cleaning, or extraction from HTML, took much, which a reader should see first.

    Parameters
    ----------
    note : str
        One of a corpus or a run.
    """
    return note.startswith((_REMOVED, LEFT_OUT))


def _is_prose(text: str, n: int) -> bool:
    return n >= _SENTENCE and _STOP.search(text) is not None


def _example(doc_id: str, text: str) -> str:
    short = doc_id if len(doc_id) <= _ID_CHARACTERS else f"{doc_id[:_ID_CHARACTERS]}…"
    return f'"{textwrap.shorten(text, _CHARACTERS, placeholder=" …")}" in {short}'

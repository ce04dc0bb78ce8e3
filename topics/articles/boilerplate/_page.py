"""The article in the visible text of a page: title and body among navigation, feeds, teasers and subscribe lines.

What the lines look like and how they stand together decides (:mod:`topics.articles.boilerplate._lines`), so no phrase
of any language is needed. What is left is looked at again until nothing more goes: taking a body apart gives that body.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from topics.articles.boilerplate._headlines import find_headline, same_headline, shared_with
from topics.articles.boilerplate._line_contexts import FEATURES, features, stamps
from topics.articles.boilerplate._line_shapes import LOCAL, Flags, Shapes, shapes
from topics.articles.boilerplate._lines import keep
from topics.errors import InputError

Strength = Literal["keep-all", "light", "standard", "strict"]

REASONS = {
    "title": "the headline, which is kept apart from the body",
    "recurs on other pages": "the same line stands on other pages of the collection",
    "feed": "a time stamp outside the article, or an item below one",
    "teaser": "cut off before its end, so it introduces another page",
    "another story": "sentences after the article that share few words with it",
    "repeated": "outside the article, and more than once on the page",
    "short line": "a few words outside the article",
    "outside the article": "above, below or between the parts of the article",
}

# Added to the log-odds of every line.
_OFFSETS: dict[Strength, float] = {"light": 1.5, "standard": 0.0, "strict": -1.5}
_LEVELS: dict[Strength, tuple[Strength, ...]] = {
    "light": ("light",),
    "standard": ("standard",),
    "strict": ("standard", "strict"),
}
_SHORT = 8
_LITTLE_SHARED = 0.25
_SHARED_BEFORE = FEATURES.index("shared_before")

_OWN_LEAD = 0.3  # share of its longer words in the body


@dataclass(frozen=True)
class Line:
    """A line of a page.

    Attributes
    ----------
    number : int
        Its place in the text given, from 1, blank lines counted.
    text : str
        The line, without outer white space.
    reason : str or None
        Why it is not in the body, a key of :data:`REASONS`; None if it is.
    """

    number: int
    text: str
    reason: str | None


@dataclass(frozen=True)
class Page:
    """A page taken apart.

    Attributes
    ----------
    title : str or None
        The headline, where one was found above the body or at its head.
    body : str
        The lines of the article as they stood, and blank lines between them.
    lines : tuple of Line
        Every line that is not blank, in order.
    """

    title: str | None
    body: str
    lines: tuple[Line, ...]

    @property
    def n_removed(self) -> int:
        """Number of lines that were taken off, blank ones not counted."""
        return sum(line.reason is not None for line in self.lines)


def take_apart(
    text: str, recurring: Container[str] = frozenset(), *, strength: Strength = "standard", title: str | None = None
) -> Page:
    """Title and body of a page, and what became of each line.

    A text in which nothing but a headline is outside the article keeps its headline in the body too.

    Parameters
    ----------
    text : str
        Visible text, one block a line.
    recurring : container of str
        Lines known to be boilerplate, without outer white space.
    strength : {"keep-all", "light", "standard", "strict"}
        "keep-all" removes nothing, "light" what is almost certainly boilerplate, "strict" keeps what is almost
        certainly article: its body is part of the standard one.
    title : str or None
        The headline, if it is known; lines equal to it above the article's text are removed.

    Raises
    ------
    ValueError
        If the strength is unknown.
    """
    if strength != "keep-all" and strength not in _OFFSETS:
        raise InputError(f"strength is one of {['keep-all', *_OFFSETS]}, not {strength!r}")
    whole = text.split("\n")
    numbers = [i for i, line in enumerate(whole) if line.strip()]
    lines = [whole[i].strip() for i in numbers]
    if not lines:
        return Page(title, text, ())
    if len(lines) == 1:  # nothing stands around it
        return Page(title, text.strip(), (Line(numbers[0] + 1, lines[0], None),))
    page = shapes(lines)
    is_recurring = np.array([line in recurring for line in lines])
    if is_recurring.all():
        is_recurring[:] = False
    reach: Strength = "standard" if strength == "keep-all" else strength
    kept, headline = _article(lines, page, is_recurring, title=title, strength=reach)
    if strength == "keep-all":
        return Page(headline, text, tuple(Line(i + 1, line, None) for i, line in zip(numbers, lines, strict=True)))
    if kept.all():
        return Page(headline, text.strip(), tuple(Line(i + 1, s, None) for i, s in zip(numbers, lines, strict=True)))
    reasons = _reasons(lines, page, kept, is_recurring=is_recurring, title=headline)
    every_line = tuple(Line(i + 1, line, why) for i, line, why in zip(numbers, lines, reasons, strict=True))
    return Page(headline, _body(whole, [i for i, k in zip(numbers, kept, strict=True) if k]), every_line)


def _article(
    lines: Sequence[str], page: Shapes, is_recurring: Flags, *, title: str | None, strength: Strength
) -> tuple[Flags, str | None]:
    """Which lines are the body, and the headline.

    What stays is looked at again until all of it stays.
    """
    levels = _LEVELS[strength]
    whole = np.ones(len(lines), bool)
    kept = _fixed(page, whole, within=~is_recurring, levels=levels)
    lead = _lead(page, kept, is_recurring)
    if lead is not None:
        is_recurring = is_recurring.copy()
        is_recurring[lead] = False
        kept = _fixed(page, whole, within=~is_recurring, levels=levels)
    while (ended := _ended(page, kept)) is not None:
        kept = _fixed(page, ended, within=ended, levels=levels)
    headline = title or find_headline(lines, page, kept=kept)
    if headline and not kept.all():
        while (named := _headline_lines(lines, page, kept, headline)).any() and not named[kept].all():
            kept = _fixed(page, kept & ~named, within=kept & ~named, levels=levels)
    if headline is None and not kept.all():  # what the body alone tells, as it does where it is given alone
        inside = [line for line, stays in zip(lines, kept, strict=True) if stays]
        headline = find_headline(inside, page.take(kept), kept=np.ones(len(inside), bool))
    return kept, headline


def _lead(page: Shapes, kept: Flags, is_recurring: Flags) -> int | None:
    """The paragraph right above the body, if it is the article's own and recurs because other pages show it.

    A feed gives the first paragraph of a story on every page; on the story's own page the body goes on from it.
    """
    inside = np.flatnonzero(kept)
    prose = inside[page.prose[inside] > 0]
    first = int((prose if len(prose) else inside)[0])
    if not first or not is_recurring[first - 1] or not page.prose[first - 1] > 0:
        return None
    shared = shared_with(page, np.ones(len(kept), bool), kept=kept)
    return first - 1 if shared[first - 1] >= _OWN_LEAD else None


def _ended(page: Shapes, kept: Flags) -> Flags | None:
    """The body without lines that break off ("…") at its end, below others that went; None if there are none."""
    inside = np.flatnonzero(kept)
    gaps = np.flatnonzero(np.diff(inside) > 1)
    if not len(gaps):
        return None
    last = inside[gaps[-1] + 1 :]
    if not (page.local[last, LOCAL.index("ends_cut")] > 0).all():
        return None
    ended = kept.copy()
    ended[last] = False
    return ended


def _fixed(page: Shapes, start: Flags, *, within: Flags, levels: Sequence[Strength]) -> Flags:
    """What stays of some lines when each strength has looked at all of them, and again at what it left.

    Each takes its lines from those of the weaker one, so that the bodies are nested.
    """
    before = None
    while before is None or (len(levels) > 1 and (within != before).any()):
        before = within
        for level in levels:
            stays = _kept_of(page, start, level) & within
            kept = stays if stays.any() else within
            stays = _kept_of(page, kept, level)
            while stays.any() and (stays != kept).any():
                kept, stays = stays, _kept_of(page, stays, level)
            within = start = kept
    return within


def _kept_of(page: Shapes, part: Flags, level: Strength) -> Flags:
    kept = part.copy()
    kept[part] = keep(page.take(part), offset=_OFFSETS[level])
    return kept


def _headline_lines(lines: Sequence[str], page: Shapes, kept: Flags, title: str) -> Flags:
    """The kept lines at the head that repeat the headline or tell the time."""
    prose = np.flatnonzero(kept & (page.prose > 0))
    end = int(prose[1]) if len(prose) > 1 else len(lines)
    named = np.array([bool(kept[i]) and i < end and same_headline(line, title) for i, line in enumerate(lines)])
    first = int(prose[0]) if len(prose) else 0
    named[:first] |= kept[:first] & (page.local[:first, LOCAL.index("clocks")] > 0)
    return named


def _reasons(
    lines: Sequence[str], page: Shapes, kept: Flags, *, is_recurring: Flags, title: str | None
) -> list[str | None]:
    """Why each line is not in the body."""
    stamp = stamps(page)
    last = int(np.flatnonzero(kept)[-1])
    before = features(page)[:, _SHARED_BEFORE]
    often = np.bincount(page.copies)[page.copies] > 1
    cut = page.local[:, LOCAL.index("ends_cut")] > 0
    reasons: list[str | None] = []
    below_stamp = 0
    for i, line in enumerate(lines):
        below_stamp = 2 if stamp[i] and i > last else below_stamp - 1
        if kept[i]:
            reasons.append(None)
        elif title and i < last and same_headline(line, title):
            reasons.append("title")
        elif is_recurring[i]:
            reasons.append("recurs on other pages")
        elif stamp[i] or (below_stamp > 0 and page.words[i] >= _SHORT):
            reasons.append("feed")
        elif cut[i]:
            reasons.append("teaser")
        elif i > last and page.prose[i] > 0 and before[i] < _LITTLE_SHARED:
            reasons.append("another story")
        elif often[i]:
            reasons.append("repeated")
        else:
            reasons.append("short line" if page.words[i] < _SHORT else "outside the article")
    return reasons


def _body(whole: Sequence[str], kept: Sequence[int]) -> str:
    """The kept lines as they stood, with the blank lines right before each that is not the first."""
    body = [whole[kept[0]]]
    for i, previous in zip(kept[1:], kept, strict=False):
        blank = i
        while blank - 1 > previous and not whole[blank - 1].strip():
            blank -= 1
        body += [*whole[blank:i], whole[i]]
    return "\n".join(body).strip()

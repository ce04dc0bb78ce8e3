"""The stories of a round-up: a page of several short stories taken apart, a page of one story left whole.

Structure proposes, words decide. A page may be a round-up where it is little else than a row of short sections that
begin alike. It is one where the sections are about different things: what is repeated is repeated inside a section
(lexical cohesion, after Morris and Hirst 1991), and a headline is restated by its own section and no other. In an
article with sub-headings the same names and things run through the sections, and the lead above them already speaks
of these. In doubt a page is left whole: two stories under one number are a smaller harm than half of one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from topics.articles.roundups._cohesion import introduces, words_of
from topics.articles.roundups._sections import (
    WORD,
    Line,
    Proposal,
    Section,
    by_datelines,
    by_headlines,
    by_marks,
    by_separators,
    count_words,
    first_is_marked,
    lines_of,
    may_have_sections,
    stems,
    unquoted,
)

_CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}(?!\d)")

_MIN_HEADLINE_WORDS = 4
_MIN_STORY_WORDS = 12
_MAX_STORY_WORDS = 200
_MAX_STORY_LINES = 4
_MAX_EDGE_LINES = 3
_MAX_EDGE_WORDS = 70
_MAX_ODD_LINES = 0.2
_MAX_KNOWN = 0.25
_MAX_ENTITLED = 0.5
_MAX_SHARED = 0.12
_HIGH_INTRODUCED = 0.8
_MIN_INTRODUCED = 0.6
_THEME = 1 / 3
_BAR = 1.25


@dataclass(frozen=True)
class Segment:
    """A story of a round-up.

    Attributes
    ----------
    title : str or None
        Its headline without bullet, number and quotation marks around it; None where it has none.
    text : str
        Its other lines, without bullets.
    first_line : int
        0-based index of its first line among the body's lines, headline included.
    """

    title: str | None
    text: str
    first_line: int


@dataclass(frozen=True)
class RoundUp:
    """A round-up taken apart. Every line of the body that has a letter or a digit is in one of the parts.

    Attributes
    ----------
    intro, outro : str
        The lines above the first story and below the last; may be empty.
    segments : tuple of Segment
        Three stories or more, in order.
    """

    intro: str
    segments: tuple[Segment, ...]
    outro: str


def split(body: str, *, title: str | None = None) -> list[Segment]:
    """The stories of a round-up, in order; empty where the page tells one story.

    Parameters
    ----------
    body : str
        Cleaned text, one block a line; blank lines are possible.
    title : str or None
        The page's title.
    """
    split = round_up(body, title=title)
    return list(split.segments) if split else []


def round_up(body: str, *, title: str | None = None) -> RoundUp | None:
    """The page taken apart where it is a round-up; None where it tells one story.

    Parameters
    ----------
    body : str
        Cleaned text, one block a line; blank lines are possible.
    title : str or None
        The page's title. It is a story's, too, where the body begins with a story whose headline it can only be.
    """
    rows = [(i, row.strip()) for i, row in enumerate(body.split("\n")) if row.strip()]
    if not may_have_sections(rows):
        return None
    lines = lines_of(rows, title)
    for propose, accepts in _WAYS:
        proposal = propose(lines)
        if proposal is not None and _is_regular(proposal) and accepts(proposal, title):
            proposal = _with_first(proposal, title)
            return RoundUp(
                intro="\n".join(line.raw for line in proposal.intro),
                segments=tuple(_segment(section) for section in proposal.sections),
                outro="\n".join(line.raw for line in proposal.outro),
            )
    return None


def _is_regular(proposal: Proposal) -> bool:
    """Little else than short sections: no long lead, no article below, few lines that are neither head nor prose."""
    sections = proposal.sections
    repeated = Counter(line.raw for section in sections for line in section.body)
    n_lines = sum(repeated.values())
    n_odd = sum(
        not line.is_prose and not line.is_trailer and repeated[line.raw] == 1
        for section in sections
        for line in section.body
    )
    sizes = [section.n_prose for section in sections]
    return (
        all(
            len(edge) <= _MAX_EDGE_LINES and sum(line.n_words for line in edge) <= _MAX_EDGE_WORDS
            for edge in (proposal.intro, proposal.outro)
        )
        and min(sizes) >= 1
        and max(sizes) <= _MAX_STORY_LINES
        and median(sizes) < _MAX_STORY_LINES
        and max(count_words(section.text) for section in sections) <= _MAX_STORY_WORDS
        and n_odd <= _MAX_ODD_LINES * n_lines
        and sum(bool(_CLOCK.match(section.lines[0].text)) for section in sections) < len(sections) / 2
    )


def _tell_stories(proposal: Proposal, title: str | None) -> bool:
    """Whether headed sections are stories: headlines that are statements, restated each by its own section alone."""
    sections = proposal.sections
    heads = [section.head or "" for section in sections]
    sizes = [count_words(head) for head in heads]
    if (
        median(sizes) < _MIN_HEADLINE_WORDS
        or sum(size < _MIN_HEADLINE_WORDS for size in sizes) > len(sizes) / 4
        or sum(section.lines[0].is_question for section in sections) > len(sections) / 5
        or _is_list(heads)
    ):
        return False
    words = words_of(proposal, title)
    if words.known > _MAX_KNOWN or words.entitled > _MAX_ENTITLED or words.introduced < _MIN_INTRODUCED:
        return False
    # Habits of round-ups, each rare in articles: sections alike, quoted headlines, bullets, headlines of some length.
    is_even = len({section.n_prose for section in sections}) == 1 and sections[0].n_prose <= 2
    is_quoted = all(unquoted(head) for head in heads)
    is_bulleted = all(section.body[0].mark for section in sections)
    length = min(1.0, max(0.0, (median(sizes) - 5) / 5))
    support = (
        math.log2(words.cohesion) + 2 * (words.own - words.other) + (is_even + is_quoted + is_bulleted + length) / 4
    )
    # Three sections are little to judge by, and the more text they have the more a sub-heading is restated by chance.
    is_few = len(sections) == 3
    is_long = median(section.n_prose for section in sections) > 2
    has_lead = any(line.is_prose for line in proposal.intro) and not first_is_marked(proposal)
    doubt = 2 * (max(0.0, words.shared - _MAX_SHARED) + max(0.0, words.entitled - _THEME) + words.known)
    doubt += (is_few + is_long + has_lead) / 4
    return support - doubt >= _BAR


def _is_list(heads: Sequence[str]) -> bool:
    """Whether most begin with the same word, or all have one in lower case in common, as the parts of a list do."""
    words = [WORD.findall(head) for head in heads]
    first = Counter(line[0].casefold() for line in words if line)
    common = set.intersection(*({word for word in line if word.islower()} for line in words))
    return max(first.values(), default=0) > len(heads) / 2 or (len(heads) > 3 and bool(common))


def _share_nothing(proposal: Proposal, title: str | None, *, least: int) -> bool:
    """Whether sections without headlines are stories: each names its own things, and next to none of another's."""
    sections = proposal.sections
    if any(section.lines[0].is_question for section in sections) or len(sections) < least:
        return False
    if median(count_words(section.text) for section in sections) < _MIN_STORY_WORDS:
        return False
    words = words_of(proposal, title)
    return (
        words.known <= _MAX_KNOWN
        and words.entitled <= _MAX_ENTITLED
        and words.introduced >= _HIGH_INTRODUCED
        and words.thread <= 0.5
        and words.shared <= _MAX_SHARED
    )


def _with_first(proposal: Proposal, title: str | None) -> Proposal:
    """The first story taken out of the intro, where its headline is not among the lines: the page's title, or lost."""
    sections = proposal.sections
    n_prose = 0
    while n_prose < len(proposal.intro) and proposal.intro[-1 - n_prose].is_prose:
        n_prose += 1
    first = proposal.intro[len(proposal.intro) - n_prose :]
    is_story = first_is_marked(proposal) or (
        sum(line.n_words for line in first) >= median(count_words(section.text) for section in sections) / 2
        and introduces(" ".join(line.text for line in first))
        and all(section.body != section.lines for section in sections)
        and not words_of(proposal, title).teases
    )
    if not (first and is_story):
        return proposal
    named = set(stems(title or ""))
    elsewhere = {stem for section in sections for stem in stems(section.text)}
    is_headline = bool(named & {stem for line in first for stem in stems(line.text)}) and not named & elsewhere
    is_headline |= bool(unquoted(title or "")) and all(unquoted(section.head or "") for section in sections)
    section = Section(title if is_headline else None, first, first)
    return replace(proposal, intro=proposal.intro[: len(proposal.intro) - n_prose], sections=(section, *sections))


def _segment(section: Section) -> Segment:
    head = section.head
    labels = section.lines[: max(0, len(section.lines) - len(section.body) - 1)]
    lines = (*labels, *section.body)
    text = "\n".join(line.raw if line.mark == "n" and line is not section.lines[0] else line.text for line in lines)
    if head and section.body == section.lines and text.startswith(head):  # it leads into the story's first line
        text = text[len(head) :].lstrip(".:。 ")
    return Segment((unquoted(head) or head) if head else None, text, section.lines[0].index)


_WAYS: Sequence[tuple[Callable[[Sequence[Line]], Proposal | None], Callable[[Proposal, str | None], bool]]] = (
    (by_headlines, _tell_stories),
    (by_datelines, partial(_share_nothing, least=3)),
    (by_marks, partial(_share_nothing, least=4)),
    (by_separators, partial(_share_nothing, least=4)),
)

"""Hard-wrapped text → whole paragraphs: mail, Usenet, wires and PDF break lines at a width, inside sentences.

What follows judges blocks, and takes each line for one. Where lines are broken at a width instead, they are joined
first. Breaks that come inside sentences tell: no end of a sentence before, a lower-case word after (in scripts without
case, no end of a sentence). In wrapped text nearly all of these come where the next word would have passed one width;
in a page of blocks they are few and come at any length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from topics.articles.boilerplate._page_numbers import page_numbers
from topics.text import unhyphenated
from topics.text._scripts import CJK_MARKS_AND_KANA, FULL_WIDTH, HAN, UNSPACED
from topics.text._sentences import CLOSERS, STOPS

_MIN_WIDTH, _MAX_WIDTH = 30, 160  # characters a line
_SLACK = 0.15  # of the width; people who break lines by hand leave some room
_AT_WIDTH = 0.6  # share of the breaks inside sentences that come at the width
_BREAK_SHARE = 0.1  # of all pairs of lines
# Fewer breaks count only where all lines have one width, and one as wide as people write lines.
_MIN_BROKEN, _MIN_WIDTH_OF_FEW = 3, 48
_MIN_LENGTH = 20  # characters of a line that may be broken inside a sentence
_LONGER = 0.2  # share of the lines of about the width and beyond that may be longer: an address, a line not broken
_LONG_ENOUGH = 0.6  # of the width: a sentence that goes on after a shorter line was broken for another reason
_INDENT = 2
_PAGE, _SHORT_PAGE = 20, 8  # lines of text on a printed page, at least; where the first number below one is 1
_DOUBLE, _ALL_DOUBLE = 2, 0.95  # lines from one to the next, and share of lines, where a blank one follows each

_QUOTED = re.compile(r"(?:[ \t]{0,3}(?:[>|:}]|[A-Za-z]{1,12}>))+[ \t]?")
_ITEM = re.compile(r"(?:[-*•·–—+o]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])[ \t]+\S|--\s*$|[=_*~#-]{3,}")
_FIELD = re.compile(r"[A-Z][\w-]{1,30}:\s")
_COLUMNS = re.compile(r"\S(?:\t+| {3,})\S")
_ENDS = re.compile(rf"[{STOPS}:][{CLOSERS}*_]*$")
_CODE = re.compile(r"[{}=\\]$|^(?:[{}/]|#(?!\d))")
_STATEMENT = re.compile(
    r"\w\([^()]*\);$|[^\s=]\s?=|->|::|\+\+"
)  # in a line that ends in a semicolon, as clauses do too
# No space is put where lines of unspaced scripts are joined, at a wide comma neither.
_WIDE = CJK_MARKS_AND_KANA + HAN + FULL_WIDTH
_UNSPACED = re.compile(f"[{UNSPACED}{_WIDE}]")
_WIDE_CHARACTER = re.compile(f"[{_WIDE}]")  # two columns
_HYPHENATED = re.compile(r"[^\W\d_][-\u2010]$")
# "half-", "way" is a compound, "Vor-", "und Nachteile" two words.
_WORD_END = re.compile(r"([-\u2010])\n(?!(?:und|oder|bzw|en|of|och|og|eller)\b)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its quotation marks, what stands behind them, and what it may be."""

    quote: str
    content: str
    indent: int
    length: int
    ends: bool
    apart: bool
    is_item: bool

    @classmethod
    def of(cls, raw: str) -> _Line:
        line = raw.expandtabs(8).rstrip()
        quoted = _QUOTED.match(line)
        quote = quoted.group() if quoted else ""
        rest = line[len(quote) :]
        content = rest.strip()
        is_code = bool(_CODE.search(content) or (content.endswith(";") and _STATEMENT.search(content)))
        apart = is_code or bool(_COLUMNS.search(content) or _FIELD.match(content))
        return cls(
            "".join(quote.split()),
            content,
            len(rest) - len(rest.lstrip()),
            len(line) + (0 if line.isascii() else len(_WIDE_CHARACTER.findall(line))),
            bool(_ENDS.search(content)),
            apart,
            bool(_ITEM.match(content)),
        )


@dataclass(frozen=True)
class Layout:
    """A text without the line breaks that a width made.

    Attributes
    ----------
    text : str
        Each hard-wrapped paragraph in its first line, the others of its lines blank.
    page_numbers : tuple of int
        Places of the lines, from 0, that held page numbers; they are blank too.
    """

    text: str
    page_numbers: tuple[int, ...] = ()


def unwrapped(text: str) -> str:
    r"""The text with each hard-wrapped paragraph in its first line, the others of its lines blank.

    So the number of a line leads to its place in the text as it came. Text that is not hard-wrapped is returned
    unchanged.

    Parameters
    ----------
    text : str
        Visible text.

    Examples
    --------
    >>> wrapped = "The harbor works were closed for\nthe winter, the port said, and no\nship may enter.\n\nIt is cold."
    >>> unwrapped(wrapped)
    'The harbor works were closed for the winter, the port said, and no ship may enter.\n\n\n\nIt is cold.'
    """
    return laid_out(text).text


def laid_out(text: str) -> Layout:
    """As :func:`unwrapped`, with the page numbers that stood between the lines and are left out.

    A paragraph goes on behind a page number that stands inside one of its sentences.

    Parameters
    ----------
    text : str
        Visible text.
    """
    made = text.split("\n")
    if len(made) < 2 or not (">" in text or any(map(_may_go_on_here, made))):
        return Layout(text)  # most pages
    numbers = page_numbers(made)
    lines = [_Line.of(line) for line in made]
    for i in numbers:
        lines[i] = _Line.of("")
    places = [i for i, line in enumerate(lines) if line.content]
    if sum(b - a == _DOUBLE for a, b in pairwise(places)) < _ALL_DOUBLE * (len(places) - 1):
        places = list(range(len(lines)))  # else lines are set double: a blank one after each parts nothing
    width = _width([lines[i] for i in places])
    if width is None:
        return Layout(text)
    inside = _blanks_inside(lines, numbers, width)
    starts_at_one = bool(numbers) and made[numbers[0]].strip(" \t-–—") == "1"
    if not inside and not _are_pages(lines, numbers, starts_at_one=starts_at_one):
        for i in numbers:
            lines[i] = _Line.of(made[i])
        numbers = []
    for i in numbers:
        made[i] = ""
    places = [i for i in places if i not in inside]
    first = places[0]
    for before, i in pairwise(places):
        if _goes_on(lines[before], lines[i], width):
            made[first] = _joined(made[first].rstrip(), lines[i].content)
            made[i] = ""
        else:
            first = i
    if any("\n" in line for line in made):
        made = [_WORD_END.sub(r"\1", line).replace("\n", " ") for line in unhyphenated(made)]
    return Layout("\n".join(made), tuple(numbers))


def _blanks_inside(lines: Sequence[_Line], numbers: Sequence[int], width: int) -> set[int]:
    """The blank lines around page numbers that stand inside a sentence."""
    between: set[int] = set()
    for i in numbers:
        before = next((k for k in range(i - 1, -1, -1) if lines[k].content), None)
        after = next((k for k in range(i + 1, len(lines)) if lines[k].content), None)
        if before is None or after is None or lines[before].ends:
            continue
        if _goes_on(lines[before], lines[after], width):
            between.update(range(before + 1, after))
    return between


def _are_pages(lines: Sequence[_Line], numbers: Sequence[int], *, starts_at_one: bool) -> bool:
    """Whether numbers of which none stands inside a sentence are far enough from each other to be of pages."""
    places, minimum = ([0, *numbers], _SHORT_PAGE) if starts_at_one else (numbers, _PAGE)
    if len(places) < 2:
        return False
    return all(sum(bool(line.content) for line in lines[a:b]) >= minimum for a, b in pairwise(places))


def _may_go_on_here(line: str) -> bool:
    """Whether a line can begin inside a sentence: with a letter that is no capital, or behind a mark of quotation."""
    first = line.lstrip()[:1]
    return first.islower() or (first.isalpha() and first.lower() == first.upper()) or (first != "" and first in "|:}")


def _width(lines: Sequence[_Line]) -> int | None:
    """The width at which lines are broken inside sentences; None where they are not."""
    pairs = [pair for pair in pairwise(lines) if _may_go_on(*pair)]
    broken = [pair for pair in pairs if _inside_sentence(*pair)]
    if len(broken) < max(1, _BREAK_SHARE * len(pairs)):
        return None
    widths = np.arange(_MIN_WIDTH, _MAX_WIDTH + 1)
    short = np.array([one.length for one, _ in broken])[:, None]
    long = short + np.array([_next_word(other) for _, other in broken])[:, None]
    at_width = ((short <= widths) & (long > widths * (1 - _SLACK))).sum(axis=0)
    exact = ((short <= widths) & (long > widths)).sum(axis=0)
    blocks = np.array([line.length for line in lines if " " in line.content and not line.apart])[:, None]
    beyond = (blocks > widths).sum(axis=0)
    best = int(np.lexsort((exact, at_width - beyond))[-1])
    if at_width[best] < _AT_WIDTH * len(broken):
        return None
    full = sum(_is_full(*pair, width=int(widths[best])) for pair in pairs)
    if len(broken) < _MIN_BROKEN and (full < _AT_WIDTH * len(pairs) or short.max() < _MIN_WIDTH_OF_FEW):
        return None  # one or two such breaks in a page of blocks are another thing
    near = int((blocks > _LONG_ENOUGH * widths[best]).sum())
    return int(widths[best]) if beyond[best] <= _LONGER * near else None


def _may_go_on(one: _Line, other: _Line) -> bool:
    """Whether two lines can be of one paragraph at all."""
    if not one.content or not other.content or one.quote != other.quote:
        return False
    return not (one.apart or other.apart or other.is_item) and one.length >= _MIN_LENGTH


def _inside_sentence(one: _Line, other: _Line) -> bool:
    """Whether the break between two lines can be nothing but one inside a sentence."""
    first = other.content[0]
    has_case = first.lower() != first.upper()
    return not one.ends and (first.islower() if has_case else first.isalpha())


def _goes_on(one: _Line, other: _Line, width: int) -> bool:
    """Whether a line of a wrapped text goes on with the paragraph of the one before."""
    if not _may_go_on(one, other):
        return False
    inside = _inside_sentence(one, other)
    if other.indent >= one.indent + _INDENT and not inside and not one.is_item:
        return False
    return _is_full(one, other, width=width) or (inside and one.length >= _LONG_ENOUGH * width)


def _is_full(one: _Line, other: _Line, *, width: int) -> bool:
    """Whether the first word of the next line would have passed the width."""
    return one.length + _next_word(other) > width * (1 - _SLACK)


def _next_word(line: _Line) -> int:
    """Columns by which the first word of a line would have made the one before longer."""
    if _UNSPACED.match(line.content):
        return 2
    return len(line.content.split(maxsplit=1)[0]) + 1


def _joined(paragraph: str, content: str) -> str:
    if _HYPHENATED.search(paragraph):
        return f"{paragraph}\n{content}"  # the text as a whole tells whether that is one word
    if _UNSPACED.match(content) and _UNSPACED.match(paragraph[-1:]):
        return paragraph + content
    return f"{paragraph} {content}"

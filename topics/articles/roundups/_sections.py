"""The sections a page may be made of: runs of lines that begin alike, or stand between separators.

They may begin with a headline, a dateline, a bullet or a number. Whether the sections are stories of their own is for
:mod:`topics.articles.roundups._roundup` to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from topics.text._scripts import UNSPACED
from topics.text._sentences import STOPS

WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_BULLET = re.compile(r"(?:[•·▪▫●○◦‣⁃■□►▶▸➤➢★☆+–—*-]|#{1,6})\s+")
_NUMBER = re.compile(r"(?:\(?\d{1,2}[.)]|№\s*\d{1,2}[.:]?)\s+|\d{1,2}[、．]\s*")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CLOSERS = "\"'”’»“）)]*_ "
_TERMINATORS = frozenset(STOPS + ":;：；")
_QUESTION = re.compile(r"[?？؟]\W*$")
_LINK = re.compile(r"https?://|www\.")
_QUOTES = {"“": "”", "„": "“”", "«": "»", "‘": "’", "「": "」", "『": "』", '"': '"'}
_DATELINE = re.compile(r"([^\W\d_][^.!?:;—–]{1,45}?)\s*(?:\([^()]{1,12}\)\s*)?(?:\s[—–-]{1,2}\s|—)\s*(?=\W?[^\W_])")
_LEAD_IN = re.compile(r"([^.!?:;。！？]{3,80})[.:。]\s*(?=\S)")

MIN_SECTIONS = 3
_MAX_HEADLINE_WORDS = 25
_MAX_LEAD_IN_WORDS = 12
_MAX_LABEL_WORDS = 2
_MIN_PROSE_WORDS = 6
_LONG_WORD = 4
_STEM = 5


@dataclass(frozen=True)
class Line:
    """A line with a letter or a digit, or a separator.

    Attributes
    ----------
    index : int
        0-based, among the lines of the body.
    raw, text : str
        As it stands; without bullet, number and marks of emphasis.
    mark : str
        "n" for a number, the character of a bullet, "" for neither.
    n_words : float
        In scripts written without spaces, two characters are one word.
    is_separator, is_question : bool
        Neither letter nor digit; ends with a question mark.
    is_trailer : bool
        A link, or a label that stands on several lines ("Read on", "Source: …").
    is_headline, is_prose : bool
        Looks like a headline, sub-headings included; like a paragraph. Never both.
    """

    index: int
    raw: str
    text: str
    mark: str
    n_words: float
    is_separator: bool
    is_question: bool
    is_trailer: bool
    is_headline: bool
    is_prose: bool


@dataclass(frozen=True)
class Section:
    """What begins with a headline or another opening: `body` below the headline; in `lines` that and a label above."""

    head: str | None
    lines: tuple[Line, ...]
    body: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The body without labels and links."""
        return "\n".join(line.text for line in self.body if not line.is_trailer)

    @property
    def n_prose(self) -> int:
        """Number of paragraphs."""
        return sum(line.is_prose for line in self.body)


@dataclass(frozen=True)
class Proposal:
    """Three sections or more, with the lines above and below them."""

    intro: tuple[Line, ...]
    sections: tuple[Section, ...]
    outro: tuple[Line, ...]


def may_have_sections(rows: Sequence[tuple[int, str]]) -> bool:
    """Whether enough of these stripped lines could begin a section; cheap, for most pages have none."""
    plain = marked = separators = 0
    for _, row in rows:
        if row[0].isalpha():
            plain += len(row) <= 250 and not _ends(row)
            marked += " — " in row[:60] or " – " in row[:60] or " - " in row[:60] or "—" in row[:40]
        elif any(map(str.isalnum, row)):
            plain, marked = plain + 1, marked + 1
        else:
            separators += 1
    return max(plain, marked, separators + 1) >= MIN_SECTIONS


def lines_of(rows: Sequence[tuple[int, str]], title: str | None) -> list[Line]:
    """The lines of a body, given with their indices, stripped, none empty; the page's title is no headline."""
    labels = Counter(_label(row) for _, row in rows)
    lines = [_line(i, row, labels[_label(row)] > 1) for i, row in rows]
    return [replace(line, is_headline=False) if _same(line.text, title) else line for line in lines]


def count_words(text: str) -> float:
    """Words; in scripts written without spaces, two characters are one."""
    n_unspaced = len(_UNSPACED.findall(text))
    return len(WORD.findall(_UNSPACED.sub(" ", text) if n_unspaced else text)) + n_unspaced / 2


def stems(text: str, function_words: frozenset[str] = frozenset()) -> list[str]:
    """Beginnings of the longer words, for inflected forms to meet; pairs of characters where no spaces are written."""
    stems_in_order = []
    for word in WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            stems_in_order += [word[k : k + 2] for k in range(len(word) - 1)]
        elif len(word) >= _LONG_WORD and word not in function_words:
            stems_in_order.append(word[:_STEM])
    return stems_in_order


def unquoted(text: str) -> str | None:
    """What stands between quotation marks that hold the whole text; None where none do."""
    closing = _QUOTES.get(text[:1])
    if closing is None or len(text) < 3 or text[-1] not in closing:
        return None
    depth = 0
    for character in text[1:-1]:
        depth += -1 if character in closing else character == text[0]
        if depth < 0:
            return None
    return text[1:-1].strip()


def by_headlines(lines: Sequence[Line]) -> Proposal | None:
    """Sections that begin with a headline: a line without a terminator above one with."""
    lines = _with_words(lines)
    below = [line for line in lines if not line.is_trailer]
    nexts = {line.index: after for line, after in pairwise(below)}
    starts = []
    for i, line in enumerate(lines):
        after = nexts.get(line.index)
        if after and after.is_prose and (line.is_headline or _is_numbered(line, after)):
            starts.append(i)
    return _cut(lines, starts, headed=True)


def by_datelines(lines: Sequence[Line]) -> Proposal | None:
    """Sections that begin with a place and a dash, each another place."""
    lines = _with_words(lines)
    starts, places = [], set()
    for i, line in enumerate(lines):
        dateline = _DATELINE.match(line.text) if line.is_prose else None
        if dateline and _is_place(dateline[1]):
            starts.append(i)
            places.add(dateline[1].casefold())
    return _cut(lines, starts) if len(places) == len(starts) else None


def by_marks(lines: Sequence[Line]) -> Proposal | None:
    """Sections that begin with the same bullet, or with a number."""
    lines = _with_words(lines)
    marks = Counter(line.mark for line in lines if line.mark and line.is_prose)
    if not marks:
        return None
    mark = marks.most_common(1)[0][0]
    return _cut(lines, [i for i, line in enumerate(lines) if line.mark == mark], lead_in=True)


def by_separators(lines: Sequence[Line]) -> Proposal | None:
    """Sections between lines that have no letter and no digit."""
    starts: list[int] = []
    kept: list[Line] = []
    after = True
    for line in lines:
        if line.is_separator:
            after = True
            continue
        if after:
            starts.append(len(kept))
        kept.append(line)
        after = False
    return _cut(kept, starts)


def first_is_marked(proposal: Proposal) -> bool:
    """Whether the lines above the first headline carry the bullet that the stories below the headlines carry."""
    marks = {section.body[0].mark for section in proposal.sections if section.body}
    return bool(proposal.intro) and marks == {proposal.intro[-1].mark} != {""}


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _TERMINATORS


def _label(row: str) -> str:
    """What lines like "Source: …" have in common; else the whole line."""
    head, colon, _ = row.partition(":")
    return head + colon if len(head.split()) <= 2 else row


def _line(index: int, raw: str, is_repeated: bool) -> Line:
    text, mark = raw.replace("**", ""), ""
    if bullet := _BULLET.match(text):
        text, mark = text[bullet.end() :], text[0]
    if number := _NUMBER.match(text):
        text, mark = text[number.end() :], "n"
    n_words = count_words(text)
    ends, is_question = _ends(text), bool(_QUESTION.search(text))
    is_prose = (ends and n_words >= _MIN_PROSE_WORDS) or n_words > _MAX_HEADLINE_WORDS
    is_trailer = bool(_LINK.search(text)) or (is_repeated and not is_prose)
    first = next((character for character in text if character.isalnum()), "")
    is_headline = (not ends or is_question) and 2 <= n_words <= _MAX_HEADLINE_WORDS and not first.islower()
    return Line(
        index=index,
        raw=raw,
        text=text,
        mark=mark,
        n_words=n_words,
        is_separator=not first,
        is_question=is_question,
        is_trailer=is_trailer,
        is_headline=is_headline and not is_trailer,
        is_prose=is_prose and not is_trailer and not (is_question and is_headline),
    )


def _with_words(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not line.is_separator]


def _same(text: str, title: str | None) -> bool:
    return title is not None and WORD.findall(text.casefold()) == WORD.findall(title.casefold())


def _is_place(text: str) -> bool:
    """A first word in capitals, or up to four words that all begin with one."""
    words = WORD.findall(text)
    return (len(words[0]) > 1 and words[0].isupper()) or (len(words) <= 4 and all(word[0].isupper() for word in words))


def _cut(
    lines: Sequence[Line], starts: Sequence[int], *, headed: bool = False, lead_in: bool = False
) -> Proposal | None:
    """Sections from each start to the next.

    What the last has more than any other, and shares no word with, is the closing of the page.
    """
    if len(starts) < MIN_SECTIONS:
        return None
    tops = [start - headed * _is_label(lines, start) for start in starts]
    if headed and starts[0] - tops[0] and sum(map(int.__sub__, starts, tops)) <= len(starts) / 2:
        tops[0] = starts[0]  # the page's own label or title
    runs = [tuple(lines[top:end]) for top, end in pairwise([*tops, len(lines)])]
    most = max(map(len, runs[:-1]))
    kept, outro = runs[-1][:most], runs[-1][most:]
    if {s for line in outro for s in stems(line.text)} & {s for line in kept for s in stems(line.text)}:
        kept, outro = runs[-1], ()
    sections = []
    for run, start, top in zip([*runs[:-1], kept], starts, tops, strict=True):
        if headed:
            sections.append(Section(lines[start].text, run, run[start - top + 1 :]))
            continue
        head = None
        if lead_in and (lead := _LEAD_IN.match(run[0].text)):
            n_words = count_words(lead[1])
            head = lead[1] if n_words <= min(_MAX_LEAD_IN_WORDS, run[0].n_words / 2) else None
        sections.append(Section(head, run, run))
    return Proposal(tuple(lines[: tops[0]]), tuple(sections), outro)


def _is_numbered(line: Line, after: Line) -> bool:
    """Whether a short numbered line that ends like a sentence is the headline of a longer paragraph without number."""
    return line.mark == "n" and not after.mark and 3 <= line.n_words <= min(_MAX_LEAD_IN_WORDS, after.n_words / 1.5)


def _is_label(lines: Sequence[Line], start: int) -> bool:
    """Whether the line above a headline names the desk it comes from ("World", "SPORT")."""
    above = lines[start - 1] if start else None
    return above is not None and above.n_words <= _MAX_LABEL_WORDS and not (above.is_prose or above.is_trailer)

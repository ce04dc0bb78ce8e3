"""Date, byline and source credit in the lines above an article.

Evidence that holds in any language: the article's own date stands between its headline and its body, in a line that
holds little else; dates that stand above or below one headline after the other, written alike, are a list's. Of two
dates beside one another the earlier is that of publication. What is not certain is left out.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from topics.articles.metadata._bylines import bare_line, byline, source_credit
from topics.articles.metadata._dates import DayFirst, Stamp, cut_stamp
from topics.articles.metadata._horizon import Horizon
from topics.articles.metadata._written import Written, at_start, written_dates
from topics.text._detection import detect_language

__all__ = ["Head", "cut_stamp", "read_head"]

_DATELINE = re.compile(r"^[\"“«]?(?P<place>[^\d.!?]{0,60}?)$")
_AFTER_DATELINE = re.compile(r"[,.]?\s*(?:\([^)]{1,40}\)|/[^/]{1,40}/)?\s*(?:--|[-–—])\s")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_LINE_LENGTH = 250
_MAX_LINES_TO_BODY = 30
_LINES_BEFORE_TITLE = 4
_LINES_TO_TITLE, _LINES_TO_ANOTHER = 3, 15
_MAX_WORDS_BETWEEN = 3


@dataclass(frozen=True)
class Head:
    """What the lines above an article say.

    Attributes
    ----------
    stamp : Stamp or None
        When it was published.
    author, source : str or None
        As written, without the words around the name.
    lines : frozenset of int
        Indices of the lines above that hold nothing else.
    """

    stamp: Stamp | None
    author: str | None
    source: str | None
    lines: frozenset[int]


@dataclass(frozen=True)
class _Dated:
    """A line with a date that may be the article's; ``rank`` counts the lines that are not blank."""

    index: int
    rank: int
    stamp: Stamp | None
    form: str
    updated: bool
    alone: bool = True
    clock_lines: tuple[int, ...] = ()


def read_head(
    above: Sequence[str],
    body_first: str = "",
    *,
    title: str | None = None,
    day_first: bool | None = None,
    horizon: Horizon | None = None,
    lang: str | None = None,
) -> Head:
    """Date, byline and source credit of an article, and the lines that hold only these.

    Parameters
    ----------
    above : sequence of str
        The lines above the body, from the top of the page.
    body_first : str
        The first line of the body.
    title : str or None
        The headline, where it is known.
    day_first : bool or None
        What 03/04/2023 begins with; None asks the other dates of the head.
    horizon : Horizon or None
        What no article is younger than.
    lang : str or None
        ISO 639-1 code; None asks the body's first line, where it matters.
    """
    dated, anchor = _dated_lines(above, body_first, title, day_first, horizon, lang)
    own = _own(dated, anchor)
    stamped = [d for d in dated if own and own.stamp and d.stamp and abs(d.rank - own.rank) <= _LINES_TO_TITLE]
    own_lines = {i for d in stamped if d.alone for i in (d.index, *d.clock_lines)}
    author = source = None
    first, title_at = _zone(above, anchor, own)
    spoken = byline(above, first, stamped_at=frozenset(d.index for d in stamped), title_at=title_at, body=body_first)
    if spoken:
        author, source = spoken.name, spoken.agency
        own_lines.update(spoken.lines)
    if credit := source_credit(above, first):
        source = credit.name
        own_lines.update(credit.lines)
    return Head(own.stamp if own else None, author, source, frozenset(i for i in own_lines if i < len(above)))


def _dated_lines(
    above: Sequence[str],
    body_first: str,
    title: str | None,
    day_first: bool | None,
    horizon: Horizon | None,
    lang: str | None,
) -> tuple[list[_Dated], int | None]:
    """The lines that hold a date and little else, and the rank of the headline."""
    ranks, rank = [], -1
    for line in above:
        rank += bool(line.strip())
        ranks.append(rank)
    known = _folded(cut_stamp(title)[0]) if title else ""
    anchor = next((i for i in reversed(range(len(above))) if known and known == _folded(cut_stamp(above[i])[0])), None)
    if day_first is None:
        order = DayFirst()
        for line in above:
            order.add(line, None)
        day_first = order.of(None)
    dated: list[_Dated] = []
    for i, line in enumerate(above):
        text, lead = cut_stamp(line)
        if lead and (horizon is None or horizon.admits(lead.date)):
            alone = len(_WORD.findall(text)) <= _MAX_WORDS_BETWEEN
            dated.append(_Dated(i, ranks[i], lead, "date", False, alone))
        if len(text) > _MAX_LINE_LENGTH or (known and _folded(text) == known):
            continue
        dates = written_dates(text, day_first=day_first, horizon=horizon, lang=lang)
        if lang is None and any(date.stamp is None for date in dates):
            lang = detect_language(body_first) or ""
            dates = written_dates(text, day_first=day_first, horizon=horizon, lang=lang)
        if dates and bare_line(text, dates) and (chosen := _one_of(dates)):
            dated.append(_with_clock_below(above, i, ranks[i], text, chosen))
    if not dated and (stamp := _dateline(body_first, day_first, horizon, lang)):
        dated.append(_Dated(len(above), rank + 1, stamp, "date", False, False))
    near = [d for d in dated if d.form == "date" or d.rank > rank - _MAX_LINES_TO_BODY]
    if anchor is None or ranks[anchor] <= rank - _MAX_LINES_TO_BODY:  # the name of the page, far above
        return near, None
    beside = [d for d in dated if d.form == "date" or d.rank >= ranks[anchor] - _LINES_BEFORE_TITLE]
    return beside or near, ranks[anchor]


def _one_of(dates: Sequence[Written]) -> Written | None:
    """The date of publication in one line: the earliest; None where the line is itself a list."""
    published = [date for date in dates if not date.updated] or list(dates)
    if len(published) > 2 or len({date.stamp is None for date in published}) > 1:
        return None
    earliest = min(published, key=lambda date: date.stamp.date.date() if date.stamp else dt.date.max)
    day = earliest.stamp.date.date() if earliest.stamp else None
    fine = (d for d in published if d.stamp and d.stamp.precision == "minute" and d.stamp.date.date() == day)
    return next(fine, earliest)


def _with_clock_below(above: Sequence[str], i: int, rank: int, text: str, date: Written) -> _Dated:
    """A dated line; with the time of day where that stands alone in the next line, or the one after a short word."""
    plain = _Dated(i, rank, date.stamp, date.form, date.updated)
    if date.stamp is None or date.stamp.precision == "minute" or date.end < len(text.rstrip()):
        return plain
    below = [j for j in range(i + 1, min(i + 6, len(above))) if above[j].strip()][:2]
    for n in range(1, len(below) + 1):
        clock = " ".join(above[j].strip() for j in below[:n])
        if at_start(" " + clock):
            day = date.stamp.date.date().isoformat()
            joined = written_dates(f"{day} {clock}")
            if len(joined) == 1 and joined[0].stamp and joined[0].stamp.precision == "minute":
                return replace(plain, stamp=joined[0].stamp, clock_lines=tuple(below[:n]))
    return plain


def _dateline(body_first: str, day_first: bool | None, horizon: Horizon | None, lang: str | None) -> Stamp | None:
    """The date with which a body begins: a scraper's, or that of "KYIV, May 31, 2024 (Agency) -"."""
    text, lead = cut_stamp(body_first[:_MAX_LINE_LENGTH])
    if lead:
        return lead if horizon is None or horizon.admits(lead.date) else None
    dates = written_dates(text[:120], day_first=day_first, horizon=horizon, lang=lang)
    if not dates or not (place := _DATELINE.match(text[: dates[0].start])):
        return None
    words = _WORD.findall(place["place"])
    named = len(words) <= 5 and all(not word[0].islower() for word in words)
    return dates[0].stamp if named and _AFTER_DATELINE.match(text, dates[0].end) else None


def _own(dated: Sequence[_Dated], title_rank: int | None) -> _Dated | None:
    """The article's own of the dated lines; None where that is not certain."""
    by_scraper = [d for d in dated if d.form == "date"]
    candidates = [d for d in dated if d.form != "date"]
    if by_scraper:  # says the day; a line of that day may say the time
        day = by_scraper[0].stamp and by_scraper[0].stamp.date.date()
        same = [d for d in candidates if d.stamp and d.stamp.date.date() == day]
        own = _own(same, title_rank)
        finer = own and own.stamp and own.stamp.precision == "minute"
        return own if finer else by_scraper[0]
    listed = _listed(candidates)
    if listed:
        if title_rank is None:
            candidates = [d for d in candidates if d not in listed]
        else:
            candidates = _beside_title(candidates, listed, title_rank)
    return _published(candidates, title_rank)


def _listed(candidates: Sequence[_Dated]) -> list[_Dated]:
    """The dates of a list: written alike, not the same, with other lines between them."""
    alike = Counter(d.form for d in candidates if not d.updated)
    listed = []
    for form, n in alike.items():
        members = [d for d in candidates if d.form == form and not d.updated]
        apart = [b.rank - a.rank > 1 for a, b in itertools.pairwise(members)]
        if n > 1 and any(apart) and len({d.stamp for d in members}) > 1:
            listed += members
    return listed


def _beside_title(candidates: Sequence[_Dated], listed: Sequence[_Dated], title_rank: int) -> list[_Dated]:
    """The date that the headline has to itself, where a list of others stands about it."""
    under = [d for d in candidates if d.rank == title_rank + 1]
    over = [d for d in candidates if d.rank == title_rank - 1]
    above = [d for d in listed if d.rank < title_rank]
    below = [d for d in listed if d.rank > title_rank]
    if under or (over and (not below or len(above) == 1)):
        return under or over
    if len(below) == 1 and below[0].rank - title_rank <= _LINES_TO_TITLE:
        return below
    return [d for d in candidates if d not in listed and d.rank > title_rank]


def _published(candidates: Sequence[_Dated], title_rank: int | None) -> _Dated | None:
    """The date of publication among dates that are no list's."""
    candidates = [d for d in candidates if not d.updated] or list(candidates)
    if not candidates:
        return None
    days = {d.stamp and d.stamp.date.date() for d in candidates}
    if len(days) > 1:
        below = [] if title_rank is None else [d for d in candidates if d.rank > title_rank]
        if below and len(below) < len(candidates):
            return _published(below, None)
        *above, lowest = sorted(candidates, key=lambda d: d.rank)
        if lowest.rank - above[-1].rank >= _LINES_TO_ANOTHER:
            return lowest  # the others belong to something further up, such as the name of the site
        if lowest.rank - above[0].rank > len(candidates) or None in days:
            return None
        first = min(d.stamp.date for d in candidates if d.stamp).date()
        candidates = [d for d in candidates if d.stamp and d.stamp.date.date() == first]
    fine = [d for d in candidates if d.stamp and d.stamp.precision == "minute"]
    return min(fine, key=lambda d: (d.stamp.date if d.stamp else dt.datetime.max, d.rank)) if fine else candidates[0]


def _zone(above: Sequence[str], title_rank: int | None, own: _Dated | None) -> tuple[int, int | None]:
    """Index from which bylines are looked for, and that of the headline."""
    filled = [i for i, line in enumerate(above) if line.strip()]
    if title_rank is not None:
        first = min(title_rank, own.rank - 1 if own else title_rank) - _LINES_TO_TITLE
        return filled[max(0, first)], filled[title_rank]
    last = len(filled) - _MAX_LINES_TO_BODY
    if own and own.form != "date":
        last = max(last, own.rank - _LINES_TO_TITLE - 1)
    return (filled[max(0, last)] if filled else 0), None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()

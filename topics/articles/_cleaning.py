"""An article's page → the article on it: body, title, date, byline, and what became of every line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from topics.articles._article import Article
from topics.articles._gathering import Gathered
from topics.articles.boilerplate._page import Line, Page, take_apart
from topics.articles.boilerplate._paragraphs import laid_out
from topics.articles.boilerplate._recurrence import reads_like_prose
from topics.articles.metadata._bylines import is_byline
from topics.articles.metadata._dates import Stamp, parse_date
from topics.articles.metadata._heads import Head, cut_stamp, read_head
from topics.articles.metadata._horizon import Horizon, Span, latest_today
from topics.articles.metadata._languages import language_code
from topics.articles.roundups._roundup import RoundUp, Segment, round_up
from topics.config import ArticlesParams
from topics.text._detection import detect_language

DATE_OR_BYLINE = "date or byline"
STOCK = "sentences that recur on other pages"
PAGE_NUMBER = "page number"
STAMP_BEFORE_TEXT = "date before the text"
_MAY_BE_TITLE = ("outside the article", "short line")
_MIN_TITLE_WORDS = 3
_BLANKS = re.compile(r"\n(?:[ \t]*\n){2,}")  # paragraphs that were hard-wrapped leave them
ROUND_UP_FRAME = "around the stories of a round-up"


@dataclass(frozen=True)
class CleanPage:
    """A page, cleaned.

    Attributes
    ----------
    doc_id : str
        The page's.
    title, author, source : str or None
        Given, or found on the page.
    stamp : Stamp or None
        When it was published.
    body : str
        The article.
    lines : tuple of Line
        Every line of the page that is not blank, with the reason for which it was taken off, if it was.
    stories : tuple of Segment
        The stories of a round-up; none where the page is one article.
    date_left : {"unread", "future"} or None
        Why the date given was left out: it cannot be read for certain, or is still to come.
    dates : Span
        The dates on it that hang on the day.
    """

    doc_id: str
    title: str | None
    author: str | None
    source: str | None
    stamp: Stamp | None
    body: str
    lines: tuple[Line, ...]
    stories: tuple[Segment, ...]
    date_left: Literal["unread", "future"] | None = None
    dates: Span = field(default_factory=Span)


class Cleaner:
    """Cleans pages with what all of them together show.

    Parameters
    ----------
    gathered : Gathered
        All pages.
    params : ArticlesParams
        ``clean`` says how much goes, ``split_round_ups`` whether round-ups are split.
    """

    def __init__(self, gathered: Gathered, params: ArticlesParams) -> None:
        self._params = params
        self._day_first = gathered.day_first
        self._boilerplate = gathered.recurrence.boilerplate()
        self._latest = latest_today()

    def clean(self, article: Article, text: str) -> CleanPage:
        """The page of an article, cleaned.

        Parameters
        ----------
        article : Article
            What is known of it.
        text : str
            Its repaired text.
        """
        keep_all = self._params.clean == "keep-all"
        horizon = Horizon(self._latest)
        rest, before = cut_stamp(text)
        if not rest.strip():  # a stamp alone is what there is to keep
            rest, before = text, None
        removed = [Line(1, text[: len(text) - len(rest)].strip(), STAMP_BEFORE_TEXT)] if before else []
        text_before = rest
        laid, as_it_came = laid_out(rest), rest.split("\n")
        removed += [Line(i + 1, as_it_came[i].strip(), PAGE_NUMBER) for i in laid.page_numbers]
        rest = laid.text
        # Where the article starts is looked for even if every line is kept: its head tells title and date.
        strength = "standard" if self._params.clean == "keep-all" else self._params.clean
        if strength == "standard" and laid.text != text_before:
            strength = "light"  # hard-wrapped text is mail, wire or print: a short line is where it was broken, no menu
        heads: list[Head] = []
        title = article.title
        while True:
            page = take_apart(rest, self._boilerplate.on(article.source), strength=strength, title=title)
            title = title or page.title
            heads.append(self._head(page, title, source=article.source, horizon=horizon))
            at = {page.lines[i].number for i in heads[-1].lines if page.lines[i].reason != "title"}
            lines = [replace(line, reason=DATE_OR_BYLINE) if line.number in at else line for line in page.lines]
            kept = {line.number for line in lines if line.reason is None}
            if keep_all or at.isdisjoint(line.number for line in page.lines if line.reason is None):
                break
            # A date or byline was kept with the article: it goes, and what is left is looked at again.
            removed += [line for line in lines if line.reason]
            rest = "\n".join(line if i in kept else "" for i, line in enumerate(rest.split("\n"), start=1))
        given = self._given_date(article, page.body, horizon=horizon)
        stamp = _finest(given, *(head.stamp for head in heads), before)
        date_left = self._date_left(article, page.body) if given is None else None
        author = article.author or next((head.author for head in heads if head.author), None)
        source = article.source or next((head.source for head in heads if head.source), None)
        if keep_all:
            body, lines = text, [replace(line, reason=None) for line in page.lines]
        else:
            body, lines = _BLANKS.sub("\n\n", page.body), sorted([*removed, *lines], key=lambda line: line.number)
            body, lines = self._without_stock(body, lines, source=article.source)
        stories: Sequence[Segment] = ()
        if self._params.split_round_ups and (split := round_up(body, title=title)):
            stories = split.segments
            title = article.title or _title_of_all(title, stories, lines)
            lines = _framed(lines, split, title=title)
        return CleanPage(
            article.doc_id, title, author, source, stamp, body, tuple(lines), tuple(stories), date_left, horizon.span
        )

    def _without_stock(self, body: str, lines: list[Line], *, source: str | None) -> tuple[str, list[Line]]:
        """An article in one line without the stock sentences that it begins and ends with."""
        if len(lines) != 1 or lines[0].reason is not None:
            return body, lines
        number, whole = lines[0].number, lines[0].text
        start, stop = self._boilerplate.own_part(whole, source)
        own = whole[start:stop].strip()
        parts = ((whole[:start], STOCK), (own, None), (whole[stop:], STOCK))
        pieces = [Line(number, part.strip(), why) for part, why in parts if part.strip()]
        return (own, pieces) if len(pieces) > 1 else (body, lines)

    def _head(self, page: Page, title: str | None, *, source: str | None, horizon: Horizon) -> Head:
        """What the lines above the article say."""
        kept = [i for i, line in enumerate(page.lines) if line.reason is None]
        # A date or byline is a short line, and may have been kept with the article.
        prose = (i for i in kept if reads_like_prose(page.lines[i].text) and not is_byline(page.lines[i].text))
        first = next(prose, kept[0] if kept else 0)
        above = [line.text for line in page.lines[:first]]
        body_first = page.lines[first].text if page.lines else ""
        day_first = self._day_first.of(source)
        return read_head(above, body_first, title=title, day_first=day_first, horizon=horizon)

    def _given_date(self, article: Article, body: str, *, horizon: Horizon) -> Stamp | None:
        """When it was published, as the table says."""
        return self._parse(article, body, horizon=horizon) if _has_date(article) else None

    def _date_left(self, article: Article, body: str) -> Literal["unread", "future"] | None:
        """Why the table's date says nothing."""
        if not _has_date(article):
            return None
        return "unread" if self._parse(article, body, horizon=None) is None else "future"

    def _parse(self, article: Article, body: str, *, horizon: Horizon | None) -> Stamp | None:
        """A date of the table; the article's language settles months that two languages name alike, and Thai years."""
        day_first, serials = self._day_first.of(article.source), self._day_first.serials
        given = language_code(article.lang) if article.lang else None
        stamp = parse_date(article.date, day_first=day_first, horizon=horizon, serials=serials, lang=given)
        if stamp is None and isinstance(article.date, str) and (lang := detect_language(body)):
            stamp = parse_date(article.date, day_first=day_first, horizon=horizon, serials=serials, lang=lang)
        return stamp


def _has_date(article: Article) -> bool:
    return article.date is not None and bool(str(article.date).strip())


def _finest(*stamps: Stamp | None) -> Stamp | None:
    """The first stamp, or a finer one that names the same day."""
    known = [stamp for stamp in stamps if stamp]
    if not known or known[0].precision == "minute":
        return known[0] if known else None
    finer = (stamp for stamp in known if stamp.precision == "minute" and stamp.date.date() == known[0].date.date())
    return next(finer, known[0])


def _title_of_all(title: str | None, stories: Sequence[Segment], lines: Sequence[Line]) -> str | None:
    """The headline of a round-up; where that of its first story was chosen, the first likely line above."""
    title_number = next((line.number for line in lines if line.text == title), None)
    first = stories[0].title
    if title is None or first is None or first not in title or title_number is None:
        return title
    above = (line for line in lines if line.number < title_number and line.reason in _MAY_BE_TITLE)
    return next((line.text for line in above if len(line.text.split()) >= _MIN_TITLE_WORDS), None)


def _framed(lines: Sequence[Line], split: RoundUp, *, title: str | None) -> list[Line]:
    """The lines of a round-up, those before its first and after its last story, and mere separators, taken off."""
    around = Counter(line.strip() for line in f"{split.intro}\n{split.outro}".split("\n") if line.strip())
    framed = []
    for line in lines:
        if line.reason in _MAY_BE_TITLE and line.text == title:
            line = replace(line, reason="title")
        elif line.reason is None and (around[line.text] > 0 or not any(map(str.isalnum, line.text))):
            around[line.text] -= 1
            line = replace(line, reason="title" if line.text == title else ROUND_UP_FRAME)
        framed.append(line)
    return framed

"""Gathered articles → documents and their texts, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from topics._say import count, verb
from topics.articles._article import Article
from topics.articles._cleaning import Cleaner, CleanPage
from topics.articles._gathering import Gathered, Pages, is_page
from topics.articles._losses import Losses
from topics.articles._scratch import Texts
from topics.articles._workers import Workers
from topics.articles.duplicates._sketches import Sketch, Sketches, sketch
from topics.articles.metadata._dates import Stamp, parse_date
from topics.articles.metadata._horizon import Span
from topics.articles.metadata._languages import detect_language, foreign_languages, language_code, say_shares
from topics.articles.roundups._roundup import round_up
from topics.config import ArticlesParams

_OF_LINES = 5  # times as long takes a character of a page of several lines


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of one document, and what is known of it from the text alone."""

    text: str
    title: str | None
    lang: str | None
    other_langs: tuple[str, ...]
    sketch: Sketch | None


@dataclass(frozen=True)
class _Maker:
    """Article and its text → the page cleaned, the texts of its documents, and whether it is a round-up left whole."""

    cleaner: Cleaner | None
    pages: Pages
    whole: bool
    with_sketches: bool

    def __call__(self, item: tuple[Article, str]) -> tuple[CleanPage | None, list[_Part], bool]:
        article, text = item
        if self.cleaner is None or not is_page(text, self.pages):
            return None, [self._part(article, text, article.title, is_page=False)], False
        page = self.cleaner.clean(article, text)
        is_whole_round_up = self.whole and round_up(page.body, title=page.title) is not None
        parts = [self._part(article, story.text, story.title) for story in page.stories]
        return page, parts or [self._part(article, page.body, page.title)], is_whole_round_up

    def _part(self, article: Article, text: str, title: str | None, *, is_page: bool = True) -> _Part:
        lang = _given(article)
        if self.cleaner is None:
            return _Part(text, title, lang, (), None)
        # Among pages, whose languages are known, those of the other texts count as well.
        lang = lang or detect_language(text)
        sketched = sketch(text) if self.with_sketches and is_page else None
        return _Part(text, title, lang, tuple(foreign_languages(text, lang)), sketched)

    def weigh(self, item: tuple[Article, str]) -> int:
        """How much work a page is, in characters of a page of one line; a plain text is none."""
        text = item[1]
        if self.cleaner is None or not is_page(text, self.pages):
            return 0
        return len(text) * (_OF_LINES if "\n" in text else 1)


def _maker(gathered: Gathered, params: ArticlesParams, *, pages: Pages, whole: bool) -> _Maker:
    params = params.model_copy(update={"split_round_ups": params.split_round_ups and not whole})
    cleaner = Cleaner(gathered, params) if any(is_page(text, pages) for text in gathered.texts) else None
    return _Maker(cleaner, pages, whole, with_sketches=params.duplicates == "near")


def _name_of(item: tuple[Article, str]) -> str:
    article = item[0]
    return f"{article.file}, row {article.row} (id {article.doc_id!r})"


class Documents:
    """The documents of gathered articles, and their texts.

    Parameters
    ----------
    gathered : Gathered
        What was read.
    params : ArticlesParams
        ``clean``, ``copies`` and ``split_round_ups`` say what becomes of a page.
    pages : {"all", "lines", "none"}
        Which texts are looked through for title, date, byline and language; the others are taken as they are.
    whole : bool
        Whether every page stays one document; round-ups are only counted.
    workers : Workers or None
        Processes that share the work; None keeps to this one.

    Attributes
    ----------
    items : list of Article
        By id, once they are made.
    texts : Texts
        Their texts, in the order they were made.
    sketches : Sketches
        Of the texts of pages, by their place, where near-duplicates are looked for.
    dates : Span
        The dates on all pages that hang on the day.
    """

    def __init__(
        self,
        gathered: Gathered,
        params: ArticlesParams,
        *,
        pages: Pages,
        whole: bool = False,
        workers: Workers | None = None,
    ) -> None:
        self._gathered = gathered
        self._maker = _maker(gathered, params, pages=pages, whole=whole)
        self._workers = workers or Workers(1)
        self._n_whole = 0
        self._ids = {article.doc_id for article in gathered.items}
        self._n_removed: Counter[str] = Counter()
        self._n_stories: Counter[str] = Counter()
        self._n_unread = self._n_future = self._n_without_zone = 0
        self._losses = Losses()
        self.items: list[Article] = []
        self.texts = Texts()
        self.sketches = Sketches()
        self.dates = Span()

    def fill(self, on_page: Callable[[], object]) -> Iterator[list[Any]]:
        """Make the documents; the lines that were taken off on the way: id, line number, line, reason.

        Parameters
        ----------
        on_page : callable
            Called when a page is done.
        """
        gathered = self._gathered
        as_is = self._maker.cleaner is None
        pages = (
            (article if as_is else article.with_({"extra": {}, "rows": ()}), gathered.texts[article.place])
            for article in gathered.items
        )
        every = self._workers.map(self._maker, pages, weigh=self._maker.weigh, name=_name_of)
        for article, (page, parts, is_whole_round_up) in zip(gathered.items, every, strict=True):
            self._add(article, page, parts)
            self._n_whole += is_whole_round_up
            if page is not None:
                self._count(page)
                for line in page.lines:
                    if line.reason:
                        yield [article.doc_id, line.number, line.text, line.reason]
            on_page()
        self.items.sort(key=lambda document: document.doc_id)

    def _count(self, page: CleanPage) -> None:
        self._losses.add(page)
        self.dates = self.dates.joined(page.dates)
        self._n_stories[page.doc_id] = len(page.stories)
        self._n_removed[page.doc_id] += sum(bool(line.reason) for line in page.lines)
        self._n_unread += page.date_left == "unread"
        self._n_future += page.date_left == "future"
        self._n_without_zone += page.stamp is not None and page.stamp.precision == "minute" and not page.stamp.had_zone

    def _add(self, article: Article, page: CleanPage | None, parts: Sequence[_Part]) -> None:
        """Add the documents of an article: itself, or the stories of a round-up."""
        is_split = page is not None and bool(page.stories)
        width = len(str(len(parts)))
        stamp = page.stamp if page else self._stamp_of(article)
        for number, part in enumerate(parts, start=1):
            doc_id = f"{article.doc_id}#{number:0{width}d}" if is_split else article.doc_id
            while is_split and doc_id in self._ids:
                doc_id += "#"
            place = self.texts.append(part.text)
            if part.sketch is not None:
                self.sketches.add(place, part.sketch)
            self.items.append(
                article.with_(
                    {
                        "doc_id": doc_id,
                        "place": place,
                        "title": part.title,
                        "lang": part.lang,
                        "other_langs": part.other_langs,
                        "source": page.source if page else article.source,
                        "author": page.author if page else article.author,
                        "date": stamp.date if stamp else None,
                        "date_precision": stamp.precision if stamp else None,
                        "parent_id": article.doc_id if is_split else None,
                        "parent_title": page.title if page and is_split else None,
                        "is_page": page is not None,
                    }
                )
            )

    def _stamp_of(self, article: Article) -> Stamp | None:
        """The date of a text that is taken as it is, if there is one."""
        if article.date is None:
            return None
        stamp = parse_date(article.date, day_first=self._gathered.day_first.of(article.source), lang=article.lang)
        self._n_unread += stamp is None
        return stamp

    def losses(self) -> list[str]:
        """Whether cleaning took more than a reader expects, in a sentence."""
        return self._losses.notes()

    def notes(self) -> list[str]:
        """What was done, in sentences."""
        if self._maker.cleaner is None:
            return self._date_notes()
        notes = []
        if removed := +self._n_removed:
            n_lines, n_pages = removed.total(), len(removed)
            notes.append(
                f"{count(n_lines, 'line')} of boilerplate, headlines and bylines "
                f"{verb(n_lines, 'was', 'were')} removed from {count(n_pages, 'article')}"
            )
        if stories := +self._n_stories:
            notes.append(
                f"{count(len(stories), 'round-up')} {verb(len(stories), 'was', 'were')} split into "
                f"{count(stories.total(), 'story', 'stories')}"
            )
        if n := self._n_whole:
            notes.append(
                f"{count(n, 'round-up')} of several stories {verb(n, 'was', 'were')} left whole: "
                "each row is one document here"
            )
        notes += self._date_notes()
        mixed = sum(bool(document.other_langs) for document in self.items)
        return notes + say_shares(Counter(document.lang for document in self.items), mixed)

    def _date_notes(self) -> list[str]:
        """What became of dates, in sentences."""
        notes = []
        if self._n_unread:
            notes.append(
                f"{count(n := self._n_unread, 'date')} could not be read for certain and "
                f"{verb(n, 'was', 'were')} left empty"
            )
        if n := self._n_future:
            notes.append(
                f"{count(n, 'date')} {verb(n, 'lies', 'lie')} in the future and {verb(n, 'was', 'were')} left empty"
            )
        if self._n_without_zone:
            notes.append(
                f"{count(n := self._n_without_zone, 'time')} of day came without a time zone and "
                f"{verb(n, 'was', 'were')} treated as UTC"
            )
        return notes


def _given(article: Article) -> str | None:
    """Code of the language the table names, or its own word where that is none we know."""
    return (language_code(article.lang) or article.lang.casefold()) if article.lang else None

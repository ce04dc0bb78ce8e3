"""Drafts → documents and their texts, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from topics._say import count, verb
from topics.articles.cleaning import Cleaner, CleanPage
from topics.articles.drafts import Draft, Drafts, Pages, is_page
from topics.articles.duplicates import Sketch, Sketches, sketch
from topics.articles.losses import Losses
from topics.articles.metadata.languages import detect_language, foreign_languages, language_code, say_shares
from topics.articles.roundups.roundup import round_up
from topics.articles.scratch import Texts
from topics.articles.workers import Workers
from topics.config import ArticlesParams

_OF_LINES = 5  # times as long takes a character of a page of several lines


@dataclass(frozen=True, slots=True)
class Document:
    """One document: an article, or one story of a round-up.

    Attributes
    ----------
    doc_id : str
        The page's, with ``#`` and a number for a story of a round-up.
    place : int
        Of its text among :attr:`Documents.texts`.
    title, lang, source, author, url : str or None
        Given, or found on the page.
    date : datetime or None
        UTC.
    date_precision : str or None
        ``"day"`` or ``"minute"``.
    other_langs : list of str
        Languages of paragraphs that are in another one than ``lang``.
    parent_id, parent_title : str or None
        The round-up's page.
    extra : dict
        The user's further columns.
    rows : tuple of int
        Its page's place among all rows; see :class:`Draft`.
    is_page : bool
        Whether it was cleaned as a page.
    """

    doc_id: str
    place: int
    title: str | None
    lang: str | None
    other_langs: list[str]
    source: str | None
    author: str | None
    url: str | None
    date: datetime | None
    date_precision: str | None
    parent_id: str | None
    parent_title: str | None
    extra: dict[str, Any]
    rows: tuple[int, ...]
    is_page: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of one document, and what is known of it from the text alone."""

    text: str
    title: str | None
    lang: str | None
    other_langs: list[str]
    sketch: Sketch | None


@dataclass(frozen=True)
class _Maker:
    """Draft and text → the page cleaned, the texts of its documents, and whether it is a round-up left whole."""

    cleaner: Cleaner | None
    pages: Pages
    whole: bool
    with_sketches: bool

    def __call__(self, item: tuple[Draft, str]) -> tuple[CleanPage | None, list[_Part], bool]:
        draft, text = item
        if self.cleaner is None or not is_page(text, self.pages):
            return None, [self._part(draft, text, draft.title, is_page=False)], False
        page = self.cleaner.clean(draft, text)
        is_whole_round_up = self.whole and round_up(page.body, title=page.title) is not None
        parts = [self._part(draft, story.text, story.title) for story in page.stories]
        return page, parts or [self._part(draft, page.body, page.title)], is_whole_round_up

    def _part(self, draft: Draft, text: str, title: str | None, *, is_page: bool = True) -> _Part:
        lang = _given(draft)
        if self.cleaner is None:
            return _Part(text, title, lang, [], None)
        # Among pages, whose languages are known, those of the other texts count as well.
        lang = lang or detect_language(text)
        sketched = sketch(text) if self.with_sketches and is_page else None
        return _Part(text, title, lang, foreign_languages(text, lang), sketched)

    def weigh(self, item: tuple[Draft, str]) -> int:
        """How much work a page is, in characters of a page of one line; a plain text is none."""
        text = item[1]
        if self.cleaner is None or not is_page(text, self.pages):
            return 0
        return len(text) * (_OF_LINES if "\n" in text else 1)


def _maker(drafts: Drafts, params: ArticlesParams, *, pages: Pages, whole: bool) -> _Maker:
    params = params.model_copy(update={"split_round_ups": params.split_round_ups and not whole})
    cleaner = Cleaner(drafts, params) if any(is_page(text, pages) for text in drafts.texts) else None
    return _Maker(cleaner, pages, whole, with_sketches=params.copies == "near")


def _name_of(item: tuple[Draft, str]) -> str:
    draft = item[0]
    return f"{draft.at[0]}, row {draft.at[1]} (id {draft.doc_id!r})"


class Documents:
    """The documents of drafts, and their texts.

    Parameters
    ----------
    drafts : Drafts
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
    items : list of Document
        By id, once they are made.
    texts : Texts
        Their texts, in the order they were made.
    sketches : Sketches
        Of the texts of pages, by their place, where near-duplicates are looked for.
    """

    def __init__(
        self,
        drafts: Drafts,
        params: ArticlesParams,
        *,
        pages: Pages,
        whole: bool = False,
        workers: Workers | None = None,
    ) -> None:
        self._drafts = drafts
        self._maker = _maker(drafts, params, pages=pages, whole=whole)
        self._workers = workers or Workers(1)
        self._n_whole = 0
        self._ids = {draft.doc_id for draft in drafts.items}
        self._n_removed: Counter[str] = Counter()
        self._n_stories: Counter[str] = Counter()
        self._n_unread = self._n_future = self._n_without_zone = 0
        self._losses = Losses()
        self.items: list[Document] = []
        self.texts = Texts()
        self.sketches = Sketches()

    def fill(self, on_page: Callable[[], object]) -> Iterator[list[Any]]:
        """Make the documents; the lines that were taken off on the way: id, line number, line, reason.

        Parameters
        ----------
        on_page : callable
            Called when a page is done.
        """
        drafts = self._drafts
        as_is = self._maker.cleaner is None
        pages = (
            (draft if as_is else replace(draft, extra={}, rows=()), drafts.texts[draft.place]) for draft in drafts.items
        )
        every = self._workers.map(self._maker, pages, weigh=self._maker.weigh, name=_name_of)
        for draft, (page, parts, is_whole_round_up) in zip(drafts.items, every, strict=True):
            self._add(draft, page, parts)
            self._n_whole += is_whole_round_up
            if page is not None:
                self._count(page)
                for line in page.lines:
                    if line.reason:
                        yield [draft.doc_id, line.number, line.text, line.reason]
            on_page()
        self.items.sort(key=lambda document: document.doc_id)

    def _count(self, page: CleanPage) -> None:
        self._losses.add(page)
        self._n_stories[page.doc_id] = len(page.stories)
        self._n_removed[page.doc_id] += sum(bool(line.reason) for line in page.lines)
        self._n_unread += page.date_left == "unread"
        self._n_future += page.date_left == "future"
        self._n_without_zone += page.stamp is not None and page.stamp.precision == "minute" and not page.stamp.had_zone

    def _add(self, draft: Draft, page: CleanPage | None, parts: Sequence[_Part]) -> None:
        """Add the documents of an article: itself, or the stories of a round-up."""
        is_split = page is not None and bool(page.stories)
        width = len(str(len(parts)))
        stamp = page.stamp if page else None
        for number, part in enumerate(parts, start=1):
            doc_id = f"{draft.doc_id}#{number:0{width}d}" if is_split else draft.doc_id
            while is_split and doc_id in self._ids:
                doc_id += "#"
            place = self.texts.append(part.text)
            if part.sketch is not None:
                self.sketches.add(place, part.sketch)
            self.items.append(
                Document(
                    doc_id=doc_id,
                    place=place,
                    title=part.title,
                    lang=part.lang,
                    other_langs=part.other_langs,
                    source=page.source if page else draft.source,
                    author=page.author if page else draft.author,
                    url=draft.url,
                    date=stamp.date if stamp else None,
                    date_precision=stamp.precision if stamp else None,
                    parent_id=draft.doc_id if is_split else None,
                    parent_title=page.title if page and is_split else None,
                    extra=draft.extra,
                    rows=draft.rows,
                    is_page=page is not None,
                )
            )

    def losses(self) -> list[str]:
        """Whether cleaning took more than a reader expects, in a sentence."""
        return self._losses.notes()

    def notes(self) -> list[str]:
        """What was done, in sentences."""
        if self._maker.cleaner is None:
            return []
        notes = []
        if removed := +self._n_removed:
            n_lines, n_pages = removed.total(), len(removed)
            notes.append(
                f"{count(n_lines, 'line')} of boilerplate, headlines and bylines "
                f"{verb(n_lines, 'was', 'were')} taken off {count(n_pages, 'article')}"
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
                f"{verb(n, 'was', 'were')} taken as UTC"
            )
        mixed = sum(bool(document.other_langs) for document in self.items)
        return notes + say_shares(Counter(document.lang for document in self.items), mixed)


def _given(draft: Draft) -> str | None:
    """Code of the language the table names, or its own word where that is none we know."""
    return (language_code(draft.lang) or draft.lang.casefold()) if draft.lang else None

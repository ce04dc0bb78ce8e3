"""Drafts → documents and their texts, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from topics._say import count, verb
from topics.articles.cleaning import Cleaner, CleanPage
from topics.articles.drafts import Draft, Drafts, Pages, is_page
from topics.articles.facts.dates import Stamp
from topics.articles.facts.languages import detect_language, foreign_languages, language_code, say_shares
from topics.articles.losses import Losses
from topics.articles.scratch import Texts
from topics.articles.stories.roundup import round_up
from topics.config import ArticlesParams


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


class Documents:
    """The documents of drafts, and their texts.

    Parameters
    ----------
    drafts : Drafts
        What was read.
    params : ArticlesParams
        How pages are cleaned.
    pages : {"all", "lines", "none"}
        Which texts are looked through for title, date, byline and language; the others are taken as they are.
    whole : bool
        Whether every page stays one document; round-ups are only counted.

    Attributes
    ----------
    items : list of Document
        By id, once they are made.
    texts : Texts
        Their texts, in the order they were made.
    """

    def __init__(self, drafts: Drafts, params: ArticlesParams, *, pages: Pages, whole: bool = False) -> None:
        params = params.model_copy(update={"split_round_ups": params.split_round_ups and not whole})
        self._drafts = drafts
        self._pages, self._whole = pages, whole
        has_pages = any(is_page(text, pages) for text in drafts.texts)
        self._cleaner = Cleaner(drafts, params) if has_pages else None
        self._n_whole = 0
        self._ids = {draft.doc_id for draft in drafts.items}
        self._n_removed: Counter[str] = Counter()
        self._n_stories: Counter[str] = Counter()
        self._losses = Losses()
        self.items: list[Document] = []
        self.texts = Texts()

    def fill(self, on_page: Callable[[], object]) -> Iterator[list[Any]]:
        """Make the documents; the lines that were taken off on the way: id, line number, line, reason.

        Parameters
        ----------
        on_page : callable
            Called when a page is done.
        """
        for draft in self._drafts.items:
            text = self._drafts.texts[draft.place]
            if self._cleaner is None or not is_page(text, self._pages):
                # Among pages, whose languages are known, those of the other texts count as well.
                lang = _given(draft) or (detect_language(text) if self._cleaner else None)
                self._add(draft, text, title=draft.title, lang=lang, is_page=False)
            else:
                page = self._cleaner.clean(draft, text)
                self._n_whole += self._whole and round_up(page.body, title=page.title) is not None
                self._add_page(draft, page)
                self._losses.add(page)
                for line in page.lines:
                    if line.reason:
                        self._n_removed[draft.doc_id] += 1
                        yield [draft.doc_id, line.number, line.text, line.reason]
            on_page()
        self.items.sort(key=lambda document: document.doc_id)

    def _add_page(self, draft: Draft, page: CleanPage) -> None:
        draft = replace(draft, author=page.author, source=page.source)
        width = len(str(len(page.stories)))
        self._n_stories[draft.doc_id] = len(page.stories)
        for number, story in enumerate(page.stories, start=1):
            doc_id = f"{draft.doc_id}#{number:0{width}d}"
            while doc_id in self._ids:
                doc_id += "#"
            lang = _given(draft) or detect_language(story.text)
            self._add(draft, story.text, title=story.title, lang=lang, stamp=page.stamp, story=(doc_id, page.title))
        if not page.stories:
            lang = _given(draft) or detect_language(page.body)
            self._add(draft, page.body, title=page.title, lang=lang, stamp=page.stamp)

    def _add(
        self,
        draft: Draft,
        text: str,
        *,
        title: str | None,
        lang: str | None,
        is_page: bool = True,
        stamp: Stamp | None = None,
        story: tuple[str, str | None] | None = None,
    ) -> None:
        document = Document(
            doc_id=story[0] if story else draft.doc_id,
            place=self.texts.append(text),
            title=title,
            lang=lang,
            other_langs=foreign_languages(text, lang) if self._cleaner else [],
            source=draft.source,
            author=draft.author,
            url=draft.url,
            date=stamp.date if stamp else None,
            date_precision=stamp.precision if stamp else None,
            parent_id=draft.doc_id if story else None,
            parent_title=story[1] if story else None,
            extra=draft.extra,
            rows=draft.rows,
            is_page=is_page,
        )
        self.items.append(document)

    def losses(self) -> list[str]:
        """Whether cleaning took more than a reader expects, in a sentence."""
        return self._losses.notes()

    def notes(self) -> list[str]:
        """What was done, in sentences."""
        if self._cleaner is None:
            return []
        notes = []
        if self._n_removed:
            n_lines, n_pages = self._n_removed.total(), len(self._n_removed)
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
        if self._cleaner.n_unread:
            notes.append(
                f"{count(n := self._cleaner.n_unread, 'date')} could not be read for certain and "
                f"{verb(n, 'was', 'were')} left empty"
            )
        if n := self._cleaner.n_late:
            notes.append(
                f"{count(n, 'date')} {verb(n, 'lies', 'lie')} in the future and {verb(n, 'was', 'were')} left empty"
            )
        if self._cleaner.n_naive:
            notes.append(
                f"{count(n := self._cleaner.n_naive, 'time')} of day came without a time zone and "
                f"{verb(n, 'was', 'were')} taken as UTC"
            )
        mixed = sum(bool(document.other_langs) for document in self.items)
        return notes + say_shares(Counter(document.lang for document in self.items), mixed)


def _given(draft: Draft) -> str | None:
    """Code of the language the table names, or its own word where that is none we know."""
    return (language_code(draft.lang) or draft.lang.casefold()) if draft.lang else None

"""Drafts → documents and their texts, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from topics.articles.cleaning import Cleaner, CleanPage
from topics.articles.drafts import Draft, Drafts
from topics.articles.facts.dates import Stamp
from topics.articles.facts.languages import detect_language, foreign_languages, language_code, say_shares
from topics.articles.scratch import Texts
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


class Documents:
    """The documents of drafts, and their texts.

    Parameters
    ----------
    drafts : Drafts
        What was read.
    params : ArticlesParams
        How pages are cleaned.
    facts : bool
        Whether pages are looked through for title, date, byline and language; without, texts are taken as they are.

    Attributes
    ----------
    items : list of Document
        By id, once they are made.
    texts : Texts
        Their texts, in the order they were made.
    """

    def __init__(self, drafts: Drafts, params: ArticlesParams, *, facts: bool) -> None:
        self._drafts = drafts
        self._cleaner = Cleaner(drafts, params) if facts else None
        self._ids = {draft.doc_id for draft in drafts.items}
        self._n_removed: Counter[str] = Counter()
        self._n_stories: Counter[str] = Counter()
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
            if self._cleaner is None:
                self._add(draft, text, title=draft.title, lang=_given(draft))
            else:
                page = self._cleaner.clean(draft, text)
                self._add_page(draft, page)
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
        )
        self.items.append(document)

    def notes(self) -> list[str]:
        """What was done, in sentences."""
        if self._cleaner is None:
            return []
        notes = []
        if self._n_removed:
            n_lines, n_pages = self._n_removed.total(), len(self._n_removed)
            notes.append(f"{n_lines} lines of page furniture, headlines and bylines were taken off {n_pages} articles")
        if stories := +self._n_stories:
            notes.append(f"{len(stories)} round-ups were split into {stories.total()} stories")
        if self._cleaner.n_unread:
            notes.append(f"{self._cleaner.n_unread} dates could not be read for certain and were left empty")
        if self._cleaner.n_late:
            notes.append(f"{self._cleaner.n_late} dates lie in the future and were left empty")
        if self._cleaner.n_naive:
            notes.append(f"{self._cleaner.n_naive} times of day came without a time zone and were taken as UTC")
        mixed = sum(bool(document.other_langs) for document in self.items)
        return notes + say_shares(Counter(document.lang for document in self.items), mixed)


def _given(draft: Draft) -> str | None:
    """Code of the language the table names, or its own word where that is none we know."""
    return (language_code(draft.lang) or draft.lang.casefold()) if draft.lang else None

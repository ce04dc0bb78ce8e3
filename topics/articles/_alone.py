"""New articles → documents, each page cleaned alone by what the pages of a run have shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.articles._article import Article
from topics.articles._cleaning import STOCK
from topics.articles._documents import Documents
from topics.articles._gathering import Pages, gather
from topics.articles._read import rows_at
from topics.articles._repair import Repairs
from topics.articles._workers import Workers
from topics.articles.boilerplate._recurrence import Boilerplate, Recurrence, hash_line, hash_sentence, reads_like_prose
from topics.articles.readers._frames import read_frame
from topics.articles.readers._rows import Note, Rejected, Rows
from topics.config import ArticlesParams

if TYPE_CHECKING:
    import pyarrow as pa

RECURS = "recurs on other pages"


@dataclass(frozen=True)
class NewDocument:
    """A document of a new article.

    Attributes
    ----------
    doc_id : str
        The article's own, else one by its content; of a story of a round-up its page's with ``#`` and a number.
    text : str
        Title and text, as they are encoded.
    """

    doc_id: str
    text: str


class AloneReader:
    """Cleans new articles one by one: what becomes of one does not depend on the others.

    Parameters
    ----------
    params : ArticlesParams
        Those that the run's articles were read with.
    removed : pyarrow.Table
        The lines that were removed from them: those that recurred there are removed here.
    source_of : Mapping
        Outlet of each page by its id.
    pages : {"all", "lines", "none"}
        Which texts are pages.
    """

    def __init__(
        self, params: ArticlesParams, *, removed: pa.Table, source_of: Mapping[str, str | None], pages: Pages = "all"
    ) -> None:
        self._params, self._pages = params, pages
        self._recurrence = _Seen(_boilerplate_of(removed, source_of))

    def documents(self, row: Article | Rejected | Note) -> list[NewDocument] | Rejected | None:
        """The documents of a row, or why there are none; None of a reader's note.

        Parameters
        ----------
        row : Article, Rejected or Note
            As a reader gives it.
        """
        if isinstance(row, Note):
            return None
        gathered = gather([row], repairs=Repairs(fix_mojibake=self._params.fix_mojibake), pages=self._pages)
        if not gathered.items:
            return gathered.rejected[0]
        gathered = replace(gathered, recurrence=self._recurrence)
        made = Documents(gathered, self._params, pages=self._pages, workers=Workers(1))
        for _ in made.fill(on_page=_nothing):
            pass
        texts = made.texts.view([item.place for item in made.items])
        return [NewDocument(item.doc_id, _full(item.title, text)) for item, text in zip(made.items, texts, strict=True)]


def rows_of(articles: Any, params: ArticlesParams, *, progress: bool = False) -> Iterator[Any]:
    """The rows of a file, a folder, a pattern or a table, as a stream.

    Parameters
    ----------
    articles : str, Path or table
        As for :func:`topics.articles.read`.
    params : ArticlesParams
        Which columns and encodings they have.
    progress : bool
        Whether to show how much of the files was read, where standard error is a terminal.
    """
    import os

    if isinstance(articles, (str, os.PathLike)):
        with rows_at(str(articles), params, progress=progress) as rows:
            yield from rows
    else:
        yield from read_frame(articles, params)


class _Seen(Recurrence):
    """Lines of which it is known already that they recur."""

    def __init__(self, known: Boilerplate) -> None:
        super().__init__()
        self._known = known

    def boilerplate(self) -> Boilerplate:
        return self._known


def _boilerplate_of(removed: pa.Table, source_of: Mapping[str, str | None]) -> Boilerplate:
    """The lines that recurred on the pages of a run: anywhere if they read like no prose, else on their source's."""
    anywhere, of_source, stock = set[int](), set[int](), set[int]()
    columns = (removed[name].to_pylist() for name in ("doc_id", "line", "reason"))
    for doc_id, line, reason in zip(*columns, strict=True):
        source = source_of.get(doc_id)
        if reason == RECURS:
            if source is None or not reads_like_prose(line):
                anywhere.add(hash_line(line))
            if source is not None:
                of_source.add(hash_line(line, source))
        elif reason == STOCK:
            stock.add(hash_sentence(line, source))
    return Boilerplate(*(np.array(sorted(some), dtype=np.uint64) for some in (anywhere, of_source, stock)))


def _full(title: str | None, text: str) -> str:
    return text if not title or text.startswith(title) else f"{title}\n\n{text}"


def _nothing() -> None:
    return None


def texts_as_rows(texts: Iterable[Any]) -> Rows:
    """Rows of plain texts, one each.

    Parameters
    ----------
    texts : iterable of str
        In any number.
    """
    for i, text in enumerate(texts):
        yield Article("texts", i, doc_id=None, text=text)

"""Articles at a path → Corpus, through the store: what was read and cleaned once is not read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.articles import plan, read
from topics.config import ArticlesParams
from topics.records import Corpus, Origin
from topics.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Reading:
    """A corpus as it is stored: its own key is that of its content, and this one's that of the files.

    Attributes
    ----------
    documents, copies, rejected_rows, removed_lines : pyarrow.Table
        The corpus's.
    input_rows : pyarrow.Table
        The corpus's, as the one column ``rows``.
    content : Mapping
        The corpus's origin: ``stage, version, parameters, parents, libraries, notes``.
    origin : Origin
        As :func:`topics.articles.plan` gives it.
    """

    documents: pa.Table
    copies: pa.Table
    rejected_rows: pa.Table
    removed_lines: pa.Table
    input_rows: pa.Table
    content: Mapping[str, Any]
    origin: Origin

    @classmethod
    def of(cls, corpus: Corpus, origin: Origin) -> Reading:
        """The corpus, to be stored.

        Parameters
        ----------
        corpus : Corpus
            What was read.
        origin : Origin
            Of the files.
        """
        import pyarrow as pa

        return cls(
            corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines,
            pa.table({"rows": corpus.input_rows}), vars(corpus.origin), origin,
        )  # fmt: skip

    def corpus(self) -> Corpus:
        """The corpus as it was read."""
        rows = self.input_rows.column("rows").combine_chunks()
        made: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.content.items()
        }
        return Corpus(self.documents, self.copies, self.rejected_rows, self.removed_lines, rows, Origin(**made))


def read_articles(
    path: str | Path,
    params: ArticlesParams,
    *,
    store: Store,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
) -> tuple[Corpus, bool]:
    """The corpus of the articles at a path, and whether it came from the store.

    Parameters
    ----------
    path, params, whole, label_column, progress
        As for :func:`topics.articles.read`.
    store : Store
        Where corpora are kept and found.

    Raises
    ------
    ArticlesError
        As :func:`topics.articles.read` does.
    StoreError
        If the disk refuses.
    """
    origin = plan(path, params, whole=whole)
    stored = store.get(Reading, origin)
    if stored is not None:
        return stored.corpus(), True
    corpus = read(path, params, whole=whole, label_column=label_column, progress=progress)
    if plan(path, params, whole=whole).key == origin.key:  # else a file was changed meanwhile
        store.put(Reading.of(corpus, origin))
    return corpus, False

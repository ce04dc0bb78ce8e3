"""The documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from topics.records.origin import Origin

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DOCUMENT_COLUMNS = (
    "doc_id", "title", "text", "date", "date_precision", "lang", "other_langs", "source", "author", "url", "parent_id",
    "parent_title", "copies",
)  # fmt: skip
"""Columns of a corpus's documents, before the user's own."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """The documents, sorted by id.

    Attributes
    ----------
    documents : pyarrow.Table
        One row a distinct document: ``doc_id, title, text, date, date_precision, lang, other_langs, source, author,
        url, parent_id, parent_title, copies`` and the user's own further columns. A story of a round-up is a document
        with the page's id as ``parent_id``.
    copies : pyarrow.Table
        One row an article that repeats the text of a document: the same columns and ``copy_of``.
    rejected_rows : pyarrow.Table
        One row an article that was not taken in: ``file, row, doc_id, reason``.
    removed_lines : pyarrow.Table
        One row a line that was taken off its page: ``doc_id`` of the page, ``number`` from 1, ``line, reason``.
    input_rows : pyarrow.Array of list of int64, shape (n_docs,)
        Number (from 0) of the row that each document came from among all rows that were read, rejected ones included,
        files sorted by path; several numbers where rows without an id are the same in everything. No key and no file
        hangs on it: the order of the rows changes no result.
    origin : Origin
        Its key is the fingerprint of the articles' content.
    """

    documents: pa.Table
    copies: pa.Table
    rejected_rows: pa.Table
    removed_lines: pa.Table
    input_rows: pa.Array
    origin: Origin

    @property
    def corpus_key(self) -> str:
        """Its own key, as every other record has that of its corpus."""
        return self.origin.key

    @property
    def n_docs(self) -> int:
        """Number of distinct documents."""
        return int(self.documents.num_rows)

    @property
    def doc_ids(self) -> list[str]:
        """Ids of the distinct documents, ascending."""
        return list(self.documents.column("doc_id").to_pylist())

    @property
    def languages(self) -> dict[str, int]:
        """Number of documents in each language (ISO 639-1), most frequent first."""
        found = self.documents.column("lang").to_pylist()
        counts = {lang: found.count(lang) for lang in sorted(set(found) - {None})}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def full_texts(self) -> list[str]:
        """Title and text of each document, joined by an empty line."""
        pairs = zip(self.documents.column("title").to_pylist(), self.documents.column("text").to_pylist(), strict=True)
        return [text if not title or text.startswith(title) else f"{title}\n\n{text}" for title, text in pairs]

    @property
    def n_pages(self) -> int:
        """Number of articles taken in, copies included; a round-up counts once."""
        pages: set[str] = set()
        for table in (self.documents, self.copies):
            ids, parents = table.column("doc_id").to_pylist(), table.column("parent_id").to_pylist()
            pages.update(parent or doc_id for doc_id, parent in zip(ids, parents, strict=True))
        return len(pages)

    @property
    def n_rows(self) -> int:
        """Number of rows read: ``n_pages`` and the rejected ones."""
        return self.n_pages + int(self.rejected_rows.num_rows)

    @property
    def rejected(self) -> pd.DataFrame:
        """One row an article that was not taken in: ``file, row, doc_id, reason``."""
        frame: pd.DataFrame = self.rejected_rows.to_pandas(use_threads=False)
        return frame

    @property
    def removed(self) -> pd.DataFrame:
        """One row a line that was taken off its page: ``doc_id, number, line, reason``."""
        frame: pd.DataFrame = self.removed_lines.to_pandas(use_threads=False)
        return frame

    def frame(self) -> pd.DataFrame:
        """One row a distinct document, in id order."""
        frame: pd.DataFrame = self.documents.to_pandas(use_threads=False)
        return frame

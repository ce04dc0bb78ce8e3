"""The record of the documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from topics._notebook import fragment
from topics._say import count
from topics.records._origin import Origin

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DOCUMENT_COLUMNS = (
    "doc_id", "title", "text", "date", "date_precision", "lang", "other_langs", "source", "author", "url", "parent_id",
    "parent_title", "copies",
)  # fmt: skip
"""Columns of a corpus's documents, followed by the user's own."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """The documents, sorted by id.

    Attributes
    ----------
    documents : pyarrow.Table
        One row per distinct document: ``doc_id, title, text, date, date_precision, lang, other_langs, source, author,
        url, parent_id, parent_title, copies`` and the user's own further columns. A story of a round-up is a document
        with the page's id as ``parent_id``.
    copies : pyarrow.Table
        One row per article that is folded into a document: the same columns and ``copy_of``, the canonical document.
    rejected_rows : pyarrow.Table
        One row per rejected article: ``file, row, doc_id, reason``.
    removed_lines : pyarrow.Table
        One row per line removed from its page: ``doc_id`` of the page, ``number`` from 1, ``line, reason``.
    input_rows : pyarrow.Array of list of int64, shape (n_docs,)
        Number (from 0) of each document's row among all rows read, including rejected ones, with the files sorted by
        path; several numbers for identical rows without an id. No key and no file depends on it: the order of the rows
        does not change any result.
    origin : Origin
        Origin with the fingerprint of the articles' content as key.
    """

    documents: pa.Table
    copies: pa.Table
    rejected_rows: pa.Table
    removed_lines: pa.Table
    input_rows: pa.Array
    origin: Origin

    @property
    def corpus_key(self) -> str:
        """The key of the corpus, under the same name as in other records."""
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
        codes = self.documents.column("lang").to_pylist()
        counts = {lang: codes.count(lang) for lang in sorted(set(codes) - {None})}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _repr_html_(self) -> str:
        languages = ", ".join(f"{lang} {n:,}" for lang, n in self.languages.items())
        counts = [
            count(self.n_docs, "document"), count(self.copies.num_rows, "near-duplicate"),
            count(self.rejected_rows.num_rows, "rejected row"), count(self.removed_lines.num_rows, "removed line"),
        ]  # fmt: skip
        shown = self.documents.select(["doc_id", "title", "date", "lang", "source", "text"])
        return fragment(f"Corpus: {', '.join(counts)}{f'; {languages}' if languages else ''}", shown.to_pylist())

    def full_texts(self) -> list[str]:
        """Title and text of each document, joined by an empty line."""
        pairs = zip(self.documents.column("title").to_pylist(), self.documents.column("text").to_pylist(), strict=True)
        return [text if not title or text.startswith(title) else f"{title}\n\n{text}" for title, text in pairs]

    @property
    def n_pages(self) -> int:
        """Number of accepted articles, including near-duplicates; a round-up counts once."""
        pages: set[str] = set()
        for table in (self.documents, self.copies):
            ids, parents = table.column("doc_id").to_pylist(), table.column("parent_id").to_pylist()
            pages.update(parent or doc_id for doc_id, parent in zip(ids, parents, strict=True))
        return len(pages)

    @property
    def n_rows(self) -> int:
        """Number of rows read: ``n_pages`` plus the rejected rows."""
        return self.n_pages + int(self.rejected_rows.num_rows)

    @property
    def rejected(self) -> pd.DataFrame:
        """One row per rejected article: ``file, row, doc_id, reason``."""
        frame: pd.DataFrame = self.rejected_rows.to_pandas(use_threads=False)
        return frame

    @property
    def removed(self) -> pd.DataFrame:
        """One row per line removed from its page: ``doc_id, number, line, reason``."""
        frame: pd.DataFrame = self.removed_lines.to_pandas(use_threads=False)
        return frame

    def frame(self) -> pd.DataFrame:
        """One row per distinct document, in id order."""
        frame: pd.DataFrame = self.documents.to_pandas(use_threads=False)
        return frame

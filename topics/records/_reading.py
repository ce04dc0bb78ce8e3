"""A corpus as it is stored: under the key of the files that it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from topics.records._corpus import Corpus
from topics.records._origin import Origin

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
        Of the files.
    date_taken, date_refused : str or None
        The latest date in the articles that was early enough when they were read, and the earliest that lay in the
        future, in ISO 8601: on a day that decides otherwise of one of them, the corpus may be another.
    """

    documents: pa.Table
    copies: pa.Table
    rejected_rows: pa.Table
    removed_lines: pa.Table
    input_rows: pa.Table
    content: Mapping[str, Any]
    origin: Origin
    date_taken: str | None = None
    date_refused: str | None = None

    @classmethod
    def of(
        cls, corpus: Corpus, origin: Origin, *, taken: datetime | None = None, refused: datetime | None = None
    ) -> Reading:
        """The corpus, to be stored.

        Parameters
        ----------
        corpus : Corpus
            What was read.
        origin : Origin
            Of the files.
        taken, refused : datetime or None
            The dates that hang on the day.
        """
        import pyarrow as pa

        return cls(
            corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines,
            pa.table({"rows": corpus.input_rows}), vars(corpus.origin), origin,
            date_taken=taken.isoformat() if taken else None,
            date_refused=refused.isoformat() if refused else None,
        )  # fmt: skip

    def corpus(self) -> Corpus:
        """The corpus as it was read."""
        rows = self.input_rows.column("rows").combine_chunks()
        made: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.content.items()
        }
        return Corpus(self.documents, self.copies, self.rejected_rows, self.removed_lines, rows, Origin(**made))

"""What the explorer shows of one document: its text, what was removed from it, near-duplicates, nearest documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.explore._columns import shown_date, shown_dates
from topics.explore._payload import distinct_documents, has_vectors, headline_of, headlines_of
from topics.records import DOCUMENT_COLUMNS, Neighbors

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.explore._run import Explorable

_LISTED = ("title", "text", "date", "date_precision")
_N_NEAREST = 8  # not tuned: as many as are read
_NOT_FIELDS = {*DOCUMENT_COLUMNS, "copy_of", "topic", "strength", "x", "y", "original_topic", "method", "confidence"}


class Details:
    """Documents of a run by their row, near-duplicates left out.

    Parameters
    ----------
    run : Explorable
        Whose documents are shown.
    neighbors : Neighbors or None
        The nearest of all documents, where they are known; None looks for those of a document when it is shown.
    """

    def __init__(self, run: Explorable, *, neighbors: Neighbors | None = None) -> None:
        self.run = run
        self.documents = distinct_documents(run)
        self._neighbors = neighbors

    @cached_property
    def ids(self) -> list[str]:
        """Id of each document."""
        return [str(doc_id) for doc_id in self.documents["doc_id"]]

    @cached_property
    def headlines(self) -> list[str]:
        """Title or first words of each document."""
        return headlines_of(self.documents)

    def rows(self, rows: Sequence[int]) -> list[list[str]]:
        """Id, headline and date of documents, the latter as precisely as it is known.

        Parameters
        ----------
        rows : sequence of int
            Of the documents.
        """
        titles, texts, dates, precisions = (self._arrays[name] for name in _LISTED)
        return [
            [self.ids[row], headline_of(titles[row], texts[row]), shown_date(dates[row], precisions[row])]
            for row in rows
        ]

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        return {name: self.documents[name].array for name in _LISTED}

    def document(self, row: int) -> dict[str, Any]:
        """All that is shown of a document, of what JSON can hold.

        Parameters
        ----------
        row : int
            Of the document.
        """
        own = self.documents.iloc[row]
        doc_id = str(own["doc_id"])
        page = own["parent_id"] if isinstance(own["parent_id"], str) else doc_id
        near = self.nearest(row)
        return {
            "doc_id": doc_id,
            "title": _text(own["title"]),
            "text": str(own["text"]),
            "date": self.rows([row])[0][2],
            "author": _text(own["author"]),
            "url": _text(own["url"]),
            "page": (_text(own["parent_title"]) or page) if page != doc_id else None,
            "method": str(own["method"]),
            "confidence": round(float(own["confidence"]), 4),
            "membership": [
                [int(topic), round(float(share), 4)]
                for topic, share in self._memberships.values(doc_id, ["topic", "membership"])
            ],
            "duplicates": self._duplicates.get(doc_id, []),
            "removed": [list(map(str, pair)) for pair in self._removed.values(page, ["line", "reason"])],
            "fields": self._fields(own),
            "neighbors": None if near is None else self._headed(near),
            "cut": False,
        }

    def nearest(self, row: int) -> list[tuple[int, float]] | None:
        """The nearest documents and their cosine similarity in [-1, 1]; None where vectors are not kept.

        Parameters
        ----------
        row : int
            Of the document.
        """
        if self._neighbors is not None:
            pairs = zip(self._neighbors.indices[row].tolist(), self._neighbors.distances[row].tolist(), strict=True)
            return [(other, round(1 - distance, 4)) for other, distance in pairs if other != row][:_N_NEAREST]
        if self._vectors is None:
            return None
        closeness = self._vectors @ self._vectors[row]
        closeness[row] = -np.inf
        n = min(_N_NEAREST, len(closeness) - 1)
        best = np.argpartition(-closeness, n - 1)[:n].tolist() if n else []
        return [
            (int(other), round(float(closeness[other]), 4)) for other in sorted(best, key=lambda i: (-closeness[i], i))
        ]

    def _headed(self, near: list[tuple[int, float]]) -> list[list[Any]]:
        headlines = (row[1] for row in self.rows([other for other, _ in near]))
        return [[*pair, headline] for pair, headline in zip(near, headlines, strict=True)]

    @cached_property
    def _vectors(self) -> NDArray[np.float32] | None:
        return self.run.fitted.embeddings.vectors if has_vectors(self.run) else None

    @cached_property
    def _memberships(self) -> _Grouped:
        return _Grouped(self.run.membership())

    @cached_property
    def _duplicates(self) -> dict[str, list[str]]:
        documents = self.run.documents()
        copies: pd.DataFrame = documents[documents["copy_of"].notna()]
        of: dict[str, list[str]] = {}
        rows = zip(
            copies["copy_of"],
            copies["doc_id"],
            copies["source"],
            shown_dates(copies),
            headlines_of(copies),
            strict=True,
        )
        for canonical, doc_id, source, date, headline in rows:
            said = [headline, _text(source), date, str(doc_id)]
            of.setdefault(canonical, []).append(" · ".join(part for part in said if part))
        return of

    @cached_property
    def _removed(self) -> _Grouped:
        return _Grouped(self.run.removed())

    def _fields(self, own: pd.Series) -> list[list[str]]:
        """The user's own columns."""
        names = [name for name in self.documents.columns if name not in _NOT_FIELDS and not name.startswith("level_")]
        values = [(str(name), own[name]) for name in names]
        return [[name, str(value)] for name, value in values if not _missing(value)]


class _Grouped:
    """Rows of a frame by the document that they are of."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._columns = {name: frame[name].to_numpy(object) for name in frame.columns}
        self._rows = frame.groupby("doc_id", sort=False).indices

    def values(self, doc_id: str, columns: list[str]) -> list[list[Any]]:
        """The values of a document's rows in some columns; none where it has no rows."""
        rows = self._rows.get(doc_id)
        return [] if rows is None else [[self._columns[name][row] for name in columns] for row in rows]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _missing(value: Any) -> bool:
    return value is None or (np.ndim(value) == 0 and bool(value != value))

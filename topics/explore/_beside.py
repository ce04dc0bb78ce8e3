"""Another run beside the one that is explored: the same documents, found by their id or else by their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.explore._columns import Column
from topics.explore._topics import describe_topics
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.explore._run import Explorable

ABSENT = -2  # a document that the other run does not have
_MAX_NAME = 60  # characters of a topic in a facet; not tuned: what a row of it holds and a tooltip shows


@dataclass(frozen=True, eq=False)
class Beside:
    """Another run over the documents of the one that is explored.

    Attributes
    ----------
    name : str
        Of the other run.
    n_only_here, n_only_there : int
        Documents that only one of them has.
    points : numpy.ndarray of float32, shape (n_docs, 2)
        Places on the other run's map, NaN where it does not have the document.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Its topic in the other run, ``ABSENT`` where it does not have the document.
    topics : list of dict
        The other run's topics, as :func:`describe_topics` tells of them.
    """

    name: str
    n_only_here: int
    n_only_there: int
    points: NDArray[np.float32]
    labels: NDArray[np.int32]
    topics: list[dict[str, Any]]

    def column(self) -> Column:
        """The topics of the other run as a column to filter and color by."""
        said = {topic["topic"]: _called(topic) for topic in self.topics} | {NOISE: "in no topic"}
        codes = sorted(set(self.labels.tolist()) - {ABSENT}, key=lambda topic: (topic == NOISE, topic))
        place = {topic: code for code, topic in enumerate(codes)}
        values = np.array([place.get(topic, -1) for topic in self.labels.tolist()], dtype=np.int16)
        return Column(
            "topic beside", f"topic in {self.name}", "category", values, tuple(said[topic] for topic in codes)
        )


def beside(
    other: Explorable, documents: pd.DataFrame, *, others: pd.DataFrame, points: NDArray[np.float32], headlines: Any
) -> Beside:
    """Another run by the rows of the one that is explored.

    Parameters
    ----------
    other : Explorable
        The other run.
    documents : pandas.DataFrame
        Of the run that is explored, near-duplicates left out.
    others : pandas.DataFrame
        Of the other run, likewise.
    points : numpy.ndarray of float32, shape (n_others, 2)
        Places on the other run's map.
    headlines : callable
        Headline of a document of the other run by its row.
    """
    rows = matched(documents, others, all_others=other.documents())
    labels = others["topic"].to_numpy(np.int32)
    there = rows >= 0
    places = np.full((len(documents), 2), np.nan, dtype=np.float32)
    places[there] = points[rows[there]]
    topics = describe_topics(other.topics(), other.records, labels=labels, points=points, headline=headlines)
    codes = np.where(there, labels[np.maximum(rows, 0)], ABSENT) if len(labels) else np.full(len(rows), ABSENT)
    return Beside(
        other.name,
        int((~there).sum()),
        len(others) - len(set(rows[there].tolist())),
        places,
        codes.astype(np.int32),
        [
            topic | {"evidence": [], "sentences": [], "sentence_rows": []} for topic in topics
        ],  # rows of the other run mean nothing here
    )


def matched(documents: pd.DataFrame, others: pd.DataFrame, *, all_others: pd.DataFrame) -> NDArray[np.int64]:
    """Row of each document among those of another run, -1 where it is not there, shape (n_docs,).

    A document is known by its id, or else by its title and text. One that is a near-duplicate there is where its
    canonical document is.

    Parameters
    ----------
    documents, others : pandas.DataFrame
        Of either run, near-duplicates left out.
    all_others : pandas.DataFrame
        All of the other run's, near-duplicates too.
    """
    place = {doc_id: row for row, doc_id in enumerate(others["doc_id"])}
    copies = all_others[all_others["copy_of"].notna()]
    place |= {
        doc_id: place[canonical]
        for doc_id, canonical in zip(copies["doc_id"], copies["copy_of"], strict=True)
        if canonical in place
    }
    content = {pair: row for row, pair in reversed(list(enumerate(_contents(others))))}
    pairs = zip(documents["doc_id"], _contents(documents), strict=True)
    return np.array([place.get(doc_id, content.get(pair, -1)) for doc_id, pair in pairs], dtype=np.int64)


def _contents(documents: pd.DataFrame) -> list[tuple[str, str]]:
    titles = documents["title"].fillna("").tolist()
    return [(title, text) for title, text in zip(titles, documents["text"].tolist(), strict=True)]


def _called(topic: dict[str, Any]) -> str:
    name = topic["name"] or ", ".join(topic["terms"][:3]) or topic["label"]
    said = f"{topic['topic']} · {name}"
    return said if len(said) <= _MAX_NAME else f"{said[:_MAX_NAME]}…"

"""Small groups that every layout finds at a finer level and that have no topic of their own at the chosen level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._say import count, verb
from topics.cluster._consensus import overlap
from topics.cluster._labelings import centroids
from topics.records import NOISE, Corpus, Embeddings, Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No record of their tuning; they decide what a note names, no result.
_MIN_JACCARD = 0.9  # mean Jaccard index of the group over layouts
_MIN_DOCUMENTS = 10
_SAME_TOPIC = 0.5  # Jaccard index with a topic from which the group has a topic of its own
_MIN_NEARER = 0.25  # documents are closer to their own centroid by this share of their distance to the topic's
# Not tuned: they keep the note to one sentence.
_SHOWN = 3
_TITLE = 60  # characters


@dataclass(frozen=True, eq=False)
class Island:
    """A small group without a topic of its own.

    Attributes
    ----------
    level : str
        The finer level at which it is a topic.
    rows : numpy.ndarray of int64, shape (n_docs,)
        Its documents, the most typical first.
    topic : int
        Topic that contains most of them; ``NOISE`` if none does.
    """

    level: str
    rows: NDArray[np.int64]
    topic: int


def find_islands(levels: Levels, labels: NDArray[np.int32], *, place: int, embeddings: Embeddings) -> list[Island]:
    """Groups of at least ten documents that are reproducible (Jaccard index .9) at a finer level, the largest first.

    Parameters
    ----------
    levels : Levels
        All levels of the corpus.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topics at the chosen level.
    place : int
        Row of the chosen level; the rows before it are finer levels.
    embeddings : Embeddings
        Unit vectors.
    """
    n_topics = int(labels.max(initial=NOISE)) + 1
    centers, vectors = centroids(embeddings.vectors, labels), embeddings.vectors
    islands: list[Island] = []
    for row, finer in zip(levels.table.to_pylist()[:place], levels.labels[:place], strict=True):
        _, likeness = overlap(finer, labels, n_clusters=n_topics)
        own = centroids(vectors, finer)
        for group in np.flatnonzero(np.array(row["jaccard"]) >= _MIN_JACCARD).tolist():
            rows = np.flatnonzero(finer == group)
            if len(rows) < _MIN_DOCUMENTS or likeness[group].max(initial=0.0) >= _SAME_TOPIC or _is_part(rows, islands):
                continue
            topics, sizes = np.unique(labels[rows], return_counts=True)
            topic = int(topics[sizes.argmax()])
            near = vectors[rows] @ own[group]
            if topic != NOISE:
                far = 1 - float((vectors[rows] @ centers[topic]).mean())
                if far - (1 - float(near.mean())) < _MIN_NEARER * far:
                    continue
            islands.append(Island(row["level"], rows[np.argsort(-near, kind="stable")], topic))
    return sorted(islands, key=lambda island: -len(island.rows))


def islands_note(islands: list[Island], corpus: Corpus) -> tuple[str, ...]:
    """One sentence that names the islands by their most typical article; empty without islands.

    Parameters
    ----------
    islands : list of Island
        The largest first.
    corpus : Corpus
        The documents.
    """
    if not islands:
        return ()
    titles = corpus.documents.column("title").to_pylist()
    texts = corpus.documents.column("text")
    shown = []
    for island in islands[:_SHOWN]:
        first = int(island.rows[0])
        title = titles[first] or texts[first].as_py()
        title = title if len(title) <= _TITLE else f"{title[:_TITLE].rsplit(' ', 1)[0]} …"
        where = "among noise" if island.topic == NOISE else f"in topic {island.topic}"
        shown.append(f"{len(island.rows)} like “{title}” {where} (level {island.level!r})")
    n = len(islands)
    return (
        f"{count(n, 'small group')} that every layout finds at a finer level {verb(n, 'has', 'have')} no topic of "
        f"{verb(n, 'its', 'their')} own at this one: {'; '.join(shown)}{' …' if n > _SHOWN else ''}",
    )


def _is_part(rows: NDArray[np.int64], islands: list[Island]) -> bool:
    """Whether most of these documents are in an island already found at a finer level."""
    return any(len(np.intersect1d(rows, island.rows)) * 2 > len(rows) for island in islands)

"""Small groups that every layout finds at a finer level and that have no topic of their own at the one taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._say import count, verb
from topics.cluster.consensus import overlap
from topics.cluster.labelings import centroids
from topics.records import NOISE, Corpus, Embeddings, Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOUND_AGAIN = 0.9
_FEWEST = 10
_OWN_TOPIC = 0.5  # Jaccard index with a topic
_NEARER = 0.25  # share of their distance to the topic's centroid by which documents are nearer to their own
_SHOWN = 3
_TITLE = 60


@dataclass(frozen=True, eq=False)
class Island:
    """One such group.

    Attributes
    ----------
    level : str
        Where it is a topic.
    rows : numpy.ndarray of int64, shape (n_docs,)
        Its documents, the most typical first.
    topic : int
        Topic that holds most of them; ``NOISE`` where none does.
    """

    level: str
    rows: NDArray[np.int64]
    topic: int


def find_islands(levels: Levels, labels: NDArray[np.int32], *, place: int, embeddings: Embeddings) -> list[Island]:
    """Groups of ten documents and more that are found again (Jaccard index .9) at a finer level, the largest first.

    Parameters
    ----------
    levels : Levels
        Of the corpus.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topics at the level that was taken.
    place : int
        Row of that level; those before it are finer.
    embeddings : Embeddings
        Unit vectors.
    """
    n_topics = int(labels.max(initial=NOISE)) + 1
    centres, vectors = centroids(embeddings.vectors, labels), embeddings.vectors
    found: list[Island] = []
    for row, finer in zip(levels.table.to_pylist()[:place], levels.labels[:place], strict=True):
        _, likeness = overlap(finer, labels, n_clusters=n_topics)
        own = centroids(vectors, finer)
        for group in np.flatnonzero(np.array(row["jaccard"]) >= _FOUND_AGAIN).tolist():
            rows = np.flatnonzero(finer == group)
            if len(rows) < _FEWEST or likeness[group].max(initial=0.0) >= _OWN_TOPIC or _known(rows, found):
                continue
            topics, sizes = np.unique(labels[rows], return_counts=True)
            topic = int(topics[sizes.argmax()])
            near = vectors[rows] @ own[group]
            if topic != NOISE:
                far = 1 - float((vectors[rows] @ centres[topic]).mean())
                if far - (1 - float(near.mean())) < _NEARER * far:
                    continue
            found.append(Island(row["level"], rows[np.argsort(-near, kind="stable")], topic))
    return sorted(found, key=lambda island: -len(island.rows))


def islands_note(islands: list[Island], corpus: Corpus) -> tuple[str, ...]:
    """One sentence that names them by their most typical article; nothing where there are none.

    Parameters
    ----------
    islands : list of Island
        The largest first.
    corpus : Corpus
        Whose documents they are.
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


def _known(rows: NDArray[np.int64], found: list[Island]) -> bool:
    """Whether most of these documents are in an island of a finer level."""
    return any(len(np.intersect1d(rows, island.rows)) * 2 > len(rows) for island in found)

"""Documents that fit no topic → new topics, where other layouts of them agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import pipeline
from topics._describe import at_level
from topics.config import RunConfig
from topics.embed import from_vectors
from topics.growth._parts import part_of
from topics.records import NOISE, Corpus, Records
from topics.store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Not tuned: a group of which two documents are together in most layouts of other documents, on cuts on which layouts
# agree by more than half. Levels that are called clear have an agreement of .85.
MIN_REPRODUCIBILITY, MIN_AGREEMENT = 0.5, 0.5
_MIN_DOCUMENTS = 2  # times the minimum cluster size; not tuned: fewer are one topic at most
_ERRORS = 1.96  # standard errors of a 95 % interval


@dataclass(frozen=True, eq=False)
class Proposals:
    """What the gathered documents come to.

    Attributes
    ----------
    n_gathered : int
        Documents that fitted nowhere.
    agreement, low, high : float
        Mean adjusted mutual information of layouts of other documents at the level that was taken, with an interval of
        1.96 standard errors of the level's stability, the mean of this and the adjusted Rand index; NaN where there
        were too few documents.
    labels : numpy.ndarray of int32, shape (n_gathered,)
        Adopted group of each, largest first; ``NOISE`` for none.
    confidences : numpy.ndarray of float32, shape (n_gathered,)
        Of each label.
    table : tuple of Mapping
        One a proposal: ``size, reproducibility, adopted``, and ``terms``.
    """

    n_gathered: int
    labels: NDArray[np.int32]
    confidences: NDArray[np.float32]
    agreement: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    reproducibility: tuple[float, ...] = ()
    table: tuple[Mapping[str, Any], ...] = field(default=())


def propose(
    config: RunConfig,
    corpus: Corpus,
    *,
    rows: NDArray[np.intp],
    vectors: NDArray[np.float32],
    min_cluster_size: int,
    store: Store | None = None,
    progress: bool = False,
) -> Proposals:
    """Groups of documents that are stable in layouts of other documents, at a level as fine as the run's.

    Parameters
    ----------
    config : RunConfig
        The run's.
    corpus : Corpus
        In which the documents are.
    rows : numpy.ndarray of int, shape (n_gathered,)
        The documents that fit no topic, ascending.
    vectors : numpy.ndarray of float32, shape (n_gathered, n_dims)
        Theirs.
    min_cluster_size : int
        The run's: the level whose own is nearest by ratio is taken.
    store : Store or None
        Where layouts are kept, so that work that was stopped goes on.
    progress : bool
        Whether to show progress bars.
    """
    none = Proposals(len(rows), np.full(len(rows), NOISE, dtype=np.int32), np.zeros(len(rows), dtype=np.float32))
    if len(rows) < _MIN_DOCUMENTS * min_cluster_size:
        return none
    part = part_of(corpus, rows)
    named = {"level": "auto", "min_cluster_size": "auto", "noise": "keep"}
    settings = config.model_copy(update={"cluster": config.cluster.model_copy(update=named)})
    embeddings = from_vectors(part, dict(zip(part.doc_ids, vectors, strict=True)))
    found = pipeline.fit(settings, part, embeddings=embeddings, store=store, progress=progress)
    place = _nearest_level(found, min_cluster_size)
    if place is None:
        return none
    level = found.levels.table.slice(place, 1).to_pylist()[0]
    found = at_level(settings, found, level=level["level"])
    return _adopted(found, level, min_size=min_cluster_size)


def _adopted(found: Records, level: Mapping[str, Any], *, min_size: int) -> Proposals:
    """The groups of a level that are stable and as large as topics of the run are at least, numbered anew."""
    agreement = _number(level["agreement"])
    error = _ERRORS * _number(level["stability_error"])
    clusters = found.clusters
    sizes = np.bincount(clusters.labels + 1, minlength=clusters.n_clusters + 1)[1:]
    stable = (clusters.reproducibility >= MIN_REPRODUCIBILITY) & (sizes >= min_size) & (agreement >= MIN_AGREEMENT)
    number = np.full(clusters.n_clusters + 1, NOISE, dtype=np.int32)
    number[:-1][stable] = np.arange(int(stable.sum()))
    labels = number[clusters.labels]
    terms = dict(zip(found.topics.table["topic"].to_pylist(), found.topics.table["terms"].to_pylist(), strict=True))
    table = tuple(
        {
            "size": int(sizes[k]), "terms": list(terms[k]), "agreement": agreement, "low": agreement - error,
            "high": min(agreement + error, 1.0), "reproducibility": float(clusters.reproducibility[k]),
            "adopted": bool(stable[k]),
        }
        for k in range(clusters.n_clusters)
    )  # fmt: skip
    return Proposals(
        len(labels), labels, np.where(labels == NOISE, 0.0, clusters.confidences).astype(np.float32), agreement,
        agreement - error, min(agreement + error, 1.0), tuple(clusters.reproducibility[stable].tolist()), table,
    )  # fmt: skip


def _nearest_level(found: Records, min_cluster_size: int) -> int | None:
    table = found.levels.table
    sizes = [
        abs(np.log(size / min_cluster_size)) if source == "layouts" else np.inf
        for size, source in zip(table["min_cluster_size"].to_pylist(), table["from"].to_pylist(), strict=True)
    ]
    return int(np.argmin(sizes)) if sizes and min(sizes) < np.inf else None


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)

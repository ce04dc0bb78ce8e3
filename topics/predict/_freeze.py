"""Clusters → Assigner: what new documents are assigned by, frozen when the topics are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics._exact import ROWS, centered, logarithm, row_sums, whole
from topics.graph import stage
from topics.predict._density import Kernels, Own
from topics.predict._prototypes import find_prototypes
from topics.records import NOISE, Assigner, Clusters, Embeddings, Levels, Lexicon, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VERSION = 1
NOVELTY_VERSION = 1

LEFT_OUT = 0.07
"""Share of the documents, each left out of its own density, that would be like none. Of documents held out of a fit
.05 to .11 are, in eight corpora (see docs/predict.md)."""

NEW = 0.065
"""The same, of a hybrid's semantic part. Of documents held out of a fit .04 to .09 are like none, in eight corpora, and
of other subjects than the one that a fit left out .05 to .10, in ten of such fits."""

_OF_CLUSTER = (
    0.5  # by how much a cluster's own density counts beside that of all; 0 and 1 told subjects apart less well
)
_BLOCK_ROWS = 4096  # not tuned: bounds memory


@stage("assigner", Assigner, version=VERSION, libraries=("numpy", "scipy"), determinism="bytes")
def freeze_assigner(origin: Origin, embeddings: Embeddings, levels: Levels, *, clusters: Clusters) -> Assigner:
    """What new documents are assigned by: prototypes of each topic, and of each cluster of the other levels.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors of the documents.
    levels : Levels
        All levels of the corpus.
    clusters : Clusters
        The run's topics, as they were fitted.
    """
    labelings = {"": clusters.labels}
    labelings |= {name: levels.labels[i] for i, name in enumerate(levels.names) if name != clusters.level}
    key = embeddings.corpus_key
    return _frozen(embeddings.vectors, labelings, corpus_key=key, left_out=LEFT_OUT, origin=origin)


@stage("novelty", Assigner, version=NOVELTY_VERSION, libraries=("numpy", "scipy"), determinism="bytes")
def freeze_novelty(origin: Origin, semantic: Embeddings, lexicon: Lexicon, *, clusters: Clusters) -> Assigner:
    """What tells whether a new text is like any of a hybrid's documents: prototypes of its semantic part alone.

    A hybrid has only the directions of its own corpus: what is new about a text is not in it, or was turned down when
    the parts were sharpened. Of a hybrid that is all of one part there are no prototypes: its own vectors tell.

    Parameters
    ----------
    semantic : Embeddings
        Unit vectors of the semantic part.
    lexicon : Lexicon
        Of the hybrid, whose mean is subtracted.
    clusters : Clusters
        The run's topics, as they were fitted.
    """
    is_joined = lexicon.is_hybrid and 0 < lexicon.lexical_weight < 1
    vectors = centered(semantic.vectors, lexicon.semantic_mean) if is_joined else semantic.vectors
    labelings = {"": clusters.labels} if is_joined else {}
    return _frozen(vectors, labelings, corpus_key=semantic.corpus_key, left_out=NEW, origin=origin)


def _frozen(
    vectors: NDArray[np.float32],
    labelings: Mapping[str, NDArray[np.int32]],
    *,
    corpus_key: str,
    left_out: float,
    origin: Origin,
) -> Assigner:
    """The prototypes of each labeling, and where less densely than around this share of the documents is like none."""
    nothing = np.zeros(0, dtype=np.int32)
    prototypes, cluster_of, density = [vectors[:0]], [nothing], [np.zeros(0)]
    cells: list[NDArray[np.int32]] = []
    spread: list[tuple[float, float, float]] = []
    n_of, n = list[int](), 0
    for labels in labelings.values():
        means, clusters_here, own = find_prototypes(vectors, labels)
        of_cluster, of_all = _densities(
            vectors, labels, prototypes=means, cluster_of=clusters_here, cells=own, left_out=left_out
        )
        prototypes.append(means)
        cluster_of.append(clusters_here)
        cells.append(own + n)
        density.append(of_cluster)
        spread.append(of_all)
        n_of.append(len(means))
        n += len(means)
    return Assigner(
        corpus_key, tuple(labelings), np.concatenate(prototypes), np.repeat(np.arange(len(labelings)), n_of),
        np.concatenate(cluster_of), np.array(cells, dtype=np.int32).reshape(len(labelings), len(vectors)),
        np.concatenate(density), np.array(spread).reshape(len(labelings), 3), fingerprints(vectors), origin,
    )  # fmt: skip


def _densities(
    vectors: NDArray[np.float32],
    labels: NDArray[np.int32],
    *,
    prototypes: NDArray[np.float32],
    cluster_of: NDArray[np.int32],
    cells: NDArray[np.int32],
    left_out: float,
) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """Mean log density of the documents of each prototype's cluster, and the spread of all; see Assigner."""
    n_topics = int(labels.max(initial=NOISE)) + 1
    kernels = Kernels(prototypes, cluster_of, counts_of(cells, labels, n_prototypes=len(prototypes), n_topics=n_topics))
    similarity = _without_itself(vectors, cells, len(prototypes))

    def block(start: int, stop: int) -> NDArray[np.float64]:
        own = Own(cells[start:stop], similarity[start:stop])
        return kernels.at(whole(vectors[start:stop], ROWS), own).total

    logs = logarithm(np.concatenate([np.zeros(0), *map_blocks(block, len(vectors), _BLOCK_ROWS)]))
    clustered = labels != NOISE
    if not clustered.any():
        return np.zeros(len(prototypes)), (0.0, 1.0, -np.inf)
    sums = np.bincount(labels + 1, weights=logs, minlength=n_topics + 1)
    mean = sums / np.maximum(np.bincount(labels + 1, minlength=n_topics + 1), 1)
    values = np.sort((logs - _OF_CLUSTER * mean[labels + 1])[clustered])
    middle = float(values.sum() / len(values))
    deviation = float(np.sqrt(((values - middle) ** 2).sum() / len(values)))
    lowest = float(values[int(left_out * len(values))])
    return mean[cluster_of + 1], (middle, max(deviation, 1e-9), lowest)


def _without_itself(vectors: NDArray[np.float32], cells: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """Similarity of each document to the mean of the others of its group; 0 of one alone."""
    from scipy.sparse import csr_array

    sums = np.zeros((n, vectors.shape[1]))
    for start in range(0, len(cells), _BLOCK_ROWS):
        part, block = cells[start : start + _BLOCK_ROWS], whole(vectors[start : start + _BLOCK_ROWS], ROWS)
        sums += csr_array((np.ones(len(part)), (part, np.arange(len(part)))), shape=(n, len(part))) @ block
    sums /= ROWS
    similarity = np.zeros(len(cells))
    for start in range(0, len(cells), _BLOCK_ROWS):
        some = slice(start, start + _BLOCK_ROWS)
        block = whole(vectors[some], ROWS) / ROWS
        others = sums[cells[some]] - block
        lengths = np.sqrt(row_sums(others * others))
        inner = row_sums(others * block)
        alone = lengths < 1e-6  # rounding
        similarity[some] = np.where(alone, 0.0, inner / np.where(alone, 1.0, lengths))
    return similarity


def counts_of(
    cells: NDArray[np.int32],
    labels: NDArray[np.int32],
    *,
    n_prototypes: int,
    n_topics: int,
    weights: NDArray[np.floating] | None = None,
) -> csr_array:
    """Number of documents of each prototype in each topic, noise last, shape (n_prototypes, n_topics + 1).

    Parameters
    ----------
    cells : numpy.ndarray of int32, shape (n_docs,)
        Prototype of each document.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    n_prototypes, n_topics : int
        How many there are.
    weights : numpy.ndarray of float, shape (n_docs,), or None
        What is summed in place of the number.
    """
    from scipy.sparse import csr_array

    values = np.ones(len(cells)) if weights is None else weights.astype(np.float64)
    columns = np.where(labels == NOISE, n_topics, labels)
    counts = csr_array((values, (cells, columns)), shape=(n_prototypes, n_topics + 1))
    counts.sum_duplicates()
    return counts


def fingerprints(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Fingerprint of each vector, shape (n,): equal for equal vectors alone, as far as 64 bits can tell.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n, n_dims)
        Unit vectors.
    """
    plain = np.ascontiguousarray(vectors, dtype="<f4")
    digests = b"".join(hashlib.blake2b(row, digest_size=8).digest() for row in plain)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)

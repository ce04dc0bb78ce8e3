"""What several seeds agree on: their labels joined into one labeling.

The seeds' clusters are matched to those of the seed that is most like the others (Kuhn 1955), every seed votes for
each document (Dudoit and Fridlyand 2003; Strehl and Ghosh 2002 name the problem), and a document on which the votes
are divided hears its neighbours too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.agreement import adjusted_mutual_information
from topics.records import NOISE, Neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VOTING_NEIGHBORS = 15

_ROUNDS = 10
_MAJORITY = 0.5
_VOTES_FIRST = 1e-6  # a document's own votes win where its neighbours say the opposite as clearly


@dataclass(frozen=True, eq=False)
class Consensus:
    """One labeling made of several.

    Attributes
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` where no more than half of the seeds put it in one.
    votes : scipy.sparse.csr_array, shape (n_docs, n_clusters)
        Share of the seeds that put each document in each cluster.
    membership : scipy.sparse.csr_array, shape (n_docs, n_clusters)
        Mean of the seeds' votes and the neighbours', each summing to 1; of noise the neighbours' alone. The largest
        of a clustered document's row is its label.
    """

    labels: NDArray[np.int32]
    votes: csr_array
    membership: csr_array


def agree(labelings: Sequence[NDArray[np.int32]], voters: csr_array) -> Consensus:
    """The labeling that several labelings have in common.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray of int32, shape (n_docs,)
        One a seed; ``NOISE`` for documents in no cluster.
    voters : scipy.sparse.csr_array, shape (n_docs, n_docs)
        As :func:`neighbor_votes` gives them.
    """
    from scipy.sparse import csr_array

    labels = _most_typical(labelings)
    n_clusters = int(labels.max(initial=NOISE)) + 1
    votes = one_hot(labels, n_clusters)
    for _ in range(_ROUNDS if len(labelings) > 1 else 0):
        parts = [one_hot(matched(found, labels, n_clusters=n_clusters), n_clusters) for found in labelings]
        votes = csr_array(sum(parts[1:], start=parts[0]) / len(parts))
        clustered = np.asarray(votes.sum(axis=1)).ravel() > _MAJORITY
        voted = np.where(clustered, largest(votes)[0], NOISE).astype(np.int32)
        if np.array_equal(voted, labels):
            break
        labels = voted
    heard = row_shares(csr_array(voters @ votes))
    own = row_shares(votes)
    clustered = labels != NOISE
    both = row_shares(_scaled(own, np.where(clustered, 1 + _VOTES_FIRST, 0.0)) + heard)
    final = np.where(clustered, largest(both)[0], NOISE)
    kept, numbers = np.unique(final[clustered], return_inverse=True)  # a cluster may have lost all its documents
    final[clustered] = numbers
    return Consensus(final.astype(np.int32), csr_array(votes[:, kept]), csr_array(both[:, kept]))


def neighbor_votes(neighbors: Neighbors) -> csr_array:
    """How much each document heeds each of its nearest neighbours: their cosine similarity, itself left out.

    Parameters
    ----------
    neighbors : Neighbors
        Of the documents.
    """
    from scipy.sparse import csr_array

    n_docs = len(neighbors.indices)
    near, far = neighbors.indices[:, 1:VOTING_NEIGHBORS], neighbors.distances[:, 1:VOTING_NEIGHBORS]
    similarity = np.maximum(1.0 - far.astype(np.float64), np.finfo(np.float32).eps)
    pointers = np.arange(n_docs + 1) * near.shape[1]
    return csr_array((similarity.ravel(), near.ravel(), pointers), shape=(n_docs, n_docs))


def matched(labels: NDArray[np.int32], reference: NDArray[np.int32], *, n_clusters: int) -> NDArray[np.int32]:
    """The labels in the numbers of a reference: the matching of clusters with the largest sum of Jaccard indices.

    A cluster that has no partner takes the number of the one that holds most of it, where that is more than half.

    Parameters
    ----------
    labels, reference : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    n_clusters : int
        Clusters of the reference.
    """
    from scipy.optimize import linear_sum_assignment

    shared, similarity = overlap(labels, reference, n_clusters=n_clusters)
    numbers = np.full(len(shared), NOISE, dtype=np.int32)
    ours, theirs = linear_sum_assignment(-similarity)
    fit = similarity[ours, theirs] > 0
    numbers[ours[fit]] = theirs[fit]
    sizes = np.bincount(labels[labels >= 0], minlength=len(shared))
    for lone in np.flatnonzero(numbers == NOISE):
        host = int(shared[lone].argmax()) if n_clusters else 0
        if n_clusters and shared[lone, host] > sizes[lone] / 2:
            numbers[lone] = host
    return np.where(labels >= 0, numbers[labels], NOISE).astype(np.int32)


def overlap(
    labels: NDArray[np.int32], reference: NDArray[np.int32], *, n_clusters: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Documents that each cluster shares with each of the reference's, and the Jaccard index of the two.

    Parameters
    ----------
    labels, reference : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    n_clusters : int
        Clusters of the reference.
    """
    n_own = int(labels.max(initial=NOISE)) + 1
    both = (labels >= 0) & (reference >= 0)
    cells = labels[both].astype(np.int64) * n_clusters + reference[both]
    shared = np.bincount(cells, minlength=n_own * n_clusters).reshape(n_own, n_clusters).astype(np.float64)
    sizes = np.bincount(labels[labels >= 0], minlength=n_own)[:, None]
    others = np.bincount(reference[reference >= 0], minlength=n_clusters)[None]
    return shared, shared / np.maximum(sizes + others - shared, 1)


def one_hot(labels: NDArray[np.int32], n_clusters: int) -> csr_array:
    """1 in the column of each row's label; nothing in the rows of noise."""
    from scipy.sparse import csr_array

    rows = np.flatnonzero(labels >= 0)
    return csr_array((np.ones(len(rows)), (rows, labels[rows])), shape=(len(labels), n_clusters))


def row_shares(matrix: csr_array) -> csr_array:
    """The matrix with rows that sum to 1; empty rows stay so."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return _scaled(matrix, np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0))


def largest(matrix: csr_array) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Column and value of the largest entry of each row, the first of equal ones; ``NOISE`` and 0 in empty rows."""
    rows, columns, values = by_size(matrix)
    first = np.flatnonzero(np.diff(rows, prepend=-1))
    found = np.full(matrix.shape[0], NOISE, dtype=np.int32)
    found[rows[first]] = columns[first]
    value = np.zeros(matrix.shape[0])
    value[rows[first]] = values[first]
    return found, value


def by_size(matrix: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Row, column and value of every entry above zero, the largest of each row first, equal ones by column."""
    entries = matrix.tocoo()
    rows, columns, values = entries.row, entries.col, entries.data
    order = np.lexsort((columns, -values, rows))
    order = order[values[order] > 0]
    return rows[order].astype(np.int64), columns[order].astype(np.int64), values[order]


def _scaled(matrix: csr_array, factors: NDArray[np.float64]) -> csr_array:
    from scipy.sparse import csr_array, dia_array

    n = len(factors)
    return csr_array(dia_array((factors[None], [0]), shape=(n, n)) @ matrix)


def _most_typical(labelings: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Of the labelings with the middle number of clusters, the one most like the others."""
    n_clusters = np.array([int(labels.max(initial=NOISE)) + 1 for labels in labelings])
    off = np.abs(n_clusters - np.median(n_clusters))
    middle = np.flatnonzero(off == off.min())
    likeness = np.zeros(len(middle))
    for place, i in enumerate(middle.tolist() if len(middle) > 1 else ()):
        likeness[place] = sum(adjusted_mutual_information(labelings[i], other) for other in labelings)
    return labelings[int(middle[likeness.argmax()])]

"""The consensus of several layouts: their labels joined into one labeling.

The clusters of every layout are matched (Kuhn 1955) to those of one reference: the layout of all documents that is most
like the others, since a layout of a part of them may lack a small cluster. Every layout then votes on each document
(Dudoit and Fridlyand 2003; Strehl and Ghosh 2002 state the problem). Where the votes are divided, the document's
neighbors vote too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster._agreement import adjusted_mutual_information
from topics.cluster._labelings import Labeling
from topics.records import NOISE, Neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Not tuned; docs/levels.md lists what was tried in place of this vote.
VOTING_NEIGHBORS = 15  # as many as shape a layout (reduce.n_neighbors)

_ROUNDS = 10  # a bound: votes that no longer change end the loop before
_MAJORITY = 0.5  # by definition
_VOTES_FIRST = 1e-6  # a tie between a document's own votes and its neighbors' goes to its own


@dataclass(frozen=True, eq=False)
class Consensus:
    """One labeling made of several.

    Attributes
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` unless more than half of the layouts that contain it put it in one.
    votes : scipy.sparse.csr_array, shape (n_docs, n_clusters)
        Share of the layouts that assign each document to each cluster.
    membership : scipy.sparse.csr_array, shape (n_docs, n_clusters)
        Mean of the layouts' votes and the neighbors' votes, each summing to 1; the neighbors' votes alone where no
        layout assigns a cluster. The largest entry in a clustered document's row is its label.
    """

    labels: NDArray[np.int32]
    votes: csr_array
    membership: csr_array

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.labels.max(initial=NOISE)) + 1


def build_consensus(labelings: Sequence[Labeling], voters: csr_array) -> Consensus:
    """The labeling that several labelings have in common.

    Parameters
    ----------
    labelings : sequence of Labeling
        One per layout.
    voters : scipy.sparse.csr_array, shape (n_docs, n_docs)
        From :func:`neighbor_votes`.
    """
    from scipy.sparse import csr_array

    own_labels = [labeling.labels for labeling in labelings]
    labels = _most_typical(labelings)
    n_clusters = int(labels.max(initial=NOISE)) + 1
    votes = one_hot(labels, n_clusters)
    for _ in range(_ROUNDS if len(labelings) > 1 else 0):
        parts = [one_hot(match_labels(own, labels, n_clusters=n_clusters), n_clusters) for own in own_labels]
        votes = csr_array(sum(parts[1:], start=parts[0]) / len(parts))
        voted = largest(votes)[0]
        if np.array_equal(voted, labels):
            break
        labels = voted
    neighbor_shares = row_shares(csr_array(voters @ votes))
    both = row_shares(row_shares(votes) * (1 + _VOTES_FIRST) + neighbor_shares)
    clustered = _clustered(labelings) & (np.asarray(votes.sum(axis=1)).ravel() > 0)
    final = np.where(clustered, largest(both)[0], NOISE)
    kept, numbers = np.unique(final[clustered], return_inverse=True)  # a cluster may have lost all its documents
    final[clustered] = numbers
    return Consensus(final.astype(np.int32), csr_array(votes[:, kept]), csr_array(both[:, kept]))


def merge_to(consensus: Consensus, n_clusters: int) -> Consensus:
    """The consensus with clusters merged until ``n_clusters`` are left; those that share most votes are merged first.

    Parameters
    ----------
    consensus : Consensus
        At least ``n_clusters`` clusters.
    n_clusters : int
        Requested number of clusters, ≥ 1.
    """
    from scipy.sparse import csr_array

    membership = consensus.membership.toarray()
    shared = membership.T @ membership
    groups = [[i] for i in range(len(shared))]
    while len(groups) > n_clusters:
        own = np.sqrt(np.diag(shared))
        likeness = shared / np.maximum(np.outer(own, own), np.finfo(float).tiny)
        np.fill_diagonal(likeness, -1.0)
        one, other = sorted(divmod(int(likeness.argmax()), len(groups)))
        groups[one] += groups.pop(other)
        shared[one] += shared[other]
        shared[:, one] += shared[:, other]
        shared = np.delete(np.delete(shared, other, axis=0), other, axis=1)
    new = np.empty(membership.shape[1], dtype=np.int32)
    for number, group in enumerate(groups):
        new[group] = number
    joined = one_hot(new, len(groups))
    labels = np.where(consensus.labels == NOISE, NOISE, new[consensus.labels]).astype(np.int32)
    votes, both = csr_array(consensus.votes @ joined), csr_array(consensus.membership @ joined)
    moved = np.where(labels == NOISE, NOISE, largest(both)[0]).astype(np.int32)
    if len(np.unique(moved[moved != NOISE])) == len(groups):  # else a cluster would lose all its documents
        labels = moved
    return Consensus(labels, votes, both)


def _clustered(labelings: Sequence[Labeling]) -> NDArray[np.bool_]:
    """Whether a document is clustered in more than half of the layouts that contain it; of all, if none contains it."""
    n_docs = len(labelings[0].cut_labels)
    n_clustered, n_layouts = np.zeros(n_docs), np.zeros(n_docs)
    for labeling in labelings:
        n_clustered += labeling.cut_labels != NOISE
        n_layouts[labeling.rows] += 1
    return n_clustered > _MAJORITY * np.where(n_layouts > 0, n_layouts, len(labelings))


def neighbor_votes(neighbors: Neighbors) -> csr_array:
    """Weight of each neighbor's vote on a document: their cosine similarity; a document's own vote is left out.

    Parameters
    ----------
    neighbors : Neighbors
        Nearest neighbors of the documents.
    """
    from scipy.sparse import csr_array

    n_docs = len(neighbors.indices)
    near, far = neighbors.indices[:, 1:VOTING_NEIGHBORS], neighbors.distances[:, 1:VOTING_NEIGHBORS]
    similarity = np.maximum(1.0 - far.astype(np.float64), np.finfo(np.float32).eps)
    pointers = np.arange(n_docs + 1) * near.shape[1]
    return csr_array((similarity.ravel(), near.ravel(), pointers), shape=(n_docs, n_docs))


def match_labels(labels: NDArray[np.int32], reference: NDArray[np.int32], *, n_clusters: int) -> NDArray[np.int32]:
    """The labels renumbered to match a reference: the matching of clusters with the largest sum of Jaccard indices.

    A cluster without a partner takes the number of the reference cluster that contains more than half of it, if any.

    Parameters
    ----------
    labels, reference : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    n_clusters : int
        Number of clusters of the reference.
    """
    from scipy.optimize import linear_sum_assignment

    shared, similarity = overlap(labels, reference, n_clusters=n_clusters)
    numbers = np.full(len(shared), NOISE, dtype=np.int32)
    ours, theirs = linear_sum_assignment(-similarity)
    fit = similarity[ours, theirs] > 0
    numbers[ours[fit]] = theirs[fit]
    sizes = np.bincount(labels[labels >= 0], minlength=len(shared))
    for lone in np.flatnonzero(numbers == NOISE):
        target = int(shared[lone].argmax()) if n_clusters else 0
        if n_clusters and shared[lone, target] > sizes[lone] / 2:
            numbers[lone] = target
    return np.append(numbers, NOISE)[labels].astype(np.int32)  # noise takes the last


def overlap(
    labels: NDArray[np.int32], reference: NDArray[np.int32], *, n_clusters: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Number of documents that each cluster shares with each reference cluster, and the Jaccard index of the two.

    Parameters
    ----------
    labels, reference : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    n_clusters : int
        Number of clusters of the reference.
    """
    n_own = int(labels.max(initial=NOISE)) + 1
    both = (labels >= 0) & (reference >= 0)
    cells = labels[both].astype(np.int64) * n_clusters + reference[both]
    shared = np.bincount(cells, minlength=n_own * n_clusters).reshape(n_own, n_clusters).astype(np.float64)
    sizes = np.bincount(labels[labels >= 0], minlength=n_own)[:, None]
    others = np.bincount(reference[reference >= 0], minlength=n_clusters)[None]
    return shared, shared / np.maximum(sizes + others - shared, 1)


def one_hot(labels: NDArray[np.int32], n_clusters: int) -> csr_array:
    """Matrix with 1 in the column of each row's label; the rows of noise are empty."""
    from scipy.sparse import csr_array

    rows = np.flatnonzero(labels >= 0)
    return csr_array((np.ones(len(rows)), (rows, labels[rows])), shape=(len(labels), n_clusters))


def row_shares(matrix: csr_array) -> csr_array:
    """The matrix with every row scaled to sum to 1; empty rows stay empty."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return _scaled(matrix, np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0))


def largest(matrix: csr_array) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Column and value of the largest entry of each row, the first of equal ones; ``NOISE`` and 0 in empty rows."""
    from scipy.sparse import csr_array

    entries = csr_array(matrix, copy=True)
    entries.sum_duplicates()  # by column
    entries.data[~(entries.data > 0)] = 0.0
    entries.eliminate_zeros()
    labels, value = np.full(matrix.shape[0], NOISE, dtype=np.int32), np.zeros(matrix.shape[0])
    filled = np.flatnonzero(np.diff(entries.indptr))
    if len(filled):
        value[filled] = np.maximum.reduceat(entries.data, entries.indptr[filled])
        rows = np.repeat(np.arange(len(value)), np.diff(entries.indptr))
        at = np.flatnonzero(entries.data == value[rows])[::-1]  # the first of equal ones is written last
        labels[rows[at]] = entries.indices[at]
    return labels, value


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


def _most_typical(labelings: Sequence[Labeling]) -> NDArray[np.int32]:
    """The labels of the layout of all documents (of any layout, if none has all) that is most like the others."""
    every = [labeling.labels for labeling in labelings]
    whole = [labeling.labels for labeling in labelings if len(labeling.rows) == len(labeling.labels)] or every
    if len(whole) == 1:
        return whole[0]
    likeness = [sum(adjusted_mutual_information(labels, other) for other in every) for labels in whole]
    return whole[int(np.argmax(likeness))]

"""What of a labeling other layouts show too: how often a cluster's documents are together, how whole it is found again.

The consensus indices of an item and of a cluster are those of Monti et al. 2003 ("Consensus clustering"), with layouts
of other documents in place of runs on subsamples: every layout has an opinion on every document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.consensus import overlap
from topics.cluster.labelings import Labeling
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def item_consensus(
    topics: NDArray[np.int32], again: Sequence[Labeling], *, members: NDArray[np.int32]
) -> NDArray[np.float64]:
    """How often each document is in one cluster with the other documents of its topic, shape (n_docs,), in [0, 1].

    Parameters
    ----------
    topics : numpy.ndarray of int32, shape (n_docs,)
        Topic that each document is looked at in, which it need not be a member of; ``NOISE`` for none.
    again : sequence of Labeling
        Of other layouts. What is neither in a layout nor given to one of its clusters is not counted there.
    members : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` for none.

    Returns
    -------
    numpy.ndarray of float64, shape (n_docs,)
        Mean over these layouts of the share of the topic's other documents that are in the document's cluster. NaN
        without a topic, or where no layout says anything.
    """
    n_topics = int(max(topics.max(initial=NOISE), members.max(initial=NOISE))) + 1
    total, n_said = np.zeros(len(topics)), np.zeros(len(topics))
    is_member = (members == topics) & (topics != NOISE)
    for labeling in again:
        said = labeling.labels != NOISE
        said[labeling.rows] = True
        shared, _ = overlap(labeling.labels, members, n_clusters=n_topics)
        sizes = np.bincount(members[said & (members != NOISE)], minlength=n_topics)
        asked = np.flatnonzero(said & (topics != NOISE))
        topic, own = topics[asked], is_member[asked]
        alone = labeling.labels[asked] == NOISE
        together = np.append(shared, np.zeros((1, n_topics)), axis=0)[labeling.labels[asked], topic]  # noise: the last
        others = sizes[topic] - own
        counted = others > 0
        total[asked[counted]] += (together - (own & ~alone))[counted] / others[counted]
        n_said[asked[counted]] += 1
    return np.asarray(np.divide(total, n_said, out=np.full(len(topics), np.nan), where=n_said > 0))


def cluster_consensus(labels: NDArray[np.int32], items: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each cluster's documents' consensus: how often two of them are together. Shape (n_clusters,).

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` for none.
    items : numpy.ndarray of float64, shape (n_docs,)
        As :func:`item_consensus` gives them for these labels; NaN is left out.
    """
    n_clusters = int(labels.max(initial=NOISE)) + 1
    known = (labels != NOISE) & ~np.isnan(items)
    sums = np.bincount(labels[known], weights=items[known], minlength=n_clusters)
    sizes = np.bincount(labels[known], minlength=n_clusters)
    return np.asarray(np.divide(sums, sizes, out=np.full(n_clusters, np.nan), where=sizes > 0))


def found_again(labels: NDArray[np.int32], again: Sequence[Labeling]) -> NDArray[np.float64]:
    """Mean Jaccard index of each cluster and the one most like it in each layout, over the documents it has.

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    again : sequence of Labeling
        Of other layouts; NaN of none.
    """
    n_clusters = int(labels.max(initial=NOISE)) + 1
    if not again:
        return np.full(n_clusters, np.nan)
    found = []
    for labeling in again:
        rows = labeling.rows
        _, similarity = overlap(labeling.found[rows], labels[rows], n_clusters=n_clusters)
        found.append(similarity.max(axis=0, initial=0.0))
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)

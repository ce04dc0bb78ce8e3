"""Reproducibility of a labeling in other layouts: how often a cluster's documents are together, how complete it is.

The consensus indices of an item and of a cluster are those of Monti et al. 2003 ("Consensus clustering"), with layouts
of other documents in place of runs on subsamples; here every layout labels every document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster._consensus import overlap
from topics.cluster._labelings import Labeling
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def item_consensus(
    topics: NDArray[np.int32], layouts: Sequence[Labeling], *, members: NDArray[np.int32]
) -> NDArray[np.float64]:
    """How often each document shares a cluster with the other documents of its topic, shape (n_docs,), in [0, 1].

    Parameters
    ----------
    topics : numpy.ndarray of int32, shape (n_docs,)
        Topic to compare each document with, which it need not be a member of; ``NOISE`` for none.
    layouts : sequence of Labeling
        Labelings of other layouts. A document that is outside a layout and assigned to none of its clusters is not
        counted there.
    members : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` for none.

    Returns
    -------
    numpy.ndarray of float64, shape (n_docs,)
        Mean over the layouts of the share of the topic's other documents that are in the document's cluster; NaN
        without a topic or a layout that counts.
    """
    n_topics = int(max(topics.max(initial=NOISE), members.max(initial=NOISE))) + 1
    total, n_layouts = np.zeros(len(topics)), np.zeros(len(topics))
    is_member = (members == topics) & (topics != NOISE)
    for labeling in layouts:
        has_label = labeling.labels != NOISE
        has_label[labeling.rows] = True
        shared, _ = overlap(labeling.labels, members, n_clusters=n_topics)
        sizes = np.bincount(members[has_label & (members != NOISE)], minlength=n_topics)
        rows = np.flatnonzero(has_label & (topics != NOISE))
        topic, own = topics[rows], is_member[rows]
        is_noise = labeling.labels[rows] == NOISE
        together = np.append(shared, np.zeros((1, n_topics)), axis=0)[labeling.labels[rows], topic]  # noise: the last
        others = sizes[topic] - own
        comparable = others > 0
        total[rows[comparable]] += (together - (own & ~is_noise))[comparable] / others[comparable]
        n_layouts[rows[comparable]] += 1
    return np.asarray(np.divide(total, n_layouts, out=np.full(len(topics), np.nan), where=n_layouts > 0))


def cluster_consensus(labels: NDArray[np.int32], items: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean item consensus of each cluster: how often two of its documents are together. Shape (n_clusters,).

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Cluster of each document; ``NOISE`` for none.
    items : numpy.ndarray of float64, shape (n_docs,)
        From :func:`item_consensus` for these labels; NaN is left out.
    """
    n_clusters = int(labels.max(initial=NOISE)) + 1
    known = (labels != NOISE) & ~np.isnan(items)
    sums = np.bincount(labels[known], weights=items[known], minlength=n_clusters)
    sizes = np.bincount(labels[known], minlength=n_clusters)
    return np.asarray(np.divide(sums, sizes, out=np.full(n_clusters, np.nan), where=sizes > 0))


def mean_jaccard(labels: NDArray[np.int32], layouts: Sequence[Labeling]) -> NDArray[np.float64]:
    """Mean Jaccard index of each cluster and its best match in each layout, over that layout's documents.

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    layouts : sequence of Labeling
        Labelings of other layouts; without any the result is NaN.
    """
    n_clusters = int(labels.max(initial=NOISE)) + 1
    if not layouts:
        return np.full(n_clusters, np.nan)
    similarities = []
    for labeling in layouts:
        rows = labeling.rows
        _, similarity = overlap(labeling.cut_labels[rows], labels[rows], n_clusters=n_clusters)
        similarities.append(similarity.max(axis=0, initial=0.0))
    return np.asarray(np.mean(similarities, axis=0), dtype=np.float64)

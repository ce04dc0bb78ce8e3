"""How well layouts of different documents agree at every cut.

A level exists if other articles from the same source would show it too. Layouts of a random 80 % of the documents are
cut in the same way, each assigns every document to a cluster, and the mean agreement of two of these labelings is the
stability of the cut (Lange et al. 2004; Tibshirani and Walther 2005). It averages two measures that correct for chance:
adjusted mutual information, which fine partitions inflate, and the adjusted Rand index, which coarse ones inflate. No
human labels are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics.cluster._agreement import adjusted_agreement
from topics.cluster._labelings import Trees, centroids, nearest
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = ("leaf", "eom")
FINEST = 5
"""Minimum cluster size of the finest cut of the scan; not tuned: smaller groups are stories."""

# Not tuned: bounds of a scan. A finer grid only repeats cuts, since similar sizes often give the same partition.
_MAX_TOPICS = 2_000  # a level with more topics is too long to read
_STEP = 1.25
_COARSEST_SHARE = 0.25  # of the documents
_MAX_JUDGED = 5_000  # documents compared, so that the time of a scan is bounded


@dataclass(frozen=True)
class Cut:
    """One cut of all layouts' trees.

    Attributes
    ----------
    method : {"leaf", "eom"}
        The smallest clusters ("leaf"), or those with the greatest excess of mass ("eom").
    min_cluster_size : int
        Minimum cluster size.
    n_clusters : tuple of int
        Number of clusters of each layout.
    agreement : float
        Mean adjusted mutual information of two layouts' labels of all documents; NaN with a single layout.
    rand : float
        Mean adjusted Rand index of the same.
    noise_share : float
        Mean share of a layout's documents in no cluster.
    without : tuple of float
        Stability without each layout in turn; empty with fewer than three layouts.
    """

    method: str
    min_cluster_size: int
    n_clusters: tuple[int, ...]
    agreement: float
    rand: float
    noise_share: float
    without: tuple[float, ...] = ()

    @property
    def stability(self) -> float:
        """Mean of both measures of agreement, at most 1; higher is better. NaN with a single layout."""
        return (self.agreement + self.rand) / 2

    @property
    def error(self) -> float:
        """Standard error of the stability (jackknife over layouts); NaN with fewer than three layouts."""
        return _jackknife(np.array(self.without))

    @property
    def mean_clusters(self) -> float:
        """Mean number of clusters over the layouts."""
        return sum(self.n_clusters) / len(self.n_clusters)


def grid(n_docs: int) -> list[int]:
    """Minimum cluster sizes of the scan: up to a quarter of the documents, each 1.25 times the one before.

    The first is 5, or a two-thousandth of the documents if that is more: nobody reads a level with more topics.

    Parameters
    ----------
    n_docs : int
        Number of documents.
    """
    return sizes_between(max(float(FINEST), n_docs / _MAX_TOPICS), max(n_docs * _COARSEST_SHARE, FINEST))


def sizes_between(first: float, last: float) -> list[int]:
    """Sizes from the first to the last, each 1.25 times the one before.

    Parameters
    ----------
    first, last : float
        Smallest and largest size, > 0.
    """
    n_steps = max(0, math.floor(math.log(last / first, _STEP) + 1e-9))
    return sorted({round(first * _STEP**i) for i in range(n_steps + 1)})


def scan(trees: Trees, sizes: Sequence[int], *, methods: Sequence[str] = METHODS) -> list[Cut]:
    """The cuts at these sizes in which most layouts have at least two clusters, the finest first.

    Cuts are judged by the layouts of a part of the documents if there are at least two, else by all layouts. With more
    than 5,000 documents, the labels of a random 5,000 are compared.

    Parameters
    ----------
    trees : Trees
        The trees of all layouts.
    sizes : sequence of int
        Minimum cluster sizes to cut at.
    methods : sequence of {"leaf", "eom"}
        Selection methods to cut with.
    """
    partial = [i for i, tree in enumerate(trees.trees) if len(tree.rows) < trees.n_docs]
    judges = partial if len(partial) > 1 else list(range(len(trees.trees)))
    rows = np.arange(trees.n_docs)
    if len(rows) > _MAX_JUDGED:
        rows = np.sort(np.random.RandomState(0).permutation(len(rows))[:_MAX_JUDGED])
    shown = trees.vectors[rows]
    wanted = [(size, method) for method in methods for size in sizes]

    def judge(first: int, _: int) -> list[tuple[NDArray[np.int32], int, float]]:
        """Every cut of one layout; cuts of similar sizes are often the same partition, and are labeled once."""
        known: dict[bytes, tuple[NDArray[np.int32], int, float]] = {}
        found = []
        for size, method in wanted:
            clusters = trees.cut(judges[first], size, method=method)
            key = clusters.tobytes()
            if key not in known:
                known[key] = _labels_of(trees, judges[first], clusters, rows, shown)
            found.append(known[key])
        return found

    measured: dict[tuple[bytes, bytes], tuple[float, float]] = {}

    def measure(one: NDArray[np.int32], other: NDArray[np.int32]) -> tuple[float, float]:
        """The agreement of two labelings, computed once."""
        key = (blake2b(one.tobytes()).digest(), blake2b(other.tobytes()).digest())
        if key not in measured:
            measured[key] = adjusted_agreement(one, other)
        return measured[key]

    results = list(map_blocks(judge, len(judges), 1))
    cuts: list[Cut] = []
    for place, (size, method) in enumerate(wanted):
        n_clusters = tuple(each[place][1] for each in results)
        if np.median(n_clusters) > 1:
            noise = float(np.mean([each[place][2] for each in results]))
            labels = [each[place][0] for each in results]
            cuts.append(_compare(labels, size, method, n_clusters, noise, measure=measure))
    return finest_first(cuts)


def _labels_of(
    trees: Trees, i: int, clusters: NDArray[np.int32], rows: NDArray[np.int64], shown: NDArray[np.float32]
) -> tuple[NDArray[np.int32], int, float]:
    """One layout's labels of the compared documents, its number of clusters and its share of noise."""
    n_clusters = int(clusters.max(initial=NOISE)) + 1
    noise = float((clusters == NOISE).mean())
    whole = np.full(trees.n_docs, NOISE, dtype=np.int32)
    whole[trees.trees[i].rows] = clusters
    labels = whole[rows]
    if n_clusters > 1 and len(trees.trees) > 1:
        left = labels == NOISE
        labels[left] = nearest(centroids(trees.vectors, whole), shown[left])
    return labels, n_clusters, noise


def compare(
    labelings: Sequence[NDArray[np.int32]], size: int, *, method: str = "leaf", noise_share: float = 0.0
) -> Cut:
    """The cut with the agreement of several labelings.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray of int32, shape (n_docs,)
        One per layout.
    size : int
        Minimum cluster size.
    method : {"leaf", "eom"}
        Selection method of the cut.
    noise_share : float
        Share of documents that were in no cluster before they were assigned to one.
    """
    n_clusters = tuple(int(labels.max(initial=NOISE)) + 1 for labels in labelings)
    return _compare(labelings, size, method, n_clusters, noise_share)


def _compare(
    labelings: Sequence[NDArray[np.int32]],
    size: int,
    method: str,
    n_clusters: tuple[int, ...],
    noise_share: float,
    *,
    measure: Callable[[NDArray[np.int32], NDArray[np.int32]], tuple[float, float]] = adjusted_agreement,
) -> Cut:
    n = len(labelings)
    mutual, rand = np.zeros((n, n)), np.zeros((n, n))
    for i, j in combinations(range(n), 2):
        mutual[i, j], rand[i, j] = mutual[j, i], rand[j, i] = measure(labelings[i], labelings[j])
    if n == 1:
        return Cut(method, size, n_clusters, math.nan, math.nan, noise_share)
    pairs, both = n * (n - 1), (mutual + rand) / 2
    without = (both.sum() - 2 * both.sum(axis=1)) / ((n - 1) * (n - 2)) if n > 2 else np.empty(0)
    return Cut(
        method, size, n_clusters, float(mutual.sum() / pairs), float(rand.sum() / pairs), noise_share,
        tuple(without.tolist()),
    )  # fmt: skip


def difference_error(one: Cut, other: Cut) -> float:
    """Standard error of the difference of two cuts' stabilities (jackknife over layouts); 0 if unknown.

    Parameters
    ----------
    one, other : Cut
        Two cuts of the same layouts.
    """
    if len(one.without) < 3 or len(one.without) != len(other.without):
        return 0.0
    return _jackknife(np.array(one.without) - np.array(other.without))


def _jackknife(without: NDArray[np.float64]) -> float:
    n = len(without)
    return math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()) if n > 2 else math.nan


def finest_first(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts in descending order of the number of clusters."""
    return sorted(cuts, key=lambda cut: (-cut.mean_clusters, cut.min_cluster_size, cut.method))

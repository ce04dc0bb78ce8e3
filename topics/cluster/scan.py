"""How well layouts of different documents agree at every cut.

A level is there if other articles of the same source would show it too: layouts of random 80 % of the documents are
cut alike, each gives a cluster to every document, and how much every two of these labelings agree is the stability
of the cut (Lange et al. 2004; Tibshirani and Walther 2005). It is the mean of two measures that correct for chance:
adjusted mutual information, which fine partitions inflate, and the adjusted Rand index, which coarse ones do. No human
label is needed.
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
from topics.cluster.agreement import adjusted_agreement
from topics.cluster.labelings import Trees, centroids, nearest
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = ("leaf", "eom")
FINEST = 5
"""Fewest documents of a cluster of the finest cut that is tried unasked."""

_MOST_TOPICS = 2_000
_STEP = 1.25
_COARSEST_SHARE = 0.25
_MOST_JUDGED = 5_000


@dataclass(frozen=True)
class Cut:
    """One cut of all layouts' trees.

    Attributes
    ----------
    method : {"leaf", "eom"}
        The smallest clusters, or those with the greatest excess of mass.
    min_cluster_size : int
        Fewest documents of a cluster.
    n_clusters : tuple of int
        Of each layout.
    agreement : float
        Mean adjusted mutual information of two layouts' labels of all documents; NaN of one layout.
    rand : float
        Mean adjusted Rand index of the same.
    noise_share : float
        Mean share of a layout's documents in no cluster.
    without : tuple of float
        Stability without each layout in turn; empty of fewer than three.
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
        """Mean of both measures of agreement, at most 1; higher is better. NaN of one layout."""
        return (self.agreement + self.rand) / 2

    @property
    def error(self) -> float:
        """Standard error of the stability, by leaving out each layout in turn (jackknife); NaN of fewer than three."""
        return _jackknife(np.array(self.without))

    @property
    def mean_clusters(self) -> float:
        """Mean number of clusters of the layouts."""
        return sum(self.n_clusters) / len(self.n_clusters)


def grid(n_docs: int) -> list[int]:
    """Sizes to cut at: to a quarter of the documents, each 1.25 times the one before.

    From 5, and from a two-thousandth of the documents where that is more: a level of more topics is for nobody to read.

    Parameters
    ----------
    n_docs : int
        Number of documents.
    """
    return sizes_between(max(float(FINEST), n_docs / _MOST_TOPICS), max(n_docs * _COARSEST_SHARE, FINEST))


def sizes_between(first: float, last: float) -> list[int]:
    """Sizes from the first to the last, each 1.25 times the one before.

    Parameters
    ----------
    first, last : float
        Of them.
    """
    n_steps = max(0, math.floor(math.log(last / first, _STEP) + 1e-9))
    return sorted({round(first * _STEP**i) for i in range(n_steps + 1)})


def scan(trees: Trees, sizes: Sequence[int], *, methods: Sequence[str] = METHODS) -> list[Cut]:
    """The cuts at these sizes in which most layouts have two clusters or more, the finest first.

    They are judged by the layouts of some of the documents where there are two or more, else by all. Of more than
    5,000 documents the labels of a random 5,000 are compared.

    Parameters
    ----------
    trees : Trees
        Of all layouts.
    sizes : sequence of int
        Fewest documents of a cluster.
    methods : sequence of {"leaf", "eom"}
        Kinds of cuts.
    """
    partial = [i for i, tree in enumerate(trees.trees) if len(tree.rows) < trees.n_docs]
    judges = partial if len(partial) > 1 else list(range(len(trees.trees)))
    rows = np.arange(trees.n_docs)
    if len(rows) > _MOST_JUDGED:
        rows = np.sort(np.random.RandomState(0).permutation(len(rows))[:_MOST_JUDGED])
    shown = trees.vectors[rows]
    wanted = [(size, method) for method in methods for size in sizes]

    def judge(first: int, _: int) -> list[tuple[NDArray[np.int32], int, float]]:
        return [_judged(trees, judges[first], rows, shown, size, method) for size, method in wanted]

    known: dict[tuple[bytes, bytes], tuple[float, float]] = {}

    def measure(one: NDArray[np.int32], other: NDArray[np.int32]) -> tuple[float, float]:
        """Cuts of like sizes are often the same partition: each pair of them is asked once."""
        key = (blake2b(one.tobytes()).digest(), blake2b(other.tobytes()).digest())
        if key not in known:
            known[key] = adjusted_agreement(one, other)
        return known[key]

    found = list(map_blocks(judge, len(judges), 1))
    cuts: list[Cut] = []
    for place, (size, method) in enumerate(wanted):
        n_clusters = tuple(each[place][1] for each in found)
        if np.median(n_clusters) > 1:
            noise = float(np.mean([each[place][2] for each in found]))
            labels = [each[place][0] for each in found]
            cuts.append(_compared(labels, size, method, n_clusters, noise, measure=measure))
    return finest_first(cuts)


def _judged(
    trees: Trees, i: int, rows: NDArray[np.int64], shown: NDArray[np.float32], size: int, method: str
) -> tuple[NDArray[np.int32], int, float]:
    """Labels of the documents that are compared, the number of clusters, the share of noise."""
    clusters = trees.found(i, size, method=method)
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
    """What several labelings at one cut have in common.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray of int32, shape (n_docs,)
        One a layout.
    size : int
        Fewest documents of a cluster.
    method : {"leaf", "eom"}
        Kind of the cut.
    noise_share : float
        Share of documents that were in no cluster before they were given to one.
    """
    n_clusters = tuple(int(labels.max(initial=NOISE)) + 1 for labels in labelings)
    return _compared(labelings, size, method, n_clusters, noise_share)


def _compared(
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
    """Standard error of the difference of two cuts' stabilities, by leaving out each layout in turn; 0 where unknown.

    Parameters
    ----------
    one, other : Cut
        Of the same layouts.
    """
    if len(one.without) < 3 or len(one.without) != len(other.without):
        return 0.0
    return _jackknife(np.array(one.without) - np.array(other.without))


def _jackknife(without: NDArray[np.float64]) -> float:
    n = len(without)
    return math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()) if n > 2 else math.nan


def finest_first(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts by number of clusters, the most first."""
    return sorted(cuts, key=lambda cut: (-cut.mean_clusters, cut.min_cluster_size, cut.method))

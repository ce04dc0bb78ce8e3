"""How well layouts of different documents agree at every cut, and which cuts are levels.

A level is there if other articles of the same source would show it too: layouts of random 80 % of the documents are
cut alike, each gives a cluster to every document, and how much every two of these labelings agree is the stability
of the cut (Lange et al. 2004; Tibshirani and Walther 2005). Agreement is the mean of two measures that correct for
chance: adjusted mutual information, which fine partitions inflate, and the adjusted Rand index, which coarse ones do.
No human label is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics.cluster.agreement import adjusted_mutual_information, adjusted_rand_index
from topics.cluster.labelings import Trees, centroids, nearest
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = ("leaf", "eom")

_FINEST = 5
_MOST_TOPICS = 2_000
_STEP = 1.25
_SIZES_BETWEEN = 24
_COARSEST_SHARE = 0.25
_LEAST_OF_BEST = 0.8  # a level less stable than this, against the most stable one, is none
_APART = 1.0  # levels have at least twice as many clusters as the next coarser one: log2
_PEAK = 0.5  # and are the most stable within so many octaves
_SAME = 0.2
_MOST_JUDGED = 5_000
_LEAST_NOISE = 0.05  # shares of noise of one layout that count as equal
_EASE = 0.2
_EASE_OF_MASS = 0.04
_WITHIN = 0.5  # standard errors


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
    def worth(self) -> float:
        """What cuts are compared by: the stability less what is too easily had.

        That is 0.2 over the number of clusters, since few agree easily; and 0.04 for excess of mass, where one great
        cluster beside small ones raises the Rand index: it must be clearly better. Of one layout, which shows no
        stability, the share of documents in clusters.
        """
        return 1 - self.noise_share if math.isnan(self.agreement) else self.stability - self.ease

    @property
    def ease(self) -> float:
        """How much of an agreement on so many clusters is too easily had."""
        return _EASE / max(self.mean_clusters, 1.0) + (_EASE_OF_MASS if self.method == "eom" else 0.0)

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
    return _steps(max(float(_FINEST), n_docs / _MOST_TOPICS), max(n_docs * _COARSEST_SHARE, _FINEST))


def _steps(first: float, last: float) -> list[int]:
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

    found = list(map_blocks(judge, len(judges), 1))
    cuts: list[Cut] = []
    for place, (size, method) in enumerate(wanted):
        n_clusters = tuple(each[place][1] for each in found)
        if np.median(n_clusters) > 1:
            noise = float(np.mean([each[place][2] for each in found]))
            cuts.append(_compared([each[place][0] for each in found], size, method, n_clusters, noise))
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
    labelings: Sequence[NDArray[np.int32]], size: int, method: str, n_clusters: tuple[int, ...], noise_share: float
) -> Cut:
    n = len(labelings)
    mutual, rand = np.zeros((n, n)), np.zeros((n, n))
    for i, j in combinations(range(n), 2):
        mutual[i, j] = mutual[j, i] = adjusted_mutual_information(labelings[i], labelings[j])
        rand[i, j] = rand[j, i] = adjusted_rand_index(labelings[i], labelings[j])
    if n == 1:
        return Cut(method, size, n_clusters, math.nan, math.nan, noise_share)
    pairs, both = n * (n - 1), (mutual + rand) / 2
    without = (both.sum() - 2 * both.sum(axis=1)) / ((n - 1) * (n - 2)) if n > 2 else np.empty(0)
    return Cut(
        method, size, n_clusters, float(mutual.sum() / pairs), float(rand.sum() / pairs), noise_share,
        tuple(without.tolist()),
    )  # fmt: skip


def preferred(cuts: Sequence[Cut]) -> int:
    """Index of the cut to prefer: the coarsest within half a standard error of the best.

    As the one-standard-error rule (Breiman et al. 1984): of what the data cannot tell apart the simplest, the error
    being that of the difference to the best, by leaving out each layout in turn. Half of it, by leaving whole corpora
    out; a whole one takes five themes for thirteen clear topics. Of cuts with about as many clusters the most stable
    is taken. Of one layout, which has no error, the finest with about the least noise.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one, the finest first.
    """
    best = max(cuts, key=lambda cut: cut.worth)
    if math.isnan(best.agreement):
        return next(i for i, cut in enumerate(cuts) if best.worth - cut.worth <= _LEAST_NOISE)
    level = [
        i for i, cut in enumerate(cuts) if best.worth - cut.worth <= max(_WITHIN * _difference_error(best, cut), 1e-9)
    ]
    coarsest = cuts[level[-1]].mean_clusters
    same = [i for i in level if math.log(cuts[i].mean_clusters / coarsest) < _SAME]
    return max(same, key=lambda i: (cuts[i].worth, i))


def _difference_error(best: Cut, cut: Cut) -> float:
    if len(best.without) < 3 or len(best.without) != len(cut.without):
        return 0.0
    return _jackknife(np.array(best.without) - np.array(cut.without))


def _jackknife(without: NDArray[np.float64]) -> float:
    n = len(without)
    return math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()) if n > 2 else math.nan


def finest_first(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts by number of clusters, the most first."""
    return sorted(cuts, key=lambda cut: (-cut.mean_clusters, cut.min_cluster_size, cut.method))


def nearest_cut(cuts: Sequence[Cut], n_clusters: int) -> int:
    """Index of the best cut of those with about so many clusters, else of the nearest.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one.
    n_clusters : int
        Clusters wanted.
    """
    off = [round(max(abs(math.log(cut.mean_clusters / n_clusters)) - _SAME, 0.0), 9) for cut in cuts]
    return min(range(len(cuts)), key=lambda i: (off[i], -cuts[i].worth))


def sizes_below(cuts: Sequence[Cut], n_clusters: int, *, n_docs: int) -> list[int]:
    """Sizes smaller than those of the grid, where more clusters are wanted than any cut of the grid has.

    Parameters
    ----------
    cuts : sequence of Cut
        Of the grid, the finest first; there may be none.
    n_clusters : int
        Clusters wanted.
    n_docs : int
        Number of documents.
    """
    if cuts and cuts[0].mean_clusters >= n_clusters:
        return []
    finest = grid(n_docs)[0]
    return [*range(2, _FINEST), *(size for size in _steps(_FINEST, finest) if size < finest)]


def level_cuts(cuts: Sequence[Cut], chosen: int) -> list[int]:
    """Indices of the cuts that are levels, the finest first: the chosen one, and other peaks of stability.

    A peak is worth more than all cuts within half an octave of its number of clusters, and at least 0.8 of the best;
    it has at least twice or at most half as many clusters as any level before it.

    Parameters
    ----------
    cuts : sequence of Cut
        The finest first.
    chosen : int
        Index of the cut that is a level in any case.
    """
    best = max(cut.worth for cut in cuts)
    octave = np.array([math.log2(cut.mean_clusters) for cut in cuts])
    worth = np.array([cut.worth for cut in cuts])
    levels = [chosen]
    for i in np.argsort(-worth, kind="stable").tolist():
        peak = worth[i] >= worth[np.abs(octave - octave[i]) < _PEAK].max()
        apart = all(abs(octave[i] - octave[level]) >= _APART for level in levels)
        if peak and apart and worth[i] >= _LEAST_OF_BEST * best:
            levels.append(i)
    return sorted(levels)

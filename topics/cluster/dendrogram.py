"""Leaf and excess-of-mass cuts of one tree in milliseconds each.

In the order in which a dendrogram is drawn, every subtree is a range of places. A cluster splits in two where both
sides have at least ``min_cluster_size`` documents (Campello et al. 2013); the clusters of a leaf cut are the sides of
such splits that have no further split between their ends. So a cut is a search among sorted places instead of a walk
over the tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Dendrogram:
    """A single-linkage tree in the order in which it is drawn.

    Attributes
    ----------
    order : numpy.ndarray of int64, shape (n_docs,)
        Row at each place.
    starts, sizes : numpy.ndarray of int64, shape (2 * n_docs - 1,)
        First place and number of documents of each subtree: the documents, then the merges.
    children : numpy.ndarray of int64, shape (n_docs - 1, 2)
        Subtrees of each merge.
    heights : numpy.ndarray of float64, shape (n_docs - 1,)
        Distance of each merge.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    children: NDArray[np.int64]
    heights: NDArray[np.float64]

    @classmethod
    def of(cls, single_linkage: NDArray[np.float64]) -> Dendrogram:
        """The dendrogram of merges as in :func:`scipy.cluster.hierarchy.linkage`.

        Parameters
        ----------
        single_linkage : numpy.ndarray of float64, shape (n_docs - 1, 4)
            At least one merge.
        """
        n_docs = len(single_linkage) + 1
        children = single_linkage[:, :2].astype(np.int64)
        sizes = np.concatenate([np.ones(n_docs, dtype=np.int64), single_linkage[:, 3].astype(np.int64)])
        starts = [0] * (2 * n_docs - 1)
        left, right = children.T.tolist()
        left_sizes = sizes[children[:, 0]].tolist()
        for merge in range(n_docs - 2, -1, -1):  # from the root: a parent comes after its children
            start = starts[n_docs + merge]
            starts[left[merge]] = start
            starts[right[merge]] = start + left_sizes[merge]
        places = np.array(starts, dtype=np.int64)
        order = np.empty(n_docs, dtype=np.int64)
        order[places[:n_docs]] = np.arange(n_docs)
        return cls(order, places, sizes, children, single_linkage[:, 2])

    @property
    def n_docs(self) -> int:
        """Number of documents."""
        return len(self.order)

    def leaf_cut(self, min_cluster_size: int) -> NDArray[np.int32]:
        """Cluster of each row, numbered from 0 in drawing order; ``NOISE`` in none.

        The partition is that of hdbscan's ``cluster_selection_method="leaf"``.

        Parameters
        ----------
        min_cluster_size : int
            Fewest documents of a cluster, ≥ 2.
        """
        starts, stops = self._leaves(min_cluster_size)
        return self._paint(starts, stops, np.arange(len(starts)), NOISE).astype(np.int32)

    def eom_cut(self, min_cluster_size: int) -> NDArray[np.int32]:
        """Cluster of each row, numbered from 0 in drawing order; ``NOISE`` in none.

        The partition is that of hdbscan's ``cluster_selection_method="eom"``: of a cluster and those within it, which
        has the greater excess of mass (Campello et al. 2013), so that topics of very unequal size stand side by side.

        Parameters
        ----------
        min_cluster_size : int
            Fewest documents of a cluster, ≥ 2.
        """
        splits = np.flatnonzero(self.sizes[self.children].min(axis=1) >= min_cluster_size)
        sides = self.children[splits].ravel()
        births = np.repeat(self._densities()[splits], 2)
        starts, sizes = self.starts[sides], self.sizes[sides]
        order = np.lexsort((-sizes, starts))  # what holds a cluster stands before it
        births, starts, sizes = births[order], starts[order], sizes[order]
        parents, deepest = self._nest(starts, starts + sizes)
        left = self._density_left(min_cluster_size)
        held = deepest >= 0
        mass = np.bincount(deepest[held], weights=left[held], minlength=len(starts)) - sizes * births
        nested = parents >= 0
        np.add.at(mass, parents[nested], (sizes * births)[nested])
        chosen = _greatest_mass(mass, parents)
        return self._paint(starts[chosen], (starts + sizes)[chosen], np.arange(len(chosen)), NOISE).astype(np.int32)

    def _densities(self) -> NDArray[np.float64]:
        """Density at each merge: one over its height, equal points a large one."""
        least = float(self.heights.max(initial=0.0)) * _TINY or 1.0
        return 1.0 / np.maximum(self.heights, least)

    def _nest(self, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The smallest range that holds each of these, and each place; -1 where none does."""
        parents, deepest = np.full(len(starts), -1), np.full(self.n_docs, -1)
        held: list[int] = []
        for i, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            while held and stops[held[-1]] <= start:
                held.pop()
            parents[i] = held[-1] if held else -1
            held.append(i)
            deepest[start:stop] = i
        return parents, deepest

    def _density_left(self, min_cluster_size: int) -> NDArray[np.float64]:
        """Density at which each place leaves its smallest cluster."""
        large = np.flatnonzero(self.sizes[self.n_docs :] >= min_cluster_size)
        sides = self.children[large]
        small = self.sizes[sides] < min_cluster_size
        starts, lengths = self.starts[sides[small]], self.sizes[sides[small]]
        density = np.repeat(self._densities()[large][:, None], 2, axis=1)[small]
        found = np.zeros(self.n_docs)
        ends = np.cumsum(lengths)
        places = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        found[places] = np.repeat(density, lengths)
        return found

    def strengths(self, labels: NDArray[np.integer], min_cluster_size: int) -> NDArray[np.float32]:
        """How near each row is to the core of its cluster, in [0, 1]; 0 for noise.

        The density at which a row leaves its cluster over the highest density in the cluster: hdbscan's
        ``probabilities_``.

        Parameters
        ----------
        labels : numpy.ndarray of int, shape (n_docs,)
            A leaf cut.
        min_cluster_size : int
            Of that cut.
        """
        large = np.flatnonzero(self.sizes[self.n_docs :] >= min_cluster_size)
        sides = self.children[large]
        height = np.repeat(self.heights[large][:, None], 2, axis=1)
        leaves = self.sizes[sides] < min_cluster_size
        starts, order = np.sort(self.starts[sides[leaves]]), np.argsort(self.starts[sides[leaves]])
        stops = starts + self.sizes[sides[leaves]][order]
        with np.errstate(divide="ignore"):
            density = self._paint(starts, stops, 1.0 / height[leaves][order], 0.0)
        highest = np.zeros(int(labels.max(initial=NOISE)) + 2)
        np.maximum.at(highest, labels, density)
        peak = highest[labels]
        with np.errstate(invalid="ignore", divide="ignore"):
            strengths = np.where(np.isfinite(density) & (peak > 0), density / peak, 1.0)
        return np.where(labels == NOISE, 0.0, strengths).astype(np.float32)

    def _leaves(self, min_cluster_size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First place and place after the last of each cluster of a leaf cut, ascending."""
        sides = self.sizes[self.children]
        splits = np.flatnonzero(sides.min(axis=1) >= min_cluster_size)
        between = np.sort(self.starts[self.children[splits, 0]] + sides[splits, 0])
        candidates = self.children[splits].ravel()
        starts = self.starts[candidates]
        stops = starts + self.sizes[candidates]
        whole = np.searchsorted(between, starts, side="right") == np.searchsorted(between, stops, side="left")
        order = np.argsort(starts[whole])
        return starts[whole][order], stops[whole][order]

    def _paint(
        self, starts: NDArray[np.int64], stops: NDArray[np.int64], values: NDArray[Any], elsewhere: float
    ) -> NDArray[Any]:
        """A value a row, given one a range of places; ranges ascend and do not overlap."""
        lengths = stops - starts
        ends = np.cumsum(lengths)
        places = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        drawn = np.full(self.n_docs, elsewhere, dtype=values.dtype)
        drawn[places] = np.repeat(values, lengths)
        found = np.empty_like(drawn)
        found[self.order] = drawn
        return found


def _greatest_mass(mass: NDArray[np.float64], parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The clusters none of which holds another, with the greatest sum; of equals the larger ones."""
    within = np.zeros(len(mass))
    best = mass.copy()
    for i in range(len(mass) - 1, -1, -1):  # what is within a cluster stands after it
        best[i] = max(mass[i], within[i])
        if parents[i] >= 0:
            within[parents[i]] += best[i]
    own = mass >= within
    covered = np.zeros(len(mass), dtype=bool)
    for i, parent in enumerate(parents.tolist()):
        covered[i] = parent >= 0 and (covered[parent] or own[parent])
    return np.flatnonzero(own & ~covered)

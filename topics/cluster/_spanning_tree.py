"""The minimum spanning tree of the mutual-reachability distances, compiled.

hdbscan's own (dual-tree Borůvka; March et al. 2010) holds the interpreter, so that layouts in other threads wait for
it, and it approximates. This one is exact and lets others run: Borůvka's rounds, in which each point searches a k-d
tree for the nearest of another part (McInnes and Healy 2017). Many mutual-reachability distances are equal, since a
point's own density bounds them: of equal ones the two points that lie nearer are joined first, then the earlier rows.
So every machine gets the same tree. On one core it takes a third of hdbscan's time at 20,000 points of a layout and a
fifth at 100,000.

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics._compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Not tuned.
_LEAF = 32  # points in a leaf of the k-d tree
_LISTED = 12  # nearest points that are listed, so that the first rounds need no search
_DEPTH = 128  # of a search: more than twice the levels of any tree


def spanning_tree(points: NDArray[np.float64], min_samples: int) -> NDArray[np.float64]:
    """The edges of the minimum spanning tree, the shortest first; equal ones by the points' own distance, then by row.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n_points, n_components)
        Finite; at least two.
    min_samples : int
        A point's density is measured by its distance to so many other points (or all, if there are fewer), ≥ 1.

    Returns
    -------
    numpy.ndarray of float64, shape (n_points - 1, 3)
        Two rows, the lower first, and their mutual-reachability distance.

    Examples
    --------
    >>> spanning_tree(np.array([[0.0], [1.0], [5.0]]), 1).tolist()
    [[0.0, 1.0, 1.0], [1.0, 2.0, 4.0]]
    """
    from sklearn.neighbors import KDTree

    n = len(points)
    arrays = KDTree(points, metric="euclidean", leaf_size=_LEAF).get_arrays()
    data, order, nodes, bounds = map(np.asarray, arrays)
    ends = np.stack([nodes["idx_start"], nodes["idx_end"]]).astype(np.int64)
    tree = (data[order], ends, *map(np.ascontiguousarray, bounds))
    samples = min(min_samples, n - 1)
    near = np.empty((n, min(n, max(samples + 1, _LISTED))), dtype=np.int64)
    far = np.empty(near.shape)
    _list_nearest(tree, near, far)
    edges = np.empty((n - 1, 4))
    _join(tree, order.astype(np.int64), near, far, far[:, samples].copy(), edges)
    return edges[np.lexsort((edges[:, 1], edges[:, 0], edges[:, 3], edges[:, 2])), :3]


@compiled
def _to_point(point: Any, points: Any, j: int) -> float:
    """The squared distance of a point from one of many."""
    total = 0.0
    for d in range(points.shape[1]):
        difference = point[d] - points[j, d]
        total += difference * difference
    return total


@compiled
def _to_box(point: Any, low: Any, high: Any) -> float:
    """The squared distance of a point from a box."""
    total = 0.0
    for d in range(len(point)):
        outside = max(low[d] - point[d], point[d] - high[d], 0.0)
        total += outside * outside
    return total


@compiled
def _push_children(point: Any, lows: Any, highs: Any, node: int, stack: Any, gaps: Any, height: int) -> int:
    """Put a node's children on the stack, the nearer one on top; the new height, or the old one of a leaf."""
    near = 2 * node + 1
    if near >= len(lows):
        return height
    far = near + 1
    gap, other = _to_box(point, lows[near], highs[near]), _to_box(point, lows[far], highs[far])
    if other < gap:
        near, far, gap, other = far, near, other, gap
    stack[height], gaps[height] = far, other
    stack[height + 1], gaps[height + 1] = near, gap
    return height + 2


@compiled
def _list_nearest(tree: Any, near: Any, far: Any) -> None:
    """The nearest points of each and their squared distances, itself among them; equal ones in any order."""
    points, ends, lows, highs = tree
    n, k = near.shape
    stack, gaps = np.empty(_DEPTH, dtype=np.int64), np.empty(_DEPTH)
    for i in range(n):
        own, distances, found = points[i], far[i], near[i]
        distances[:] = np.inf
        stack[0], gaps[0], height = 0, 0.0, 1
        while height:
            height -= 1
            node = stack[height]
            if gaps[height] >= distances[k - 1]:
                continue
            above = height
            height = _push_children(own, lows, highs, node, stack, gaps, height)
            if height > above:
                continue
            for j in range(ends[0, node], ends[1, node]):
                distance = _to_point(own, points, j)
                if distance >= distances[k - 1]:
                    continue
                place = k - 1
                while place > 0 and distances[place - 1] > distance:
                    distances[place], found[place] = distances[place - 1], found[place - 1]
                    place -= 1
                distances[place], found[place] = distance, j


@compiled
def _join(tree: Any, rows: Any, near: Any, far: Any, core: Any, edges: Any) -> None:
    """Borůvka's rounds: in each, every part of the tree is joined to another by its shortest edge."""
    n, n_nodes = len(rows), tree[1].shape[1]
    part, parents = np.arange(n), np.arange(n)
    lowest_core = np.full(n_nodes, np.inf)
    for node in range(n_nodes):
        for j in range(tree[1][0, node], tree[1][1, node]):
            lowest_core[node] = min(lowest_core[node], core[j])
    one_part = np.empty(n_nodes, dtype=np.int64)
    length = np.empty((n, 2))  # of the shortest edge of each part: mutual reachability, and the points' own distance
    ends = np.empty((n, 4), dtype=np.int64)  # and its lower and higher row, and both points
    stack, gaps = np.empty(_DEPTH, dtype=np.int64), np.empty(_DEPTH)
    n_edges = 0
    while n_edges < n - 1:
        length[:], ends[:] = np.inf, n
        _find_parts(tree[1], part, one_part)
        for i in range(n):
            for place in range(near.shape[1]):
                j = near[i, place]
                if max(far[i, place], core[i]) > length[part[i], 0]:
                    break
                if part[j] != part[i]:
                    _offer(i, j, far[i, place], core, rows, part, length, ends)
        for i in range(n):
            if max(core[i], far[i, -1]) <= length[part[i], 0]:  # else what is not listed is farther
                _search(tree, i, rows, part, core, one_part, lowest_core, length, ends, stack, gaps)
        for own in range(n):
            if length[own, 0] < np.inf:
                one, other = _root(parents, ends[own, 2]), _root(parents, ends[own, 3])
                if one != other:
                    parents[max(one, other)] = min(one, other)
                    edges[n_edges, 0], edges[n_edges, 1] = ends[own, 0], ends[own, 1]
                    edges[n_edges, 2], edges[n_edges, 3] = np.sqrt(length[own, 0]), length[own, 1]
                    n_edges += 1
        for i in range(n):
            part[i] = _root(parents, i)


@compiled
def _find_parts(ends: Any, part: Any, one_part: Any) -> None:
    """The part that all points of a node belong to; -1 if they belong to several."""
    n_nodes = ends.shape[1]
    for node in range(n_nodes - 1, -1, -1):
        left = 2 * node + 1
        if left < n_nodes:
            one_part[node] = one_part[left] if one_part[left] == one_part[left + 1] else -1
            continue
        one_part[node] = part[ends[0, node]]
        for j in range(ends[0, node] + 1, ends[1, node]):
            if part[j] != one_part[node]:
                one_part[node] = -1
                break


@compiled
def _search(
    tree: Any, i: int, rows: Any, part: Any, core: Any, one_part: Any, lowest_core: Any, length: Any, ends: Any,
    stack: Any, gaps: Any,
) -> None:  # fmt: skip
    """Look for a shorter edge from a point to another part than its own part has."""
    points, starts_and_ends, lows, highs = tree
    own, point = part[i], points[i]
    stack[0], gaps[0], height = 0, 0.0, 1
    while height:
        height -= 1
        node = stack[height]
        least = max(gaps[height], core[i], lowest_core[node])
        is_tie = least == length[own, 0]
        if one_part[node] == own or least > length[own, 0] or (is_tie and gaps[height] > length[own, 1]):
            continue
        above = height
        height = _push_children(point, lows, highs, node, stack, gaps, height)
        if height > above:
            continue
        for j in range(starts_and_ends[0, node], starts_and_ends[1, node]):
            if part[j] != own and core[j] <= length[own, 0]:
                _offer(i, j, _to_point(point, points, j), core, rows, part, length, ends)


@compiled
def _offer(i: int, j: int, apart: float, core: Any, rows: Any, part: Any, length: Any, ends: Any) -> None:
    """Take an edge for both its parts if it comes before theirs."""
    reach = max(apart, core[i], core[j])
    first, last = min(rows[i], rows[j]), max(rows[i], rows[j])
    for own in (part[i], part[j]):
        if reach > length[own, 0] or (reach == length[own, 0] and apart > length[own, 1]):
            continue
        is_earlier = first < ends[own, 0] or (first == ends[own, 0] and last < ends[own, 1])
        if reach < length[own, 0] or apart < length[own, 1] or is_earlier:
            length[own, 0], length[own, 1] = reach, apart
            ends[own, 0], ends[own, 1], ends[own, 2], ends[own, 3] = first, last, i, j


@compiled
def _root(parents: Any, i: int) -> int:
    """The point that stands for the part of a point."""
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i

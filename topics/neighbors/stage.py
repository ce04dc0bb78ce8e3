"""Embeddings → Neighbors: exact, by a blocked matrix product; among many documents by NN-descent.

The distances of the nearest are computed again in double precision and rounded to 2**-22: a matrix product's last
digits differ between machines and kernels, and would be the seed of another layout.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics._fork import check_threads
from topics._say import percent
from topics.config import NeighborsParams
from topics.graph import stage
from topics.records import Embeddings, Neighbors, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 4

_BLOCK_ROWS = 1024
_MOST_FOR_EXACT = 50_000  # where compiling the descent, once a process, takes no longer than comparing all
_FEWEST_FOR_DESCENT = 1000
_CHECKED_ROWS = 500
_MOST_SPARE = 64  # of those as near as the last one wanted, as far as the matrix product tells
_DOUBT = 2e-6
_MEASURED_ROWS = 128
_STEP = 2.0**-22


@stage("neighbors", Neighbors, version=VERSION, libraries=("numpy", "pynndescent", "numba"))
def find_neighbors(origin: Origin, embeddings: Embeddings, params: NeighborsParams) -> Neighbors:
    """Each document's nearest neighbours by cosine distance, itself first.

    Exact neighbours take time that grows with ``n_docs ** 2`` and the memory of one block of 1,024 rows a thread.
    Approximate ones take about ``n_docs ** 1.1`` (NN-descent; Dong, Charikar and Li 2011); a note gives the share of
    true neighbours among them, counted on 500 documents. Equal distances are ordered by row number.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors.
    params : NeighborsParams
        How many neighbours, all documents where there are fewer; and how they are found.
    """
    vectors = embeddings.vectors
    k = min(params.n_neighbors, len(vectors))
    descend = params.method == "approximate" or (params.method == "auto" and len(vectors) > _MOST_FOR_EXACT)
    if not descend or len(vectors) < max(_FEWEST_FOR_DESCENT, 10 * k):
        indices, distances = _exact(vectors, np.arange(len(vectors)), k)
        return Neighbors(embeddings.corpus_key, indices, distances, origin)
    indices, distances = _descend(vectors, k)
    rows = np.linspace(0, len(vectors) - 1, _CHECKED_ROWS).astype(np.intp)
    true, _ = _exact(vectors, rows, k)
    pairs = zip(true[:, 1:], indices[rows, 1:], strict=True)
    recall = float(np.mean([np.isin(those, these).mean() for those, these in pairs]))
    found = f"{percent(recall)} of the true ones were found"
    note = f"neighbors are approximate: {found}, counted on {_CHECKED_ROWS} documents"
    return Neighbors(embeddings.corpus_key, indices, distances, replace(origin, notes=(note,)))


def _exact(
    vectors: NDArray[np.float32], wanted: NDArray[np.intp], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The neighbours of the wanted rows among all."""
    from topics.neighbors.nearest import largest_columns

    def block(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        similarities = vectors[wanted[start:stop]] @ vectors.T
        similarities[np.arange(stop - start), wanted[start:stop]] = 2.0  # self first, even before an equal vector
        near = largest_columns(similarities, k, doubt=_DOUBT, most=k + _MOST_SPARE)
        return _measured(vectors, wanted[start:stop], near, k)

    indices = np.empty((len(wanted), k), dtype=np.int32)
    distances = np.empty((len(wanted), k), dtype=np.float32)
    start = 0
    for near, far in map_blocks(block, len(wanted), _BLOCK_ROWS):
        indices[start : start + len(near)], distances[start : start + len(near)] = near, far
        start += len(near)
    return indices, distances


def _descend(vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Approximate neighbours; their distances are exact. What the search left empty is filled exactly.

    The search runs on one thread: on several it finds other neighbours for another number of them.
    """
    check_threads()
    from pynndescent import NNDescent

    found, _ = NNDescent(vectors, metric="cosine", n_neighbors=k, random_state=0, n_jobs=1).neighbor_graph
    rows = np.arange(len(vectors))
    own = found == rows[:, None]
    found[~own.any(axis=1), -1] = rows[~own.any(axis=1)]  # equal vectors may have pushed it out

    def block(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        return _measured(vectors, rows[start:stop], np.maximum(found[start:stop], 0), k)

    blocks = list(map_blocks(block, len(vectors), _BLOCK_ROWS))
    indices = np.concatenate([near for near, _ in blocks])
    distances = np.concatenate([far for _, far in blocks])
    empty = np.flatnonzero((found < 0).any(axis=1))
    if len(empty):
        indices[empty], distances[empty] = _exact(vectors, empty, k)
    return indices, distances


def _measured(
    vectors: NDArray[np.float32], rows: NDArray[np.intp], near: NDArray[np.intp], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The k nearest of these candidates of each row, itself first, and their distances as every machine has them.

    A candidate of -1 is none.
    """
    similarities = np.empty(near.shape)
    for start in range(0, len(rows), _MEASURED_ROWS):
        some = slice(start, start + _MEASURED_ROWS)
        own = vectors[rows[some], :, None].astype(np.float64)
        similarities[some] = (vectors[near[some]].astype(np.float64) @ own)[:, :, 0]
    distances = np.round((1.0 - similarities) / _STEP) * _STEP
    distances[near == rows[:, None]] = -1.0
    distances[near < 0] = np.inf
    order = np.lexsort((near, distances), axis=1)[:, :k]
    found = np.clip(np.take_along_axis(distances, order, axis=1), 0.0, 2.0)
    return np.take_along_axis(near, order, axis=1).astype(np.int32), found.astype(np.float32)

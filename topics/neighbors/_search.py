"""Embeddings → Neighbors: exact, by a blocked matrix product; for many documents approximate, by NN-descent.

The distances of the nearest are recomputed in double precision and rounded to 2**-22. The last digits of a matrix
product differ between machines and kernels, and would lead to another layout.
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

_MAX_FOR_EXACT = 50_000  # above it, comparing all takes longer than compiling the descent once per process
# No record of their tuning.
_MIN_FOR_DESCENT = 1000
_CHECKED_ROWS = 500
# Not tuned: they bound the memory of a block.
_BLOCK_ROWS = 1024
_MEASURED_ROWS = 128
# Not tuned: above the error of a matrix product in single precision, and candidates kept within it.
_TOLERANCE = 2e-6
_MAX_SPARE = 64
_STEP = 2.0**-22  # not tuned: above the error of double precision, below the resolution that matters


@stage("neighbors", Neighbors, version=VERSION, libraries=("numpy", "pynndescent", "numba"), determinism="bytes")
def find_neighbors(origin: Origin, embeddings: Embeddings, params: NeighborsParams) -> Neighbors:
    """The nearest neighbors of each document by cosine distance, itself first.

    The time for exact neighbors grows with ``n_docs ** 2``, and the memory is one block of 1,024 rows per thread. The
    time for approximate ones grows with about ``n_docs ** 1.1`` (NN-descent; Dong, Charikar and Li 2011); a note gives
    their recall, measured on 500 documents. Equal distances are ordered by row number.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors.
    params : NeighborsParams
        Number of neighbors (all documents if there are fewer) and method.
    """
    vectors = embeddings.vectors
    k = min(params.n_neighbors, len(vectors))
    descend = params.method == "approximate" or (params.method == "auto" and len(vectors) > _MAX_FOR_EXACT)
    if not descend or len(vectors) < max(_MIN_FOR_DESCENT, 10 * k):
        indices, distances = _exact(vectors, np.arange(len(vectors)), k)
        return Neighbors(embeddings.corpus_key, indices, distances, origin)
    indices, distances = _descend(vectors, k)
    rows = np.linspace(0, len(vectors) - 1, _CHECKED_ROWS).astype(np.intp)
    true, _ = _exact(vectors, rows, k)
    pairs = zip(true[:, 1:], indices[rows, 1:], strict=True)
    recall = float(np.mean([np.isin(those, these).mean() for those, these in pairs]))
    note = (
        f"neighbors are approximate: {percent(recall)} of the true ones were found, measured on {_CHECKED_ROWS} "
        "documents"
    )
    return Neighbors(embeddings.corpus_key, indices, distances, replace(origin, notes=(note,)))


def _exact(
    vectors: NDArray[np.float32], wanted: NDArray[np.intp], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The exact neighbors of some rows among all documents."""
    from topics.neighbors._nearest import largest_columns

    def block(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        similarities = vectors[wanted[start:stop]] @ vectors.T
        similarities[np.arange(stop - start), wanted[start:stop]] = 2.0  # self first, even before an equal vector
        near = largest_columns(similarities, k, tolerance=_TOLERANCE, max_columns=k + _MAX_SPARE)
        return _measure(vectors, wanted[start:stop], near, k)

    indices = np.empty((len(wanted), k), dtype=np.int32)
    distances = np.empty((len(wanted), k), dtype=np.float32)
    start = 0
    for near, far in map_blocks(block, len(wanted), _BLOCK_ROWS):
        indices[start : start + len(near)], distances[start : start + len(near)] = near, far
        start += len(near)
    return indices, distances


def _descend(vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Approximate neighbors with exact distances. Rows that the search left incomplete are searched exactly.

    The search runs on one thread, as its result depends on the number of threads.
    """
    check_threads()
    from pynndescent import NNDescent

    approximate, _ = NNDescent(vectors, metric="cosine", n_neighbors=k, random_state=0, n_jobs=1).neighbor_graph
    rows = np.arange(len(vectors))
    own = approximate == rows[:, None]
    approximate[~own.any(axis=1), -1] = rows[~own.any(axis=1)]  # equal vectors may have displaced the document itself

    def block(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        return _measure(vectors, rows[start:stop], np.maximum(approximate[start:stop], 0), k)

    blocks = list(map_blocks(block, len(vectors), _BLOCK_ROWS))
    indices = np.concatenate([near for near, _ in blocks])
    distances = np.concatenate([far for _, far in blocks])
    empty = np.flatnonzero((approximate < 0).any(axis=1))
    if len(empty):
        indices[empty], distances[empty] = _exact(vectors, empty, k)
    return indices, distances


def _measure(
    vectors: NDArray[np.float32], rows: NDArray[np.intp], near: NDArray[np.intp], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The k nearest candidates of each row, itself first, and their distances, the same on every machine.

    A candidate of -1 is missing.
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
    sorted_distances = np.clip(np.take_along_axis(distances, order, axis=1), 0.0, 2.0)
    return np.take_along_axis(near, order, axis=1).astype(np.int32), sorted_distances.astype(np.float32)

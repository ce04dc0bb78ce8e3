"""Embeddings → Neighbors: exact, by a blocked matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics.config import NeighborsParams
from topics.records import Embeddings, Neighbors, Origin, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "neighbors"
VERSION = 1

_BLOCK_ROWS = 1024


def plan(params: NeighborsParams, embeddings: Origin) -> Origin:
    """Where the neighbours of these embeddings would come from."""
    return Origin(STAGE, VERSION, params.model_dump(mode="json"), (embeddings.key,), library_versions("numpy"))


def find_neighbors(embeddings: Embeddings, params: NeighborsParams) -> Neighbors:
    """Each document's nearest neighbours by cosine distance, itself first.

    Equal distances are ordered by row number, so the result depends on nothing but the vectors. Time grows with
    ``n_docs ** 2``; memory is one block of 1,024 rows a thread.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors.
    params : NeighborsParams
        How many neighbours; all documents where there are fewer.
    """
    vectors = embeddings.vectors
    k = min(params.n_neighbors, len(vectors))

    def block(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        distances = 1.0 - vectors[start:stop] @ vectors.T
        rows = np.arange(stop - start)
        distances[rows, rows + start] = -1.0  # self first, even before a document with the same vector
        nearest = np.argpartition(distances, k - 1, axis=1)[:, :k] if k < len(vectors) else _all(distances)
        edge = np.take_along_axis(distances, nearest, axis=1).max(axis=1)
        _settle_ties(distances, nearest, edge)
        found = np.take_along_axis(distances, nearest, axis=1)
        order = np.lexsort((nearest, found), axis=1)
        nearest = np.take_along_axis(nearest, order, axis=1)
        found = np.clip(np.take_along_axis(found, order, axis=1), 0.0, 2.0)
        return nearest.astype(np.int32), found

    indices = np.empty((len(vectors), k), dtype=np.int32)
    distances = np.empty((len(vectors), k), dtype=np.float32)
    start = 0
    for near, far in map_blocks(block, len(vectors), _BLOCK_ROWS):
        indices[start : start + len(near)], distances[start : start + len(near)] = near, far
        start += len(near)
    return Neighbors(embeddings.corpus_key, indices, distances, plan(params, embeddings.origin))


def _all(distances: NDArray[np.float32]) -> NDArray[np.intp]:
    return np.broadcast_to(np.arange(distances.shape[1]), distances.shape).copy()


def _settle_ties(distances: NDArray[np.float32], nearest: NDArray[np.intp], edge: NDArray[np.float32]) -> None:
    """Where more documents lie at the k-th distance than fit, take the smallest row numbers."""
    k = nearest.shape[1]
    tied = np.flatnonzero((distances <= edge[:, None]).sum(axis=1) > k)
    for row in tied:
        nearest[row] = np.argsort(distances[row], kind="stable")[:k]

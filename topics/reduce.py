"""Neighbors → Layout: UMAP on neighbours that are already known.

UMAP's own search is skipped, which is most of its time below 4,096 documents. The start is the principal components
of the vectors rather than a spectral layout: as good for clustering, quicker, and free of ARPACK's process-wide
random state. Seeded UMAP optimises on one thread and is deterministic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics.config import ReduceParams
from topics.records import Embeddings, Layout, Neighbors, Origin, check_same_corpus, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 1

_LIBRARIES = ("numpy", "scipy", "numba", "umap-learn")
_FEWEST_FOR_UMAP = 15
_START_EXTENT = 10.0
_START_NOISE = 1e-4


def plan(params: ReduceParams, neighbors: Origin, *, random_state: int, stage: str = "reduce") -> Origin:
    """Where the layout of these neighbours would come from.

    Parameters
    ----------
    params : ReduceParams
        How.
    neighbors : Origin
        Where the neighbours come from.
    random_state : int
        Seed.
    stage : str
        ``"reduce"`` for the clustering space, ``"map"`` for the two-dimensional map.
    """
    parameters = {**params.model_dump(mode="json"), "random_state": random_state}
    return Origin(stage, VERSION, parameters, (neighbors.key,), library_versions(*_LIBRARIES))


def reduce(
    embeddings: Embeddings,
    neighbors: Neighbors,
    *,
    params: ReduceParams,
    random_state: int,
    stage: str = "reduce",
) -> Layout:
    """Points in few dimensions whose near neighbours are the documents' (UMAP; McInnes et al. 2018).

    Fewer than ``max(15, 3 * n_components)`` documents are laid out by principal components instead: UMAP has nothing
    to work with there.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors.
    neighbors : Neighbors
        At least ``params.n_neighbors`` of them, or all documents.
    params : ReduceParams
        How.
    random_state : int
        Seed.
    stage : str
        As in :func:`plan`.

    Raises
    ------
    ValueError
        If the records belong to different corpora, or the neighbours are too few.
    """
    corpus_key = check_same_corpus(embeddings, neighbors)
    origin = plan(params, neighbors.origin, random_state=random_state, stage=stage)
    vectors = embeddings.vectors
    n_docs = len(vectors)
    if n_docs < max(_FEWEST_FOR_UMAP, 3 * params.n_components):
        if n_docs >= _FEWEST_FOR_UMAP:
            note = (
                f"{n_docs} documents are too few for UMAP in {params.n_components} dimensions (3 a dimension are "
                "needed): laid out by principal components"
            )
            origin = replace(origin, notes=(note,))
        return Layout(corpus_key, _principal_components(vectors, params.n_components), "pca", origin)
    k = min(params.n_neighbors, n_docs)
    if neighbors.indices.shape[1] < k:
        raise ValueError(f"expected at least {k} neighbours a document, got {neighbors.indices.shape[1]}")
    points = _umap(vectors, neighbors.indices[:, :k], neighbors.distances[:, :k], params, random_state)
    if not np.isfinite(points).all():
        rows = np.flatnonzero(~np.isfinite(points).all(axis=1))
        raise ValueError(f"UMAP gave {len(rows)} points that are not finite, the first in row {rows[0]}")
    return Layout(corpus_key, points, "umap", origin)


def _umap(
    vectors: NDArray[np.float32],
    indices: NDArray[np.int32],
    distances: NDArray[np.float32],
    params: ReduceParams,
    random_state: int,
) -> NDArray[np.float32]:
    from threadpoolctl import threadpool_limits
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

    random = np.random.RandomState(random_state)
    # Contiguous copies sliced to k: wider or strided neighbours change UMAP's graph or make it compile again.
    graph, _, _ = fuzzy_simplicial_set(
        vectors,
        indices.shape[1],
        random,
        "cosine",
        knn_indices=np.ascontiguousarray(indices),
        knn_dists=np.ascontiguousarray(distances),
    )
    start = _principal_components(vectors, params.n_components)
    if (extent := np.abs(start).max()) > 0:
        start *= np.float32(_START_EXTENT) / extent
    start += random.normal(scale=_START_NOISE, size=start.shape).astype(np.float32)
    a, b = find_ab_params(params.spread, params.min_dist)
    with threadpool_limits(1):
        points, _ = simplicial_set_embedding(
            vectors,
            graph,
            params.n_components,
            initial_alpha=1.0,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=params.n_epochs,
            init=start,
            random_state=random,
            metric="cosine",
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
            parallel=False,
        )
    return np.asarray(points, dtype=np.float32)


def _principal_components(vectors: NDArray[np.float32], n_components: int) -> NDArray[np.float32]:
    """Scores on the first principal components, sign fixed; columns past the rank are zero."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
        _, axes = np.linalg.eigh(centred.T @ centred)
        axes = axes[:, ::-1][:, :n_components]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        scores = centred @ axes
    points = np.zeros((len(vectors), n_components), dtype=np.float32)
    points[:, : scores.shape[1]] = scores
    return points

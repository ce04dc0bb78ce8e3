"""UMAP on known neighbors, for several seeds side by side.

UMAP's own search for neighbors, most of its time below 4,096 documents, is skipped. The start is the principal
components of the vectors instead of a spectral layout: as good for clustering, faster, and independent of ARPACK's
process-wide random state. Each seed is optimized on one thread, so several seeds use several processors and still give
the same bits as one by one. The neighbors' distances and the start are rounded, so that differences between machines in
the last digits of a matrix product do not lead to another layout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import one_thread
from topics._say import count, verb
from topics.config import LayoutParams, ReduceParams
from topics.errors import InputError
from topics.graph import stage
from topics.records import Embeddings, Layout, Neighbors, Origin
from topics.reduce._fuzzy_graph import fuzzy_graph
from topics.reduce._resample import Draw, neighbors_among

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

VERSION = 5

_MIN_FOR_UMAP = 15  # not tuned: as many as are clustered
_START_EXTENT, _START_NOISE = 10.0, 1e-4  # umap-learn's own
_TINY = 1e-12  # not tuned: keeps a division finite
_START_STEP = 2.0**-10  # not tuned: coarser than the digits in which machines differ, finer than the noise matters
# Clustering does not need UMAP's own 500 and 200 epochs: 30 gave as good topics of 29,000 paragraphs as 50 (git log),
# and fewer than 60 layout epochs did not help small corpora (docs/levels.md).
_EPOCHS, _MIN_EPOCHS, _FULL_EPOCHS_TO = 100, 30, 5_000
# Sixteen or twenty layouts change the AMI by at most .004 (docs/levels.md); fewer of many documents bound the time.
_LAYOUTS, _MIN_LAYOUTS, _ALL_LAYOUTS_TO = 12, 6, 10_000
_OF_ALL = 2  # not tuned: two are needed to show what the seed alone changes
_SHARE = 0.8  # not tuned: the customary share of consensus clustering (Monti et al. 2003)


@dataclass(frozen=True, eq=False)
class LayoutStart:
    """The common start of all layouts.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    points : numpy.ndarray of float64, shape (n_docs, n_components)
        Principal components of the vectors.
    graph : scipy.sparse.coo_array or None
        UMAP's fuzzy graph of all documents; None if they are too few for UMAP.
    n_epochs : int
        Epochs of the optimization.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    points: NDArray[np.float64]
    graph: coo_array | None
    n_epochs: int
    origin: Origin


@stage(
    "start", LayoutStart, version=VERSION, reads=("n_components", "n_epochs", "n_neighbors"), stored=False,
    determinism="kernel",
)  # fmt: skip
def prepare(origin: Origin, embeddings: Embeddings, neighbors: Neighbors, *, params: LayoutParams) -> LayoutStart:
    """The start of all layouts: the points they begin with, and the graph of all documents.

    Parameters
    ----------
    embeddings : Embeddings
        Unit vectors.
    neighbors : Neighbors
        At least ``params.n_neighbors`` per document, or all documents.
    params : LayoutParams
        ``n_neighbors``, ``n_components`` and ``n_epochs`` are used.

    Raises
    ------
    ValueError
        If there are fewer neighbors than ``params.n_neighbors``.
    """
    n_docs = len(embeddings.vectors)
    k = min(params.n_neighbors, n_docs)
    if neighbors.indices.shape[1] < k:
        raise InputError(f"expected at least {k} neighbors per document, got {neighbors.indices.shape[1]}")
    points = _principal_components(embeddings.vectors, params.n_components)
    n_epochs = _n_epochs(params, n_docs)
    graph = None
    if not too_few_for_umap(n_docs, params):
        graph = fuzzy_graph(neighbors.indices[:, :k], neighbors.distances[:, :k], n_epochs=n_epochs)
    return LayoutStart(embeddings.corpus_key, points, graph, n_epochs, origin)


@stage(
    "reduce", Layout, version=VERSION, reads=tuple(LayoutParams.model_fields), threads="one",
    libraries=("numpy", "scipy", "numba"), determinism="bytes",
)  # fmt: skip
def lay_out(
    origin: Origin,
    start: LayoutStart,
    neighbors: Neighbors,
    *,
    params: LayoutParams,
    random_state: int,
    share: float = 1.0,
) -> Layout:
    """Points in few dimensions that keep the documents' near neighbors near (UMAP; McInnes et al. 2018).

    Fewer than ``max(15, 3 * n_components)`` documents are too few for UMAP and are laid out by principal components.

    Parameters
    ----------
    start : LayoutStart
        From :func:`prepare`, with the same parameters.
    neighbors : Neighbors
        Neighbors among all documents.
    params : LayoutParams
        Shape of the layout.
    random_state : int
        Seed of the sample and of the layout.
    share : float in (0, 1]
        Share of the documents in the layout.

    Raises
    ------
    ValueError
        If points are not finite.
    """
    n_docs = len(start.points)
    if start.graph is None:
        origin = replace(origin, notes=_few_note(n_docs, params))
        return Layout(start.corpus_key, start.points.astype(np.float32), "pca", n_docs, np.arange(n_docs), origin)
    rows, graph = Draw(random_state, share).rows(n_docs), start.graph
    with one_thread():
        if len(rows) < n_docs:
            k = min(params.n_neighbors, len(rows))
            near, far = neighbors_among(neighbors.indices, neighbors.distances, rows=rows, k=k)
            graph = fuzzy_graph(near, far, n_epochs=start.n_epochs)
        points = _optimized(graph, start.points[rows], params, random_state=random_state, n_epochs=start.n_epochs)
    if not np.isfinite(points).all():
        bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
        raise InputError(f"UMAP gave {len(bad)} points that are not finite, the first in row {rows[bad[0]]}")
    return Layout(start.corpus_key, points, "umap", n_docs, rows, origin)


lay_out_map = lay_out.named("map")
"""As :func:`lay_out`, for the two-dimensional map: a separate stage with its own name and time."""


def draws(params: ReduceParams, random_state: int, *, n_docs: int) -> tuple[Draw, ...]:
    """The samples of the layouts: the first two of all documents, the others of a random 80 % each.

    Parameters
    ----------
    params : ReduceParams
        ``n_layouts`` and ``n_components`` are used.
    random_state : int
        Seed of the run.
    n_docs : int
        Number of documents. If they are too few for UMAP there is one layout; if 80 % of them are, all layouts are of
        all documents.
    """
    wanted = seeds(params, random_state, n_docs=n_docs)
    n_whole = len(wanted) if too_few_for_umap(round(_SHARE * n_docs), params) else min(_OF_ALL, len(wanted) - 1) or 1
    return tuple(Draw(seed, 1.0 if i < n_whole else _SHARE) for i, seed in enumerate(wanted))


def seeds(params: ReduceParams, random_state: int, *, n_docs: int) -> tuple[int, ...]:
    """The seed of each layout, drawn from the run's seed; more layouts do not change the first seeds.

    Parameters
    ----------
    params, random_state, n_docs
        As for :func:`draws`.
    """
    by_size = max(_MIN_LAYOUTS, round(_LAYOUTS * min(1.0, math.sqrt(_ALL_LAYOUTS_TO / max(n_docs, 1)))))
    n_layouts = by_size if params.n_layouts == "auto" else params.n_layouts
    if too_few_for_umap(n_docs, params):
        n_layouts = 1
    return tuple(int(seed) for seed in np.random.SeedSequence(random_state).generate_state(n_layouts))


def reduce(
    embeddings: Embeddings, neighbors: Neighbors, *, params: LayoutParams, random_state: int, share: float = 1.0
) -> Layout:
    """One layout, from :func:`prepare` and :func:`lay_out`.

    Parameters
    ----------
    embeddings, neighbors
        As for :func:`prepare`.
    params, random_state, share
        As for :func:`lay_out`.

    Raises
    ------
    ValueError
        As in both.
    """
    start = prepare(embeddings, neighbors, params=params)
    return lay_out(start, neighbors, params=params, random_state=random_state, share=share)


def too_few_for_umap(n_docs: int, params: LayoutParams) -> bool:
    """Whether there are too few documents for UMAP, so that principal components are used instead."""
    return n_docs < max(_MIN_FOR_UMAP, 3 * params.n_components)


def _few_note(n_docs: int, params: LayoutParams) -> tuple[str, ...]:
    if n_docs < _MIN_FOR_UMAP:
        return ()  # also too few to cluster, which has its own note
    return (
        f"{count(n_docs, 'document')} {verb(n_docs, 'is', 'are')} too few for UMAP in "
        f"{params.n_components} dimensions (3 per dimension are needed): laid out by principal components",
    )


def _n_epochs(params: LayoutParams, n_docs: int) -> int:
    if params.n_epochs != "auto":
        return params.n_epochs
    return max(_MIN_EPOCHS, round(_EPOCHS * min(1.0, _FULL_EPOCHS_TO / n_docs)))


def _optimized(
    graph: coo_array, start: NDArray[np.float64], params: LayoutParams, *, random_state: int, n_epochs: int
) -> NDArray[np.float32]:
    """One layout, set up like umap-learn's ``simplicial_set_embedding``."""
    from topics.reduce._optimize import fit_curve, optimize

    random = np.random.RandomState(random_state)
    extent = np.abs(start).max()
    points = np.round(start * (_START_EXTENT / max(extent, _TINY)) / _START_STEP) * _START_STEP
    points += random.normal(scale=_START_NOISE, size=points.shape)
    lowest, highest = points.min(axis=0), points.max(axis=0)
    points = np.ascontiguousarray(10.0 * (points - lowest) / (highest - lowest), dtype=np.float32)
    seed = random.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max - 1, 3).astype(np.int64)
    states = seed + points[:, :1].astype(np.float64).view(np.int64)
    optimize(points, graph, curve=fit_curve(params.spread, params.min_dist), states=states, n_epochs=n_epochs)
    return points


def _principal_components(vectors: NDArray[np.float32], n_components: int) -> NDArray[np.float64]:
    """Scores on the first principal components with fixed signs; columns beyond the rank are zero."""
    with one_thread():
        centered = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
        _, axes = np.linalg.eigh(centered.T @ centered)
        axes = axes[:, ::-1][:, :n_components]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        scores = centered @ axes
    points = np.zeros((len(vectors), n_components))
    points[:, : scores.shape[1]] = scores
    return points

from __future__ import annotations

import numpy as np
import pytest
from helpers import blobs

from topics.config import MapParams, NeighborsParams, ReduceParams
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Neighbors, Origin
from topics.reduce import plan, reduce

ORIGIN = Origin("embed", 1, {}, (), {})


def embedded(vectors) -> tuple[Embeddings, Neighbors]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    record = Embeddings("c", unit, np.ones(len(unit)), ORIGIN)
    return record, find_neighbors(record, NeighborsParams())


@pytest.fixture(scope="module")
def three_blobs():
    return embedded(blobs(3, 20))


def test_blobs_stay_apart_and_the_key_is_as_planned(three_blobs):
    params = ReduceParams(n_epochs=50)
    layout = reduce(*three_blobs, params=params, random_state=0)
    assert layout.method == "umap"
    assert layout.points.shape == (60, 5)
    assert layout.origin.key == plan(params, three_blobs[1].origin, random_state=0).key
    centres = layout.points.reshape(3, 20, 5).mean(axis=1)
    within = np.linalg.norm(layout.points.reshape(3, 20, 5) - centres[:, None], axis=2).max()
    between = min(np.linalg.norm(centres[i] - centres[j]) for i in range(3) for j in range(i))
    assert between > 1.5 * within


def test_one_seed_gives_one_layout_and_another_gives_another(three_blobs):
    layouts = [reduce(*three_blobs, params=ReduceParams(n_epochs=20), random_state=s).points for s in (0, 0, 1)]
    assert layouts[0].tobytes() == layouts[1].tobytes()
    assert layouts[0].tobytes() != layouts[2].tobytes()


def test_wider_neighbours_than_asked_for_change_nothing(three_blobs):
    record, wide = three_blobs
    narrow = find_neighbors(record, NeighborsParams(n_neighbors=10))
    params = ReduceParams(n_neighbors=10, n_epochs=20)
    one, two = (reduce(record, near, params=params, random_state=0) for near in (wide, narrow))
    assert one.points.tobytes() == two.points.tobytes()


def test_the_graph_is_that_of_umap_itself(three_blobs):
    """Our neighbours handed over give the fuzzy graph that UMAP builds with its own exact search."""
    import umap
    from umap.umap_ import fuzzy_simplicial_set

    record, near = three_blobs
    own = umap.UMAP(n_neighbors=15, metric="cosine", n_epochs=1000, random_state=0, n_jobs=1).fit(record.vectors).graph_
    indices, distances = near.indices[:, :15].copy(), near.distances[:, :15].copy()
    ours, _, _ = fuzzy_simplicial_set(
        record.vectors, 15, np.random.RandomState(0), "cosine", knn_indices=indices, knn_dists=distances
    )
    assert abs(own - ours).max() < 1 / 999  # UMAP drops edges below a thousandth of the heaviest


@pytest.mark.parametrize("n", [1, 2, 3, 6, 7, 14])
def test_few_documents_are_laid_out_by_principal_components(n):
    layout = reduce(*embedded(np.random.default_rng(n).normal(size=(n, 8))), params=ReduceParams(), random_state=0)
    assert layout.method == "pca"
    assert layout.points.shape == (n, 5)
    assert np.isfinite(layout.points).all()


@pytest.mark.parametrize("n", [15, 16, 20])
def test_umap_takes_over_at_fifteen(n):
    record, near = embedded(np.random.default_rng(n).normal(size=(n, 8)))
    for params in (ReduceParams(n_epochs=20), MapParams(n_epochs=20)):
        layout = reduce(record, near, params=params, random_state=0)
        assert layout.method == "umap"
        assert np.isfinite(layout.points).all()


def test_too_few_neighbours_are_refused(three_blobs):
    record, _ = three_blobs
    near = find_neighbors(record, NeighborsParams(n_neighbors=5))
    with pytest.raises(ValueError, match="expected at least 15 neighbours a document, got 5"):
        reduce(record, near, params=ReduceParams(), random_state=0)


def test_vectors_of_fewer_dimensions_than_components():
    record, near = embedded(np.random.default_rng(0).normal(size=(30, 2)))
    assert reduce(record, near, params=ReduceParams(n_epochs=20), random_state=0).points.shape == (30, 5)

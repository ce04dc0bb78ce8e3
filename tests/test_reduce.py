from __future__ import annotations

import numpy as np
import pytest
from helpers import blobs

from topics import reduce as reduce_room
from topics.config import MapParams, NeighborsParams, ReduceParams
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Neighbors, Origin
from topics.reduce import plan, reduce, reduce_each, seeds

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


def test_the_layout_is_the_one_that_umap_s_own_optimisation_gives(three_blobs):
    """Bit for bit: the same graph, start and seed through umap-learn's ``optimize_layout_euclidean``."""
    from umap.layouts import optimize_layout_euclidean

    record, near = three_blobs
    params = ReduceParams(n_epochs=40)
    graph = reduce_room._graph(record.vectors, near, 15, 40)
    work = reduce_room._Work(graph, reduce_room._principal_components(record.vectors, 5), params, 3)
    random = np.random.RandomState(3)
    random.normal(scale=1e-4, size=work.points.shape)  # what the start took
    states = random.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max - 1, 3).astype(np.int64)
    start = work.points.copy()
    expected = optimize_layout_euclidean(
        start, start, graph.row, graph.col, 40, 60, work.every, work.a, work.b, states, gamma=1.0, initial_alpha=1.0,
        negative_sample_rate=5.0, parallel=False, move_other=True,
    )  # fmt: skip
    found = reduce(record, near, params=params, random_state=3).points
    assert found.tobytes() == np.asarray(expected, dtype=np.float32).tobytes()


def test_several_seeds_at_once_give_the_bits_of_each_alone(three_blobs, monkeypatch):
    params = ReduceParams(n_epochs=20, n_seeds=5)
    wanted = seeds(params, 0, n_docs=60)
    for threads in ("1", "3"):
        monkeypatch.setenv("TOPICS_THREADS", threads)
        together = reduce_each(*three_blobs, params=params, random_states=wanted)
        for seed, layout in zip(wanted, together, strict=True):
            assert layout.points.tobytes() == reduce(*three_blobs, params=params, random_state=seed).points.tobytes()


def test_seeds_are_the_first_of_one_row_and_fewer_for_very_many_documents():
    few, many = (seeds(ReduceParams(n_seeds=n), 7, n_docs=100) for n in (2, 6))
    assert many[:2] == few
    assert len(set(many)) == 6
    assert [len(seeds(ReduceParams(), 0, n_docs=n)) for n in (10, 100, 10_000, 10_001)] == [1, 8, 8, 4]
    assert seeds(ReduceParams(), 0, n_docs=100) != seeds(ReduceParams(), 1, n_docs=100)


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

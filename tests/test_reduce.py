from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import blobs
from hypothesis import given
from hypothesis import strategies as st

from topics.config import MapParams, NeighborsParams, ReduceParams
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Neighbors, Origin
from topics.reduce import optimize as optimize_module
from topics.reduce import plan, reduce, reduce_each, seeds
from topics.reduce.graph import fuzzy_graph

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
    """Our graph of our neighbours is the one that UMAP builds with its own exact search."""
    import umap

    record, near = three_blobs
    own = umap.UMAP(n_neighbors=15, metric="cosine", n_epochs=1000, random_state=0, n_jobs=1).fit(record.vectors).graph_
    ours = fuzzy_graph(near.indices[:, :15], near.distances[:, :15], n_epochs=1000)
    assert abs(own - ours).max() < 1 / 999  # UMAP drops edges below a thousandth of the heaviest
    assert abs(ours - ours.T).max() == 0


@pytest.mark.parametrize("kind", ["blobs", "equal vectors", "one group of equals"])
def test_the_graph_is_that_of_umap_s_function_for_equal_vectors_too(kind):
    from umap.umap_ import fuzzy_simplicial_set

    vectors = blobs(3, 20)
    vectors[: {"blobs": 0, "equal vectors": 40, "one group of equals": 60}[kind]] = vectors[0]
    vectors[1:40:2] += np.float32(0.25 if kind == "equal vectors" else 0)
    record, near = embedded(vectors)
    indices, distances = near.indices[:, :15].copy(), near.distances[:, :15].copy()
    expected, _, _ = fuzzy_simplicial_set(
        record.vectors, 15, np.random.RandomState(0), "cosine", knn_indices=indices, knn_dists=distances
    )
    ours = fuzzy_graph(indices, distances, n_epochs=10_000)
    assert abs(expected - ours).max() < 2e-4  # the bisection stops within a tolerance


def test_the_optimisation_is_umap_s_own_step_by_step(three_blobs):
    """The same graph, start and draws through umap-learn's, for so few rounds that last digits have not grown yet."""
    from umap.layouts import optimize_layout_euclidean

    _, near = three_blobs
    graph = fuzzy_graph(near.indices[:, :15], near.distances[:, :15], n_epochs=4)
    heads, tails = (ends.astype(np.int32) for ends in graph.coords)
    every = graph.data.max().astype(np.float64) / graph.data
    start = np.random.default_rng(0).uniform(0, 10, (60, 5)).astype(np.float32)
    drawn = np.array([3, -5, 7], dtype=np.int64)
    a, b = optimize_module.fit_curve(1.0, 0.0)
    both = start.copy()
    expected = optimize_layout_euclidean(
        both, both, heads, tails, 4, 60, every, a, b, drawn, gamma=1.0, initial_alpha=1.0,
        negative_sample_rate=5.0, parallel=False, move_other=True,
    )  # fmt: skip
    found = start.copy()
    states = drawn + start[:, :1].astype(np.float64).view(np.int64)
    optimize_module.optimize(found, graph, curve=(a, b), states=states, n_epochs=4)
    assert np.abs(start - found).max() > 0.5
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_the_curve_is_umap_s():
    from umap.umap_ import find_ab_params

    for spread, min_dist in ((1.0, 0.0), (1.0, 0.3), (2.0, 0.5)):
        np.testing.assert_allclose(
            optimize_module.fit_curve(spread, min_dist), find_ab_params(spread, min_dist), atol=1e-6
        )


@given(st.floats(1e-12, 1e6), st.floats(0.1, 2))
def test_powers_are_powers(x, exponent):
    assert optimize_module.power(x, exponent) == pytest.approx(x**exponent, rel=1e-7)


KERNELS = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from helpers import blobs
from topics.config import NeighborsParams, ReduceParams
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Origin
from topics.reduce import reduce
vectors = blobs(6, 60)
record = Embeddings("c", vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.ones(360), Origin("e", 1, {}, (), {}))
print(reduce(record, find_neighbors(record, NeighborsParams()), params=ReduceParams(), random_state=0).points.tobytes().hex())
"""


def test_other_kernels_give_the_same_layout():
    """What other makes of CPU compute with: OpenBLAS's kernels, numpy without vector units, numba for any CPU."""
    environments = (
        {}, {"OPENBLAS_CORETYPE": "Prescott"}, {"OPENBLAS_CORETYPE": "Haswell"}, {"NUMBA_CPU_NAME": "generic"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    )  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-c", KERNELS, str(Path(__file__).parent)]
    found = []
    for changes in environments:
        asked = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"} | changes
        found.append(subprocess.run(command, env=asked, capture_output=True, text=True, check=True).stdout)
    assert len(found[0]) > 360 * 5 * 8
    assert set(found) == {found[0]}


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

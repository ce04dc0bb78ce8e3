from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import blobs, two_at_a_time
from hypothesis import given
from hypothesis import strategies as st

from topics.config import MapParams, NeighborsParams, ReduceParams
from topics.graph import Runner, known
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Neighbors, Origin
from topics.reduce import Draw, draws, lay_out, prepare, reduce
from topics.reduce import _optimize as optimize_module
from topics.reduce._fuzzy_graph import fuzzy_graph
from topics.reduce._layouts import _n_epochs
from topics.reduce._resample import neighbors_among

ORIGIN = Origin("embed", 1, {}, (), {})


def embedded(vectors) -> tuple[Embeddings, Neighbors]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    record = Embeddings("c", unit, np.ones(len(unit)), ORIGIN)
    return record, find_neighbors(record, NeighborsParams())


@pytest.fixture(scope="module")
def three_blobs():
    return embedded(blobs(3, 20))


def planned(embeddings, neighbors, params, **draw):
    """The node of a layout."""
    start = prepare(known(embeddings), known(neighbors), params=params)
    return lay_out(start, neighbors, params=params, **draw)


def test_blobs_stay_apart_and_the_key_is_as_planned(three_blobs):
    params = ReduceParams(n_epochs=50)
    layout = reduce(*three_blobs, params=params, random_state=0)
    assert layout.method == "umap"
    assert layout.points.shape == (60, 5)
    assert layout.origin.key == planned(*three_blobs, params, random_state=0).origin.key
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


@given(
    square=st.floats(2.0**-23, 2.0**15, width=32),
    curve=st.sampled_from([(1.932808, 0.790494), (1.576944, 0.895061), (0.544, 0.842), (1.0, 1.0), (5.0, 0.6)]),
)
def test_the_forces_are_those_of_umap_s_gradients(square, curve):
    a, b = curve
    pull, push = optimize_module.forces(curve)
    attraction = -2 * a * b * square ** (b - 1) / (a * square**b + 1)
    repulsion = 2 * b / ((0.001 + square) * (a * square**b + 1))
    assert optimize_module.force_at(pull, square) == pytest.approx(attraction, rel=2e-4)
    assert optimize_module.force_at(push, square) == pytest.approx(repulsion, rel=2e-4)


@pytest.mark.parametrize("square", [1e-38, 1e-12, 1e6, 3e38, np.inf])
def test_beyond_the_table_the_force_is_that_at_its_end(square):
    for table in optimize_module.forces((1.9, 0.79)):
        assert optimize_module.force_at(table, square) == table[0 if square < 1 else -1]


KERNELS = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from helpers import blobs, two_at_a_time
from topics.config import NeighborsParams, ReduceParams
from topics.graph import Runner, known
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

    def layout(changes: dict[str, str]) -> str:
        asked = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"} | changes
        return subprocess.run(command, env=asked, capture_output=True, text=True, check=True).stdout

    found = two_at_a_time(layout, environments)
    assert len(found[0]) > 360 * 5 * 8
    assert set(found) == {found[0]}


def test_several_layouts_at_once_give_the_bits_of_each_alone(three_blobs, monkeypatch):
    params = ReduceParams(n_epochs=20, n_layouts=5)
    wanted = draws(params, 0, n_docs=60)
    assert [draw.share for draw in wanted] == [1, 1, 0.8, 0.8, 0.8]
    for threads in ("1", "3"):
        monkeypatch.setenv("TOPICS_THREADS", threads)
        nodes = [planned(*three_blobs, params, random_state=d.random_state, share=d.share) for d in wanted]
        runner = Runner()
        runner.take(*nodes)
        for draw, node in zip(wanted, nodes, strict=True):
            layout = runner.get(node)
            alone = reduce(*three_blobs, params=params, random_state=draw.random_state, share=draw.share)
            assert layout.points.tobytes() == alone.points.tobytes()
            assert layout.rows.tolist() == draw.rows(60).tolist()
            assert layout.origin.key == node.origin.key == alone.origin.key
    assert reduce(*three_blobs, params=params, random_state=wanted[0].random_state).n_docs == 60


def test_a_layout_of_some_documents_keeps_groups_apart_and_says_which_they_are(three_blobs):
    layout = reduce(*three_blobs, params=ReduceParams(n_epochs=50), random_state=3, share=0.8)
    assert (layout.n_docs, len(layout.rows), layout.points.shape) == (60, 48, (48, 5))
    assert (np.diff(layout.rows) > 0).all()
    groups = [layout.points[layout.rows // 20 == k] for k in range(3)]
    centres = [group.mean(axis=0) for group in groups]
    within = max(np.linalg.norm(group - centre, axis=1).max() for group, centre in zip(groups, centres, strict=True))
    assert min(np.linalg.norm(centres[i] - centres[j]) for i in range(3) for j in range(i)) > 1.5 * within


@given(st.integers(15, 20_000), st.integers(1, 20), st.integers(0, 2**31))
def test_the_first_two_layouts_are_of_all_documents_and_the_others_of_four_fifths(n, n_layouts, state):
    found = draws(ReduceParams(n_layouts=n_layouts), state, n_docs=n)
    assert len({draw.random_state for draw in found}) == len(found) == n_layouts
    n_whole = n_layouts if round(0.8 * n) < 15 else min(2, max(1, n_layouts - 1))
    assert [draw.share for draw in found] == [1.0] * n_whole + [0.8] * (n_layouts - n_whole)
    assert found[-1].rows(n).tolist() == found[-1].rows(n).tolist()
    for draw in found[:: max(1, n_layouts // 3)]:
        rows = draw.rows(n)
        assert len(rows) == round(draw.share * n)
        assert (np.diff(rows) > 0).all() and rows[0] >= 0 and rows[-1] < n


def test_draws_are_the_first_of_one_row_and_differ_by_the_run_s_seed():
    few, many = (draws(ReduceParams(n_layouts=n), 7, n_docs=100) for n in (3, 6))
    assert many[:3] == few
    assert not np.array_equal(many[2].rows(100), many[3].rows(100))
    assert draws(ReduceParams(), 0, n_docs=100) != draws(ReduceParams(), 1, n_docs=100)
    assert [draw.share for draw in draws(ReduceParams(), 0, n_docs=10)] == [1.0]


@given(st.integers(15, 10**7))
def test_layouts_and_epochs_become_fewer_without_a_jump(n):
    """A hundredth more documents take at most one layout less, and about as many epochs."""
    more = n + n // 100 + 1

    def both(n_docs):
        return len(draws(ReduceParams(), 0, n_docs=n_docs)), _n_epochs(ReduceParams(), n_docs)

    (layouts, epochs), (layouts_more, epochs_more) = both(n), both(more)
    assert 6 <= layouts <= 12 and 30 <= epochs <= 100
    assert 0 <= layouts - layouts_more <= 1
    assert 0 <= epochs - epochs_more <= 2
    assert (layouts == 12) >= (n <= 10_000) and (epochs == 100) >= (n <= 5_000)
    assert both(10**7) == (6, 30)


@given(st.integers(0, 10_000), st.integers(30, 120), st.floats(0.5, 0.95), st.booleans())
def test_neighbors_among_the_drawn_are_those_that_a_search_among_them_finds(seed, n, share, ties):
    vectors = np.random.default_rng(seed).normal(size=(n, 4))
    record, near = embedded(np.repeat(vectors[: n // 2], 2, axis=0) if ties else vectors)
    rows, k = Draw(seed, share).rows(len(record.vectors)), 10
    found, far = neighbors_among(near.indices, near.distances, rows=rows, k=k)
    searched = find_neighbors(Embeddings("c", record.vectors[rows], np.ones(len(rows)), ORIGIN), NeighborsParams())
    known = np.isin(near.indices[rows], rows).sum(axis=1)
    whole = known >= k
    assert found[whole].tolist() == searched.indices[whole, :k].tolist()
    assert far[whole].tolist() == searched.distances[whole, :k].tolist()
    for row in np.flatnonzero(~whole):  # what is lacking is the document itself, as far as the last that is known
        m = known[row]
        assert found[row, :m].tolist() == searched.indices[row, :m].tolist()
        assert set(found[row, m:].tolist()) == {row}
        assert set(far[row, m:].tolist()) == {far[row, m - 1]}
    assert (found[:, 0] == np.arange(len(rows))).all()


def test_a_document_that_fills_its_own_places_stands_in_no_edge_of_its_own():
    _, near = embedded(blobs(3, 20))
    rows = Draw(0, 0.8).rows(60)
    indices, distances = neighbors_among(near.indices[:, :8], near.distances[:, :8], rows=rows, k=8)
    graph = fuzzy_graph(indices, distances, n_epochs=100)
    assert graph.toarray().diagonal().tolist() == [0] * len(rows)
    assert (indices[:, 1:] == np.arange(len(rows))[:, None]).any()


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
    with pytest.raises(ValueError, match="expected at least 15 neighbors per document, got 5"):
        reduce(record, near, params=ReduceParams(), random_state=0)


def test_vectors_of_fewer_dimensions_than_components():
    record, near = embedded(np.random.default_rng(0).normal(size=(30, 2)))
    assert reduce(record, near, params=ReduceParams(n_epochs=20), random_state=0).points.shape == (30, 5)

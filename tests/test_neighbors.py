from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from topics.config import NeighborsParams
from topics.neighbors import _search as stage
from topics.neighbors import find_neighbors
from topics.neighbors._nearest import largest_columns
from topics.records import Embeddings, Origin

ORIGIN = Origin("embed", 1, {}, (), {})


def embedded(vectors) -> Embeddings:
    vectors = np.asarray(vectors, dtype=np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Embeddings("c", unit, np.ones(len(unit)), ORIGIN)


def by_sorting(record: Embeddings, k: int):
    distances = 1.0 - record.vectors.astype(np.float64) @ record.vectors.T.astype(np.float64)
    distances = np.round(distances * 2**22) / 2**22
    np.fill_diagonal(distances, -1)
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return order, np.clip(np.take_along_axis(distances, order, axis=1), 0, 2)


@given(
    arrays(np.int8, st.tuples(st.integers(1, 40), st.integers(1, 4)), elements=st.integers(1, 3)), st.integers(2, 50)
)
def test_equal_to_sorting_every_distance_ties_included(vectors, k):
    record = embedded(vectors)
    found = find_neighbors(record, NeighborsParams(n_neighbors=k))
    order, distances = by_sorting(record, min(k, len(vectors)))
    assert found.indices.tolist() == order.tolist()
    np.testing.assert_array_equal(found.distances, distances.astype(np.float32))


@given(
    values=arrays(
        np.float32,
        st.tuples(st.integers(1, 3), st.integers(1, 300)),
        elements=st.sampled_from([-1, 0, 0.5, 0.50001, 1]),
    ),
    k=st.integers(1, 8),
    spare=st.integers(0, 20),
)
def test_the_largest_of_a_row_and_those_as_large_are_found(values, k, spare):
    k = min(k, values.shape[1])
    found = largest_columns(values, k, tolerance=1e-3, max_columns=k + spare)
    for row, columns in zip(values, found, strict=True):
        order = np.lexsort((np.arange(len(row)), -row))
        near = order[: max(k, min(k + spare, int((row >= row[order[k - 1]] - 1e-3).sum())))]
        assert columns[columns >= 0].tolist() == near.tolist()
        assert (columns[len(near) :] == -1).all()


def test_self_comes_first_even_among_equal_vectors():
    found = find_neighbors(embedded(np.ones((9, 3))), NeighborsParams(n_neighbors=4))
    assert found.indices[:, 0].tolist() == list(range(9))
    assert found.distances.max() < 1e-6


@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_bits_do_not_depend_on_the_number_of_threads(monkeypatch, threads):
    monkeypatch.setattr(stage, "_BLOCK_ROWS", 64)
    record = embedded(np.random.default_rng(0).normal(size=(300, 48)))
    monkeypatch.setenv("TOPICS_THREADS", threads)
    found = find_neighbors(record, NeighborsParams(n_neighbors=15))
    monkeypatch.setenv("TOPICS_THREADS", "2")
    again = find_neighbors(record, NeighborsParams(n_neighbors=15))
    assert found.indices.tobytes() == again.indices.tobytes()
    assert found.distances.tobytes() == again.distances.tobytes()


@pytest.fixture(scope="module")
def groups() -> Embeddings:
    random = np.random.default_rng(0)
    return embedded(np.repeat(random.normal(size=(40, 24)), 50, axis=0) + random.normal(size=(2000, 24)) * 0.6)


def test_approximate_neighbours_are_nearly_all_true_and_it_is_said(groups):
    found = find_neighbors(groups, NeighborsParams(n_neighbors=15, method="approximate"))
    true = find_neighbors(groups, NeighborsParams(n_neighbors=15, method="exact"))
    assert found.indices[:, 0].tolist() == list(range(2000))
    assert (np.diff(found.distances, axis=1) >= 0).all()
    share = np.mean(
        [np.isin(one[1:], other[1:]).mean() for one, other in zip(true.indices, found.indices, strict=True)]
    )
    assert share > 0.9
    rows = np.arange(2000)[:, None]
    exact = 1 - (groups.vectors[rows] * groups.vectors[found.indices]).sum(axis=2)
    np.testing.assert_allclose(found.distances, np.maximum(np.where(found.indices == rows, 0, exact), 0), atol=1e-6)
    assert re.fullmatch(
        r"neighbors are approximate: (over )?\d+% of the true ones were found, measured on 500 documents",
        found.origin.notes[0],
    )
    assert not true.origin.notes


def test_few_documents_are_compared_exactly_whatever_is_asked():
    record = embedded(np.random.default_rng(0).normal(size=(200, 8)))
    one, other = (find_neighbors(record, NeighborsParams(n_neighbors=15, method=m)) for m in ("approximate", "exact"))
    assert one.indices.tolist() == other.indices.tolist()


def test_equal_vectors_do_not_push_a_document_out_of_its_own_neighbours():
    vectors = np.random.default_rng(0).normal(size=(1200, 8))
    vectors[:100] = vectors[0]
    found = find_neighbors(embedded(vectors), NeighborsParams(n_neighbors=10, method="approximate"))
    assert found.indices[:, 0].tolist() == list(range(1200))
    assert (found.indices >= 0).all()


def test_approximate_neighbours_do_not_depend_on_the_number_of_threads(groups, monkeypatch):
    import numba

    found = set()
    before = numba.get_num_threads()
    try:
        for threads in (1, numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            monkeypatch.setenv("TOPICS_THREADS", str(threads))
            near = find_neighbors(groups, NeighborsParams(n_neighbors=15, method="approximate"))
            found.add((near.indices.tobytes(), near.distances.tobytes()))
    finally:
        numba.set_num_threads(before)
    assert len(found) == 1


def test_one_document_is_its_own_neighbour():
    found = find_neighbors(embedded([[1.0, 2.0]]), NeighborsParams())
    assert found.indices.tolist() == [[0]]

"""Arithmetic whose result depends on nothing but the row."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from topics._exact import COLUMNS, ROWS, exponential, logarithm, products, row_sums, unit_rows, whole


@given(values=arrays(np.float64, 20, elements=st.floats(-40, 40)))
def test_exponential_and_logarithm_are_what_they_are_called(values):
    assert np.allclose(exponential(values), np.exp(values), rtol=1e-10, atol=0)
    assert np.allclose(logarithm(np.exp(values)), values, rtol=0, atol=1e-11)


@given(seed=st.integers(0, 1000), n_dims=st.integers(1, 40))
def test_products_are_exact_in_any_order(seed, n_dims):
    random = np.random.default_rng(seed)
    one, other = (unit_rows(random.normal(size=(5, n_dims))) for _ in range(2))
    rows, columns = whole(one, ROWS), whole(other, COLUMNS)
    order = random.permutation(n_dims)
    found = products(rows, columns)
    assert np.array_equal(found, products(rows[:, order], columns[:, order]))
    assert np.array_equal(found[2], products(rows[2:3], columns)[0])
    assert np.allclose(found, one @ other.T, atol=1e-6)


@given(values=arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 30)), elements=st.floats(-1e3, 1e3)))
def test_sums_of_rows_are_sums(values):
    assert np.allclose(row_sums(values), values.sum(axis=1), atol=1e-9)
    assert np.array_equal(row_sums(values[:1]), row_sums(values)[:1])
    assert np.array_equal(row_sums(np.asfortranarray(values)), row_sums(values))

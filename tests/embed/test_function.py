from __future__ import annotations

import doctest

import numpy as np
import pytest

from topics.embed import FunctionEncoder
from topics.embed import _function as function

TEXTS = ["one", "two and three", "four"]


def lengths(texts: list[str]) -> list[list[float]]:
    return [[len(text), 1.0] for text in texts]


def giving(value) -> FunctionEncoder:
    return FunctionEncoder(lambda texts: value, name="fixed")


def test_vectors_are_the_functions_as_float32_and_what_was_seen_is_unknown():
    encoded = FunctionEncoder(lengths, name="lengths-1").encode(TEXTS)
    assert encoded.vectors.dtype == np.float32
    assert encoded.vectors.tolist() == [[3, 1], [13, 1], [4, 1]]
    assert np.isnan(encoded.seen).all()
    assert encoded.seen.shape == (3,)
    assert encoded.notes == ()


def test_the_function_gets_a_list():
    got = []
    FunctionEncoder(lambda texts: got.append(texts) or lengths(texts), name="n").encode(tuple(TEXTS))
    assert got == [TEXTS]


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "uint8"])
def test_any_real_numbers_are_taken(dtype):
    assert giving(np.ones((3, 2), dtype=dtype)).encode(TEXTS).vectors.tolist() == [[1, 1]] * 3


def test_a_tensor_is_taken():
    import torch

    assert giving(torch.ones(3, 2)).encode(TEXTS).vectors.shape == (3, 2)


def test_what_the_function_keeps_is_not_shared():
    kept = np.ones((3, 2), dtype=np.float32)
    giving(kept).encode(TEXTS).vectors[:] = 0
    assert kept.all()


def test_the_name_is_the_identity():
    assert FunctionEncoder(lengths, name="a").identity == FunctionEncoder(len, name="a").identity
    assert FunctionEncoder(lengths, name="a").identity != FunctionEncoder(lengths, name="b").identity


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            None,
            r"the function 'fixed': expected numbers of shape \(3, n_dims\), got None; does it return its vectors\?",
        ),
        (
            np.ones((2, 4)),
            r"expected numbers of shape \(3, n_dims\), got a ndarray of shape \(2, 4\) and dtype float64",
        ),
        (np.ones(3), r"got a ndarray of shape \(3,\)"),
        (np.ones((3, 0)), r"got a ndarray of shape \(3, 0\)"),
        ([["a"], ["b"], ["c"]], r"got a list of shape \(3, 1\) and dtype <U1"),
        ([[1.0], [1.0, 2.0], [1.0]], r"got a list that is not an array: .*inhomogeneous"),
        (np.ones((3, 2), dtype=bool), "dtype bool"),
        (np.ones((3, 2), dtype=complex), "dtype complex128"),
        (np.array([[None], [1], [2]]), "dtype object"),
        ({"a": 1}, r"got a dict of shape \(\) and dtype object"),
    ],
)
def test_something_else_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        giving(value).encode(TEXTS)


def test_the_functions_own_errors_are_its_own():
    with pytest.raises(KeyError, match="service"):
        FunctionEncoder(lambda texts: {}["service"], name="n").encode(TEXTS)


def test_no_texts_are_refused():
    with pytest.raises(ValueError, match="expected at least one text, got none"):
        FunctionEncoder(lengths, name="n").encode([])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"function": "model"}, TypeError, "expected a function from texts to vectors, got 'model'"),
        ({"name": " "}, ValueError, "name: expected a string that says which vectors these are, .*got ' '"),
        ({"name": 3}, ValueError, "name: .*got 3"),
        ({"shard_rows": 0}, ValueError, "shard_rows: expected a number of texts of at least 1, or None, got 0"),
        ({"shard_rows": 1.5}, ValueError, "got 1.5"),
    ],
)
def test_wrong_arguments_are_refused(arguments, error, message):
    arguments = {"function": lengths, "name": "n", **arguments}
    with pytest.raises(error, match=message):
        FunctionEncoder(arguments.pop("function"), **arguments)


def test_it_may_ask_for_all_texts_at_once():
    assert FunctionEncoder(lengths, name="n", shard_rows=None).shard_rows is None


def test_the_example_holds():
    assert doctest.testmod(function).failed == 0

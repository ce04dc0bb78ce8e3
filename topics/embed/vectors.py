"""Vectors checked and scaled, those of an encoder and those that the caller has."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records import Corpus, Embeddings, Origin

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STAGE = "embed"
VERSION = 2

_BLOCK_ROWS = 8192
_ROWS_NAMED = 10
_TEXTS_QUOTED = 3
_CHARACTERS_QUOTED = 60


def given(corpus: Corpus, vectors: ArrayLike) -> Embeddings:
    """Embeddings made of vectors that the caller has.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    vectors : array-like of float, shape (n_docs, n_dims)
        One row a document in id order; scaled to unit length here.

    Raises
    ------
    ValueError
        If the shape is wrong, or rows are zero or not finite; the message names them.
    """
    made = unit(vectors, n_docs=corpus.n_docs, what="embeddings")
    digest = hashlib.sha256(repr(made.shape).encode() + made.tobytes()).hexdigest()
    origin = Origin(STAGE, VERSION, {"kind": "given", "vectors": digest}, (corpus.origin.key,), {})
    return Embeddings(corpus.origin.key, made, np.full(len(made), np.nan), origin)


def check_vectors(vectors: NDArray[Any], what: str) -> None:
    """Refuse rows that are zero or not finite; they would be a topic of their own, or noise without a word.

    Parameters
    ----------
    vectors : numpy.ndarray of shape (n, n_dims)
        One a row.
    what : str
        What they are, for the message.

    Raises
    ------
    ValueError
        Naming the rows.
    """
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        raise ValueError(f"{what}: expected finite numbers, got NaN or infinity in {_rows(~finite)}")
    zero = np.logical_not(vectors.any(axis=1))
    if zero.any():
        raise ValueError(f"{what}: expected no row of zeros, got them in {_rows(zero)}")


def unit(vectors: ArrayLike, *, n_docs: int, what: str) -> NDArray[np.float32]:
    """Rows of unit length, computed in double precision a block at a time.

    Parameters
    ----------
    vectors : array-like of float, shape (n_docs, n_dims)
        Of any length but zero.
    n_docs : int
        Rows that are expected.
    what : str
        What they are, for messages.

    Raises
    ------
    ValueError
        If the shape is wrong, or rows are zero or not finite.
    """
    try:
        array: NDArray[Any] = np.asarray(vectors)
        if array.dtype.kind not in "fiu":
            array = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: expected numbers of shape ({n_docs}, n_dims): {error}") from None
    if array.ndim != 2 or len(array) != n_docs or array.shape[1] == 0:
        raise ValueError(f"{what}: expected shape ({n_docs}, n_dims), got {array.shape}")
    check_vectors(array, what)
    scaled = np.empty(array.shape, dtype=np.float32)
    for start in range(0, n_docs, _BLOCK_ROWS):
        block = array[start : start + _BLOCK_ROWS].astype(np.float64)
        scaled[start : start + _BLOCK_ROWS] = block / np.linalg.norm(block, axis=1, keepdims=True)
    scaled.setflags(write=False)
    return scaled


def quote_bad(vectors: ArrayLike, texts: Sequence[str]) -> str:
    """The beginnings of the first texts whose vectors are not usable; a shard's row numbers tell no one which.

    Parameters
    ----------
    vectors : array-like
        What an encoder gave.
    texts : sequence of str
        What it was given.
    """
    array = np.asarray(vectors)
    if array.dtype.kind not in "fiu" or array.ndim != 2 or len(array) != len(texts):
        return ""
    bad = np.flatnonzero(~(np.isfinite(array).all(axis=1) & array.any(axis=1)))
    quoted = ", ".join(repr(texts[row][:_CHARACTERS_QUOTED]) for row in bad[:_TEXTS_QUOTED])
    return f"; the texts begin with {quoted}" if quoted else ""


def _rows(bad: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(bad)
    more = f" and {len(rows) - _ROWS_NAMED} more" if len(rows) > _ROWS_NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:_ROWS_NAMED]))}{more}"

"""Corpus → Embeddings."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed.encoders import Encoder
from topics.records import Corpus, Embeddings, Origin, library_versions

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STAGE = "embed"
VERSION = 1

_ROWS_NAMED = 10
_TRUNCATED_BELOW = 0.995


def plan(encoder: Encoder, corpus: Corpus) -> Origin:
    """Where this corpus's embeddings would come from."""
    return Origin(STAGE, VERSION, dict(encoder.identity), (corpus.origin.key,), library_versions("numpy"))


def embed(corpus: Corpus, encoder: Encoder) -> Embeddings:
    """One unit vector a document, from its title and text.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        What turns texts into vectors.

    Raises
    ------
    ValueError
        If the encoder gives another number of rows, or rows that are zero or not finite.
    """
    vectors, seen = encoder.encode(corpus.full_texts())
    cut_short = seen < _TRUNCATED_BELOW
    notes: tuple[str, ...] = ()
    if cut_short.any():
        notes = (
            f"{int(cut_short.sum())} of {corpus.n_docs} documents are longer than the encoder reads; of those it saw "
            f"{seen[cut_short].mean():.0%} of the tokens in the mean, from the start",
        )
    origin = plan(encoder, corpus)
    origin = Origin(origin.stage, origin.version, origin.parameters, origin.parents, origin.libraries, notes)
    return Embeddings(corpus.origin.key, _unit(vectors, corpus.n_docs, "the encoder's vectors"), seen, origin)


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
    unit = _unit(vectors, corpus.n_docs, "embeddings")
    digest = hashlib.sha256(repr(unit.shape).encode() + unit.tobytes()).hexdigest()
    origin = Origin(STAGE, VERSION, {"kind": "given", "vectors": digest}, (corpus.origin.key,), {})
    return Embeddings(corpus.origin.key, unit, np.full(len(unit), np.nan), origin)


def _unit(vectors: ArrayLike, n_docs: int, what: str) -> NDArray[np.float32]:
    try:
        array: NDArray[Any] = np.asarray(vectors, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: expected numbers of shape ({n_docs}, n_dims): {error}") from None
    if array.ndim != 2 or len(array) != n_docs or array.shape[1] == 0:
        raise ValueError(f"{what}: expected shape ({n_docs}, n_dims), got {array.shape}")
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        raise ValueError(f"{what}: expected finite numbers, got NaN or infinity in {_rows(~finite)}")
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise ValueError(f"{what}: expected no row of zeros, got them in {_rows(lengths[:, 0] == 0)}")
    unit: NDArray[np.float32] = (array / lengths).astype(np.float32)
    return unit


def _rows(bad: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(bad)
    more = f" and {len(rows) - _ROWS_NAMED} more" if len(rows) > _ROWS_NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:_ROWS_NAMED]))}{more}"

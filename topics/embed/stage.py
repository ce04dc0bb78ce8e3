"""Corpus → Embeddings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed.encoders import Encoder
from topics.records import Corpus, Embeddings, Origin, fingerprint, library_versions

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STAGE = "embed"
SHARD_ROWS = 512
VERSION = 1

_ROWS_NAMED = 10
_TRUNCATED_BELOW = 0.995


def plan(encoder: Encoder, corpus: Corpus) -> Origin:
    """Where this corpus's embeddings would come from."""
    parameters = {**encoder.identity, "shard_rows": SHARD_ROWS}
    return Origin(STAGE, VERSION, parameters, (corpus.origin.key,), library_versions("numpy"))


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
    return join(corpus, encoder, parts=[make() for _, make in shards(corpus, encoder)])


def shards(corpus: Corpus, encoder: Encoder) -> list[tuple[Origin, Callable[[], Embeddings]]]:
    """Where the vectors of each 512 documents come from, and a function that makes them.

    A shard's vectors depend on its texts alone, so what was made before a run was stopped is made once.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        What turns texts into vectors.
    """
    texts = corpus.full_texts()
    return [_shard(texts[start : start + SHARD_ROWS], encoder) for start in range(0, len(texts), SHARD_ROWS)]


def join(corpus: Corpus, encoder: Encoder, *, parts: Sequence[Embeddings]) -> Embeddings:
    """The shards' vectors as one record.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        What made the parts.
    parts : sequence of Embeddings
        One a shard, in order.
    """
    seen = np.concatenate([part.seen for part in parts])
    cut_short = seen < _TRUNCATED_BELOW
    notes: tuple[str, ...] = ()
    if cut_short.any():
        notes = (
            f"{int(cut_short.sum())} of {corpus.n_docs} documents are longer than the encoder reads; of those it saw "
            f"{seen[cut_short].mean():.0%} of the tokens in the mean, from the start",
        )
    origin = replace(plan(encoder, corpus), notes=notes)
    return Embeddings(corpus.origin.key, np.concatenate([part.vectors for part in parts]), seen, origin)


def _shard(texts: list[str], encoder: Encoder) -> tuple[Origin, Callable[[], Embeddings]]:
    content = fingerprint(texts)
    origin = Origin(f"{STAGE}-shard", VERSION, dict(encoder.identity), (content,), library_versions("numpy"))

    def make() -> Embeddings:
        vectors, seen = encoder.encode(texts)
        return Embeddings(content, _unit(vectors, len(texts), "the encoder's vectors"), seen, origin)

    return origin, make


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


def _unit(vectors: ArrayLike, n_docs: int, what: str) -> NDArray[np.float32]:
    try:
        array: NDArray[Any] = np.asarray(vectors, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: expected numbers of shape ({n_docs}, n_dims): {error}") from None
    if array.ndim != 2 or len(array) != n_docs or array.shape[1] == 0:
        raise ValueError(f"{what}: expected shape ({n_docs}, n_dims), got {array.shape}")
    check_vectors(array, what)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (array / lengths).astype(np.float32)
    return unit


def _rows(bad: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(bad)
    more = f" and {len(rows) - _ROWS_NAMED} more" if len(rows) > _ROWS_NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:_ROWS_NAMED]))}{more}"

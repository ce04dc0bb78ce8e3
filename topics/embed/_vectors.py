"""Vectors checked and scaled: those of an encoder and the caller's own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed._containers import UserVectors, as_matrix, listed, take_vectors
from topics.errors import InputError
from topics.records import Corpus, Embeddings, Origin

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STAGE = "embed"
VERSION = 3

# Not tuned: they bound memory and the length of a message.
_BLOCK_ROWS = 8192
_ROWS_NAMED = 10
_TEXTS_QUOTED = 3
_CHARACTERS_QUOTED = 60
_ORDER = "; pass vectors in the order of the articles' rows without ids, as an array: frame.to_numpy()"


def from_vectors(corpus: Corpus, vectors: Any) -> Embeddings:
    """Embeddings from the caller's own vectors, scaled to unit length.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    vectors : array-like of shape (n_rows, n_dims), UserVectors, mapping or Embeddings
        Row i is the vector of row i of the articles that were read, including rejected rows and near-duplicates; or
        vectors by id: a mapping, a table with a column of ids, or a pandas object indexed by them. Embeddings of this
        corpus are returned unchanged.

    Raises
    ------
    ValueError
        If a row or document has no vector, the shape or type is wrong, or vectors of documents are zero or not finite;
        the message names them.
    """
    if isinstance(vectors, Embeddings):
        if vectors.corpus_key != corpus.origin.key:
            raise InputError("embeddings: expected those of this corpus, got those of another")
        return vectors
    own = take_vectors(vectors)
    stories = corpus.n_docs - corpus.documents.column("parent_id").null_count
    if stories and own.ids is None and len(own.values) == corpus.n_rows:
        raise InputError(
            f"{own.what}: there is one vector per page, but {stories} of the {corpus.n_docs} documents are stories of "
            "round-ups, several per page; read the articles with articles.split_round_ups = false"
        )
    chosen = choose_rows(own, corpus.doc_ids, input_rows=corpus.input_rows.to_pylist(), n_rows=corpus.n_rows)
    made = unit(chosen, n_docs=corpus.n_docs, what=own.what)
    digest = hashlib.sha256(repr(made.shape).encode() + made.tobytes()).hexdigest()
    origin = Origin(STAGE, VERSION, {"kind": "given", "vectors": digest}, (corpus.origin.key,), {})
    return Embeddings(corpus.origin.key, made, np.full(len(made), np.nan), origin)


def choose_rows(
    own: UserVectors, doc_ids: Sequence[str], *, input_rows: Sequence[Sequence[int]], n_rows: int
) -> NDArray[Any]:
    """The vector of each document, shape (n_docs, n_dims).

    Parameters
    ----------
    own : UserVectors
        Vectors by id or in the order of the rows.
    doc_ids : sequence of str
        Ids of the documents.
    input_rows : sequence of sequence of int
        The rows that each document came from.
    n_rows : int
        Number of rows read.

    Raises
    ------
    ValueError
        If a row or document has no vector, or vectors of documents are zero or not finite.
    """
    if own.ids is not None and (own.sure or not set(doc_ids).isdisjoint(own.ids)):
        chosen = own.values[match(own.ids, doc_ids, what=own.what, n_rows=len(own.values))]
        _check(chosen, own.what, lambda bad: f"the rows of {listed(doc_ids[i] for i in bad.tolist())}")
        return chosen
    if len(own.values) != n_rows:
        raise InputError(
            f"{own.what}: expected {n_rows} vectors, one per row of the articles in their order (including rejected "
            f"rows and near-duplicates), got {len(own.values)}; vectors with ids may have fewer rows, in any order"
        )
    # Identical rows are one document; the choice of its vector does not depend on their order.
    firsts = (
        same[0] if len(same) == 1 else min(same, key=lambda row: own.values[row].tobytes()) for same in input_rows
    )
    rows = np.fromiter(firsts, dtype=np.int64, count=len(input_rows))
    chosen = own.values[rows]
    _check(chosen, own.what, lambda bad: _list_rows(np.sort(rows[bad])))
    return chosen


def match(ids: Sequence[str], doc_ids: Sequence[str], *, what: str, n_rows: int) -> NDArray[np.int64]:
    """The row of each document, shape (n_docs,).

    Parameters
    ----------
    ids : sequence of str
        Id of each row.
    doc_ids : sequence of str
        Ids of the documents.
    what : str
        Name of the vectors, for messages.
    n_rows : int
        Number of vectors.

    Raises
    ------
    ValueError
        If there is not one id per row, ids repeat, or documents have no vector.
    """
    if len(ids) != n_rows:
        raise InputError(f"{what}: expected one id per row, got {len(ids)} ids for {n_rows} rows")
    rows = {doc_id: row for row, doc_id in enumerate(ids)}
    if len(rows) != len(ids):
        twice = [doc_id for doc_id, count in Counter(ids).items() if count > 1]
        raise InputError(
            f"{what}: expected unique ids, got {len(twice)} of them more than once: {listed(twice)}{_ORDER}"
        )
    missing = [doc_id for doc_id in doc_ids if doc_id not in rows]
    if missing:
        raise InputError(
            f"{what}: {len(missing)} of {len(doc_ids)} documents have no vector: {listed(missing)}; the "
            f"vectors have ids such as {listed(ids[:3])}{_stories_hint(missing)}{_ORDER}"
        )
    return np.fromiter((rows[doc_id] for doc_id in doc_ids), dtype=np.int64, count=len(doc_ids))


def _stories_hint(missing: Sequence[str]) -> str:
    if not any("#" in doc_id for doc_id in missing):
        return ""
    return "; ids with '#' are the stories of round-ups: articles.split_round_ups = false leaves pages whole"


def check_vectors(vectors: NDArray[Any], what: str) -> None:
    """Raise an error for rows that are zero or not finite; they would silently be a topic of their own or noise.

    Parameters
    ----------
    vectors : numpy.ndarray of shape (n, n_dims)
        One vector per row.
    what : str
        Name of the vectors, for the message.

    Raises
    ------
    ValueError
        If rows are zero or not finite; the message names them.
    """
    _check(vectors, what, _list_rows)


def _check(vectors: NDArray[Any], what: str, describe: Callable[[NDArray[np.intp]], str]) -> None:
    finite, zero = np.ones(len(vectors), dtype=bool), np.zeros(len(vectors), dtype=bool)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            block = vectors[start : start + _BLOCK_ROWS].astype(np.float32)  # the type used from here on
        finite[start : start + _BLOCK_ROWS] = np.isfinite(block).all(axis=1)
        zero[start : start + _BLOCK_ROWS] = ~block.any(axis=1)
    for bad, got in ((~finite, "NaN, infinity or more than float32 holds"), (zero, "nothing but zeros")):
        if bad.any():
            where = describe(np.flatnonzero(bad))
            raise InputError(
                f"{what}: expected finite vectors that are not zero, got {got} in {int(bad.sum())}: {where}"
            )


def unit(vectors: ArrayLike, *, n_docs: int, what: str) -> NDArray[np.float32]:
    """Rows of unit length, computed in double precision a block at a time.

    Parameters
    ----------
    vectors : array-like of float, shape (n_docs, n_dims)
        Vectors of any length above zero.
    n_docs : int
        Expected number of rows.
    what : str
        Name of the vectors, for messages.

    Raises
    ------
    ValueError
        If the shape or type is wrong, or rows are zero or not finite.
    """
    array = as_matrix(vectors, what=what)
    if len(array) != n_docs:
        raise InputError(f"{what}: expected shape ({n_docs}, n_dims), got {array.shape}")
    check_vectors(array, what)
    scaled = np.empty(array.shape, dtype=np.float32)
    for start in range(0, n_docs, _BLOCK_ROWS):
        block = array[start : start + _BLOCK_ROWS].astype(np.float64)
        scaled[start : start + _BLOCK_ROWS] = block / np.linalg.norm(block, axis=1, keepdims=True)
    scaled.setflags(write=False)
    return scaled


def quote_unusable(vectors: ArrayLike, texts: Sequence[str]) -> str:
    """The beginnings of the first texts with unusable vectors, as the row numbers of a shard mean nothing to a user.

    Parameters
    ----------
    vectors : array-like
        Vectors from an encoder.
    texts : sequence of str
        The encoded texts.
    """
    array = np.asarray(vectors)
    if array.dtype.kind not in "fiu" or array.ndim != 2 or len(array) != len(texts):
        return ""
    bad = np.flatnonzero(~(np.isfinite(array).all(axis=1) & array.any(axis=1)))
    quoted = ", ".join(repr(texts[row][:_CHARACTERS_QUOTED]) for row in bad[:_TEXTS_QUOTED])
    return f"; the texts begin with {quoted}" if quoted else ""


def _list_rows(rows: NDArray[np.intp]) -> str:
    more = f" and {len(rows) - _ROWS_NAMED} more" if len(rows) > _ROWS_NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:_ROWS_NAMED]))}{more}"

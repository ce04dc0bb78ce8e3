"""Documents and sentences that support a topic's label, without repetitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._sentences import Sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

# Not tuned: what a reader would call a repetition.
_ALIKE = 0.9  # cosine of two documents
_SHARED = 0.5  # of the shorter sentence's terms
_CANDIDATES = 5  # half the number of documents compared for each one requested; it bounds the time


def evidence_order(
    docs: NDArray[np.intp], columns: Sequence[int], *, closeness: NDArray[np.floating], by_term: csc_array
) -> NDArray[np.intp]:
    """A topic's documents in order: the most typical with the most of its terms first; ties by row.

    Parameters
    ----------
    docs : numpy.ndarray of int
        Rows of the topic's documents, ascending.
    columns : sequence of int
        Columns of its terms.
    closeness : numpy.ndarray of float, shape (len(docs),)
        How typical each document is; higher is more typical.
    by_term : scipy.sparse.csc_array of int, shape (n_docs, n_terms)
        Occurrences of each term in each document.
    """
    parts = [by_term.indices[by_term.indptr[column] : by_term.indptr[column + 1]] for column in columns]
    n_terms = np.bincount(np.concatenate([*parts, docs[:0]]), minlength=by_term.shape[0])
    carries = n_terms[docs] / max(len(columns), 1)
    return docs[np.lexsort((docs, -closeness * (1 + carries)))]


def distinct(ordered: NDArray[np.intp], vectors: NDArray[np.float32], *, n: int) -> list[int]:
    """The first ``n`` documents without repetitions; if there are too few, filled up with the first of the others.

    Parameters
    ----------
    ordered : numpy.ndarray of int
        Rows, the best first.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    n : int
        Number of documents.
    """
    kept: list[int] = []
    for doc in ordered[: n * _CANDIDATES * 2].tolist():
        if len(kept) == n:
            break
        if ((vectors[kept] * vectors[doc]).sum(axis=1) < _ALIKE).all():
            kept.append(doc)
    return kept + [doc for doc in ordered.tolist() if doc not in kept][: n - len(kept)]


def evidence_sentences(
    rows: Sequence[int], terms: Mapping[str, float], *, sentences: Sentences, n: int
) -> list[tuple[int, str]]:
    """The sentences with the most of a topic's terms, from different documents, each with the row of its document.

    Parameters
    ----------
    rows : sequence of int
        The candidate documents, the best first.
    terms : Mapping[str, float]
        Weight of each form of the topic's terms, the heaviest first.
    sentences : Sentences
        Of the documents.
    n : int
        Maximum number of sentences.
    """
    heads = tuple({form.split(" ")[0] for form in terms})
    documents = sentences.of(rows)
    if not documents:
        return []
    n_sentences = [len(document.texts) for document in documents]
    starts = np.cumsum([0, *n_sentences])
    numbers = [sentences.number(form) for form in terms]
    rank = np.full(sentences.n_numbers, -1)
    for i, number in enumerate(numbers):
        if number is not None:
            rank[number] = i
    ranks = rank[np.concatenate([document.forms for document in documents])]
    which = np.concatenate([document.places + start for document, start in zip(documents, starts, strict=False)])
    hits = np.flatnonzero(ranks >= 0)
    hits = hits[np.argsort(-ranks[hits], kind="stable")]  # weights are added up from the smallest
    weights = np.bincount(
        which[hits], weights=np.array(list(terms.values()), dtype=np.float64)[ranks[hits]], minlength=starts[-1]
    )
    found = np.unique(which[hits])
    scores = -(weights[found] / np.concatenate([document.roots for document in documents])[found])
    place = np.searchsorted(starts, found, side="right") - 1
    scored = []
    for score, i, inside in zip(scores.tolist(), place.tolist(), (found - starts[place]).tolist(), strict=True):
        text = documents[i].texts[inside]
        scored.append((score, i, len(text), text, inside))
    scored.sort()
    kept: list[tuple[int, str, frozenset[int]]] = []
    for _, i, _, text, inside in scored:
        if len(kept) == n:
            break
        row, forms = rows[i], documents[i].forms_of(inside)
        if all(row != other and not _is_repetition(forms, theirs) for other, _, theirs in kept) and sentences.has_any(
            text, heads, row=row
        ):
            kept.append((row, text, forms))
    return [(row, text) for row, text, _ in kept]


def _is_repetition(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) > _SHARED * max(1, min(len(one), len(other)))

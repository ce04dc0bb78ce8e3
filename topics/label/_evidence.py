"""Documents and sentences that support a topic's label, without repetitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from topics.label._vocabulary import Reader
from topics.text import fold
from topics.text._sentences import whole_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Not tuned: what a reader would call a repetition, and a sentence that is neither a headline nor a paragraph.
_ALIKE = 0.9  # cosine of two documents
_SHARED = 0.5  # of the shorter sentence's terms
_CHARACTERS = (40, 300)  # minimum and maximum length of a sentence
# Not tuned: they bound the time.
_CANDIDATES = 5  # half the number of documents compared for each one requested
_MAX_READ = 20_000  # characters of a document
_KEPT_TEXTS = 4_000  # not tuned: some 40 MB of what other cuts of the same documents, as a sweep makes them, ask for


def evidence_order(
    docs: NDArray[np.intp], columns: Sequence[int], *, closeness: NDArray[np.floating], counts: csr_array
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
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences of each term in each document.
    """
    is_term = np.zeros(counts.shape[1], dtype=bool)
    is_term[list(columns)] = True
    own = counts[docs]
    until = np.concatenate([[0], np.cumsum(is_term[own.indices])])
    carries = np.diff(until[own.indptr]) / max(len(columns), 1)
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
        if all(float((vectors[doc] * vectors[other]).sum()) < _ALIKE for other in kept):
            kept.append(doc)
    return kept + [doc for doc in ordered.tolist() if doc not in kept][: n - len(kept)]


def evidence_sentences(
    texts: Mapping[int, str],
    terms: Mapping[str, float],
    *,
    reader: Reader,
    n: int,
    languages: Mapping[int, str | None] | None = None,
) -> list[tuple[int, str]]:
    """The sentences with the most of a topic's terms, from different documents, each with the row of its document.

    Parameters
    ----------
    texts : Mapping[int, str]
        Text of each candidate document, by row, the best first.
    terms : Mapping[str, float]
        Weight of each form of the topic's terms.
    reader : Reader
        Reader of the forms.
    n : int
        Maximum number of sentences.
    languages : Mapping[int, str or None] or None
        Language of each document, by row; None if unknown.
    """
    heads = tuple({form.split(" ")[0] for form in terms})
    candidates = []
    for place, (row, text) in enumerate(texts.items()):
        language = languages[row] if languages else None
        for sentence, lowered in _sentences(text[:_MAX_READ], language):
            if any(head in lowered for head in heads):  # a cheap test first excludes most sentences
                candidates.append((place, row, sentence, language))
    read = reader.forms_of([(sentence, language) for *_, sentence, language in candidates])
    scored = []
    for (place, row, sentence, _), forms in zip(candidates, read, strict=True):
        own = forms & terms.keys()
        if own:
            weight = sum(sorted(terms[form] for form in own)) / (10 + len(forms)) ** 0.5
            scored.append((-weight, place, len(sentence), sentence, row, forms))
    kept: list[tuple[int, str, frozenset[str]]] = []
    for _, _, _, sentence, row, forms in sorted(scored, key=lambda item: item[:4]):
        if len(kept) == n:
            break
        if all(row != other and not _is_repetition(forms, theirs) for other, _, theirs in kept):
            kept.append((row, sentence, forms))
    return [(row, sentence) for row, sentence, _ in kept]


def _is_repetition(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _SHARED * max(1, min(len(one), len(other)))


@lru_cache(maxsize=_KEPT_TEXTS)
def _sentences(text: str, language: str | None) -> list[tuple[str, str]]:
    """The sentences of a text that are neither too short nor too long, each also in lower case."""
    return [
        (sentence, sentence.lower() if sentence.isascii() and language is None else fold(sentence, language=language))
        for sentence in whole_sentences(text)
        if _CHARACTERS[0] <= len(sentence) <= _CHARACTERS[1]
    ]

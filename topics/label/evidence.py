"""Documents and sentences that carry a topic's label, distinct from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label.vocabulary import Reader
from topics.text import fold
from topics.text.sentences import whole_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_ALIKE = 0.9  # cosine of documents that say the same
_SHARED = 0.5  # share of the shorter sentence's terms that two which say the same have in common
_LOOKED_AT = 5  # documents a sentence that is wanted
_CHARACTERS = (40, 300)
_MOST_READ = 20_000  # characters of a document


def evidence_order(
    docs: NDArray[np.intp], columns: Sequence[int], *, closeness: NDArray[np.floating], counts: csr_array
) -> NDArray[np.intp]:
    """A topic's documents, those first that are typical of it and hold most of its terms; ties by row.

    Parameters
    ----------
    docs : numpy.ndarray of int
        Rows of the topic's documents, ascending.
    columns : sequence of int
        Its terms.
    closeness : numpy.ndarray of float, shape (len(docs),)
        How typical each is.
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences.
    """
    is_term = np.zeros(counts.shape[1], dtype=bool)
    is_term[list(columns)] = True
    own = counts[docs]
    until = np.concatenate([[0], np.cumsum(is_term[own.indices])])
    carries = np.diff(until[own.indptr]) / max(len(columns), 1)
    return docs[np.lexsort((docs, -closeness * (1 + carries)))]


def distinct(ordered: NDArray[np.intp], vectors: NDArray[np.float32], *, n: int) -> list[int]:
    """The first documents of which no two say the same; where they are too few the first of the others follow.

    Parameters
    ----------
    ordered : numpy.ndarray of int
        Rows, the best first.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    n : int
        How many.
    """
    kept: list[int] = []
    for doc in ordered[: n * _LOOKED_AT * 2].tolist():
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
    """Sentences that hold most of a topic's terms, each with the row of its document, from different documents.

    Parameters
    ----------
    texts : Mapping[int, str]
        Text of each document to look at, by row, the best first.
    terms : Mapping[str, float]
        Weight of each form of the topic's terms.
    reader : Reader
        Reads the forms.
    n : int
        How many, at most.
    languages : Mapping[int, str or None] or None
        Of the documents, by row; None goes by the texts.
    """
    heads = tuple({form.split(" ")[0] for form in terms})
    candidates = []
    for place, (row, text) in enumerate(texts.items()):
        language = languages[row] if languages else None
        for sentence in whole_sentences(text[:_MOST_READ]):
            if not _CHARACTERS[0] <= len(sentence) <= _CHARACTERS[1]:
                continue
            plain = sentence.isascii() and language is None  # most sentences are sorted out before they are read
            lowered = sentence.lower() if plain else fold(sentence, language=language)
            if any(head in lowered for head in heads):
                candidates.append((place, row, sentence, language))
    read = reader.read_all([sentence for *_, sentence, _ in candidates], languages=[lang for *_, lang in candidates])
    found = []
    for (place, row, sentence, _), words in zip(candidates, read, strict=True):
        forms = set(words)
        held = forms & terms.keys()
        if held:
            weight = sum(sorted(terms[form] for form in held)) / (10 + len(forms)) ** 0.5
            found.append((-weight, place, len(sentence), sentence, row, forms))
    kept: list[tuple[int, str, set[str]]] = []
    for _, _, _, sentence, row, forms in sorted(found, key=lambda item: item[:4]):
        if len(kept) == n:
            break
        if all(row != other and not _say_the_same(forms, theirs) for other, _, theirs in kept):
            kept.append((row, sentence, forms))
    return [(row, sentence) for row, sentence, _ in kept]


def _say_the_same(one: set[str], other: set[str]) -> bool:
    return len(one & other) > _SHARED * max(1, min(len(one), len(other)))

"""Inflected forms of one word counted together and shown as the most frequent form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


def join_inflections(
    counts: csr_array, terms: Sequence[str], *, languages: Sequence[str | None]
) -> tuple[csr_array, tuple[str, ...], NDArray[np.int64]]:
    """The counts with the forms of each word in one column, the words, and the new column of each form.

    A word is shown as its most frequent form. Its lemma is looked up in the language of most of the documents that
    contain the term (simplemma; Barbaresi 2023); in a language without a list, the term stays as it is. Terms of
    several words are joined word by word.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences of each form in each document.
    terms : sequence of str
        The counted terms.
    languages : sequence of str or None
        ISO 639-1 code of each document's language.
    """
    from scipy.sparse import csr_array

    if not terms:
        return counts, tuple(terms), np.zeros(0, dtype=np.int64)
    lemmas = [
        " ".join(_lemma(word, language) for word in term.split(" "))
        for term, language in zip(terms, _languages_of(counts, languages), strict=True)
    ]
    names, column = np.unique(np.array(lemmas, dtype=object), return_inverse=True)
    totals = np.asarray(counts.sum(axis=0)).ravel()
    shown = [""] * len(names)
    for i in np.lexsort((np.array(terms, dtype=object).astype(str), -totals))[::-1].tolist():
        shown[column[i]] = terms[i]  # the most frequent form is written last
    order = np.argsort(np.array(shown, dtype=object))
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    joined = csr_array(
        (counts.data.copy(), place[column][counts.indices], counts.indptr.copy()),
        shape=(counts.shape[0], len(names)),
    )
    joined.sum_duplicates()  # in place; the caller's counts were copied
    return joined, tuple(shown[i] for i in order), place[column]


@cache
def has_lemmas(language: str) -> bool:
    """Whether simplemma has a list of inflected forms for a language.

    Parameters
    ----------
    language : str
        ISO 639-1 code.
    """
    from simplemma import lemmatize

    try:
        lemmatize("a", lang=language)
    except ValueError:
        return False
    return True


def _languages_of(counts: csr_array, languages: Sequence[str | None]) -> list[str | None]:
    """Language of most of the documents with each term; None if unknown."""
    from scipy.sparse import csr_array

    known = sorted({language for language in languages if language})
    if not known:
        return [None] * counts.shape[1]
    number = {language: i for i, language in enumerate(known)}
    rows = np.array([i for i, language in enumerate(languages) if language], dtype=np.int64)
    columns = np.array([number[language] for language in languages if language], dtype=np.int64)
    language_docs = csr_array(
        (np.ones(len(rows), dtype=np.int32), (columns, rows)), shape=(len(known), counts.shape[0])
    )
    presence = csr_array((np.ones_like(counts.data), counts.indices, counts.indptr), shape=counts.shape)
    n_docs_with: NDArray[np.int32] = (language_docs @ presence).toarray()
    most = n_docs_with.argmax(axis=0)
    return [known[i] if n_docs_with[i, term] else None for term, i in enumerate(most.tolist())]


@cache
def lemma(word: str, language: str | None) -> str:
    """The dictionary form of a word, or the word itself if the language has no list.

    Parameters
    ----------
    word : str
        Lower case; the words of a phrase are looked up separately.
    language : str or None
        ISO 639-1 code.
    """
    return " ".join(_lemma(part, language) for part in word.split(" "))


def _lemma(word: str, language: str | None) -> str:
    if language is None or not has_lemmas(language):
        return word
    from simplemma import lemmatize

    return str(lemmatize(word, lang=language)).lower()


def fill_languages(languages: Sequence[str | None], others: Iterable[str]) -> list[str | None]:
    """The documents' languages; if none is known, the most frequent language of a sample for all.

    Parameters
    ----------
    languages : sequence of str or None
        Language of each document.
    others : iterable of str
        Languages of the sample, the most frequent first.
    """
    if any(languages):
        return list(languages)
    return [next(iter(others), None)] * len(languages)

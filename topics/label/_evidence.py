"""Documents and sentences that support a topic's label, without repetitions."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._vocabulary import Reader
from topics.text import fold
from topics.text._sentences import whole_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

# Not tuned: what a reader would call a repetition, and a sentence that is neither a headline nor a paragraph.
_ALIKE = 0.9  # cosine of two documents
_SHARED = 0.5  # of the shorter sentence's terms
_SHORTEST, _LONGEST = 40, 300  # characters of a sentence
# Not tuned: they bound the time.
_CANDIDATES = 5  # half the number of documents compared for each one requested
_MAX_READ = 20_000  # characters of a document
_KEPT_TEXTS = 4_000  # documents, some 40 MB


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


class Sentence:
    """A sentence, also in lower case, and the distinct terms in it once it was read."""

    __slots__ = ("forms", "is_told_by_heads", "language", "lowered", "root", "text")

    def __init__(self, text: str, language: str | None) -> None:
        self.text, self.language = text, language
        self.lowered = text.lower() if text.isascii() and language is None else fold(text, language=language)
        self.forms: frozenset[str] = frozenset()
        self.is_told_by_heads = True  # whether the first word of each of its terms stands in it in lower case
        self.root = 0.0

    def has_any(self, heads: Sequence[str]) -> bool:
        """Whether one of some words stands in it, whatever stands around the word."""
        lowered = self.lowered
        for head in heads:  # noqa: SIM110  half the time of any()
            if head in lowered:
                return True
        return False


class _Document:
    """Sentences of a document: those that were not read, and of the others where each term is."""

    __slots__ = ("places", "sentences", "tried", "unread")

    def __init__(self, sentences: list[Sentence]) -> None:
        self.sentences = sentences
        self.unread = list(range(len(sentences)))
        self.tried: set[str] = set()  # words that stand in none of the unread
        self.places: dict[str, list[int]] = {}

    def take_unread(self, heads: Sequence[str]) -> list[int]:
        """The sentences with one of some words that were not read yet, and now are to be."""
        untried = [head for head in heads if head not in self.tried]
        found = [i for i in self.unread if self.sentences[i].has_any(untried)] if untried else []
        if found:
            self.unread = sorted(set(self.unread).difference(found))
        self.tried.update(untried)
        return found

    def add(self, i: int, forms: frozenset[str]) -> None:
        """Take note of the terms of a sentence."""
        sentence, places = self.sentences[i], self.places
        sentence.forms, sentence.root = forms, (10 + len(forms)) ** 0.5
        for form in forms:
            head = form[: form.index(" ")] if " " in form else form
            if head not in sentence.lowered:
                sentence.is_told_by_heads = False
            if form in places:
                places[form].append(i)
            else:
                places[form] = [i]


class Sentences:
    """The sentences of documents, split and read when they are asked for first: other cuts ask for the same.

    Parameters
    ----------
    text_of : callable
        Gives the text of a row.
    reader : Reader
        Reader of the forms of terms.
    languages : sequence of str or None
        Language of each document.
    """

    def __init__(self, text_of: Callable[[int], str], *, reader: Reader, languages: Sequence[str | None]) -> None:
        self._text_of, self._reader, self._languages = text_of, reader, languages
        self._kept: dict[int, _Document] = {}
        self._lock = threading.Lock()  # what one thread has taken to read, another must not miss

    def of(self, rows: Sequence[int], heads: Sequence[str]) -> list[_Document]:
        """Some documents; sentences with one of some words are read.

        Parameters
        ----------
        rows : sequence of int
            Of the documents.
        heads : sequence of str
            First words of the terms that are looked for: a cheap test first excludes most sentences.
        """
        with self._lock:
            documents = [self._document(row) for row in rows]
            new = [(document, i) for document in documents for i in document.take_unread(heads)]
            sentences = [document.sentences[i] for document, i in new]
            read = self._reader.read_all([one.text for one in sentences], languages=[one.language for one in sentences])
            for (document, i), forms in zip(new, read, strict=True):
                document.add(i, frozenset(forms))
        return documents

    def _document(self, row: int) -> _Document:
        found = self._kept.get(row)
        if found is None:
            language, text = self._languages[row], self._text_of(row)[:_MAX_READ]
            parts = [part for part in whole_sentences(text) if _SHORTEST <= len(part) <= _LONGEST]
            found = _Document([Sentence(part, language) for part in parts])
            if len(self._kept) >= _KEPT_TEXTS:
                self._kept = {}
            self._kept[row] = found
        return found


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
    scored = []
    for place, (row, document) in enumerate(zip(rows, sentences.of(rows, heads), strict=True)):
        places, own = document.places, defaultdict[int, list[float]](list)
        for form, weight in terms.items():
            for i in places.get(form, ()):
                own[i].append(weight)
        for i, weights in own.items():
            sentence = document.sentences[i]
            if sentence.is_told_by_heads or sentence.has_any(heads):
                weight = weights[0] if len(weights) == 1 else sum(reversed(weights))  # the smallest first
                scored.append((-(weight / sentence.root), place, len(sentence.text), sentence.text, i, row, sentence))
    scored.sort()
    kept: list[tuple[int, str, frozenset[str]]] = []
    for _, _, _, text, _, row, sentence in scored:
        if len(kept) == n:
            break
        if all(row != other and not _is_repetition(sentence.forms, theirs) for other, _, theirs in kept):
            kept.append((row, text, sentence.forms))
    return [(row, text) for row, text, _ in kept]


def _is_repetition(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _SHARED * max(1, min(len(one), len(other)))

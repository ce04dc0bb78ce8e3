"""The sentences of documents, and the terms in each: split and read by the batch, since a matrix reads faster."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from topics.label._joining import Joiner, spread
from topics.label._words import GAP, tokens_of, words_in
from topics.text import fold
from topics.text._sentences import whole_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Not tuned: a sentence that is neither a headline nor a paragraph.
_SHORTEST, _LONGEST = 40, 300  # characters of a sentence
# Not tuned: they bound time and memory.
_MAX_READ = 20_000  # characters of a document
_KEPT_TEXTS = 4_000  # documents, some 40 MB


@dataclass(frozen=True, eq=False)
class Document:
    """The sentences of a document, and which forms of terms are in which of them.

    Attributes
    ----------
    texts : list of str
        The sentences.
    places : numpy.ndarray of int64, shape (n_pairs,)
        Place among them of every pair of a sentence and a form in it, ascending.
    forms : numpy.ndarray of int64, shape (n_pairs,)
        Number of the form; see :meth:`Sentences.number`.
    roots : numpy.ndarray of float64, shape (n_sentences,)
        Of the number of its forms and ten more: what the length of a sentence counts.
    """

    texts: list[str]
    places: NDArray[np.int64]
    forms: NDArray[np.int64]
    roots: NDArray[np.float64]

    def forms_of(self, i: int) -> frozenset[int]:
        """Numbers of the forms in a sentence.

        Parameters
        ----------
        i : int
            Its place.
        """
        start, stop = np.searchsorted(self.places, [i, i + 1])
        return frozenset(self.forms[start:stop].tolist())


class Sentences:
    """The sentences of documents, split and read when they are asked for first: other cuts ask for the same.

    Parameters
    ----------
    text_of : callable
        Gives the text of a row.
    forms : sequence of str
        Forms of terms; those of several words are joined where they occur.
    languages : sequence of str or None
        Language of each document.
    """

    def __init__(self, text_of: Callable[[int], str], *, forms: Sequence[str], languages: Sequence[str | None]) -> None:
        self._text_of, self._languages = text_of, languages
        self._kept: dict[int, Document] = {}
        self._lock = threading.Lock()
        self._words, self._tokens = _numbers(), _numbers()
        self._gap = self._words[GAP]
        several = list(dict.fromkeys(form for form in forms if " " in form))
        self._several = {form: i for i, form in enumerate(several)}
        self._joiner = Joiner([tuple(self._words[word] for word in form.split(" ")) for form in several])
        self._of_token, self._lengths = np.zeros(0, np.int64), np.zeros(0, np.int64)

    @property
    def n_numbers(self) -> int:
        """More than the largest number of a form that was met."""
        return len(self._several) + len(self._words)

    def number(self, form: str) -> int | None:
        """Number of a form: of one of several words its place among those, then come single words; None if not met.

        Parameters
        ----------
        form : str
            As counted.
        """
        if " " in form:
            return self._several.get(form)
        word = self._words.get(form)
        return None if word is None else len(self._several) + word

    def has_any(self, text: str, heads: Sequence[str], *, row: int) -> bool:
        """Whether one of some words stands in a sentence, whatever stands around the word.

        Parameters
        ----------
        text : str
            The sentence.
        heads : sequence of str
            Words as they are counted.
        row : int
            Of its document.
        """
        language = self._languages[row]
        lowered = text.lower() if text.isascii() and language is None else fold(text, language=language)
        return any(head in lowered for head in heads)

    def of(self, rows: Sequence[int]) -> list[Document]:
        """Some documents, read where they were not yet.

        Parameters
        ----------
        rows : sequence of int
            Of the documents.
        """
        with self._lock:
            new = [row for row in dict.fromkeys(rows) if row not in self._kept]
            known = {row: self._kept[row] for row in rows if row in self._kept}
            if new:
                known |= dict(zip(new, self._read(new), strict=True))
                if len(self._kept) + len(new) > _KEPT_TEXTS:
                    self._kept = {}
                self._kept |= {row: known[row] for row in new[:_KEPT_TEXTS]}
        return [known[row] for row in rows]

    def _read(self, rows: Sequence[int]) -> list[Document]:
        """Documents whose sentences are split and read at once."""
        texts = [self._split(row) for row in rows]
        places, forms = self._pairs(texts, [self._languages[row] for row in rows])
        starts = np.cumsum([0, *map(len, texts)])
        sizes = np.bincount(places, minlength=int(starts[-1]))
        roots = np.array([(10 + size) ** 0.5 for size in sizes.tolist()], dtype=np.float64)
        ends = np.searchsorted(places, starts).tolist()
        found = []
        for i, (own, start) in enumerate(zip(texts, starts[:-1].tolist(), strict=True)):
            part = slice(ends[i], ends[i + 1])
            own_roots = roots[start : start + len(own)].copy()  # no view, which would keep the whole batch
            found.append(Document(own, places[part] - start, forms[part].copy(), own_roots))
        return found

    def _split(self, row: int) -> list[str]:
        return [part for part in whole_sentences(self._text_of(row)[:_MAX_READ]) if _SHORTEST <= len(part) <= _LONGEST]

    def _pairs(
        self, texts: Sequence[Sequence[str]], languages: Sequence[str | None]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every sentence and form in it, by sentence: places among the sentences of all, and numbers of the forms."""
        tokens = [
            tokens_of(text, language=language) for own, language in zip(texts, languages, strict=True) for text in own
        ]
        raw = np.fromiter(map(self._tokens.__getitem__, chain.from_iterable(tokens)), np.int64)
        self._read_new_tokens()
        ids, times = spread(raw, self._of_token, lengths=self._lengths)
        sentence = np.repeat(np.repeat(np.arange(len(tokens)), list(map(len, tokens))), times)
        places, which = self._joiner.find(self._joiner.starts_in(ids), ids=ids, documents=sentence)
        lengths = self._joiner.lengths[which]
        numbers = ids + len(self._several)
        is_form = ids != self._gap
        for i in range(1, int(lengths.max(initial=0))):
            is_form[places[lengths > i] + i] = False
        numbers[places] = which
        stride = self.n_numbers
        key = np.unique(sentence[is_form] * stride + numbers[is_form])
        return key // stride, key % stride

    def _read_new_tokens(self) -> None:
        """Find the words in tokens that were met now; there are few distinct ones."""
        n_new = len(self._tokens) - len(self._lengths)
        if n_new:
            words, ends = words_in(list(islice(reversed(self._tokens), n_new))[::-1])
            ids = np.fromiter(map(self._words.__getitem__, words), np.int64, len(words))
            self._of_token = np.concatenate([self._of_token, ids])
            self._lengths = np.concatenate([self._lengths, np.diff([0, *ends])])


def _numbers() -> defaultdict[str, int]:
    """Numbers of strings, in the order in which they are met."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    return numbers

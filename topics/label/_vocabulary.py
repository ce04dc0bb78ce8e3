"""Texts → term counts: words, or collocations in place of their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress, filterfalse, pairwise
from typing import TYPE_CHECKING

import numpy as np

from topics.label._collocations import Stream, find_collocations
from topics.label._words import GAP, tokens_of, words_in

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


class Reader:
    """Reads the terms of a text.

    A collocation is one term in place of its words. Of overlapping collocations the first counts; of those that start
    together, the longest.

    Parameters
    ----------
    stop_words : iterable of str
        Words that are not terms.
    collocations : iterable of sequence of str
        Sequences of words that are one term.

    Examples
    --------
    >>> Reader(stop_words={"in"}, collocations=[("new", "york")]).read("Rain in New York.")
    ['rain', 'new york']
    """

    def __init__(self, *, stop_words: Iterable[str], collocations: Iterable[Sequence[str]] = ()) -> None:
        self._dropped = frozenset([GAP, *stop_words])
        self._words: dict[str, list[str]] = {}  # of the tokens that were read
        self._after: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted(map(tuple, collocations), key=len, reverse=True):
            self._after.setdefault(words[0], []).append(words)

    def read(self, text: str, *, language: str | None = None) -> list[str]:
        """The terms in order.

        Parameters
        ----------
        text : str
            Unprocessed text.
        language : str or None
            ISO 639-1 code; None if unknown.
        """
        return self.read_all([text], languages=[language])[0]

    def read_all(self, texts: Sequence[str], *, languages: Sequence[str | None]) -> list[list[str]]:
        """The terms of each text in order.

        Each distinct token is split into words once and cached, since there are few distinct ones.

        Parameters
        ----------
        texts : sequence of str
            Unprocessed texts.
        languages : sequence of str or None
            Language of each text; None if unknown.
        """
        tokens = [tokens_of(text, language=language) for text, language in zip(texts, languages, strict=True)]
        new = [token for token in dict.fromkeys(chain.from_iterable(tokens)) if token not in self._words]
        words, ends = words_in(new)
        for token, (start, stop) in zip(new, pairwise([0, *ends]), strict=True):
            self._words[token] = words[start:stop]
        return [self.join([word for token in part for word in self._words[token]]) for part in tokens]

    def join(self, words: list[str]) -> list[str]:
        """The terms of a sequence of words, in order.

        Parameters
        ----------
        words : list of str
            Words with gaps, from :func:`topics.label._words.words_of`.
        """
        after = self._after
        for i in compress(range(len(words)), map(after.__contains__, words)):  # joined words no longer start anything
            for collocation in after[words[i]]:
                n = len(collocation)
                if tuple(words[i : i + n]) == collocation:
                    words[i : i + n] = [" ".join(collocation), *[GAP] * (n - 1)]
                    break
        return list(filterfalse(self._dropped.__contains__, words))


def count_terms(
    texts: Sequence[str],
    *,
    stop_words: frozenset[str] | Mapping[str, frozenset[str]],
    function_words: frozenset[str] | Mapping[str, frozenset[str]],
    ngram_range: tuple[int, int],
    min_df: int,
    languages: Sequence[str | None] = (),
) -> tuple[csr_array, tuple[str, ...]]:
    """Counts of shape (n_texts, n_terms) and the terms, sorted; no terms if nothing is left to count.

    The words of a collocation are not counted where it occurs.

    Parameters
    ----------
    texts : sequence of str
        One text per document.
    stop_words : frozenset of str, or Mapping[str, frozenset[str]]
        Words that are not terms; or one list per language. A word is looked up in the list of the language of most of
        its occurrences: "war" is a verb form in German only.
    function_words : frozenset of str, or Mapping[str, frozenset[str]]
        Words that are in no collocation, in the same form.
    ngram_range : tuple of int
        Shortest and longest term in words; terms of several words are collocations.
    min_df : int
        Minimum number of texts with a term.
    languages : sequence of str or None
        Language of each text, for lists by language and for lower case that depends on it; empty if unknown.
    """
    from scipy.sparse import csr_array

    stream = Stream.of(texts, languages=languages)
    stop = _listed(stream, stop_words, languages=languages)
    n_words, (shortest, longest) = len(stream.words), ngram_range
    terms = list(stream.words)
    of_token = stream.ids.astype(np.int64)
    if longest > 1:
        function = _listed(stream, function_words, languages=languages)
        occurrences = find_collocations(stream, stop=stop, function=function, ngram_range=ngram_range)
        lengths = np.array([len(words) for words in occurrences.collocations], dtype=np.int64)[occurrences.which]
        for i in range(1, lengths.max(initial=0)):
            of_token[occurrences.places[lengths > i] + i] = -1
        of_token[occurrences.places] = occurrences.which + n_words
        terms += [" ".join(words) for words in occurrences.collocations]
    is_term = ~stop & np.array([word != GAP and shortest == 1 for word in stream.words], dtype=bool)
    is_term = np.concatenate([is_term, np.ones(len(terms) - n_words, dtype=bool), [False]])  # the last is for -1
    kept = is_term[of_token]
    ones = np.ones(int(kept.sum()), dtype=np.int32)
    counts = csr_array((ones, (stream.documents[kept], of_token[kept])), shape=(stream.n_documents, len(terms)))
    counts.sum_duplicates()
    frequency = np.bincount(counts.indices, minlength=len(terms))
    columns = sorted(np.flatnonzero(frequency >= max(min_df, 1)).tolist(), key=terms.__getitem__)
    counts = csr_array(counts[:, columns])
    counts.sort_indices()
    return counts, tuple(terms[column] for column in columns)


def _listed(
    stream: Stream,
    listed: frozenset[str] | Mapping[str, frozenset[str]],
    *,
    languages: Sequence[str | None],
) -> NDArray[np.bool_]:
    """Whether each word of the stream is listed; with lists by language, in the list of its own language."""
    if isinstance(listed, frozenset):
        return np.array([word in listed for word in stream.words], dtype=bool)
    codes = sorted(listed)
    every = frozenset[str]().union(*listed.values())
    flags = np.array([word in every for word in stream.words], dtype=bool)
    if len(codes) < 2:
        return flags
    number = {code: i for i, code in enumerate(codes)}
    doc_languages = np.array([number.get(language or "", -1) for language in languages], dtype=np.int64)
    own = doc_languages[stream.documents]
    among = flags[stream.ids] & (own >= 0)
    key = stream.ids[among].astype(np.int64) * len(codes) + own[among]
    frequency = np.bincount(key, minlength=len(stream.words) * len(codes)).reshape(-1, len(codes))
    for i in np.flatnonzero(flags).tolist():
        if frequency[i].any():
            flags[i] = stream.words[i] in listed[codes[int(frequency[i].argmax())]]
    return flags

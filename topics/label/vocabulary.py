"""Texts → counted terms: words, and collocations in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress, filterfalse, pairwise
from typing import TYPE_CHECKING

import numpy as np

from topics.label.collocations import Stream, find_collocations
from topics.label.words import GAP, tokens_of, words_in

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


class Reader:
    """Reads the terms of a text.

    Where a collocation stands it is one term, and its words are none; of two that overlap the first is taken, of those
    that start together the longest.

    Parameters
    ----------
    stop_words : iterable of str
        Words that are no terms.
    collocations : iterable of sequence of str
        Words that are one term together.

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
            As it is written.
        language : str or None
            ISO 639-1 code; None goes by the text.
        """
        return self.read_all([text], languages=[language])[0]

    def read_all(self, texts: Sequence[str], *, languages: Sequence[str | None]) -> list[list[str]]:
        """The terms of each text in order.

        Each distinct token is looked for words once, and its words are kept: there are few.

        Parameters
        ----------
        texts : sequence of str
            As they are written.
        languages : sequence of str or None
            Theirs; None goes by the text.
        """
        tokens = [tokens_of(text, language=language) for text, language in zip(texts, languages, strict=True)]
        new = [token for token in dict.fromkeys(chain.from_iterable(tokens)) if token not in self._words]
        words, ends = words_in(new)
        for token, (start, stop) in zip(new, pairwise([0, *ends]), strict=True):
            self._words[token] = words[start:stop]
        return [self.join([word for token in part for word in self._words[token]]) for part in tokens]

    def join(self, words: list[str]) -> list[str]:
        """The terms of words in order, with the gaps between them.

        Parameters
        ----------
        words : list of str
            As :func:`topics.label.words.words_of` gives them.
        """
        after = self._after
        for i in compress(range(len(words)), map(after.__contains__, words)):  # what was joined is no start any more
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
    """Counts of shape (n_texts, n_terms) and the terms, sorted; no terms where nothing is left to count.

    Where a collocation stands its words are not counted.

    Parameters
    ----------
    texts : sequence of str
        One document each.
    stop_words : frozenset of str, or Mapping[str, frozenset[str]]
        Words that are no terms; or a list a language, of which a word's own counts, that of most of its occurrences:
        "war" is a verb's form in German.
    function_words : frozenset of str, or Mapping[str, frozenset[str]]
        Words that no collocation holds, likewise.
    ngram_range : tuple of int
        Shortest and longest term in words; those of several are collocations.
    min_df : int
        Fewest texts that hold a term.
    languages : sequence of str or None
        Of the texts, for lists by language and for letters that languages lower differently; empty knows of none.
    """
    from scipy.sparse import csr_array

    stream = Stream.of(texts, languages=languages)
    stop = _listed(stream, stop_words, languages=languages)
    n_words, (shortest, longest) = len(stream.words), ngram_range
    terms = list(stream.words)
    of_token = stream.ids.astype(np.int64)
    if longest > 1:
        function = _listed(stream, function_words, languages=languages)
        found = find_collocations(stream, stop=stop, function=function, ngram_range=ngram_range)
        lengths = np.array([len(words) for words in found.collocations], dtype=np.int64)[found.which]
        for i in range(1, lengths.max(initial=0)):
            of_token[found.places[lengths > i] + i] = -1
        of_token[found.places] = found.which + n_words
        terms += [" ".join(words) for words in found.collocations]
    is_term = ~stop & np.array([word != GAP and shortest == 1 for word in stream.words], dtype=bool)
    is_term = np.concatenate([is_term, np.ones(len(terms) - n_words, dtype=bool), [False]])  # the last is for -1
    kept = is_term[of_token]
    ones = np.ones(int(kept.sum()), dtype=np.int32)
    counts = csr_array((ones, (stream.documents[kept], of_token[kept])), shape=(stream.n_documents, len(terms)))
    counts.sum_duplicates()
    often = np.bincount(counts.indices, minlength=len(terms))
    columns = sorted(np.flatnonzero(often >= max(min_df, 1)).tolist(), key=terms.__getitem__)
    counts = csr_array(counts[:, columns])
    counts.sort_indices()
    return counts, tuple(terms[column] for column in columns)


def _listed(
    stream: Stream,
    listed: frozenset[str] | Mapping[str, frozenset[str]],
    *,
    languages: Sequence[str | None],
) -> NDArray[np.bool_]:
    """Whether each word of the stream is listed, in its own language where there are lists by language."""
    if isinstance(listed, frozenset):
        return np.array([word in listed for word in stream.words], dtype=bool)
    codes = sorted(listed)
    every = frozenset[str]().union(*listed.values())
    flags = np.array([word in every for word in stream.words], dtype=bool)
    if len(codes) < 2:
        return flags
    number = {code: i for i, code in enumerate(codes)}
    spoken = np.array([number.get(language or "", -1) for language in languages], dtype=np.int64)
    own = spoken[stream.documents]
    among = flags[stream.ids] & (own >= 0)
    key = stream.ids[among].astype(np.int64) * len(codes) + own[among]
    often = np.bincount(key, minlength=len(stream.words) * len(codes)).reshape(-1, len(codes))
    for i in np.flatnonzero(flags).tolist():
        if often[i].any():
            flags[i] = stream.words[i] in listed[codes[int(often[i].argmax())]]
    return flags

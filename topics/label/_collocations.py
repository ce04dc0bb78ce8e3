"""Texts as streams of words, and the collocations in them: words that occur together far more often than by chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from topics.label._joining import Joiner, spread
from topics.label._words import GAP, in_one_line, is_unspaced, words_in
from topics.text import unhyphenated

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No record of their tuning.
_MIN_OCCURRENCES = 5
_MIN_DOCUMENTS = 3  # so that no collocation is the habit of one text
_MIN_NPMI = 0.5
_FRAGMENT = 0.5  # a pair that occurs mostly, above this share, within something longer is a fragment of it
_WHOLE = 0.7  # of the occurrences of both parts are in the longer collocation
# Not tuned: they bound memory.
_MAX_WORDS = 20_000_000  # words to search for collocations; of more, an even sample
_AT_ONCE = 2000  # texts converted at a time

Sequences = dict[tuple[int, ...], int]


@dataclass(frozen=True, eq=False)
class Stream:
    """The words of documents as numbers, in order.

    Attributes
    ----------
    words : list of str
        The distinct words, by number.
    ids : numpy.ndarray of int32, shape (n_tokens,)
        Number of every word, or that of :data:`topics.label._words.GAP` where there is none.
    documents : numpy.ndarray of int32, shape (n_tokens,)
        Document of every word.
    n_documents : int
        Number of documents.
    """

    words: list[str]
    ids: NDArray[np.int32]
    documents: NDArray[np.int32]
    n_documents: int

    @classmethod
    def of(cls, texts: Sequence[str], *, languages: Sequence[str | None] = ()) -> Stream:
        """The words of texts as a stream.

        Parameters
        ----------
        texts : sequence of str
            One text per document.
        languages : sequence of str or None
            Language of each text; empty if unknown.
        """
        number: defaultdict[str, int] = defaultdict()
        number.default_factory = number.__len__
        parts: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        n_tokens: list[int] = []
        doc_languages = languages or [None] * len(texts)
        lines = (in_one_line(text, language) for text, language in zip(unhyphenated(texts), doc_languages, strict=True))
        while some := list(islice(lines, _AT_ONCE)):  # Arrow numbers tokens without a Python string for each
            tokens = pc.utf8_split_whitespace(pa.array(some, pa.large_string()))
            distinct = tokens.values.dictionary_encode()
            of_distinct = np.array([number[token] for token in distinct.dictionary.to_pylist()], dtype=np.int32)
            parts.append(of_distinct[distinct.indices.to_numpy()])
            n_tokens += tokens.value_lengths().to_pylist()
        raw = np.concatenate(parts)
        documents = np.repeat(np.arange(len(n_tokens), dtype=np.int32), n_tokens)
        all_words, ends = words_in(list(number))
        words: defaultdict[str, int] = defaultdict()
        words.default_factory = words.__len__
        of_token = np.fromiter(map(words.__getitem__, all_words), np.int32, len(all_words))
        ids, times = spread(raw, of_token, lengths=np.diff(np.array([0, *ends])))
        return cls(list(words), ids, np.repeat(documents, times), len(n_tokens))


@dataclass(frozen=True, eq=False)
class Occurrences:
    """Occurrences of collocations, without overlaps.

    Attributes
    ----------
    collocations : list of tuple of str
        Their words, sorted.
    places : numpy.ndarray of int64, shape (n_occurrences,)
        Place in the stream of the first word of each occurrence.
    which : numpy.ndarray of int64, shape (n_occurrences,)
        Number of the collocation of each occurrence.
    """

    collocations: list[tuple[str, ...]]
    places: NDArray[np.int64]
    which: NDArray[np.int64]


def find_collocations(
    stream: Stream, *, stop: NDArray[np.bool_], function: NDArray[np.bool_], ngram_range: tuple[int, int]
) -> Occurrences:
    """The collocations of a stream and where they occur.

    Two words are a collocation if they occur side by side at least five times, in at least three documents, with a
    normalized pointwise mutual information of at least 0.5 (Bouma 2009, eq. 5); neither may be a function word, nor
    both stop words. Three words are one if both pairs are and most occurrences of each pair are within the three;
    longer ones likewise. A pair that occurs mostly within something longer is a fragment ("hong" of "hong kong dollar")
    and no term. Of overlapping occurrences the first counts; of those that start together, the longest.

    Parameters
    ----------
    stream : Stream
        The documents.
    stop : numpy.ndarray of bool, shape (n_words,)
        Whether each word of the stream is a stop word.
    function : numpy.ndarray of bool, shape (n_words,)
        Whether each word of the stream is excluded from collocations.
    ngram_range : tuple of int
        Shortest and longest collocation in words.

    Examples
    --------
    >>> stream = Stream.of(["New York won", "in New York", "New York lost"] * 2 + ["so it is"] * 9)
    >>> none = np.zeros(len(stream.words), dtype=bool)
    >>> find_collocations(stream, stop=none, function=none, ngram_range=(1, 3)).collocations
    [('new', 'york')]
    """
    words, ids = stream.words, stream.ids
    part = slice(None, None, max(1, -(-len(ids) // _MAX_WORDS)))
    good = _collocated_pairs(stream, part=part, stop=stop, function=function)
    places = _find_places(good, ids=ids, documents=stream.documents, n_words=len(words))
    starts = np.zeros(len(ids), dtype=bool)
    starts[places] = True
    shortest, longest = ngram_range
    kept = [sequence for sequence in _extend(starts, ids, n_words=longest) if len(sequence) >= max(2, shortest)]
    names = sorted(tuple(words[i] for i in sequence) for sequence in kept)
    which = {name: i for i, name in enumerate(names)}
    numbers = {sequence: which[tuple(words[i] for i in sequence)] for sequence in kept}
    sequences = sorted(numbers, key=numbers.__getitem__)
    return Occurrences(names, *Joiner(sequences).find(np.flatnonzero(starts), ids=ids, documents=stream.documents))


def _collocated_pairs(
    stream: Stream, *, part: slice, stop: NDArray[np.bool_], function: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Keys of the pairs of words that are collocations, ascending, from an even sample of a very long stream."""
    words, ids, documents = stream.words, stream.ids, stream.documents
    if len(ids) < 2:
        return np.zeros(0, np.int64)
    n_words = len(words)
    is_gap = np.array([word == GAP for word in words])
    bar = is_gap | function | np.array([is_unspaced(word) for word in words])
    stop = bar | stop
    frequency = np.bincount(ids, minlength=n_words)
    bar |= frequency < _MIN_OCCURRENCES
    first, second = ids[:-1][part], ids[1:][part]
    is_pair = ~bar[first] & ~bar[second] & ~(stop[first] & stop[second])
    is_pair &= documents[:-1][part] == documents[1:][part]
    key = first[is_pair].astype(np.int64) * n_words + second[is_pair]
    keys, inverse, together = np.unique(key, return_inverse=True, return_counts=True)
    share = len(ids[part]) / len(ids)
    n_total = frequency[~is_gap].sum() * share
    a, b = frequency[keys // n_words] * share, frequency[keys % n_words] * share
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(together * n_total / (a * b)) / -np.log(together / n_total)
    is_collocated = (together >= _MIN_OCCURRENCES) & (npmi >= _MIN_NPMI)
    candidate = is_collocated[inverse]
    n_docs = int(documents[-1]) + 1
    pair_docs = np.unique(inverse[candidate] * n_docs + documents[:-1][part][is_pair][candidate]) // n_docs
    good: NDArray[np.int64] = keys[is_collocated & (np.bincount(pair_docs, minlength=len(keys)) >= _MIN_DOCUMENTS)]
    return good


def _find_places(
    keys: NDArray[np.int64], *, ids: NDArray[np.int32], documents: NDArray[np.int32], n_words: int
) -> NDArray[np.intp]:
    """Places where pairs with these keys start."""
    if not len(keys):
        return np.zeros(0, np.intp)
    is_first = np.zeros(n_words, dtype=bool)
    is_first[keys // n_words] = True
    at = np.flatnonzero(is_first[ids[:-1]] & (documents[:-1] == documents[1:]))
    places: NDArray[np.intp] = at[np.isin(ids[at].astype(np.int64) * n_words + ids[at + 1], keys)]
    return places


def _extend(starts: NDArray[np.bool_], ids: NDArray[np.int32], *, n_words: int) -> list[tuple[int, ...]]:
    """The pairs, and the longer collocations that consecutive pairs form."""
    shorter = _sequences(np.flatnonzero(starts), ids, length=2)
    whole: list[tuple[int, ...]] = []
    for n in range(3, min(n_words + 1, len(ids)) + 1):
        run = np.flatnonzero(np.all([starts[i : len(ids) - n + 1 + i] for i in range(n - 1)], axis=0))
        longer: Sequences = {}
        fragments: set[tuple[int, ...]] = set()
        for sequence, m in _sequences(run, ids, length=n).items():
            head, tail = sequence[:-1], sequence[1:]
            both = [shorter.get(part, 0) for part in (head, tail)]
            if n <= n_words and m >= _MIN_OCCURRENCES and m >= _WHOLE * max(both) and min(both):
                longer[sequence] = m
                fragments |= {head, tail}
            elif m > _FRAGMENT * min(both):
                fragments.add(head if both[0] < both[1] else tail)
        whole += [sequence for sequence in shorter if sequence not in fragments]
        shorter = longer
    return [*whole, *shorter] if len(ids) < n_words + 1 else whole


def _sequences(places: NDArray[np.intp], ids: NDArray[np.int32], *, length: int) -> Sequences:
    """Number of times each sequence of words starts at these places."""
    if not len(places):
        return {}
    n_words = int(ids.max()) + 1
    key = ids[places].astype(np.int64)
    for i in range(1, length):  # one number a sequence sorts far sooner than rows do
        shorter = key if i == 1 else np.unique(key, return_inverse=True)[1]
        key = shorter * n_words + ids[places + i]
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    rows = np.stack([ids[places[first] + i] for i in range(length)], axis=1)
    return {tuple(row): m for row, m in zip(rows.tolist(), counts.tolist(), strict=True)}

"""Words that stand together far more often than by chance are one term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from topics.label.words import GAP, in_one_line, is_unspaced, words_in
from topics.text import unhyphenated

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST = 5
_FEWEST_DOCUMENTS = 3
_LEAST_NPMI = 0.5
_FRAGMENT = 0.5
_WHOLE = 0.7
_MOST_WORDS = 20_000_000  # that collocations are looked for in
_AT_ONCE = 2000  # texts

Sequences = dict[tuple[int, ...], int]


@dataclass(frozen=True, eq=False)
class Stream:
    """The words of documents as numbers, in order.

    Attributes
    ----------
    words : list of str
        The distinct words, by number.
    ids : numpy.ndarray of int32, shape (n_tokens,)
        Number of every word; where none stands, that of :data:`topics.label.words.GAP`.
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
        """The words of texts.

        Parameters
        ----------
        texts : sequence of str
            One document each.
        languages : sequence of str or None
            Theirs; empty knows of none.
        """
        number: defaultdict[str, int] = defaultdict()
        number.default_factory = number.__len__
        parts: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        n_tokens: list[int] = []
        spoken = languages or [None] * len(texts)
        lines = (in_one_line(text, language) for text, language in zip(unhyphenated(texts), spoken, strict=True))
        while some := list(islice(lines, _AT_ONCE)):  # Arrow numbers tokens without a Python string for each
            tokens = pc.utf8_split_whitespace(pa.array(some, pa.large_string()))
            distinct = tokens.values.dictionary_encode()
            of_distinct = np.array([number[token] for token in distinct.dictionary.to_pylist()], dtype=np.int32)
            parts.append(of_distinct[distinct.indices.to_numpy()])
            n_tokens += tokens.value_lengths().to_pylist()
        raw = np.concatenate(parts)
        documents = np.repeat(np.arange(len(n_tokens), dtype=np.int32), n_tokens)
        found, ends = words_in(list(number))
        words: defaultdict[str, int] = defaultdict()
        words.default_factory = words.__len__
        of_token = np.fromiter(map(words.__getitem__, found), np.int32, len(found))
        lengths = np.diff(np.array([0, *ends]))
        times = lengths[raw]  # a token with a mark, or of a script without spaces, is several words, an empty one none
        ahead = (np.cumsum(lengths) - lengths)[raw] - (np.cumsum(times) - times)
        ids = of_token[np.arange(times.sum()) + np.repeat(ahead, times)]
        return cls(list(words), ids, np.repeat(documents, times), len(n_tokens))


@dataclass(frozen=True, eq=False)
class Found:
    """Occurrences of collocations, none overlapping another.

    Attributes
    ----------
    collocations : list of tuple of str
        Their words, sorted.
    places : numpy.ndarray of int64, shape (n_occurrences,)
        First word of each occurrence in the stream.
    which : numpy.ndarray of int64, shape (n_occurrences,)
        Number of its collocation.
    """

    collocations: list[tuple[str, ...]]
    places: NDArray[np.int64]
    which: NDArray[np.int64]


def find_collocations(
    stream: Stream, *, stop: NDArray[np.bool_], function: NDArray[np.bool_], ngram_range: tuple[int, int]
) -> Found:
    """Sequences of words that are collocations, and where they stand.

    Two words are one if they stand side by side five times or more, in three documents, with a normalised pointwise
    mutual information of at least 0.5 (Bouma 2009, eq. 5); neither may be a function word, nor both stop words. Three
    are one if both pairs are and most occurrences of each are in the three, likewise more. What is mostly met as part
    of something longer is a fragment ("hong" of "hong kong dollar") and no term. Of occurrences that overlap the first
    is taken, of those that start together the longest.

    Parameters
    ----------
    stream : Stream
        The documents.
    stop : numpy.ndarray of bool, shape (n_words,)
        Whether each word of the stream is no term of its own.
    function : numpy.ndarray of bool, shape (n_words,)
        Whether no collocation holds it.
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
    part = slice(None, None, max(1, -(-len(ids) // _MOST_WORDS)))
    good = _good_pairs(stream, part=part, stop=stop, function=function)
    places = _places_of(good, ids=ids, documents=stream.documents, n_words=len(words))
    starts = np.zeros(len(ids), dtype=bool)
    starts[places] = True
    shortest, longest = ngram_range
    kept = [sequence for sequence in _grown(starts, ids, n_words=longest) if len(sequence) >= max(2, shortest)]
    names = sorted(tuple(words[i] for i in sequence) for sequence in kept)
    which = {name: i for i, name in enumerate(names)}
    numbers = {sequence: which[tuple(words[i] for i in sequence)] for sequence in kept}
    return Found(names, *_occurrences(np.flatnonzero(starts), stream, numbers=numbers))


def _good_pairs(
    stream: Stream, *, part: slice, stop: NDArray[np.bool_], function: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Keys of the pairs of words that are collocations, ascending; of many words a part is looked at, evenly spread."""
    words, ids, documents = stream.words, stream.ids, stream.documents
    if len(ids) < 2:
        return np.zeros(0, np.int64)
    n_words = len(words)
    is_gap = np.array([word == GAP for word in words])
    bar = is_gap | function | np.array([is_unspaced(word) for word in words])
    stop = bar | stop
    often = np.bincount(ids, minlength=n_words)
    bar |= often < _FEWEST
    first, second = ids[:-1][part], ids[1:][part]
    beside = ~bar[first] & ~bar[second] & ~(stop[first] & stop[second])
    beside &= documents[:-1][part] == documents[1:][part]
    key = first[beside].astype(np.int64) * n_words + second[beside]
    keys, inverse, together = np.unique(key, return_inverse=True, return_counts=True)
    share = len(ids[part]) / len(ids)
    n_total = often[~is_gap].sum() * share
    a, b = often[keys // n_words] * share, often[keys % n_words] * share
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(together * n_total / (a * b)) / -np.log(together / n_total)
    enough = (together >= _FEWEST) & (npmi >= _LEAST_NPMI)
    candidate = enough[inverse]
    n_docs = int(documents[-1]) + 1
    held = np.unique(inverse[candidate] * n_docs + documents[:-1][part][beside][candidate]) // n_docs
    good: NDArray[np.int64] = keys[enough & (np.bincount(held, minlength=len(keys)) >= _FEWEST_DOCUMENTS)]
    return good


def _places_of(
    keys: NDArray[np.int64], *, ids: NDArray[np.int32], documents: NDArray[np.int32], n_words: int
) -> NDArray[np.intp]:
    """Where pairs with these keys start."""
    if not len(keys):
        return np.zeros(0, np.intp)
    is_first = np.zeros(n_words, dtype=bool)
    is_first[keys // n_words] = True
    at = np.flatnonzero(is_first[ids[:-1]] & (documents[:-1] == documents[1:]))
    found: NDArray[np.intp] = at[np.isin(ids[at].astype(np.int64) * n_words + ids[at + 1], keys)]
    return found


def _grown(starts: NDArray[np.bool_], ids: NDArray[np.int32], *, n_words: int) -> list[tuple[int, ...]]:
    """The pairs, and what grows of pairs that follow one another."""
    shorter = _sequences(np.flatnonzero(starts), ids, length=2)
    found: list[tuple[int, ...]] = []
    for n in range(3, min(n_words + 1, len(ids)) + 1):
        run = np.flatnonzero(np.all([starts[i : len(ids) - n + 1 + i] for i in range(n - 1)], axis=0))
        longer: Sequences = {}
        fragments: set[tuple[int, ...]] = set()
        for sequence, m in _sequences(run, ids, length=n).items():
            head, tail = sequence[:-1], sequence[1:]
            both = [shorter.get(part, 0) for part in (head, tail)]
            if n <= n_words and m >= _FEWEST and m >= _WHOLE * max(both) and min(both):
                longer[sequence] = m
                fragments |= {head, tail}
            elif m > _FRAGMENT * min(both):
                fragments.add(head if both[0] < both[1] else tail)
        found += [sequence for sequence in shorter if sequence not in fragments]
        shorter = longer
    return [*found, *shorter] if len(ids) < n_words + 1 else found


def _sequences(places: NDArray[np.intp], ids: NDArray[np.int32], *, length: int) -> Sequences:
    """How often each sequence of words stands at these places."""
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


def _occurrences(
    starts: NDArray[np.intp], stream: Stream, *, numbers: dict[tuple[int, ...], int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First word and number of every collocation from the first on, the longest where several start."""
    ids, documents, n_words = stream.ids, stream.documents, len(stream.words)
    known: dict[tuple[int, ...], int] = {(): 0}  # numbers of the beginnings of collocations, by length
    state = np.zeros(len(starts), dtype=np.int64)
    alive = np.arange(len(starts))
    which = np.full(len(starts), -1, dtype=np.int64)
    reach = np.zeros(len(starts), dtype=np.int64)
    for n in range(1, max(map(len, numbers), default=0) + 1):
        before, known = known, {}
        for sequence in sorted(numbers):
            if len(sequence) >= n:
                known.setdefault(sequence[:n], len(known))
        keys = np.array([before[sequence[:-1]] * n_words + sequence[-1] for sequence in known], dtype=np.int64)
        order = np.argsort(keys)
        inside = starts[alive] + n - 1 < len(ids)
        alive, state = alive[inside], state[inside]
        inside = documents[starts[alive]] == documents[starts[alive] + n - 1]
        alive, state = alive[inside], state[inside]
        key = state * n_words + ids[starts[alive] + n - 1]
        place = np.minimum(np.searchsorted(keys, key, sorter=order), len(keys) - 1)
        found = order[place]
        hit = keys[found] == key
        alive, state = alive[hit], found[hit]
        complete = np.array([numbers.get(sequence, -1) for sequence in known], dtype=np.int64)[state]
        which[alive[complete >= 0]] = complete[complete >= 0]
        reach[alive[complete >= 0]] = n
    found = np.flatnonzero(which >= 0)
    kept: list[int] = []
    taken = 0
    for i, start, length in zip(found.tolist(), starts[found].tolist(), reach[found].tolist(), strict=True):
        if start >= taken:
            kept.append(i)
            taken = start + length
    return starts[kept].astype(np.int64), which[kept]

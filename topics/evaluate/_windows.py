"""Numbers of sliding windows in which words occur, alone and in pairs.

A window moves through a document one token at a time; a shorter document is one window. All windows between two places
where a word enters or leaves contain the same words and are counted together. So the work depends on the number of
occurrences, not on the number of windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Literal

import numpy as np

from topics._derived import derived
from topics.errors import InputError, InputTypeError
from topics.records import TermCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

Counting = Literal["exact", "gensim"]


@dataclass(frozen=True, eq=False)
class WindowCounts:
    """Counts of words in windows.

    Attributes
    ----------
    words : tuple of str
        The counted words.
    n_windows : int
        Number of windows.
    counts : numpy.ndarray of int64, shape (n_words,)
        Number of windows with each word.
    pairs : scipy.sparse.csr_array of int64, shape (n_words, n_words)
        Number of windows with both words; symmetric, the diagonal is ``counts``.
    """

    words: tuple[str, ...]
    n_windows: int
    counts: NDArray[np.int64]
    pairs: csr_array


def count_windows(
    documents: Iterable[Sequence[str]],
    words: Iterable[str],
    *,
    window_size: int | None,
    counting: Counting = "exact",
) -> WindowCounts:
    """The number of windows with each word, and with each two words.

    Parameters
    ----------
    documents : iterable of sequence of str
        The tokens of each document, in order.
    words : iterable of str
        Words to count.
    window_size : int or None
        Tokens per window, ≥ 1; None for whole documents.
    counting : {"exact", "gensim"}
        "gensim" counts like gensim 4, for comparison with published figures: a word that leaves the window is no
        longer counted even if it occurs a second time inside, and a document without tokens counts as a window.

    Raises
    ------
    ValueError
        If ``window_size`` is below 1, or the counting is unknown.
    TypeError
        If a document is not split into tokens.
    """
    from scipy.sparse import csr_array

    if counting not in ("exact", "gensim"):
        raise InputError(f"expected counting 'exact' or 'gensim', got {counting!r}")
    if window_size is not None and window_size < 1:
        raise InputError(f"expected a window of at least 1 token, got {window_size}")
    listed = tuple(dict.fromkeys(words))
    number = {word: i for i, word in enumerate(listed)}
    word, place, document, lengths = _occurrences(documents, number)
    size = max(int(lengths.max(initial=0)), 1) if window_size is None else window_size
    n_windows = np.where(lengths > 0, np.maximum(lengths - size + 1, 1), int(counting == "gensim"))
    firsts = np.concatenate([[0], np.cumsum(n_windows)])
    order = np.lexsort((place, document, word))
    word, place, document = word[order], place[order], document[order]
    start = np.maximum(place - size + 1, 0)
    stop = np.minimum(_last_windows(word, place, document, start, gensim=counting == "gensim") + 1, n_windows[document])
    start, stop = start + firsts[document], stop + firsts[document]
    start, stop, word = _union(start, stop, word)
    weights, rows, columns = _segments(start, stop, word, int(firsts[-1]))
    contains = csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(weights), len(listed)))
    weighted = csr_array((weights[rows], (rows, columns)), shape=contains.shape)
    pairs = csr_array(contains.T @ weighted)
    return WindowCounts(listed, int(firsts[-1]), np.asarray(pairs.diagonal(), dtype=np.int64), pairs)


def count_documents(
    term_counts: TermCounts, words: Iterable[str], *, rows: NDArray[np.intp] | None = None
) -> WindowCounts:
    """The number of documents with each word, and with each two words, from counted terms.

    The documents may be those of another corpus; words that are not among its terms occur in none.

    Parameters
    ----------
    term_counts : TermCounts
        Term counts of the reference documents.
    words : iterable of str
        Terms to count.
    rows : numpy.ndarray of int or None
        The documents to count; None for all.
    """
    from scipy.sparse import csr_array

    listed = tuple(dict.fromkeys(words))
    contains = presence_of(term_counts, listed, rows=rows)
    pairs = csr_array(contains.T @ contains)
    return WindowCounts(listed, contains.shape[0], np.asarray(pairs.diagonal(), dtype=np.int64), pairs)


def presence_of(term_counts: TermCounts, words: Sequence[str], *, rows: NDArray[np.intp] | None = None) -> csr_array:
    """Which words occur in which documents, shape (n_rows, n_words): ones.

    Parameters
    ----------
    term_counts : TermCounts
        Term counts of the documents.
    words : sequence of str
        Terms, each once.
    rows : numpy.ndarray of int or None
        Some documents; None for all.
    """
    from scipy.sparse import csr_array

    terms, counts = term_counts.terms, term_counts.counts
    number = derived(term_counts, "columns of terms", make=lambda: {term: column for column, term in enumerate(terms)})
    place = np.full(len(terms), -1)
    for i, word in enumerate(words):
        if word in number:
            place[number[word]] = i
    places = place[counts.indices]
    until = np.concatenate([[0], np.cumsum(places >= 0)])[counts.indptr]
    places = places[places >= 0]
    contains = csr_array((np.ones(len(places), dtype=np.int64), places, until), shape=(counts.shape[0], len(words)))
    return contains if rows is None else csr_array(contains[rows])


def _occurrences(
    documents: Iterable[Sequence[str]], number: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Word, place and document of every occurrence of a listed word, and the length of every document."""
    words: list[int] = []
    places: list[int] = []
    n_found: list[int] = []
    lengths: list[int] = []
    for row, tokens in enumerate(documents):
        if isinstance(tokens, str):
            raise InputTypeError(f"expected documents as sequences of tokens, got a str in row {row}: {tokens!r:.60}")
        inside = list(compress(range(len(tokens)), map(number.__contains__, tokens)))
        words.extend([number[tokens[place]] for place in inside])
        places.extend(inside)
        n_found.append(len(inside))
        lengths.append(len(tokens))
    document = np.repeat(np.arange(len(lengths)), n_found)
    return (
        np.array(words, dtype=np.int64),
        np.array(places, dtype=np.int64),
        document,
        np.array(lengths, dtype=np.int64),
    )


def _last_windows(
    word: NDArray[np.int64],
    place: NDArray[np.int64],
    document: NDArray[np.int64],
    start: NDArray[np.int64],
    *,
    gensim: bool,
) -> NDArray[np.int64]:
    """The last window, by its first token, in which an occurrence counts.

    The window that begins with the occurrence. In gensim's counting, the window that begins with the first occurrence
    that is still inside when this one enters.
    """
    if not gensim or not len(place):
        return place
    stride = int(place.max()) + 1
    group = np.concatenate([[0], np.cumsum((np.diff(word) != 0) | (np.diff(document) != 0))])
    along = group * stride + place  # ascending: sorted by word, document and place
    return place[np.searchsorted(along, group * stride + start)]


def _union(
    start: NDArray[np.int64], stop: NDArray[np.int64], word: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The ranges of windows of each word, with overlapping ranges merged."""
    if not len(start):
        return start, stop, word
    order = np.lexsort((start, word))
    start, stop, word = start[order], stop[order], word[order]
    shift = word * (int(stop.max()) + 1)  # keeps the ranges of different words apart
    reach = np.maximum.accumulate(stop + shift)
    first = np.concatenate([[True], (start + shift)[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return start[first], (reach - shift)[last], word[first]


def _segments(
    start: NDArray[np.int64], stop: NDArray[np.int64], word: NDArray[np.int64], n_windows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Number of windows in each stretch with the same words, and the stretch and word of each occurrence."""
    edges = np.sort(np.concatenate([start, stop, [0, n_windows]]))  # a third of the time of numpy's unique
    edges = edges[np.concatenate([[True], edges[1:] > edges[:-1]])]
    weights = np.diff(edges)
    begin, end = np.searchsorted(edges, start), np.searchsorted(edges, stop)
    lengths = end - begin
    ends = np.cumsum(lengths)
    rows = np.repeat(begin - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
    return weights, rows, np.repeat(word, lengths)

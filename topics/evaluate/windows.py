"""In how many windows of the documents words stand, alone and in pairs.

A window moves through a document by one token; a document shorter than it is one window. Between two places where a
word comes in or goes out all windows hold the same words, so they are counted together: the work depends on how often
the words stand in the documents, not on the number of windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Literal

import numpy as np

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
        What was counted.
    n_windows : int
        Number of windows.
    counts : numpy.ndarray of int64, shape (n_words,)
        Windows that hold each word.
    pairs : scipy.sparse.csr_array of int64, shape (n_words, n_words)
        Windows that hold both; symmetric, the diagonal is ``counts``.
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
    """In how many windows each word stands, and each two words together.

    Parameters
    ----------
    documents : iterable of sequence of str
        The tokens of each document, in order.
    words : iterable of str
        What is counted.
    window_size : int or None
        Tokens a window, ≥ 1; None takes whole documents.
    counting : {"exact", "gensim"}
        "gensim" counts as gensim 4 does, on which published figures rest: a word that leaves the window counts as
        gone even where it stands again inside, and a document without tokens counts as a window.

    Raises
    ------
    ValueError
        If the window has no size, or the way of counting is unknown.
    TypeError
        If a document is not cut into tokens.
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
    stop = np.minimum(_leaves(word, place, document, start, gensim=counting == "gensim") + 1, n_windows[document])
    start, stop = start + firsts[document], stop + firsts[document]
    start, stop, word = _united(start, stop, word)
    weights, rows, columns = _segments(start, stop, word, int(firsts[-1]))
    held_by = csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(weights), len(listed)))
    weighted = csr_array((weights[rows], (rows, columns)), shape=held_by.shape)
    pairs = csr_array(held_by.T @ weighted)
    return WindowCounts(listed, int(firsts[-1]), np.asarray(pairs.diagonal(), dtype=np.int64), pairs)


def count_documents(counted: TermCounts, words: Iterable[str], *, rows: NDArray[np.intp] | None = None) -> WindowCounts:
    """The same where whole documents are the windows and their terms are counted already.

    The documents may be those of another corpus: words that are none of its terms stand in none.

    Parameters
    ----------
    counted : TermCounts
        Of the documents that serve as reference.
    words : iterable of str
        Terms.
    rows : numpy.ndarray of int or None
        The documents to count; None takes all.
    """
    from scipy.sparse import csr_array

    listed = tuple(dict.fromkeys(words))
    number = {term: column for column, term in enumerate(counted.terms)}
    known = np.array([i for i, word in enumerate(listed) if word in number], dtype=np.int64)
    columns = np.array([number[listed[i]] for i in known.tolist()], dtype=np.int64)
    counts = counted.counts if rows is None else csr_array(counted.counts[rows])
    ones = np.ones(len(counts.data), dtype=np.int64)
    held_by = csr_array((ones, counts.indices, counts.indptr), shape=counts.shape)[:, columns]
    pairs = (held_by.T @ held_by).tocoo()
    pairs = csr_array((pairs.data, (known[pairs.row], known[pairs.col])), shape=(len(listed), len(listed)))
    return WindowCounts(listed, counts.shape[0], np.asarray(pairs.diagonal(), dtype=np.int64), pairs)


def _occurrences(
    documents: Iterable[Sequence[str]], number: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Word, place and document of every occurrence of a listed word, and the length of every document."""
    words: list[int] = []
    places: list[int] = []
    found: list[int] = []
    lengths: list[int] = []
    for row, tokens in enumerate(documents):
        if isinstance(tokens, str):
            raise InputTypeError(f"expected documents as sequences of tokens, got a str in row {row}: {tokens!r:.60}")
        inside = list(compress(range(len(tokens)), map(number.__contains__, tokens)))
        words.extend([number[tokens[place]] for place in inside])
        places.extend(inside)
        found.append(len(inside))
        lengths.append(len(tokens))
    document = np.repeat(np.arange(len(lengths)), found)
    return (
        np.array(words, dtype=np.int64),
        np.array(places, dtype=np.int64),
        document,
        np.array(lengths, dtype=np.int64),
    )


def _leaves(
    word: NDArray[np.int64],
    place: NDArray[np.int64],
    document: NDArray[np.int64],
    start: NDArray[np.int64],
    *,
    gensim: bool,
) -> NDArray[np.int64]:
    """The last window, by its first token, for which an occurrence counts.

    That which it begins; in gensim's counting that which the first occurrence begins that is still inside when this
    one comes in.
    """
    if not gensim or not len(place):
        return place
    stride = int(place.max()) + 1
    group = np.concatenate([[0], np.cumsum((np.diff(word) != 0) | (np.diff(document) != 0))])
    along = group * stride + place  # ascending: sorted by word, document and place
    return place[np.searchsorted(along, group * stride + start)]


def _united(
    start: NDArray[np.int64], stop: NDArray[np.int64], word: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The ranges of windows of each word, those that meet made one."""
    if not len(start):
        return start, stop, word
    order = np.lexsort((start, word))
    start, stop, word = start[order], stop[order], word[order]
    shift = word * (int(stop.max()) + 1)  # so that words do not meet
    reach = np.maximum.accumulate(stop + shift)
    first = np.concatenate([[True], (start + shift)[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return start[first], (reach - shift)[last], word[first]


def _segments(
    start: NDArray[np.int64], stop: NDArray[np.int64], word: NDArray[np.int64], n_windows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Windows in each stretch that holds the same words, and the stretch and word of each pair that goes together."""
    edges = np.sort(np.concatenate([start, stop, [0, n_windows]]))  # a third of the time of numpy's unique
    edges = edges[np.concatenate([[True], edges[1:] > edges[:-1]])]
    weights = np.diff(edges)
    begin, end = np.searchsorted(edges, start), np.searchsorted(edges, stop)
    lengths = end - begin
    ends = np.cumsum(lengths)
    rows = np.repeat(begin - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
    return weights, rows, np.repeat(word, lengths)

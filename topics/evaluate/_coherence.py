"""Coherence of the terms of a topic, and diversity of the terms of all topics.

Topics are lists of terms. Coherence gives one value per topic; higher is better for all measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from topics._pairs import count_pairs
from topics.errors import InputError
from topics.evaluate._windows import Counting, WindowCounts, count_windows, presence_of
from topics.records import TermCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray

Measure = Literal["npmi", "c_v", "umass"]
WINDOW_SIZES: Mapping[str, int | None] = {"npmi": 10, "c_v": 110, "umass": None}
"""Tokens per window, as in Röder, Both and Hinneburg (2015); None for whole documents."""

_GENSIM_EPSILON = 1e-12  # gensim's own


def coherence(
    topics: Sequence[Sequence[str]],
    documents: Iterable[Sequence[str]],
    *,
    measure: Measure = "npmi",
    counting: Counting = "exact",
) -> NDArray[np.float64]:
    """Coherence of each topic; NaN if fewer than two of its terms occur in the documents.

    Parameters
    ----------
    topics : sequence of sequence of str
        The terms of each topic, the heaviest first.
    documents : iterable of sequence of str
        Tokens of the reference documents: the corpus, a held-out part of it, or another corpus.
    measure : {"npmi", "c_v", "umass"}
        Normalized pointwise mutual information of pairs in windows of 10 tokens, in [-1, 1] (Bouma 2009); C_V, the
        cosine of such vectors in windows of 110, in [0, 1] in practice (Röder, Both and Hinneburg 2015); UMass, the
        log of the share of documents with a term that also contain an earlier one, ≤ 0 or a little above (Mimno et al.
        2011).
    counting : {"exact", "gensim"}
        "gensim" gives the values of gensim 4's ``c_npmi``, ``c_v`` and ``u_mass``, for comparison with published
        figures. "exact" counts every window and gives pairs that never occur together an NPMI of -1.

    Raises
    ------
    ValueError
        If the measure or the counting is unknown.
    TypeError
        If a document is not split into tokens.

    Examples
    --------
    >>> documents = [["sun", "rain"], ["sun", "rain"], ["tax", "law"], ["tax", "law"]]
    >>> coherence([["sun", "rain"], ["sun", "tax"]], documents).tolist()
    [1.0, -1.0]
    """
    if measure not in _MEASURES:
        raise InputError(f"expected a measure of {', '.join(map(repr, _MEASURES))}, got {measure!r}")
    words = [term for terms in topics for term in terms]
    counts = count_windows(documents, words, window_size=WINDOW_SIZES[measure], counting=counting)
    return coherence_of_counts(topics, counts, measure=measure, counting=counting)


def coherence_of_counts(
    topics: Sequence[Sequence[str]], counts: WindowCounts, *, measure: Measure = "npmi", counting: Counting = "exact"
) -> NDArray[np.float64]:
    """Coherence of each topic, from windows that are already counted.

    Parameters
    ----------
    topics : sequence of sequence of str
        The terms of each topic; all must be counted.
    counts : WindowCounts
        Counts in windows of the measure's size.
    measure, counting
        As in :func:`coherence`.
    """
    number = {word: i for i, word in enumerate(counts.words)}

    def value(terms: Sequence[str]) -> float:
        columns = np.array([number[term] for term in terms if counts.counts[number[term]]], dtype=np.int64)
        if len(columns) < 2:
            return float("nan")
        return _MEASURES[measure](counts.pairs[columns][:, columns].toarray(), counts.n_windows, counting)

    return np.array([value(terms) for terms in topics], dtype=np.float64)


def coherence_in_documents(
    topics: Sequence[Sequence[str]], term_counts: TermCounts, *, rows: NDArray[np.intp] | None = None
) -> NDArray[np.float64]:
    """Normalized pointwise mutual information of each topic's terms over documents; NaN with fewer than two there.

    As :func:`coherence_of_counts` of :func:`topics.evaluate.count_documents`; only terms of one topic are paired.

    Parameters
    ----------
    topics : sequence of sequence of str
        The terms of each topic.
    term_counts : TermCounts
        Term counts of the reference documents.
    rows : numpy.ndarray of int or None
        The documents to count; None for all.
    """
    words = list(dict.fromkeys(term for terms in topics for term in terms))
    contains = presence_of(term_counts, words, rows=rows).tocsc()
    number, occurs = {word: i for i, word in enumerate(words)}, np.diff(contains.indptr) > 0

    def value(terms: Sequence[str]) -> float:
        columns = np.array([number[term] for term in terms if occurs[number[term]]], dtype=np.int64)
        return _npmi(count_pairs(contains, columns), contains.shape[0], "exact") if len(columns) > 1 else float("nan")

    return np.array([value(terms) for terms in topics], dtype=np.float64)


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Distinct terms as a share of all topics' terms, in (0, 1]; NaN without terms (Dieng, Ruiz and Blei 2020).

    Parameters
    ----------
    topics : sequence of sequence of str
        The terms of each topic.
    """
    terms = [term for topic in topics for term in topic]
    return len(set(terms)) / len(terms) if terms else float("nan")


def rank_diversity(topics: Sequence[Sequence[str]], *, persistence: float = 0.9) -> float:
    """1 minus the mean rank-biased overlap of every two topics, in [0, 1] (Webber, Moffat and Zobel 2010, eq. 32).

    Unlike :func:`diversity`, it gives repetitions at the head of a list more weight than at its end. NaN with a single
    topic.

    Parameters
    ----------
    topics : sequence of sequence of str
        The terms of each topic, the heaviest first.
    persistence : float in (0, 1)
        Probability that a reader goes on to the next term; lower values give the head more weight.
    """
    overlaps = _rank_overlaps(topics, persistence)
    return 1 - float(np.mean(overlaps)) if len(overlaps) else float("nan")


def _rank_overlaps(topics: Sequence[Sequence[str]], persistence: float) -> NDArray[np.float64]:
    """Extrapolated rank-biased overlap of every two lists, each pair truncated to the length of the shorter."""
    lengths = np.array([len(terms) for terms in topics], dtype=np.int64)
    ranks: dict[str, list[tuple[int, int]]] = {}
    for topic, terms in enumerate(topics):
        for term, rank in {term: rank for rank, term in reversed(list(enumerate(terms)))}.items():
            ranks.setdefault(term, []).append((topic, rank))
    meet: list[list[tuple[int, int]]] = [
        [] for _ in topics
    ]  # later topics with a term of this one, and where it counts
    for places in ranks.values():
        for (one, first), (other, second) in combinations(places, 2):
            meet[one].append((other - one - 1, max(first, second)))
    rows = [np.zeros(0)]
    for one in range(len(topics) - 1):
        depths = np.minimum(lengths[one], lengths[one + 1 :])
        gained = np.zeros((len(depths), int(depths.max(initial=0))))
        for other, rank in meet[one]:
            if rank < gained.shape[1]:
                gained[other, rank] += 1
        rows.append(_extrapolated(gained.cumsum(axis=1), depths, persistence))
    return np.concatenate(rows)


def _extrapolated(shared: NDArray[np.float64], depths: NDArray[np.int64], persistence: float) -> NDArray[np.float64]:
    """Rank-biased overlap from the number of terms that two lists share down to each rank."""
    overlaps = np.zeros(len(depths))
    for depth in np.unique(depths[depths > 0]).tolist():
        rows = np.flatnonzero(depths == depth)
        alike = shared[rows, :depth]
        weights = persistence ** np.arange(1, depth + 1)
        series = (alike / np.arange(1, depth + 1) * weights).sum(axis=1)
        overlaps[rows] = (1 - persistence) / persistence * series + alike[:, -1] / depth * persistence**depth
    return overlaps


def _normalized(pairs: NDArray[np.int64], n_windows: int, counting: Counting) -> NDArray[np.float64]:
    """NPMI of every two words, including each with itself."""
    both = pairs / n_windows
    alone = np.diag(both)
    if counting == "gensim":
        return np.asarray(
            np.log((both + _GENSIM_EPSILON) / np.outer(alone, alone)) / -np.log(both + _GENSIM_EPSILON),
            dtype=np.float64,
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both / np.outer(alone, alone)) / -np.log(both)
    return np.where(both == 0, -1.0, np.where(both == 1, 1.0, value))


def _npmi(pairs: NDArray[np.int64], n_windows: int, counting: Counting) -> float:
    value = _normalized(pairs, n_windows, counting)
    return float(value[~np.eye(len(value), dtype=bool)].mean())


def _c_v(pairs: NDArray[np.int64], n_windows: int, counting: Counting) -> float:
    vectors = _normalized(pairs, n_windows, counting)
    whole = vectors.sum(axis=0)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(whole)
    alike = np.divide(vectors @ whole, lengths, out=np.zeros(len(whole)), where=lengths > 0)  # 0 where all cancels out
    return float(alike.mean())


def _umass(pairs: NDArray[np.int64], n_windows: int, counting: Counting) -> float:
    later, earlier = np.tril_indices(len(pairs), -1)
    together = pairs[later, earlier]
    alone = np.diag(pairs)[earlier]
    if counting == "gensim":
        return float(np.log((together / n_windows + _GENSIM_EPSILON) / (alone / n_windows)).mean())
    return float(np.log((together + 1) / alone).mean())


_MEASURES: Mapping[str, Callable[[NDArray[np.int64], int, Counting], float]] = {
    "npmi": _npmi,
    "c_v": _c_v,
    "umass": _umass,
}

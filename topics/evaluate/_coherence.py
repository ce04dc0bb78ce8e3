"""Coherence of the terms of a topic, and diversity of the terms of all topics.

Topics are lists of terms. Coherence gives one value per topic; higher is better for all measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from topics.errors import InputError
from topics.evaluate._windows import Counting, WindowCounts, count_windows

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
    values = np.full(len(topics), np.nan)
    for i, terms in enumerate(topics):
        columns = np.array([number[term] for term in terms if counts.counts[number[term]]], dtype=np.int64)
        if len(columns) > 1:
            pairs = counts.pairs[columns][:, columns].toarray()
            values[i] = _MEASURES[measure](pairs, counts.n_windows, counting)
    return values


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
    overlaps = [_rank_overlap(one, other, persistence) for i, one in enumerate(topics) for other in topics[i + 1 :]]
    return 1 - float(np.mean(overlaps)) if overlaps else float("nan")


def _rank_overlap(one: Sequence[str], other: Sequence[str], persistence: float) -> float:
    """Extrapolated rank-biased overlap of two lists, truncated to the length of the shorter."""
    depth = min(len(one), len(other))
    if not depth:
        return 0.0
    shared = [len(set(one[:d]) & set(other[:d])) for d in range(1, depth + 1)]
    weights = persistence ** np.arange(1, depth + 1)
    series = float((np.array(shared) / np.arange(1, depth + 1) * weights).sum())
    return (1 - persistence) / persistence * series + shared[-1] / depth * persistence**depth


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

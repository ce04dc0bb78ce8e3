"""Semantic and lexical vectors joined, and how much the words count, learned from the corpus.

A model of language knows that "vaccine" and "jab" are near; it does not know the names and words that set the stories
of this corpus apart, and the words do. Which of them to trust differs: long articles share many words with others of
their topic, single sentences hardly any, and a model says little about languages it has not learned.

The weight of the words is therefore chosen by what it is for. A half of each document's words is held out; the
neighbours of each document are found by its semantic vector and its other half at each weight; and the weight is taken
under which the neighbours' words are most like those (document completion; Wallach et al. 2009). Where
several weights do about as well, the most even one is taken: what is held out are words, so that words have the easier
task, and the mistakes of two parts cancel best where both count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import one_thread
from topics.embed.lexical import count_stems, project, tfidf
from topics.records import Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

GRID = tuple(step / 10 for step in range(11))
"""Lexical weights that are tried."""

_NEIGHBORS = 10
_MOST_DOCUMENTS = 2000
_MOST_SPLITS = 5
_FEWEST_DOCUMENTS = 30
_WITHOUT_EVIDENCE = 0.3
_NEAR_BEST = 0.01
_EVEN = 0.5
_SEED = 0
_BLOCK_ROWS = 4096
_LEAST_LENGTH = 1e-6  # of the longest; less is rounding


@dataclass(frozen=True, eq=False)
class LexicalWeight:
    """The weight of the words, and why.

    Attributes
    ----------
    weight : float
        In [0, 1]; 0 is the semantic part alone, its mean taken off, and 1 the lexical.
    tried : tuple of float
        The weights that were tried; empty where it was set or could not be chosen.
    scores : tuple of float
        Likeness (cosine, 0 to 1) of the held-out words to those of the neighbors at each; higher is better.
    origin : Origin
        Where it came from.
    """

    weight: float
    tried: tuple[float, ...]
    scores: tuple[float, ...]
    origin: Origin

    @property
    def is_set(self) -> bool:
        """Whether the user set it."""
        return self.origin.parameters.get("lexical_weight") != "auto"

    def sentence(self) -> str:
        """What the run says of it."""
        if not self.tried:
            return f"lexical weight {self.weight:g}{'' if self.is_set else ', for there is too little to choose it by'}"
        score = dict(zip(self.tried, self.scores, strict=True))
        return (
            f"lexical weight {self.weight:.1f}, chosen by how well neighbors predict held-out words "
            f"({score[self.weight]:.4f}; meaning alone {score[0.0]:.4f}, words alone {score[1.0]:.4f})"
        )


def join_parts(
    semantic: NDArray[np.float32],
    lexical: NDArray[np.float32],
    *,
    weight: float,
    has_words: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    """Unit vectors whose cosine is the weighted mean of the parts', both sharpened.

    A document without words brings a lexical part that is like no other's, and so has its semantic part alone.

    Parameters
    ----------
    semantic, lexical : numpy.ndarray of float32, shape (n_docs, any)
        Unit vectors.
    weight : float
        Of the lexical part, in [0, 1].
    has_words : numpy.ndarray of bool, shape (n_docs,), or None
        Documents whose lexical part means something; None takes all.
    """
    power = _power(weight)
    kept = [
        (part, share, known)
        for part, share, known in ((semantic, 1 - weight, None), (lexical, weight, has_words))
        if share > 0
    ]
    joined = np.hstack([sharpen(part, power=power, known=known) * np.sqrt(share) for part, share, known in kept])
    neither = np.logical_not(joined.any(axis=1))
    if neither.any():  # no sharpened direction: as they came
        joined[neither] = np.hstack([part[neither] for part, _, _ in kept])
    joined /= np.linalg.norm(joined, axis=1, keepdims=True)
    return joined.astype(np.float32, copy=False)


def sharpen(
    vectors: NDArray[np.float32], *, power: float = 2.0, known: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Unit vectors whose strong directions count more and weak ones, mostly noise, less.

    The mean is taken off, for it is in every similarity; then, with singular value decomposition ``U S V'`` of the
    centred vectors, the rows of ``U S**power V'`` are taken. Power 1 leaves the directions as they are. With power 2
    the inner products are those of the rows of the similarity matrix: documents are alike where they are like the same
    documents (second-order similarity). A vector that is the mean has no direction and stays zero.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    power : float
        At least 1.
    known : numpy.ndarray of bool, shape (n_docs,), or None
        Rows that mean something; the others are left out of the mean and the directions, and stay as they are.
    """
    if known is not None and not known.all():
        whole = vectors.copy()
        if known.any():
            whole[known] = sharpen(vectors[known], power=power)
        return whole
    if len(vectors) < 2:
        return np.array(vectors)
    mean = vectors.mean(axis=0, dtype=np.float64)
    sharp = np.empty_like(vectors)
    with one_thread():  # the same bits whatever the number of threads
        strengths, directions = np.linalg.eigh(_scatter(vectors, mean))
        strengths = np.maximum(strengths / max(strengths[-1], np.finfo(np.float64).tiny), 0)
        turn = ((directions * strengths ** ((power - 1) / 2)) @ directions.T).astype(np.float32)
        for start in range(0, len(vectors), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            sharp[block] = (vectors[block] - mean.astype(np.float32)) @ turn
    lengths = np.linalg.norm(sharp, axis=1, keepdims=True)
    kept = lengths > _LEAST_LENGTH * max(float(lengths.max()), float(np.finfo(np.float32).tiny))
    np.divide(sharp, lengths, out=sharp, where=kept)
    sharp[~kept[:, 0]] = 0
    return sharp


def _power(weight: float) -> float:
    """How much the parts are sharpened: the more, the more words the documents share, and at most twice.

    Articles lie close to many others, and what they have in common with all of these is their subject. Single sentences
    have few neighbours to speak for them, and the strong directions are those of style. The weight of the words tells
    the one from the other.
    """
    return min(2.0, 1.0 + 2.0 * weight)


def choose_weight(
    semantic: NDArray[np.float32], texts: Sequence[str], *, n_components: int
) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """The lexical weight under which neighbors predict held-out words well; the weights tried; their scores.

    Of the weights whose score is within a hundredth of the best, the one nearest to a half.

    At most 2,000 documents, evenly spaced, are looked at; a small corpus is split several times. Below 30 documents
    there is too little to choose by, and the weight is 0.3.

    Parameters
    ----------
    semantic : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    texts : sequence of str
        The documents.
    n_components : int
        Dimensions of the lexical part.
    """
    rows = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), _MOST_DOCUMENTS)).round().astype(int))
    if len(rows) < _FEWEST_DOCUMENTS:
        return _WITHOUT_EVIDENCE, (), ()
    counts = count_stems([texts[row] for row in rows])
    if counts.shape[1] == 0:
        return 0.0, (), ()
    by_meaning = {power: _similarity(semantic[rows], power) for power in sorted({_power(weight) for weight in GRID})}
    random = np.random.default_rng(_SEED)
    n_splits = min(_MOST_SPLITS, max(1, _MOST_DOCUMENTS // len(rows)))
    scores = np.mean([_scores(counts, by_meaning, random, n_components) for _ in range(n_splits)], axis=0)
    good = [weight for weight, score in zip(GRID, scores, strict=True) if score >= (1 - _NEAR_BEST) * scores.max()]
    return min(good, key=lambda weight: abs(weight - _EVEN)), GRID, tuple(float(score) for score in scores)


def _scores(
    counts: csr_array, by_meaning: Mapping[float, NDArray[np.float32]], random: np.random.Generator, n_components: int
) -> NDArray[np.float64]:
    """Likeness of the held-out words to those of the neighbours, at each weight of the grid."""
    known, aside = _split(counts, random)
    words = project(tfidf(known), n_components=n_components)
    has_words = np.asarray(words.any(axis=1))
    by_words = {power: _similarity(words, power, known=has_words) for power in by_meaning}
    likeness = (tfidf(aside) @ tfidf(counts).T).toarray()  # of each document's held-out words to each other's words
    n_neighbors = min(_NEIGHBORS, counts.shape[0] - 1)
    scores = np.empty(len(GRID))
    for i, weight in enumerate(GRID):
        power = _power(weight)
        similarity = np.float32(1 - weight) * by_meaning[power] + np.float32(weight) * by_words[power]
        np.fill_diagonal(similarity, -np.inf)
        nearest = np.argpartition(-similarity, n_neighbors - 1, axis=1)[:, :n_neighbors]
        scores[i] = np.take_along_axis(likeness, nearest, axis=1).mean()
    return scores


def _similarity(
    vectors: NDArray[np.float32], power: float, *, known: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Cosines of the sharpened vectors, every one of each."""
    sharp = sharpen(vectors, power=power, known=known)
    with one_thread():
        return np.asarray(sharp @ sharp.T)


def _split(counts: csr_array, random: np.random.Generator) -> tuple[csr_array, csr_array]:
    """Two tables of counts that sum to the first: each word falls to either with equal chance."""
    from scipy.sparse import csr_array

    drawn = random.binomial(counts.data.astype(np.int64), 0.5).astype(np.float32)
    halves = []
    for data in (drawn, counts.data - drawn):
        half = csr_array((data, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
        half.eliminate_zeros()
        halves.append(half)
    return halves[0], halves[1]


def _scatter(vectors: NDArray[np.float32], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the outer products of the centred vectors, in blocks so that little memory is needed."""
    total = np.zeros((vectors.shape[1],) * 2)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        centred = vectors[start : start + _BLOCK_ROWS] - mean
        total += centred.T @ centred
    return total

"""Semantic and lexical vectors joined, with a weight of the lexical part that is chosen from the corpus.

A language model knows that "vaccine" and "jab" are similar. It does not know the names and words that distinguish the
stories of this corpus; the words themselves do. Which of them to trust varies: long articles share many words with
others on their topic, single sentences hardly any, and a model has little to say about languages it was not trained on.

So the weight is chosen by its purpose. Half of each document's words are held out. At each weight, the neighbors of
each document are found from its semantic vector and the other half of its words. The chosen weight is the one at which
the neighbors' words best predict the held-out words (document completion; Wallach et al. 2009). If several weights do
about as well, the most even one is chosen: the held-out words favor the lexical part, and the errors of the two parts
cancel best if both count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import one_thread
from topics.embed._lexical import count_stems, project, tfidf
from topics.records import Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

GRID = tuple(step / 10 for step in range(11))
"""Lexical weights to try."""

# No record of their tuning; docs/levels.md compares the hybrid with its semantic part on eleven corpora.
_NEIGHBORS = 10
_WITHOUT_EVIDENCE = 0.3  # weight for corpora that are too small to choose it
_NEAR_BEST = 0.01  # relative difference of scores that count as equal
_EVEN = 0.5
# Not tuned: they bound the time, and the noise of the scores of small corpora.
_MAX_DOCUMENTS = 2000
_MAX_SPLITS = 5
_MIN_DOCUMENTS = 30
_SEED = 0
_BLOCK_ROWS = 4096
MIN_SHARPENED = 1e-6  # not tuned: of the longest vector; less is rounding


@dataclass(frozen=True, eq=False)
class LexicalWeight:
    """The weight of the lexical part, and how it was chosen.

    Attributes
    ----------
    weight : float
        In [0, 1]; 0 is the semantic part alone, centered, and 1 the lexical part alone.
    tried : tuple of float
        The weights that were tried; empty if the weight was set or could not be chosen.
    scores : tuple of float
        Similarity (cosine, 0 to 1) of the held-out words to the neighbors' words at each weight; higher is better.
    origin : Origin
        Origin of the record.
    """

    weight: float
    tried: tuple[float, ...]
    scores: tuple[float, ...]
    origin: Origin

    @property
    def is_set(self) -> bool:
        """Whether the user set the weight."""
        return self.origin.parameters.get("lexical_weight") != "auto"

    def sentence(self) -> str:
        """The note on the weight."""
        if not self.tried:
            return (
                f"lexical weight {self.weight:g}{'' if self.is_set else ', as there is too little text to choose it'}"
            )
        score = dict(zip(self.tried, self.scores, strict=True))
        return (
            f"lexical weight {self.weight:.1f}, chosen by how well neighbors predict held-out words "
            f"({score[self.weight]:.4f}; semantic part alone {score[0.0]:.4f}, words alone {score[1.0]:.4f})"
        )


def join_parts(
    semantic: NDArray[np.float32],
    lexical: NDArray[np.float32],
    *,
    weight: float,
    has_words: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    """Unit vectors with cosines that are the weighted means of the cosines of the sharpened parts.

    A document without words has a lexical part that is similar to no other, so only its semantic part counts.

    Parameters
    ----------
    semantic, lexical : numpy.ndarray of float32, shape (n_docs, any)
        Unit vectors.
    weight : float
        Weight of the lexical part, in [0, 1].
    has_words : numpy.ndarray of bool, shape (n_docs,), or None
        Whether each document has words; None if all have.
    """
    power = power_of(weight)
    kept = [
        (part, share, known)
        for part, share, known in ((semantic, 1 - weight, None), (lexical, weight, has_words))
        if share > 0
    ]
    joined = np.hstack([sharpen(part, power=power, known=known) * np.sqrt(share) for part, share, known in kept])
    neither = np.logical_not(joined.any(axis=1))
    if neither.any():  # no direction after sharpening: unchanged
        joined[neither] = np.hstack([part[neither] for part, _, _ in kept])
    joined /= np.linalg.norm(joined, axis=1, keepdims=True)
    return joined.astype(np.float32, copy=False)


def sharpen(
    vectors: NDArray[np.float32], *, power: float = 2.0, known: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Unit vectors in which strong directions count more and weak ones, which are mostly noise, count less.

    The mean is subtracted, since it is part of every similarity. With the singular value decomposition ``U S V'`` of
    the centered vectors, the result is the rows of ``U S**power V'``. Power 1 leaves the directions unchanged. With
    power 2 the inner products are those of the rows of the similarity matrix: documents are similar if they are similar
    to the same documents (second-order similarity). A vector equal to the mean has no direction and stays zero.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    power : float
        Exponent of the singular values, ≥ 1.
    known : numpy.ndarray of bool, shape (n_docs,), or None
        Rows to sharpen; the others are left out of the mean and the directions, and stay unchanged.
    """
    if known is not None and not known.all():
        whole = vectors.copy()
        if known.any():
            whole[known] = sharpen(vectors[known], power=power)
        return whole
    if len(vectors) < 2:
        return np.array(vectors)
    sharp = np.empty_like(vectors)
    with one_thread():  # the same bits whatever the number of threads
        mean, turn = sharpening(vectors, power=power)
        for start in range(0, len(vectors), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            sharp[block] = (vectors[block] - mean) @ turn
    lengths = np.linalg.norm(sharp, axis=1, keepdims=True)
    kept = lengths > MIN_SHARPENED * max(float(lengths.max()), float(np.finfo(np.float32).tiny))
    np.divide(sharp, lengths, out=sharp, where=kept)
    sharp[~kept[:, 0]] = 0
    return sharp


def sharpening(vectors: NDArray[np.float32], *, power: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean that :func:`sharpen` subtracts, shape (n_dims,), and the matrix that it multiplies with, before scaling.

    Parameters
    ----------
    vectors, power
        As for :func:`sharpen`; at least two vectors.
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    with one_thread():
        strengths, directions = np.linalg.eigh(_scatter(vectors, mean))
        strengths = np.maximum(strengths / max(strengths[-1], np.finfo(np.float64).tiny), 0)
        turn = (directions * strengths ** ((power - 1) / 2)) @ directions.T
    return mean.astype(np.float32), turn.astype(np.float32)


def power_of(weight: float) -> float:
    """The exponent for sharpening: from 1 to 2, higher for a higher lexical weight.

    Articles are close to many others and share their subject with all of them. Single sentences have few neighbors, and
    their strong directions are those of style. The lexical weight distinguishes the two cases.

    Parameters
    ----------
    weight : float
        Weight of the lexical part, in [0, 1].
    """
    return min(2.0, 1.0 + 2.0 * weight)


def choose_weight(
    semantic: NDArray[np.float32], texts: Sequence[str], *, n_components: int
) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """The lexical weight at which neighbors predict held-out words best, the weights tried, and their scores.

    Among the weights with a score within a hundredth of the best, the one closest to a half is chosen. At most 2,000
    evenly spaced documents are used; a small corpus is split several times. Below 30 documents the weight is 0.3.

    Parameters
    ----------
    semantic : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    texts : sequence of str
        The documents.
    n_components : int
        Dimensions of the lexical part.
    """
    rows = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), _MAX_DOCUMENTS)).round().astype(int))
    if len(rows) < _MIN_DOCUMENTS:
        return _WITHOUT_EVIDENCE, (), ()
    counts = count_stems([texts[row] for row in rows])
    if counts.shape[1] == 0:
        return 0.0, (), ()
    by_meaning = {power: _similarity(semantic[rows], power) for power in sorted({power_of(weight) for weight in GRID})}
    random = np.random.default_rng(_SEED)
    n_splits = min(_MAX_SPLITS, max(1, _MAX_DOCUMENTS // len(rows)))
    scores = np.mean([_scores(counts, by_meaning, random, n_components) for _ in range(n_splits)], axis=0)
    good = [weight for weight, score in zip(GRID, scores, strict=True) if score >= (1 - _NEAR_BEST) * scores.max()]
    return min(good, key=lambda weight: abs(weight - _EVEN)), GRID, tuple(float(score) for score in scores)


def _scores(
    counts: csr_array, by_meaning: Mapping[float, NDArray[np.float32]], random: np.random.Generator, n_components: int
) -> NDArray[np.float64]:
    """Similarity of the held-out words to the neighbors' words, at each weight of the grid."""
    known, held_out = _split(counts, random)
    words = project(tfidf(known), n_components=n_components)
    has_words = np.asarray(words.any(axis=1))
    by_words = {power: _similarity(words, power, known=has_words) for power in by_meaning}
    likeness = (
        tfidf(held_out) @ tfidf(counts).T
    ).toarray()  # of the held-out words of each row to the words of each column
    n_neighbors = min(_NEIGHBORS, counts.shape[0] - 1)
    scores = np.empty(len(GRID))
    for i, weight in enumerate(GRID):
        power = power_of(weight)
        similarity = np.float32(1 - weight) * by_meaning[power] + np.float32(weight) * by_words[power]
        np.fill_diagonal(similarity, -np.inf)
        nearest = np.argpartition(-similarity, n_neighbors - 1, axis=1)[:, :n_neighbors]
        scores[i] = np.take_along_axis(likeness, nearest, axis=1).mean()
    return scores


def _similarity(
    vectors: NDArray[np.float32], power: float, *, known: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Cosines of all pairs of the sharpened vectors."""
    sharp = sharpen(vectors, power=power, known=known)
    with one_thread():
        return np.asarray(sharp @ sharp.T)


def _split(counts: csr_array, random: np.random.Generator) -> tuple[csr_array, csr_array]:
    """Two tables of counts that sum to the first; each occurrence goes to either with equal probability."""
    from scipy.sparse import csr_array

    drawn = random.binomial(counts.data.astype(np.int64), 0.5).astype(np.float32)
    halves = []
    for data in (drawn, counts.data - drawn):
        half = csr_array((data, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
        half.eliminate_zeros()
        halves.append(half)
    return halves[0], halves[1]


def _scatter(vectors: NDArray[np.float32], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the outer products of the centered vectors, computed in blocks to save memory."""
    total = np.zeros((vectors.shape[1],) * 2)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        centered = vectors[start : start + _BLOCK_ROWS] - mean
        total += centered.T @ centered
    return total

"""How much better a topic tells the words of a text than the corpus does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Not tuned: of the order that suits texts of some hundred words (Zhai and Lafferty 2004). It keeps a topic of few words
# near the corpus, so that very many small topics do not win.
_PRIOR_TERMS = 1000.0


def word_gain(
    counts: csr_array,
    labels: NDArray[np.integer],
    *,
    new_counts: csr_array,
    new_labels: NDArray[np.integer],
) -> float:
    """Mean gain of new texts' words by their topics, in nats a word; higher is better, 0 is no better than the corpus.

    The gain of a word is the log of its frequency in the text's topic over its frequency in the corpus, with a
    Dirichlet prior of the corpus's frequencies; a text's is the mean of its words', and 0 of noise. Texts without any
    word of the corpus are left out, and nothing is left of none: NaN.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Words of the documents of a fit.
    labels : numpy.ndarray of int, shape (n_docs,)
        Their topics; ``NOISE`` for none.
    new_counts : scipy.sparse.csr_array of int, shape (n_texts, n_terms)
        Words of texts that were not in the fit.
    new_labels : numpy.ndarray of int, shape (n_texts,)
        The topics that they were given.

    Raises
    ------
    ValueError
        If labels and counts are of different lengths.

    References
    ----------
    Zhai and Lafferty 2004, "A study of smoothing methods for language models", equation 8.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> words = csr_array(np.array([[9, 0], [0, 9]]))
    >>> bool(word_gain(words, np.array([0, 1]), new_counts=words, new_labels=np.array([0, 1])) > 0)
    True
    """
    from scipy.sparse import csr_array

    for rows, given in ((counts, labels), (new_counts, new_labels)):
        if rows.shape[0] != len(given):
            raise InputError(f"expected one label a row of the counts, got {len(given)} for {rows.shape[0]}")
    n_topics = int(max(labels.max(initial=NOISE), new_labels.max(initial=NOISE))) + 1
    kept = np.flatnonzero(labels != NOISE)
    members = csr_array((np.ones(len(kept)), (labels[kept], kept)), shape=(n_topics, len(labels)))
    corpus = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    frequency = corpus / max(corpus.sum(), 1.0)
    of_topic = csr_array(members @ counts).tocsr()
    sizes = np.asarray(of_topic.sum(axis=1), dtype=np.float64).ravel()
    gains = []
    for row, topic in enumerate(new_labels.tolist()):
        some = slice(new_counts.indptr[row], new_counts.indptr[row + 1])
        columns, n = new_counts.indices[some], new_counts.data[some].astype(np.float64)
        n = np.where(frequency[columns] > 0, n, 0.0)
        if not n.sum():
            continue
        if topic == NOISE:
            gains.append(0.0)
            continue
        expected = _PRIOR_TERMS * frequency[columns]
        there = of_topic[[topic]].toarray().ravel()[columns] + expected
        ratio = there / ((sizes[topic] + _PRIOR_TERMS) * np.where(frequency[columns] > 0, frequency[columns], 1.0))
        gains.append(float(n @ np.log(np.where(n > 0, ratio, 1.0)) / n.sum()))
    return float(np.mean(gains)) if gains else float("nan")

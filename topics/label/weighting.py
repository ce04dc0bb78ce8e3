"""Term weightings: pure functions of counts a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def class_tfidf(counts: csr_array) -> csr_array:
    """Class-based TF-IDF: ``tf / |c| * log(1 + A / f)``, ≥ 0, higher is more characteristic (Grootendorst 2022).

    ``tf`` is a term's count in a topic, ``|c|`` the topic's length in terms, ``f`` the term's count in all topics
    and ``A`` the mean length of a topic.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.

    Returns
    -------
    scipy.sparse.csr_array of float64, shape (n_topics, n_terms)

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> class_tfidf(csr_array([[2, 0], [1, 3]])).toarray().round(3).tolist()
    [[0.693, 0.0], [0.173, 0.52]]
    """
    from scipy.sparse import csr_array, diags_array

    lengths = np.asarray(counts.sum(axis=1)).ravel().astype(np.float64)
    overall = np.asarray(counts.sum(axis=0)).ravel().astype(np.float64)
    rarity = np.log1p(lengths.mean() / np.maximum(overall, 1.0)) if len(lengths) else overall
    share = diags_array(1.0 / np.maximum(lengths, 1.0))
    return csr_array(share @ counts.astype(np.float64) @ diags_array(rarity))

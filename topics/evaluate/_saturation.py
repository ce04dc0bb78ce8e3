"""Saturation: how many topics are seen after how many documents, and whether more documents would show more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

MIN_SIZE = 5
"""Documents of a topic that are needed to see it: the smallest cluster that a scan of levels looks for."""

_STEPS = 20
_ORDERS = 400  # not tuned: an end of a 95 % interval is then the tenth order from the end
_ENDS = (2.5, 97.5)


def saturation(
    labels: ArrayLike, *, min_size: int = MIN_SIZE, n_orders: int = _ORDERS, random_state: int = 0
) -> pd.DataFrame:
    """How many topics a random part of the documents shows.

    A topic is seen once ``min_size`` of its documents (or all, if it has fewer) are among those that are read; with 1
    it is the rarefaction curve of ecology (Hurlbert 1971). The expected number is exact: the sum over topics of the
    hypergeometric chance to be seen. Where the curve is still rising at its end, more documents would show more topics
    of this kind; how far topics would be split at a finer level it does not say.

    Parameters
    ----------
    labels : array_like of int, shape (n_docs,)
        Topic of each document; below 0 is noise, which is read and shows nothing.
    min_size : int
        Documents of a topic that are needed to see it, ≥ 1.
    n_orders : int
        Random orders of the documents that the intervals are of, ≥ 1.
    random_state : int
        Seed of the orders.

    Returns
    -------
    pandas.DataFrame
        Twenty rows at even steps (fewer of few documents): ``n_documents``; ``share`` of all documents; ``n_topics``,
        the expected number; ``low, high``, between which it is in 95 % of the orders.

    Raises
    ------
    ValueError
        If there is no document, or a number is below 1.

    Examples
    --------
    >>> saturation([0, 0, 1, 1], min_size=1)[["n_documents", "n_topics"]].round(2).to_numpy().tolist()
    [[1.0, 1.0], [2.0, 1.67], [3.0, 2.0], [4.0, 2.0]]
    """
    import pandas as pd
    from scipy.stats import hypergeom

    topics = np.asarray(labels)
    if topics.ndim != 1 or not len(topics):
        raise InputError(f"expected a topic for each of one or more documents, got labels of shape {topics.shape}")
    if min_size < 1 or n_orders < 1:
        raise InputError(f"expected min_size and n_orders of at least 1, got {min_size} and {n_orders}")
    n_docs = len(topics)
    read = np.unique(np.ceil(np.linspace(0, n_docs, _STEPS + 1)[1:]).astype(int))
    sizes = np.unique(topics[topics > NOISE], return_counts=True)[1]
    needed = np.minimum(min_size, sizes)
    chances = hypergeom.sf(needed - 1, n_docs, sizes, read[:, None])
    seen = _seen_in_orders(topics, needed, read, n_orders=n_orders, random_state=random_state)
    low, high = np.percentile(seen, _ENDS, axis=0, method="nearest")
    return pd.DataFrame(
        {
            "n_documents": read,
            "share": read / n_docs,
            "n_topics": chances.sum(axis=1),
            "low": low.astype(int),
            "high": high.astype(int),
        }
    )


def _seen_in_orders(
    topics: NDArray[np.integer], needed: NDArray[np.int64], read: NDArray[np.int64], *, n_orders: int, random_state: int
) -> NDArray[np.int64]:
    """Topics seen after so many documents, shape (n_orders, n_steps)."""
    generator = np.random.default_rng(random_state)
    rows = np.flatnonzero(topics > NOISE)
    numbers = np.unique(topics[rows], return_inverse=True)[1]
    seen = np.zeros((n_orders, len(read)), dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(needed)))])[:-1]
    for order in range(n_orders):
        places = generator.permutation(len(topics))[rows]
        ranked = places[np.lexsort((places, numbers))]
        found = np.sort(ranked[starts + needed - 1]) if len(needed) else np.zeros(0, dtype=np.int64)
        seen[order] = np.searchsorted(found, read, side="left")
    return seen


def say_saturation(curve: pd.DataFrame, *, noise_share: float) -> str:
    """Whether a corpus has more topics to show, in a sentence.

    Parameters
    ----------
    curve : pandas.DataFrame
        From :func:`saturation`.
    noise_share : float
        Share of the documents in no topic.
    """
    n_topics = float(curve["n_topics"].iloc[-1])
    if not n_topics:
        return "there is no topic to be seen"
    at = {share: float(np.interp(share, curve["share"], curve["n_topics"])) for share in (0.5, 0.9)}
    last = n_topics - at[0.9]
    more = (
        "the last tenth of them adds none, so more articles of this kind would hardly show further topics"
        if last < 0.05
        else f"the last tenth of them adds {last:.1f}, so more articles of this kind would show further topics"
    )
    noise = f"; {noise_share:.0%} of them are in no topic" if noise_share >= 0.005 else ""
    return f"half of the documents show {at[0.5]:.1f} of the {n_topics:.0f} topics; {more}{noise}"

"""What became of topics: two labelings of the same documents, or two sets of topics that are only alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

KINDS = ("kept", "drifted", "split", "merged", "gone", "born")

# Not tuned: what they mean is the reason. A topic shares more than half of the union with one other topic at most, so
# that "kept" is unambiguous. A Jaccard index of 1/5 is a third of each of two topics of one size. A part is a topic
# of which two thirds come from one, twice as many as from all others, and that is a fifth of that one: less is what
# documents at the edge of a topic do.
_KEPT, _DRIFTED = 0.5, 0.2
_MOSTLY, _PART = 2 / 3, 0.2
_ALIKE_SHARE = 0.95  # customary: of the pairs of different topics of one corpus, which a link must be closer than
_MIN_ALIKE = 0.25  # of a cosine; not tuned: topics of a corpus may be so far apart that next to nothing is closer


def match_topics(labels_a: ArrayLike, labels_b: ArrayLike) -> pd.DataFrame:
    """What became of each topic of one labeling in another labeling of the same documents, one row an event.

    Topics are matched one to one by the assignment with the greatest sum of Jaccard indices (Kuhn 1955); splits and
    merges are one to many, as in MONIC (Spiliopoulou et al. 2006).

    Parameters
    ----------
    labels_a, labels_b : array-like of int, shape (n_docs,)
        Topic of each document, or ``NOISE``.

    Returns
    -------
    pandas.DataFrame
        ``kind``: "kept" (Jaccard index above 1/2, which one partner alone can have), "drifted" (matched, above 1/5),
        "split" (several topics of b come to 2/3 or more from one of a, and are each at least 1/5 of it), "merged" (the
        same the other way), "gone" and "born" (none of these). ``topics_a, topics_b``: lists of topics, the matched or
        the largest first; ``n_a, n_b, n_shared``: documents in each side and in both; ``jaccard`` in [0, 1];
        ``share_a, share_b``: shares of the documents of each side that are in the other; ``nearest``: where most
        documents of a topic that is gone went, or of one that is born came from (``NOISE`` for noise).

    Raises
    ------
    ValueError
        If the labelings are not of one length.

    Examples
    --------
    >>> match_topics([0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2])[["kind", "topics_a", "topics_b"]].values.tolist()
    [['kept', [1], [2]], ['split', [0], [0, 1]]]
    """
    import pandas as pd
    from scipy.optimize import linear_sum_assignment

    topics_a, topics_b, shared, sizes_a, sizes_b = _shared(np.asarray(labels_a), np.asarray(labels_b))
    jaccard = shared / np.maximum(sizes_a[:, None] + sizes_b[None] - shared, 1)
    share_a, share_b = shared / np.maximum(sizes_a[:, None], 1), shared / np.maximum(sizes_b[None], 1)
    of_a, of_b = topics_a != NOISE, topics_b != NOISE
    parts = (share_b >= _MOSTLY) & (share_a >= _PART) & of_a[:, None] & of_b[None]
    wholes = (share_a >= _MOSTLY) & (share_b >= _PART) & of_a[:, None] & of_b[None]
    events: list[tuple[str, list[int], list[int]]] = []
    split, merged = parts.sum(axis=1) > 1, wholes.sum(axis=0) > 1
    events += [("split", [i], _largest(shared[i], parts[i])) for i in np.flatnonzero(split).tolist()]
    events += [("merged", _largest(shared[:, j], wholes[:, j]), [j]) for j in np.flatnonzero(merged).tolist()]
    seen_a = {i for _, rows, _ in events for i in rows}
    seen_b = {j for _, _, columns in events for j in columns}
    allowed = np.where(of_a[:, None] & of_b[None], jaccard, 0.0)
    for i, j in zip(*linear_sum_assignment(allowed, maximize=True), strict=True):
        if i not in seen_a and j not in seen_b and allowed[i, j] >= _DRIFTED:
            events.append(("kept" if jaccard[i, j] > _KEPT else "drifted", [int(i)], [int(j)]))
            seen_a.add(i)
            seen_b.add(j)
    events += [("gone", [i], []) for i in np.flatnonzero(of_a).tolist() if i not in seen_a]
    events += [("born", [], [j]) for j in np.flatnonzero(of_b).tolist() if j not in seen_b]
    rows = []
    for kind, of_one, of_other in sorted(events, key=lambda event: (KINDS.index(event[0]), event[1], event[2])):
        n_a, n_b = int(sizes_a[of_one].sum()), int(sizes_b[of_other].sum())
        both = int(shared[np.ix_(of_one, of_other)].sum())
        nearest = None
        if kind == "gone":
            nearest = int(topics_b[shared[of_one[0]].argmax()])
        elif kind == "born":
            nearest = int(topics_a[shared[:, of_other[0]].argmax()])
        rows.append(
            {
                "kind": kind, "topics_a": topics_a[of_one].tolist(), "topics_b": topics_b[of_other].tolist(),
                "n_a": n_a, "n_b": n_b, "n_shared": both, "jaccard": both / max(n_a + n_b - both, 1),
                "share_a": both / n_a if n_a else float("nan"), "share_b": both / n_b if n_b else float("nan"),
                "nearest": nearest,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"nearest": "Int64"})


_COLUMNS = [
    "kind", "topics_a", "topics_b", "n_a", "n_b", "n_shared", "jaccard", "share_a", "share_b", "nearest",
]  # fmt: skip


def flow_of(labels_a: ArrayLike, labels_b: ArrayLike) -> pd.DataFrame:
    """Number of documents by their topic in both labelings: ``topic_a, topic_b, n_documents``, none of 0.

    Parameters
    ----------
    labels_a, labels_b
        As for :func:`match_topics`; noise is a row of its own.
    """
    import pandas as pd

    topics_a, topics_b, shared, _, _ = _shared(np.asarray(labels_a), np.asarray(labels_b))
    rows, columns = np.nonzero(shared)
    return pd.DataFrame({"topic_a": topics_a[rows], "topic_b": topics_b[columns], "n_documents": shared[rows, columns]})


def match_alike(
    similarity: NDArray[np.floating], *, within_a: NDArray[np.floating], within_b: NDArray[np.floating]
) -> list[tuple[str, list[int], list[int]]]:
    """What became of topics that share no documents: ``kind``, rows of a, rows of b, the closest first.

    Two topics are linked where they are closer than 95 % of the pairs of different topics within a corpus are, and 1/4
    at least. Of the links, the assignment with the greatest sum is one to one; a topic that is left over, linked to a
    matched one, is a part of it (split) or one of those it is made of (merged). "kept" is what is matched.

    Parameters
    ----------
    similarity : numpy.ndarray, shape (n_a, n_b)
        Of the topics of both, higher is closer.
    within_a, within_b : numpy.ndarray, shapes (n_a, n_a) and (n_b, n_b)
        Of the topics of each among themselves.

    Examples
    --------
    >>> apart = np.array([[1.0, 0.1], [0.1, 1.0]])
    >>> match_alike(np.array([[0.9, 0.0], [0.0, 0.05]]), within_a=apart, within_b=apart)
    [('kept', [0], [0]), ('gone', [1], []), ('born', [], [1])]
    """
    from scipy.optimize import linear_sum_assignment

    threshold = alike_threshold(within_a, within_b)
    linked = np.where(similarity > threshold, similarity, 0.0)
    links_a: dict[int, list[int]] = {}
    links_b: dict[int, list[int]] = {}
    for i, j in zip(*linear_sum_assignment(linked, maximize=True), strict=True):
        if linked[i, j] > 0:
            links_a[int(i)], links_b[int(j)] = [int(j)], [int(i)]
    events: list[tuple[str, list[int], list[int]]] = []
    matched_a, matched_b = dict(links_a), dict(links_b)
    for j in _left(linked.shape[1], links_b):
        i = int(linked[:, j].argmax()) if len(linked) else -1
        if i >= 0 and linked[i, j] > 0 and i in matched_a:
            links_a[i].append(j)
            links_b[j] = [i]
    for i in _left(linked.shape[0], links_a):
        j = int(linked[i].argmax()) if linked.shape[1] else -1
        if j >= 0 and linked[i, j] > 0 and j in matched_b:
            links_b[j].append(i)
            links_a[i] = [j]
    for i, partners in sorted(links_a.items()):
        if len(partners) > 1:
            events.append(("split", [i], partners))
        elif len(links_b[partners[0]]) == 1 and i in matched_a:
            events.append(("kept", [i], partners))
    events += [("merged", partners, [j]) for j, partners in sorted(links_b.items()) if len(partners) > 1]
    events += [("gone", [i], []) for i in _left(linked.shape[0], links_a)]
    events += [("born", [], [j]) for j in _left(linked.shape[1], links_b)]
    return sorted(events, key=lambda event: KINDS.index(event[0]))


def alike_threshold(within_a: NDArray[np.floating], within_b: NDArray[np.floating]) -> float:
    """The similarity that 95 % of the pairs of different topics within a corpus stay below, and 1/4 at least.

    Parameters
    ----------
    within_a, within_b
        As for :func:`match_alike`.
    """
    pairs = np.concatenate([one[np.triu_indices(len(one), 1)] for one in (within_a, within_b)])
    return max(float(np.quantile(pairs, _ALIKE_SHARE)), _MIN_ALIKE) if len(pairs) else _MIN_ALIKE


def _left(n: int, linked: dict[int, Any]) -> Iterator[int]:
    return iter([i for i in range(n) if i not in linked])


def _largest(shared: NDArray[np.int64], among: NDArray[np.bool_]) -> list[int]:
    """The places that are among some, the greatest count first."""
    places = np.flatnonzero(among)
    return [int(i) for i in places[np.argsort(-shared[places], kind="stable")]]


def _shared(
    labels_a: NDArray[Any], labels_b: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The topics of both, noise among them, the documents in each pair of topics, and the sizes of both."""
    if labels_a.shape != labels_b.shape or labels_a.ndim != 1:
        raise InputError(
            f"expected two labelings of one shape (n_docs,), got {labels_a.shape} and {labels_b.shape}; of other "
            "documents give tables or Series with ids"
        )
    topics_a, rows = np.unique(labels_a.astype(np.int64), return_inverse=True)
    topics_b, columns = np.unique(labels_b.astype(np.int64), return_inverse=True)
    cells = np.bincount(rows * len(topics_b) + columns, minlength=len(topics_a) * len(topics_b))
    shared = cells.reshape(len(topics_a), len(topics_b))
    return topics_a, topics_b, shared, shared.sum(axis=1), shared.sum(axis=0)

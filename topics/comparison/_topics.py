"""What became of the topics of one side in the other, and whether seeds alone would have done it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.evaluate import SeedTest, match_topics

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TERMS_SHOWN = 3  # of a topic's name in a table
LEVEL = 0.05  # customary: of every test of a comparison


def topics_frame(
    labels_a: NDArray[np.int64],
    labels_b: NDArray[np.int64],
    *,
    terms_a: Mapping[int, Sequence[str]],
    terms_b: Mapping[int, Sequence[str]],
    tests: Sequence[SeedTest],
) -> pd.DataFrame:
    """One row an event of :func:`topics.evaluate.match_topics`, with terms, and what seeds would have done.

    Parameters
    ----------
    labels_a, labels_b : numpy.ndarray of int, shape (n_docs,)
        Topics of the same documents on both sides.
    terms_a, terms_b : Mapping
        Terms of each topic; empty where they are not known.
    tests : sequence of SeedTest
        Against pairs of runs of each config; empty where there are none.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`topics.evaluate.match_topics`; ``terms_a, terms_b``: the first terms; ``shared_terms``:
        the Jaccard index of all terms of both, NaN without; ``together, usual``: how far the other side keeps the
        topic that changed most together, and how far another run of its config does; ``beyond_seeds``: whether any
        topic deviates as much in at most 5 % of such pairs, which corrects for the number of topics (Westfall and Young
        1993); None untested.
    """
    frame = match_topics(labels_a, labels_b)
    return with_tests(with_terms(frame, terms_a=terms_a, terms_b=terms_b), tests)


def with_terms(
    frame: pd.DataFrame, *, terms_a: Mapping[int, Sequence[str]], terms_b: Mapping[int, Sequence[str]]
) -> pd.DataFrame:
    """The frame with ``terms_a, terms_b, shared_terms``; see :func:`topics_frame`.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``topics_a, topics_b``.
    terms_a, terms_b : Mapping
        Terms of each topic.
    """
    return frame.assign(
        terms_a=[_named(topics, terms_a) for topics in frame["topics_a"]],
        terms_b=[_named(topics, terms_b) for topics in frame["topics_b"]],
        shared_terms=[
            _overlap(_joined(one, terms_a), _joined(other, terms_b))
            for one, other in zip(frame["topics_a"], frame["topics_b"], strict=True)
        ],
    )


def with_tests(frame: pd.DataFrame, tests: Sequence[SeedTest]) -> pd.DataFrame:
    """The frame with ``together, usual, beyond_seeds``; see :func:`topics_frame`.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``topics_a, topics_b``.
    tests : sequence of SeedTest
        Of each config; a topic is beyond seeds if it is so in all of them.
    """
    rows: list[tuple[float, float, bool | None]] = []
    for topics_a, topics_b in zip(frame["topics_a"], frame["topics_b"], strict=True):
        worst: list[tuple[float, float, float]] = []
        for test in tests:
            known = [of[t] for of, ts in ((test.topics_a, topics_a), (test.topics_b, topics_b)) for t in ts if t in of]
            worst += [min(known, key=lambda one: (one[2], one[0] - one[1]))] if known else []
        if not worst or len(worst) < len(tests):
            rows.append((np.nan, np.nan, None))
            continue
        together, usual, p = max(worst, key=lambda one: one[2])
        rows.append((together, usual, p <= LEVEL))
    together_of, usual_of, beyond = zip(*rows, strict=True) if rows else ((), (), ())
    return frame.assign(together=list(together_of), usual=list(usual_of), beyond_seeds=list(beyond))


def _named(topics: Sequence[int], terms: Mapping[int, Sequence[str]]) -> str:
    return " / ".join(", ".join(terms.get(topic, ())[:TERMS_SHOWN]) for topic in topics if terms.get(topic))


def _joined(topics: Sequence[int], terms: Mapping[int, Sequence[str]]) -> set[str]:
    return {term for topic in topics for term in terms.get(topic, ())}


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else float("nan")

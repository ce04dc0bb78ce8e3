"""The scores of both sides, their differences, and how far these can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.comparison._sides import Member, Side, labels_on
from topics.evaluate import adjusted_mutual_information, adjusted_rand, bootstrap, coherence_of_counts
from topics.evaluate._differences import adjusted_p_values, null_p_value, seed_difference
from topics.evaluate._scores import DEFINITIONS
from topics.evaluate._windows import WindowCounts
from topics.records import NOISE, HeldOutTerms, TermCounts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

METRICS = (
    "n_topics", "noise_share", "stability", "reproducibility", "npmi_held_out", "diversity", "silhouette",
    "language_leak", "ami", "ami_without_noise", "ari",
)  # fmt: skip
"""The scores that are compared: one of each kind, since every further one makes the correction stricter."""

COLUMNS = [
    "metric", "better", "a", "b", "difference", "low", "high", "over", "effect", "seeds_alone", "p", "q",
]  # fmt: skip
_OF_LABELS = ("n_topics", "noise_share", "ami", "ari")
_QUANTILE = 0.95

Measure = Callable[["NDArray[np.intp]"], float]


def metrics_frame(
    a: Side,
    b: Side,
    *,
    ids: pd.Index,
    truth: Sequence[Any] | None,
    nulls: Sequence[Sequence[tuple[Any, Any]]],
    n_resamples: int,
    random_state: int,
) -> pd.DataFrame:
    """One row a score that both sides have.

    Parameters
    ----------
    a, b : Side
        With as many labelings each, or one.
    ids : pandas.Index
        The documents that both have.
    truth : sequence or None
        A human label of each of them, or None.
    nulls : sequence of sequence of pairs of labels
        Labelings of two runs of one config; see :mod:`topics.comparison._layouts`.
    n_resamples : int
        Resamples of the documents; 0 leaves them out.
    random_state : int
        Seed of them.

    Returns
    -------
    pandas.DataFrame
        ``metric, better`` ("higher", "lower", "none"); ``a, b``: means over seeds; ``difference`` of b less a; ``low,
        high``: its 95 % interval ``over`` "seeds", "documents" or "seeds and documents"; ``effect``: Hedges' g;
        ``seeds_alone``: what 95 % of differences between two runs of one config stay below; ``p``, and ``q``, corrected
        for the number of scores by Benjamini and Hochberg.
    """
    import pandas as pd

    labels = [labels_on(side, ids) for side in (a, b)]
    human = _numbers(truth)
    values = [
        [_values(m, of, human) for m, of in zip(side.members, part, strict=True)]
        for side, part in zip((a, b), labels, strict=True)
    ]
    measures = [_measures(side, part, human, same=ids) for side, part in zip((a, b), labels, strict=True)]
    rows = []
    for name in METRICS:
        of_a, of_b = (np.array([one.get(name, np.nan) for one in side], dtype=float) for side in values)
        if np.isnan(of_a).any() or np.isnan(of_b).any():
            continue
        row = _row(name, of_a, of_b)
        if name in measures[0] and name in measures[1] and n_resamples:
            row = _with_documents(
                row,
                measures[0][name],
                measures[1][name],
                n=len(ids),
                n_resamples=n_resamples,
                random_state=random_state,
            )
        if nulls and name in _OF_LABELS:
            row |= _against(nulls, row["difference"], _label_value(name, human))
        rows.append(row)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["q"] = adjusted_p_values(frame["p"].to_numpy(dtype=float))
    return frame


def _row(name: str, of_a: NDArray[np.float64], of_b: NDArray[np.float64]) -> dict[str, Any]:
    """What the seeds say of one score."""
    row: dict[str, Any] = {
        "metric": name, "better": DEFINITIONS[name][1], "a": float(of_a.mean()), "b": float(of_b.mean()),
        "difference": float(of_b.mean() - of_a.mean()), "low": np.nan, "high": np.nan, "over": "", "effect": np.nan,
        "seeds_alone": np.nan, "p": np.nan, "q": np.nan,
    }  # fmt: skip
    if len(of_a) < 2 or len(of_a) != len(of_b):
        return row
    found = seed_difference(of_a, of_b)
    within = [abs(one - other) for side in (of_a, of_b) for one, other in combinations(side, 2)]
    reach = found["reach"]
    return row | {
        "low": row["difference"] - reach, "high": row["difference"] + reach, "over": "seeds",
        "effect": found["effect"], "p": found["p"], "seeds_alone": float(np.quantile(within, _QUANTILE)),
    }  # fmt: skip


def _with_documents(
    row: dict[str, Any], of_a: Measure, of_b: Measure, *, n: int, n_resamples: int, random_state: int
) -> dict[str, Any]:
    """The interval with what other documents would have changed; both variances add."""
    low, high = bootstrap(lambda rows: of_b(rows) - of_a(rows), n, n_resamples=n_resamples, random_state=random_state)
    if np.isnan(low):
        return row
    of_seeds = (row["high"] - row["low"]) / 2 if row["over"] else 0.0
    reach = float(np.hypot(of_seeds, (high - low) / 2))
    return row | {
        "low": row["difference"] - reach, "high": row["difference"] + reach,
        "over": "seeds and documents" if row["over"] else "documents",
    }  # fmt: skip


def _against(
    nulls: Sequence[Sequence[tuple[Any, Any]]], difference: float, value: Callable[[Any], float] | None
) -> dict[str, Any]:
    """The difference against those of two runs of one config; of two configs' nulls the one that is harder to beat."""
    if value is None:
        return {}
    draws = [np.array([abs(value(one) - value(other)) for one, other in pairs]) for pairs in nulls]
    return {
        "seeds_alone": max(float(np.quantile(one, _QUANTILE)) for one in draws),
        "p": max(null_p_value(abs(difference), one) for one in draws),
    }


def _values(member: Member, labels: NDArray[np.int64], human: NDArray[np.int64] | None) -> Mapping[str, float]:
    """The scores of a labeling: those that are known of it, and those that its labels give."""
    if not len(labels):
        return member.scores
    of_labels = {name: value(labels) for name in _OF_LABELS if (value := _label_value(name, human)) is not None}
    return {**of_labels, **member.scores}


def _label_value(name: str, human: NDArray[np.int64] | None) -> Callable[[Any], float] | None:
    if name == "n_topics":
        return lambda labels: float(len(np.unique(labels[labels != NOISE])))
    if name == "noise_share":
        return lambda labels: float((labels == NOISE).mean())
    if human is None:
        return None
    agree = adjusted_mutual_information if name == "ami" else adjusted_rand
    known = human >= 0
    return lambda labels: agree(human[known], labels[known])


def _measures(
    side: Side, labels: Sequence[NDArray[np.int64]], human: NDArray[np.int64] | None, *, same: pd.Index
) -> dict[str, Measure]:
    """Scores of resampled documents, each the mean over the labelings."""
    measures: dict[str, Measure] = {"noise_share": _mean_of([_noise(of) for of in labels])}
    if human is not None:
        for name, agree in (("ami", adjusted_mutual_information), ("ari", adjusted_rand)):
            measures[name] = _mean_of([_agreement(agree, human, of) for of in labels])
    coherent = [
        _coherence(member.held_out, member.counts)
        for member in side.members
        if member.held_out is not None and member.counts is not None and member.labels.index.equals(same)
    ]
    if len(coherent) == len(side.members):
        measures["npmi_held_out"] = _mean_of(coherent)
    return measures


def _mean_of(measures: Sequence[Measure]) -> Measure:
    return lambda rows: float(np.mean([measure(rows) for measure in measures]))


def _noise(labels: NDArray[np.int64]) -> Measure:
    return lambda rows: float((labels[rows] == NOISE).mean())


def _agreement(agree: Callable[..., float], human: NDArray[np.int64], labels: NDArray[np.int64]) -> Measure:
    def measure(rows: NDArray[np.intp]) -> float:
        known = rows[human[rows] >= 0]
        return agree(human[known], labels[known]) if len(known) else float("nan")

    return measure


def _coherence(held_out: HeldOutTerms, counts: TermCounts) -> Measure:
    """Coherence of the held-out terms in the held-out documents among those that were drawn."""
    from scipy.sparse import csr_array

    words = list(dict.fromkeys(term for topic in held_out.terms for term in topic))
    place = {term: i for i, term in enumerate(counts.terms)}
    words = [word for word in words if word in place]
    contains = csr_array(counts.counts[:, [place[word] for word in words]] > 0).astype(np.int64)
    is_held = np.zeros(contains.shape[0], dtype=bool)
    is_held[held_out.rows] = True

    def measure(rows: NDArray[np.intp]) -> float:
        part = contains[rows[is_held[rows]]]
        pairs = csr_array(part.T @ part)
        together = WindowCounts(tuple(words), part.shape[0], np.asarray(pairs.diagonal(), dtype=np.int64), pairs)
        values = coherence_of_counts(held_out.terms, together)
        return float("nan") if np.isnan(values).all() else float(np.nanmean(values))

    return measure


def _numbers(truth: Sequence[Any] | None) -> NDArray[np.int64] | None:
    """Human labels as numbers, -1 where there is none."""
    if truth is None:
        return None
    known = np.array([value is not None and value == value for value in truth])
    numbers = np.full(len(known), -1, dtype=np.int64)
    numbers[known] = np.unique(
        [str(value) for value, is_known in zip(truth, known, strict=True) if is_known], return_inverse=True
    )[1]
    return numbers

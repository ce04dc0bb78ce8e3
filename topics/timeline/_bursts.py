"""Bursts: periods in which a topic has a larger share of all documents than it has elsewhere, tested against chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError
from topics.records import NOISE
from topics.timeline._counts import Timeline, by_topic
from topics.timeline._periods import after, grain_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_CELLS = 4_000_000  # of tables drawn at once; not tuned: bounds the memory at some hundred MB
_TERMS = 5
_COLUMNS = (
    "topic", "start", "end", "n_periods", "n_documents", "share", "share_elsewhere", "strength", "p", "terms",
)  # fmt: skip


def find_bursts(
    timeline: Timeline,
    *,
    scale: float = 2.0,
    gamma: float = 1.0,
    max_p: float = 0.05,
    n_draws: int = 199,
    random_state: int = 0,
) -> pd.DataFrame:
    """Bursts of the topics, the strongest first; noise has none.

    An automaton with two states (Kleinberg 2002, section 4, for documents that come in batches) emits a topic's
    documents among all documents of each period: at the topic's overall rate, or at ``scale`` times that. To begin a
    burst costs ``gamma`` times the logarithm of the number of periods. The likeliest sequence of states has the bursts.
    Rates are of all documents of a period: a topic does not burst because the corpus grows, and one with half of all
    documents cannot, as its share cannot double.

    Chance is what remains when topics have nothing to do with time: tables with the same documents a topic and a
    period, drawn at random. ``p`` is the share of these tables in which any topic has as strong a burst, so it is
    corrected for the number of topics and of periods (Westfall and Young 1993, single step). It takes documents as
    independent; near-duplicates that count as documents are not.

    Parameters
    ----------
    timeline : Timeline
        From :func:`topics.timeline.over_time`.
    scale : float
        Rate of a burst by the topic's overall rate, above 1; 2 is Kleinberg's.
    gamma : float
        Cost of beginning a burst, ≥ 0: the larger, the fewer and longer. 1 is Kleinberg's.
    max_p : float
        Bursts with a greater ``p`` are left out; 1 keeps all, and draws no tables if ``n_draws`` is 0.
    n_draws : int
        Tables that are drawn; the smallest ``p`` is 1 / (n_draws + 1).
    random_state : int
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        ``topic``; ``start`` and ``end``: the first moment of the burst and the first after it, UTC; ``n_periods``;
        ``n_documents`` of the topic in it; ``share`` in [0, 1] of all documents of these periods, and
        ``share_elsewhere``, NaN if there are none; ``strength``: Kleinberg's weight, by how much the burst is likelier
        than the overall rate, in natural units of log-likelihood; ``p`` in (0, 1], NaN without draws; ``terms``
        that the topic has more of in these periods than in others, empty where no run is given.

    Raises
    ------
    ValueError
        If ``scale`` is not above 1, ``gamma`` is negative, ``max_p`` is not in (0, 1], or no tables are drawn though
        ``max_p`` is below 1.
    """
    import pandas as pd

    _check(scale, gamma, max_p=max_p, n_draws=n_draws)
    table, topics, totals = by_topic(timeline.frame)
    gains = _gains(table, totals, scale=scale)
    cost = gamma * np.log(max(len(totals), 1))
    states = _states(gains, cost)
    n_real = topics != NOISE
    chance = _drawn(table, totals, n_real=n_real, scale=scale, cost=cost, n_draws=n_draws, random_state=random_state)
    starts, grain = timeline.starts, grain_of(timeline.freq)
    rows = []
    for i in np.flatnonzero(n_real):
        for first, last in _runs(states[i]):
            inside, topic = slice(first, last + 1), int(topics[i])
            strength = float(gains[i, inside].sum())
            p = float((1 + (chance >= strength).sum()) / (1 + n_draws)) if n_draws else float("nan")
            if p > max_p:
                continue
            terms = timeline.words.within(topic, inside, n_terms=_TERMS) if timeline.words else []
            rows.append(
                {
                    "topic": topic, "start": starts[first], "end": after(starts[last], grain),
                    "n_periods": last + 1 - first, **_shares(table[i], totals, inside), "strength": strength, "p": p,
                    "terms": terms,
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.sort_values(["strength", "topic", "start"], ascending=[False, True, True], ignore_index=True)


def _shares(counts: NDArray[np.int64], totals: NDArray[np.int64], inside: slice) -> dict[str, float]:
    """A topic's documents and share within some periods, and its share in the others."""
    n, of = int(counts[inside].sum()), int(totals[inside].sum())
    n_else, of_else = int(counts.sum()) - n, int(totals.sum()) - of
    return {
        "n_documents": n,
        "share": n / of,
        "share_elsewhere": n_else / of_else if of_else else float("nan"),
    }


def _check(scale: float, gamma: float, *, max_p: float, n_draws: int) -> None:
    if not scale > 1:
        raise InputError(f"expected a scale above 1, got {scale!r}: a burst is of more documents than usual")
    if not gamma >= 0:
        raise InputError(f"expected a gamma of at least 0, got {gamma!r}")
    if not 0 < max_p <= 1:
        raise InputError(f"expected max_p in (0, 1], got {max_p!r}")
    if n_draws < (0 if max_p == 1 else 1):
        raise InputError(f"expected n_draws of at least 1, got {n_draws!r}; max_p=1 and n_draws=0 test nothing")


def _gains(table: NDArray[np.int64], totals: NDArray[np.int64], *, scale: float) -> NDArray[np.float64]:
    """By how much the burst's rate explains each count better than the overall rate; tables may be stacked."""
    overall = table.sum(axis=-1, keepdims=True) / max(int(totals.sum()), 1)
    can_rise = (overall > 0) & (scale * overall < 1)
    raised = np.where(can_rise, scale * overall, overall)
    with np.errstate(divide="ignore", invalid="ignore"):
        fewer = np.where(can_rise, np.log((1 - raised) / (1 - overall)), 0.0)
    return np.where(can_rise, table * np.log(scale) + (totals - table) * fewer, 0.0)


def _states(gains: NDArray[np.float64], cost: float) -> NDArray[np.bool_]:
    """The likeliest sequence of states along the last axis (Viterbi 1967): whether each period is of a burst."""
    n_periods = gains.shape[-1]
    calm, burst = np.zeros(gains.shape[:-1]), np.full(gains.shape[:-1], -np.inf)
    stays, leaves = np.zeros(gains.shape, dtype=bool), np.zeros(gains.shape, dtype=bool)
    for t in range(n_periods):
        stays[..., t], leaves[..., t] = burst >= calm - cost, burst > calm
        calm, burst = np.maximum(calm, burst), gains[..., t] + np.maximum(burst, calm - cost)
    states = np.zeros(gains.shape, dtype=bool)
    state = burst > calm
    for t in range(n_periods - 1, -1, -1):
        states[..., t] = state
        state = np.where(state, stays[..., t], leaves[..., t])
    return states


def _drawn(
    table: NDArray[np.int64],
    totals: NDArray[np.int64],
    *,
    n_real: NDArray[np.bool_],
    scale: float,
    cost: float,
    n_draws: int,
    random_state: int,
) -> NDArray[np.float64]:
    """The strongest burst of any topic in each table drawn with the same sums; 0 in one without a burst."""
    from scipy.stats import random_table

    rows = np.vstack([table, totals - table.sum(axis=0)])  # topics that the frame lacks are one row of the table
    has_any = rows.sum(axis=1) > 0
    random = np.random.default_rng(random_state)
    strongest: list[NDArray[np.float64]] = []
    at_once = max(1, _CELLS // rows.size)
    for start in range(0, n_draws if totals.sum() else 0, at_once):
        size = min(at_once, n_draws - start)
        drawn = random_table(rows[has_any].sum(axis=1), totals).rvs(size=size, random_state=random)
        own = np.asarray(drawn, dtype=np.int64).reshape(size, -1, len(totals))[:, np.append(n_real, False)[has_any]]
        gains = _gains(own, totals, scale=scale)
        strongest.append(_strongest(gains, _states(gains, cost)))
    return np.concatenate(strongest) if strongest else np.zeros(n_draws)


def _strongest(gains: NDArray[np.float64], states: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The greatest sum of gains of one burst in each table."""
    weight, best = np.zeros(gains.shape[:-1]), np.zeros(gains.shape[:-1])
    for t in range(gains.shape[-1]):
        weight = np.where(states[..., t], weight + gains[..., t], 0.0)
        over = states[..., t] & ~(states[..., t + 1] if t + 1 < gains.shape[-1] else np.zeros_like(states[..., t]))
        best = np.where(over, np.maximum(best, weight), best)
    strongest: NDArray[np.float64] = best.max(axis=-1, initial=0.0)
    return strongest


def _runs(states: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], states, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]

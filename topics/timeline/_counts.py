"""Topics over time: documents by period with shares, intervals and terms, and what had no place in a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._notebook import fragment
from topics._say import count, verb
from topics.errors import InputError, InputTypeError
from topics.records import NOISE
from topics.timeline._periods import Grain, grain_of, ordinals_of, starts_of
from topics.timeline._words import PeriodWords, words_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.runs import Run

_MAX_PERIODS = 20_000
_MIN_DOCUMENTS = 3  # of a topic in a period, for terms of its own; not tuned: with fewer they are one document's
_COLUMNS = ("text", "topic", "date", "date_precision", "copy_of")


@dataclass(frozen=True, eq=False, repr=False)
class Timeline:
    """Topics by period.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a period and topic, noise (-1) too, and also where there is no document: ``period`` (its first moment,
        UTC), ``topic``; ``n_documents``; ``n_period`` (of all topics); ``share`` in [0, 1], NaN in a period without
        documents; ``low, high``: its 95 % interval (Wilson 1927), wide where documents are few; ``terms``: those that
        the topic has more of in this period than in others, the most telling first, empty where documents are few or
        no run is given. If smoothing was asked for, also ``smoothed, smoothed_low, smoothed_high``.
    freq : str
        Length of a period.
    n_undated : int
        Documents without a date.
    n_coarse : int
        Documents whose date is not known to the period, such as a day where periods are hours.
    words : PeriodWords or None
        Terms of each topic by period, which terms of bursts are found in; None where no run is given.
    """

    frame: pd.DataFrame
    freq: str
    n_undated: int
    n_coarse: int
    words: PeriodWords | None = None

    def __repr__(self) -> str:
        return f"<Timeline by {self.freq}: {count(len(self.starts), 'period')}>"

    @property
    def starts(self) -> pd.DatetimeIndex:
        """The first moment of each period, UTC, in order."""
        import pandas as pd

        return pd.DatetimeIndex(self.frame["period"].drop_duplicates().sort_values())

    def periods(self, n_terms: int = 8) -> pd.DataFrame:
        """One row a period, in order: ``period, n_documents``, and ``terms`` that it has more of than other periods.

        Parameters
        ----------
        n_terms : int
            Terms of a period, at most; none are found where no run was given.
        """
        import pandas as pd

        totals = self.frame.groupby("period")["n_period"].first()
        terms = [[] for _ in totals] if self.words is None else self.words.of_periods(n_terms)
        return pd.DataFrame({"period": totals.index, "n_documents": totals.to_numpy(), "terms": terms})

    def _repr_html_(self) -> str:
        known = self.frame[self.frame["n_documents"] > 0]
        most = known.sort_values("share", kind="stable").drop_duplicates("topic", keep="last").set_index("topic")
        rows = [
            {
                "topic": topic, "documents": int(own["n_documents"].sum()), f"largest {self.freq}":
                f"{most['period'][topic]:%Y-%m-%d}", "share then": most["share"][topic],
                "terms then": ", ".join(most["terms"][topic]),
            }
            for topic, own in known.groupby("topic")
        ]  # fmt: skip
        return fragment(f"Topics by {self.freq}", rows, notes=self.notes)

    @property
    def notes(self) -> list[str]:
        """What is left out, in sentences."""
        notes = []
        if self.n_undated:
            notes.append(
                f"{count(self.n_undated, 'document')} {verb(self.n_undated, 'has', 'have')} no date and "
                f"{verb(self.n_undated, 'is', 'are')} in no period"
            )
        if self.n_coarse:
            notes.append(
                f"the dates of {count(self.n_coarse, 'document')} are not known to the {self.freq} and are in no period"
            )
        return notes


def over_time(
    source: Run | pd.DataFrame,
    freq: str = "month",
    *,
    n_terms: int = 5,
    near_duplicates: bool = False,
    smooth: int = 0,
) -> Timeline:
    """Topics over time, from the first period with a document to the last.

    With ``smooth``, each share is also averaged with those of the periods around it, each by its documents and by
    weights that fall in a line from 1 to 0 at ``smooth`` + 1 periods. The interval is Wilson's for as many documents as
    have the variance of this average, (Σwn)² / Σw²n: of the smoothed share, not of the period's own, and as wide as in
    a single period where there is nothing around it.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``documents()`` or some of their rows, for which no terms are found.
    freq : str
        Length of a period: "year", "quarter", "month", "week", "day", "hour" or "minute", or several such as "2 weeks",
        counted from 1970. Weeks begin on Mondays, and all are of UTC.
    n_terms : int
        Terms of a topic in a period, at most.
    near_duplicates : bool
        Whether near-duplicates count as documents, so that what many outlets print counts more.
    smooth : int
        Periods on each side that a smoothed share takes in; 0 smooths nothing.

    Raises
    ------
    ValueError
        If ``freq`` is none of these, no document is dated, there would be more than 20,000 periods, or ``smooth`` is
        negative.
    TypeError
        If ``source`` is neither a run nor such a frame.

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2022-01-03", "2022-01-20", "2022-03-01"], utc=True)
    >>> rows = {"text": "", "topic": [0, 1, 0], "date": dates, "date_precision": "day", "copy_of": None}
    >>> frame = over_time(pd.DataFrame(rows)).frame
    >>> frame[frame["topic"] == 0][["n_documents", "n_period"]].values.tolist()
    [[1, 2], [0, 0], [1, 1]]
    """
    grain = grain_of(freq)
    if smooth < 0:
        raise InputError(f"expected smooth to be a number of periods, at least 0, got {smooth!r}")
    documents = _documents(source)
    if not near_duplicates:
        documents = documents[documents["copy_of"].isna()]
    n_undated = int(documents["date"].isna().sum())
    ordinals, known = ordinals_of(documents, grain)
    kept = documents[known]
    if not len(kept):
        raise InputError(
            f"expected documents with dates known to the {freq}, got {len(documents):,} of which none has one"
        )
    first = int(ordinals[known].min())
    places = ordinals[known] - first
    n_periods = int(places.max()) + 1
    if n_periods > _MAX_PERIODS:
        raise InputError(
            f"expected at most {_MAX_PERIODS:,} periods, got {n_periods:,} of one {freq}: take a longer freq"
        )
    topics = np.unique(kept["topic"].to_numpy())
    table = np.zeros((len(topics), n_periods), dtype=np.int64)
    np.add.at(table, (np.searchsorted(topics, kept["topic"].to_numpy()), places), 1)
    frame = _frame(table, topics, first=first, grain=grain)
    if smooth:
        frame["smoothed"], frame["smoothed_low"], frame["smoothed_high"] = _smoothed(table, smooth)
    words = words_of(source, kept, places=places, n_periods=n_periods) if n_terms > 0 else None
    frame["terms"] = _terms(words, table, topics=topics, n_terms=n_terms)
    return Timeline(frame, freq, n_undated, len(documents) - n_undated - len(kept), words)


def by_topic(frame: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Documents by topic and period, the topics, and the documents of each period whatever their topic.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``frame`` of a timeline, or some of its topics.

    Returns
    -------
    tuple of numpy.ndarray of int64
        Of shapes (n_topics, n_periods), (n_topics,) and (n_periods,).
    """
    wide = frame.pivot_table(index="topic", columns="period", values="n_documents")
    totals = frame.groupby("period")["n_period"].first()
    topics: NDArray[np.int64] = wide.index.to_numpy(dtype=np.int64)
    return wide.to_numpy(dtype=np.int64), topics, totals.to_numpy(dtype=np.int64)


def _documents(source: Any) -> pd.DataFrame:
    import pandas as pd

    documents = (
        source if isinstance(source, pd.DataFrame) else source.documents() if hasattr(source, "documents") else None
    )
    if documents is None or not set(_COLUMNS) <= set(documents.columns):
        raise InputTypeError(
            f"expected a Run or rows of Run.documents(), with {', '.join(_COLUMNS)}, got {type(source).__name__}"
        )
    return documents


def _frame(table: NDArray[np.int64], topics: NDArray[np.integer[Any]], *, first: int, grain: Grain) -> pd.DataFrame:
    """One row a topic and period: topics by number, noise first, and of each the periods in order."""
    import pandas as pd

    from topics.evaluate import wilson

    n_topics, n_periods = table.shape
    starts = starts_of(first + np.arange(n_periods), grain)
    totals = np.tile(table.sum(axis=0), (n_topics, 1))
    low, high = wilson(table.ravel(), totals.ravel())
    return pd.DataFrame(
        {
            "period": starts[np.tile(np.arange(n_periods), n_topics)],
            "topic": np.repeat(topics, n_periods),
            "n_documents": table.ravel(),
            "n_period": totals.ravel(),
            "share": np.where(totals > 0, table / np.maximum(totals, 1), np.nan).ravel(),
            "low": low,
            "high": high,
        }
    )


def _smoothed(table: NDArray[np.int64], reach: int) -> tuple[NDArray[np.float64], ...]:
    """Weighted shares of all topics and periods with the bounds of their 95 % intervals, flat."""
    from scipy.ndimage import convolve1d

    from topics.evaluate import wilson

    weights = 1 - np.abs(np.arange(-reach, reach + 1)) / (reach + 1)
    totals = np.broadcast_to(table.sum(axis=0), table.shape).astype(np.float64)

    def around(values: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = convolve1d(values, by, axis=1, mode="constant")
        return found

    weighted, of = around(table.astype(np.float64), weights), around(totals, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(of > 0, weighted / of, np.nan)
        n_effective = np.where(of > 0, of**2 / around(totals, weights**2), 0.0)
    low, high = wilson((np.nan_to_num(share) * n_effective).ravel(), n_effective.ravel())
    return share.ravel(), low, high


def _terms(
    words: PeriodWords | None, table: NDArray[np.int64], *, topics: NDArray[np.integer[Any]], n_terms: int
) -> list[list[str]]:
    """Terms of each row of the frame; none where documents are few, of noise, or in a topic's only period."""
    found: list[list[str]] = [[] for _ in range(table.size)]
    n_periods = table.shape[1]
    for at, topic in enumerate(topics.tolist()):
        if words is None or topic == NOISE or (table[at] > 0).sum() < 2:
            continue
        for period, terms in enumerate(words.of_topic(topic, n_terms)):
            if table[at, period] >= _MIN_DOCUMENTS:
                found[at * n_periods + period] = terms
    return found

"""Topics over time: documents by period with shares, intervals and terms, and what had no place in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics._notebook import fragment
from topics._say import count, verb
from topics.errors import InputError, InputTypeError
from topics.records import NOISE, TermCounts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.runs import Run

__all__ = ["Timeline", "over_time"]

Frequency = Literal["year", "quarter", "month", "week", "day", "hour"]
_PERIODS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W-SUN", "day": "D", "hour": "h"}
# What a date must be known to for a period, from the coarsest precision to the finest.
_PRECISIONS = ("year", "month", "day", "minute")
_NEEDED = {"year": "year", "quarter": "month", "month": "month", "week": "day", "day": "day", "hour": "minute"}
_MAX_PERIODS = 20_000
_MIN_DOCUMENTS = 3  # of a topic in a period, for terms of its own; not tuned: with fewer they are one document's
_COLUMNS = ("text", "topic", "date", "date_precision", "copy_of")


@dataclass(frozen=True, eq=False)
class Timeline:
    """Topics by period.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a period and topic, noise (-1) too, and also where there is no document: ``period`` (its first moment,
        UTC), ``topic``; ``n_documents``; ``n_period`` (of all topics); ``share`` in [0, 1], NaN in a period without
        documents; ``low, high``: its 95 % interval (Wilson 1927), wide where documents are few; ``terms``: those that
        the topic has more of in this period than in others, the most telling first, empty where documents are few or
        no run is given.
    freq : str
        Length of a period.
    n_undated : int
        Documents without a date.
    n_coarse : int
        Documents whose date is not known to the period, such as a day where periods are hours.
    """

    frame: pd.DataFrame
    freq: str
    n_undated: int
    n_coarse: int

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
    source: Run | pd.DataFrame, freq: Frequency = "month", *, n_terms: int = 5, near_duplicates: bool = False
) -> Timeline:
    """Topics over time, from the first period with a document to the last.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``documents()`` or some of their rows, for which no terms are found.
    freq : {"year", "quarter", "month", "week", "day", "hour"}
        Length of a period; weeks begin on Mondays, and all are of UTC.
    n_terms : int
        Terms of a topic in a period, at most.
    near_duplicates : bool
        Whether near-duplicates count as documents, so that what many outlets print counts more.

    Raises
    ------
    ValueError
        If ``freq`` is none of these, no document is dated, or there would be more than 20,000 periods.
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
    check_frequency(freq)
    documents = _documents(source)
    if not near_duplicates:
        documents = documents[documents["copy_of"].isna()]
    dated = documents["date"].notna()
    periods = periods_of(documents, freq)
    known = periods.notna()
    kept, periods = documents[known], periods[known]
    if not len(kept):
        raise InputError(
            f"expected documents with dates known to the {freq}, got {len(documents):,} of which none has one"
        )
    first, n_periods = periods.min(), int((periods.max() - periods.min()).n) + 1
    if n_periods > _MAX_PERIODS:
        raise InputError(
            f"expected at most {_MAX_PERIODS:,} periods, got {n_periods:,} of one {freq}: take a longer freq"
        )
    places = np.array([(period - first).n for period in periods], dtype=np.int64)
    topics = np.unique(kept["topic"].to_numpy())
    table = np.zeros((len(topics), n_periods), dtype=np.int64)
    np.add.at(table, (np.searchsorted(topics, kept["topic"].to_numpy()), places), 1)
    frame = _frame(table, topics, first=first)
    frame["terms"] = _terms(source, kept, places, table=table, topics=topics, n_terms=n_terms)
    return Timeline(frame, freq, int((~dated).sum()), int((dated & ~known).sum()))


def check_frequency(freq: str) -> None:
    """Refuse what is no length of a period.

    Parameters
    ----------
    freq : str
        As for :func:`over_time`.

    Raises
    ------
    ValueError
        Saying which there are.
    """
    if freq not in _PERIODS:
        raise InputError(f"expected a period to be one of {', '.join(map(repr, _PERIODS))}, got {freq!r}")


def periods_of(documents: pd.DataFrame, freq: Frequency) -> pd.Series:
    """The period of each document, NaT where it has no date or one that is not known to the period.

    Parameters
    ----------
    documents : pandas.DataFrame
        Rows of ``Run.documents()``.
    freq : {"year", "quarter", "month", "week", "day", "hour"}
        Length of a period, of UTC; weeks begin on Mondays.
    """
    import pandas as pd

    known = documents["date_precision"].map(lambda precision: _suffices(precision, freq)).astype(bool)
    dates = pd.to_datetime(documents["date"].where(known), utc=True)
    return dates.dt.tz_localize(None).dt.to_period(_PERIODS[freq])


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


def _suffices(precision: Any, freq: str) -> bool:
    """Whether a date is known to the period; one whose precision nobody knows is taken for a day."""
    known = precision if precision in _PRECISIONS else "day"
    return _PRECISIONS.index(known) >= _PRECISIONS.index(_NEEDED[freq])


def _frame(table: NDArray[np.int64], topics: NDArray[np.integer[Any]], *, first: Any) -> pd.DataFrame:
    """One row a period and topic, the periods in order and in each the topics, noise last."""
    import pandas as pd

    from topics.evaluate import wilson

    n_topics, n_periods = table.shape
    starts = pd.period_range(first, periods=n_periods).to_timestamp().tz_localize("UTC")
    totals = np.tile(table.sum(axis=0), (n_topics, 1))
    low, high = wilson(table.ravel(), totals.ravel())
    frame = pd.DataFrame(
        {
            "period": np.tile(starts, n_topics),
            "topic": np.repeat(topics, n_periods),
            "n_documents": table.ravel(),
            "n_period": totals.ravel(),
            "share": np.where(totals > 0, table / np.maximum(totals, 1), np.nan).ravel(),
            "low": low,
            "high": high,
        }
    )
    frame["period"] = pd.to_datetime(frame["period"], utc=True)
    return frame


def _terms(
    source: Any,
    kept: pd.DataFrame,
    places: NDArray[np.int64],
    *,
    table: NDArray[np.int64],
    topics: NDArray[np.integer[Any]],
    n_terms: int,
) -> list[list[str]]:
    """Terms of each row of the frame, by the log-odds of a topic's periods against its others."""
    n_periods = table.shape[1]
    none: list[list[str]] = [[] for _ in range(table.size)]
    if not hasattr(source, "records") or n_terms < 1:
        return none
    counts: TermCounts = source.records.counts
    row_of = {doc_id: row for row, doc_id in enumerate(source.records.corpus.doc_ids)}
    canonical = kept["copy_of"].where(kept["copy_of"].notna(), kept["doc_id"])
    rows = np.array([row_of[doc_id] for doc_id in canonical], dtype=np.int64)
    labels = kept["topic"].to_numpy()
    for at, topic in enumerate(topics.tolist()):
        if topic == NOISE or (table[at] > 0).sum() < 2:
            continue
        own = labels == topic
        for period, terms in _own_terms(counts, rows[own], places[own], n_periods=n_periods, n_terms=n_terms):
            if table[at, period] >= _MIN_DOCUMENTS:
                none[at * n_periods + period] = terms
    return none


def _own_terms(
    counts: TermCounts, rows: NDArray[np.int64], places: NDArray[np.int64], *, n_periods: int, n_terms: int
) -> Sequence[tuple[int, list[str]]]:
    """Each period of a topic with the terms that it has more of than the others, by log-odds (Monroe et al. 2008)."""
    from scipy.sparse import csr_array

    from topics.label import log_odds

    ones = np.ones(len(rows), dtype=np.int64)
    members = csr_array((ones, (places, np.arange(len(rows)))), shape=(n_periods, len(rows)))
    weights = log_odds(csr_array(members @ counts.counts[rows]))
    found = []
    for period in np.unique(places).tolist():
        row = weights[[period]].tocoo()
        order = np.lexsort((row.col, -row.data))[:n_terms]
        found.append((period, [counts.terms[row.col[i]] for i in order if row.data[i] > 0]))
    return found

"""Terms of topics by period: what a topic, or all documents, have more of in some periods than in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False, repr=False)
class PeriodWords:
    """Counts of terms by topic and period.

    Attributes
    ----------
    terms : sequence of str
        The columns.
    counts : Mapping of int to scipy.sparse.csr_array of shape (n_periods, n_terms)
        By topic, noise (-1) too.
    """

    terms: Sequence[str]
    counts: Mapping[int, csr_array]

    def of_topic(self, topic: int, n_terms: int) -> list[list[str]]:
        """Terms of each period of a topic, by log-odds against its others (Monroe et al. 2008).

        Parameters
        ----------
        topic : int
            Its number.
        n_terms : int
            Of a period, at most.
        """
        return self._best(self.counts[topic], n_terms)

    def of_periods(self, n_terms: int) -> list[list[str]]:
        """Terms of each period whatever the topic, by log-odds against the others.

        Parameters
        ----------
        n_terms : int
            Of a period, at most.
        """
        whole = sum(list(self.counts.values())[1:], start=next(iter(self.counts.values())))
        return self._best(whole, n_terms)

    def within(self, topic: int, inside: slice, *, n_terms: int) -> list[str]:
        """Terms of several periods of a topic taken together, by log-odds against its others.

        Parameters
        ----------
        topic : int
            Its number.
        inside : slice
            Numbers of the periods.
        n_terms : int
            At most.
        """
        from scipy.sparse import csr_array

        counts = self.counts[topic]
        own = counts[inside].sum(axis=0)
        return self._best(csr_array(np.stack([own, counts.sum(axis=0) - own])), n_terms)[0]

    def _best(self, counts: csr_array, n_terms: int) -> list[list[str]]:
        from scipy.sparse import csr_array

        from topics.label import log_odds

        has_any = np.flatnonzero(np.diff(counts.indptr))
        found: list[list[str]] = [[] for _ in range(counts.shape[0])]
        if len(has_any) < 2:  # nothing to be more frequent than
            return found
        weights = csr_array(log_odds(csr_array(counts[has_any])))
        for at, period in enumerate(has_any.tolist()):
            row = weights[[at]].tocoo()
            order = np.lexsort((row.col, -row.data))[:n_terms]
            found[period] = [self.terms[row.col[i]] for i in order if row.data[i] > 0]
        return found


def words_of(source: Any, kept: pd.DataFrame, *, places: NDArray[np.int64], n_periods: int) -> PeriodWords | None:
    """Terms by topic and period; None where the source is no run.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        What the timeline is of.
    kept : pandas.DataFrame
        Rows of ``Run.documents()`` that are in periods.
    places : numpy.ndarray of int64, shape (n_kept,)
        Number of each row's period.
    n_periods : int
        How many there are.
    """
    from scipy.sparse import csr_array

    if not hasattr(source, "records"):
        return None
    counts = source.records.counts
    row_of = {doc_id: row for row, doc_id in enumerate(source.records.corpus.doc_ids)}
    canonical = kept["copy_of"].where(kept["copy_of"].notna(), kept["doc_id"])
    rows = np.array([row_of[doc_id] for doc_id in canonical], dtype=np.int64)
    labels = kept["topic"].to_numpy()
    found = {}
    for topic in np.unique(labels).tolist():
        own = np.flatnonzero(labels == topic)
        members = csr_array(
            (np.ones(len(own), dtype=np.int64), (places[own], np.arange(len(own)))), shape=(n_periods, len(own))
        )
        found[topic] = csr_array(members @ counts.counts[rows[own]])
    return PeriodWords(counts.terms, found)

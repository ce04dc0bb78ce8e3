"""Topics of a level as the explorer lists them: terms and their forms, reliabilities, evidence, place of the label."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.explore._labels import with_places
from topics.plot._labels import densest
from topics.records import Records, TermCounts, seed_reproducibility

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def describe_topics(
    topics: pd.DataFrame,
    records: Records,
    *,
    labels: NDArray[np.int32],
    points: NDArray[np.float32],
    headline: Callable[[int], str],
) -> list[dict[str, Any]]:
    """One mapping a topic, of what JSON can hold.

    Parameters
    ----------
    topics : pandas.DataFrame
        ``Run.topics()``, or that table of another level without names.
    records : Records
        Of the run, for the forms of terms and for what levels are known.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    points : numpy.ndarray of float32, shape (n_docs, 2)
        Places on the map.
    headline : callable
        Of a document by its row.
    """
    row_of = {doc_id: row for row, doc_id in enumerate(records.corpus.doc_ids)}
    forms = _Forms(records.counts)
    seeds = seed_reproducibility(labels, records.levels, level=records.clusters.level)
    told = []
    for row in topics.to_dict("records"):
        topic = int(row["topic"])
        terms = [str(term) for term in row["terms"]]
        others = [str(term) for own in row["language_terms"] for term in own]
        evidence = [row_of[doc_id] for doc_id in row["evidence"]]
        told.append(
            {
                "topic": topic,
                "name": row["name"] if isinstance(row.get("name"), str) else None,
                "validated": _number(row.get("validated")),
                "label": str(row["label"]),
                "terms": terms,
                "forms": forms.of([*terms, *others]),
                "size": int(row["size"]),
                "n_copies": int(row["n_copies"]),
                "reproducibility": _number(row["reproducibility"]),
                "seed_reproducibility": seeds.get(topic),
                "languages": [str(lang) for lang in row["languages"]],
                "sentences": [str(sentence) for sentence in row["sentences"]],
                "sentence_rows": [row_of.get(doc_id, -1) for doc_id in row["sentence_docs"]],
                "evidence": [[doc, headline(doc)] for doc in evidence],
                "nearest": [int(other) for other in row["nearest_topics"]],
                "anchor": [round(float(place), 4) for place in densest(points[labels == topic].astype(np.float64))],
            }
        )
    return with_places(told)


class _Forms:
    """The forms of terms as they stand in texts."""

    def __init__(self, counts: TermCounts) -> None:
        self._column = {term: column for column, term in enumerate(counts.terms)}
        order = np.argsort(counts.form_terms, kind="stable")
        starts = np.searchsorted(counts.form_terms[order], np.arange(len(counts.terms) + 1))
        self._order, self._starts, self._forms = order, starts, counts.forms

    def of(self, terms: list[str]) -> list[str]:
        """Every form of the terms, and the terms themselves."""
        found = dict.fromkeys(terms)
        for term in terms:
            column = self._column.get(term)
            if column is not None:
                rows = self._order[self._starts[column] : self._starts[column + 1]]
                found |= dict.fromkeys(self._forms[row] for row in rows.tolist())
        return list(found)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)

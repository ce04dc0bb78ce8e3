"""How far the new documents of a topic lie from its old ones, beside what chance does; topics of two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.comparison import compare
from topics.evaluate import adjusted_p_values, drift_test
from topics.records import Records
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

LEVEL = 0.05  # customary
_TERMS = 10  # not tuned: of a topic, compared between its old and its new documents


def drift_frame(records: Records, *, is_new: NDArray[np.bool_], n_before: int) -> pd.DataFrame:
    """One row a topic; see :class:`topics.growth.Update`.

    Parameters
    ----------
    records : Records
        Of all documents.
    is_new : numpy.ndarray of bool, shape (n_docs,)
        Which of them came.
    n_before : int
        How many topics are old.
    """
    import pandas as pd
    from scipy.sparse import csr_array
    from sklearn.preprocessing import normalize

    labels, vectors, table = records.clusters.labels, records.embeddings.vectors, records.topics.table
    weights = csr_array(records.counts.counts.astype(float))
    weights.data = np.log1p(weights.data)
    weights = csr_array(normalize(weights))
    rows = []
    for topic, name in zip(table["topic"].to_pylist(), table["label"].to_pylist(), strict=True):
        old, new = (np.flatnonzero((labels == topic) & part) for part in (~is_new, is_new))
        by_vectors, by_terms = (drift_test(of[old], of[new], random_state=topic) for of in (vectors, weights))
        came, went = _changed(weights, old, new, records.counts.terms)
        rows.append(
            {
                "topic": topic, "label": name, "is_new": topic >= n_before, "n_old": len(old), "n_new": len(new),
                "drift": by_vectors["drift"], "drift_null": by_vectors["null"], "drift_q": by_vectors["p"],
                "terms_drift": by_terms["drift"], "terms_null": by_terms["null"], "terms_q": by_terms["p"],
                "terms_came": came, "terms_went": went,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    for column in ("drift_q", "terms_q"):
        frame[column] = adjusted_p_values(frame[column].tolist())
    return frame


def _changed(weights: csr_array, old: Any, new: Any, terms: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Terms that are among the first of the new documents alone, and of the old ones alone."""
    if not len(old) or not len(new):
        return [], []
    usual = np.asarray(weights.mean(axis=0)).ravel()
    first = [
        np.argsort(-(np.asarray(weights[rows].mean(axis=0)).ravel() - usual), kind="stable")[:_TERMS].tolist()
        for rows in (old, new)
    ]
    came, went = [i for i in first[1] if i not in first[0]], [i for i in first[0] if i not in first[1]]
    return [terms[i] for i in came], [terms[i] for i in went]


def topic_diff(a: Run, b: Run, *, random_state: int = 0) -> pd.DataFrame:
    """What became of the topics of one run in another: kept, drifted, split, merged, born or gone, one row an event.

    Where the second run is an update of the first, topics have their numbers, and the documents that came are set
    against those from before: "drifted" is a topic that moved more than random halves of its documents do, adjusted for
    the number of topics; "gone" one that got no document. Elsewhere, as between months that were fitted apart, topics
    are matched and tested as :func:`topics.compare` does.

    Parameters
    ----------
    a, b : Run
        The earlier and the later.
    random_state : int
        Seed of the tests.

    Returns
    -------
    pandas.DataFrame
        ``kind, topics_a, topics_b, n_a, n_b`` and ``drift, drift_null, drift_q`` where drift was tested.

    Raises
    ------
    ValueError
        As :func:`topics.compare` does.
    """
    updates = (b.manifest.get("source") or {}).get("updates", ())
    if not updates or updates[-1]["run"] != a.manifest.get("key"):
        return compare(a, b, n_permutations=0, n_resamples=0, random_state=random_state).topics
    own = set(a.fitted.corpus.doc_ids)
    is_new = np.array([doc_id not in own for doc_id in b.records.corpus.doc_ids])
    frame = drift_frame(b.records, is_new=is_new, n_before=a.clusters.n_clusters)
    kinds = [
        "born" if born else "gone" if not n else "drifted" if q <= LEVEL else "kept"
        for born, n, q in zip(frame["is_new"], frame["n_new"], frame["drift_q"], strict=True)
    ]
    numbers = frame["topic"].tolist()
    sides: dict[str, Any] = {
        "kind": kinds,
        "topics_a": [[] if kind == "born" else [k] for k, kind in zip(numbers, kinds, strict=True)],
        "topics_b": [[] if kind == "gone" else [k] for k, kind in zip(numbers, kinds, strict=True)],
    }
    frame = frame.assign(**sides)
    frame = frame.rename(columns={"n_old": "n_a", "n_new": "n_b"})
    columns = ["kind", "topics_a", "topics_b", "n_a", "n_b", "label", "drift", "drift_null", "drift_q"]
    return frame[[*columns, "terms_came", "terms_went"]]

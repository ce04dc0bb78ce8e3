"""Two runs over other documents, such as two months: topics matched by what they are about, and whether it moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import pipeline
from topics._say import count
from topics.comparison._layouts import store_of
from topics.comparison._result import Comparison
from topics.comparison._sides import Side
from topics.comparison._topics import LEVEL, with_terms
from topics.errors import InputError, TopicsError
from topics.evaluate import adjusted_p_values, drift_test, flow_of, match_alike
from topics.graph import Node, Runner
from topics.records import Records
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_METRICS = ("n_topics", "noise_share")


def compare_corpora(a: Side, b: Side, *, ids: pd.Index, random_state: int) -> Comparison:
    """Two runs over corpora that share few documents or none.

    Topics are matched by the mean of the cosine similarities of their terms' weights and, where both runs have vectors
    of one space, of their mean vectors. Scores are not compared: they are of other documents.

    Parameters
    ----------
    a, b : Side
        Single runs.
    ids : pandas.Index
        Documents that both have.
    random_state : int
        Seed of the drift tests.

    Raises
    ------
    ValueError
        If a side is no single run.
    """
    if a.run is None or b.run is None:
        raise InputError(
            f"{a.title} and {b.title} have {count(len(ids), 'document')} in common: topics of other documents are "
            "matched by their terms, which takes two runs"
        )
    records = (a.run.records, b.run.records)
    terms, by_terms = _term_space(*records)
    spaces, vectors = {"terms": by_terms}, _vectors_of(a.run, b.run)
    if vectors is not None:
        spaces["vectors"] = _means(vectors, records)
    similarity, within = _similarities(list(spaces.values()))
    frame = _events(
        match_alike(similarity, within_a=within[0], within_b=within[1]), similarity, by=" and ".join(spaces)
    )
    frame = _with_drift(frame, terms if vectors is None else vectors, records, random_state=random_state)
    members = (a.members[0], b.members[0])
    frame = with_terms(frame, terms_a=members[0].terms, terms_b=members[1].terms)
    sizes = [np.bincount(m.labels[m.labels >= 0], minlength=1) for m in members]
    for name, column, of in (("n_a", "topics_a", sizes[0]), ("n_b", "topics_b", sizes[1])):
        frame[name] = [int(of[topics].sum()) for topics in frame[column]]
    shared = [m.labels.loc[ids].to_numpy(dtype=np.int64) for m in members]
    return Comparison(
        (a.title, b.title), (1, 1), (len(members[0].labels), len(members[1].labels), len(ids)), _metrics(a, b), frame,
        flow_of(*shared), {"kind": "none", "p": float("nan"), "why": "the documents are not the same"},
        (_how(vectors),),
    )  # fmt: skip


def _how(vectors: Any) -> str:
    if vectors is not None:
        return "Topics are matched by their terms and vectors; drift is the cosine distance of their mean vectors."
    return (
        "Topics are matched by their terms alone, since the vectors of the two runs are not of one space or not kept; "
        "drift is the cosine distance of their documents' mean term weights."
    )


def _metrics(a: Side, b: Side) -> pd.DataFrame:
    """What describes both corpora; none of it says which is better."""
    import pandas as pd

    from topics.comparison._metrics import metrics_frame

    frame = metrics_frame(a, b, ids=pd.Index([]), truth=None, nulls=(), n_resamples=0, random_state=0)
    return frame[frame["metric"].isin(_METRICS)].assign(better="none").reset_index(drop=True)


def _term_space(one: Records, other: Records) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Documents and topics of both as rows of weights over the terms of both."""
    from scipy.sparse import csr_array
    from sklearn.preprocessing import normalize

    terms = sorted({*one.counts.terms, *other.counts.terms, *one.topics.vocabulary, *other.topics.vocabulary})
    place = {term: i for i, term in enumerate(terms)}

    def moved(matrix: Any, names: Sequence[str]) -> Any:
        coo = csr_array(matrix).tocoo()
        columns = np.array([place[name] for name in names], dtype=np.int64)
        return csr_array((coo.data, (coo.row, columns[coo.col])), shape=(matrix.shape[0], len(terms)))

    documents = []
    for records in (one, other):
        rows = moved(records.counts.counts.astype(float), records.counts.terms)
        rows.data = np.log1p(rows.data)
        documents.append(normalize(rows))
    topics = tuple(normalize(moved(r.topics.weights.astype(float), r.topics.vocabulary)) for r in (one, other))
    return (documents[0], documents[1]), (topics[0], topics[1])


def _means(vectors: tuple[NDArray[Any], NDArray[Any]], records: tuple[Records, Records]) -> tuple[Any, Any]:
    """Mean vector of each topic less the mean of all documents of both, of unit length."""
    from sklearn.preprocessing import normalize

    center = np.concatenate(vectors).mean(axis=0)
    means = []
    for rows, of in zip(vectors, records, strict=True):
        labels, n = of.clusters.labels, of.clusters.n_clusters
        means.append(normalize(np.array([rows[labels == k].mean(axis=0) - center for k in range(n)]).reshape(n, -1)))
    return means[0], means[1]


def _similarities(
    spaces: Sequence[tuple[Any, Any]],
) -> tuple[NDArray[np.float64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Mean cosine over the spaces, between the topics of both and within each."""

    def cosine(one: Any, other: Any) -> NDArray[np.float64]:
        product = one @ other.T
        return np.asarray(product.todense() if hasattr(product, "todense") else product, dtype=float)

    between = np.mean([cosine(one, other) for one, other in spaces], axis=0)
    within = [np.mean([cosine(space[i], space[i]) for space in spaces], axis=0) for i in (0, 1)]
    return between, (within[0], within[1])


def _events(
    events: Sequence[tuple[str, list[int], list[int]]], similarity: NDArray[np.float64], *, by: str
) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "kind": kind, "topics_a": of_a, "topics_b": of_b,
            "similarity": float(similarity[np.ix_(of_a, of_b)].mean()) if of_a and of_b else np.nan, "by": by,
        }
        for kind, of_a, of_b in events
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "topics_a", "topics_b", "similarity", "by"])


def _with_drift(
    frame: pd.DataFrame, rows: tuple[Any, Any], records: tuple[Records, Records], *, random_state: int
) -> pd.DataFrame:
    """``drift, drift_null, drift_q`` of matched topics; one that moved more than a new draw of documents is drifted."""
    labels = [of.clusters.labels for of in records]
    found = []
    for of_a, of_b in zip(frame["topics_a"], frame["topics_b"], strict=True):
        if not of_a or not of_b:
            found.append({"drift": np.nan, "null": np.nan, "p": np.nan})
            continue
        found.append(
            drift_test(rows[0][np.isin(labels[0], of_a)], rows[1][np.isin(labels[1], of_b)], random_state=random_state)
        )
    adjusted = adjusted_p_values([one["p"] for one in found])
    kinds = [
        "drifted" if kind == "kept" and q <= LEVEL else kind for kind, q in zip(frame["kind"], adjusted, strict=True)
    ]
    return frame.assign(
        kind=kinds, drift=[one["drift"] for one in found], drift_null=[one["null"] for one in found], drift_q=adjusted
    )


def _vectors_of(a: Run, b: Run) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Vectors of both runs' documents in one space; None where there are none."""
    kinds = [dict(run.fitted.embeddings.origin.parameters) for run in (a, b)]
    if any(run.path is not None and not run.kept.has_embeddings for run in (a, b)):
        return None
    if kinds[0].get("kind") == kinds[1].get("kind") == "hybrid" and kinds[0]["semantic"] == kinds[1]["semantic"]:
        parts = [_semantic(run) for run in (a, b)]
    elif (kinds[0] == kinds[1] and "lsa" not in str(kinds[0].get("kind"))) or kinds[0].get("kind") == kinds[1].get(
        "kind"
    ) == "given":
        parts = [run.fitted.embeddings.vectors for run in (a, b)]
    else:
        return None
    one, other = parts
    if one is None or other is None or one.shape[1] != other.shape[1]:
        return None
    return one, other


def _semantic(run: Run) -> NDArray[Any] | None:
    """The semantic part of a hybrid's vectors, if it is stored: the lexical part is of the corpus's own words."""
    store = store_of(run)
    try:
        node: Any = pipeline.vectors_for(run.config, run.fitted.corpus)
    except TopicsError:
        return None
    part = node.arguments.get("semantic") if isinstance(node, Node) else None
    if part is None or store is None or not store.has(part.origin):
        return None
    vectors: NDArray[Any] = Runner(store).get(part).vectors
    return vectors

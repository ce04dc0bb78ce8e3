"""Two runs → one with the documents of both: topics that are alike joined, the others kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.articles import join_corpora
from topics.comparison import compare
from topics.errors import InputError
from topics.graph import Runner
from topics.growth._folders import check_growing, place_of, placed_rows, written
from topics.growth._joined import Placed, joined_records
from topics.records import NOISE
from topics.runs import Assigning, Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_MATCHED = ("kept", "drifted")


@dataclass(frozen=True, eq=False)
class Merged:
    """What came of two runs.

    Attributes
    ----------
    run : Run
        Of the documents of both, in its own folder.
    topics : pandas.DataFrame
        One row a topic of the second run: ``topic_b, topic`` (its number now), ``joined``: whether that was a topic of
        the first, ``similarity`` of the closest match that was tried, NaN without one, and ``why``.
    """

    run: Run
    topics: pd.DataFrame


def merge(
    run_a: Run | str | Path,
    run_b: Run | str | Path,
    *,
    min_similarity: float = 0.5,
    name: str | None = None,
    out: str | Path | None = None,
) -> Merged:
    """A run of the documents of two; topics of the first keep numbers and labels, unmatched ones of the second follow.

    Topics are matched one to one as :func:`topics.compare` matches those of two corpora or of one. Documents that both
    have keep their topic of the first run.

    Parameters
    ----------
    run_a, run_b : Run, str or Path
        With vectors of one encoder; a hybrid's are of its own corpus's words and cannot be joined.
    min_similarity : float in [0, 1]
        How alike matched topics must be to be joined: the mean cosine of terms and vectors, or the Jaccard index of
        their documents where the runs share most of them.
    name, out
        As for :func:`update`.

    Raises
    ------
    TopicsError
        If the vectors are not of one encoder or were left out, or both have an id with different texts.
    """
    a, b = (run if isinstance(run, Run) else Run.load(run) for run in (run_a, run_b))
    if not 0 <= min_similarity <= 1:
        raise InputError(f"expected min_similarity in [0, 1], got {min_similarity!r}")
    _check_one_space(a, b)
    folder, store = place_of(a, out)
    frame, new_of_b = _matched(a, b, min_similarity=min_similarity)
    joined = join_corpora(
        a.fitted.corpus, b.fitted.corpus, params=a.config.articles, batches=(a.name, _other_name(a, b))
    )
    rows_b = {doc_id: i for i, doc_id in enumerate(b.fitted.corpus.doc_ids)}
    chosen = np.array([rows_b[doc_id] for doc_id in joined.new_ids], dtype=np.int64)
    came = b.records.embeddings.vectors[chosen]
    rows, vectors = placed_rows(
        joined.corpus, a.fitted.corpus, new_ids=joined.new_ids, vectors=(a.records, came.reshape(-1, _n_dims(a)))
    )
    placed = _placed(a, b, rows, chosen=chosen, new_of_b=new_of_b, came=came)
    runner = Runner(store)
    why = {"run": a.manifest.get("key"), "with": b.manifest.get("key"), "min_similarity": min_similarity}
    records = joined_records(
        a.config, a.records, corpus=joined.corpus, vectors=vectors, placed=placed, runner=runner, why=why
    )
    said = {
        **why,
        "from": [a.name, b.name],
        "topics": frame.astype(object).where(frame.notna(), None).to_dict("records"),
    }
    target = written(
        a, records, runner=runner, store=store, folder=folder, name=name, source={"updates": [], "merged": said}
    )
    return Merged(Run.load(target), frame)


def _check_one_space(a: Run, b: Run) -> None:
    for run in (a, b):
        check_growing(run)
    kinds = [dict(run.fitted.embeddings.origin.parameters) for run in (a, b)]
    same = kinds[0] == kinds[1] or {kind.get("kind") for kind in kinds} == {"given"}
    own_words = str(kinds[0].get("kind")) in ("hybrid", "lsa")
    if not same or own_words or _n_dims(a) != _n_dims(b):
        raise InputError(
            f"expected two runs with vectors of one encoder, got {kinds[0].get('kind')!r} and {kinds[1].get('kind')!r} "
            f"of {_n_dims(a)} and {_n_dims(b)} dimensions: a hybrid's and lsa's are of each corpus's own words; make "
            "both with embed.encoder = 'sentence-transformer' or 'static', or read all articles together"
        )


def _matched(a: Run, b: Run, *, min_similarity: float) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """What becomes of each topic of the second run, and its number then; noise stays noise."""
    import pandas as pd

    events = compare(a, b, n_permutations=0, n_resamples=0).topics
    measure = "similarity" if "similarity" in events else "jaccard"
    closest = {
        of_b[0]: (of_a[0], float(value))
        for kind, of_a, of_b, value in zip(
            events["kind"], events["topics_a"], events["topics_b"], events[measure], strict=True
        )
        if kind in _MATCHED and len(of_a) == len(of_b) == 1
    }
    number, last, rows = np.full(b.clusters.n_clusters + 1, NOISE, dtype=np.int64), a.clusters.n_clusters, []
    for topic in range(b.clusters.n_clusters):
        of_a, value = closest.get(topic, (NOISE, float("nan")))
        is_joined = value >= min_similarity
        number[topic] = of_a if is_joined else last
        last += not is_joined
        if is_joined:
            why = f"{measure} {value:.2f} with topic {of_a}"
        else:
            why = "no topic like it" if value != value else f"{measure} {value:.2f} with topic {of_a} is too little"
        rows.append({
            "topic_b": topic, "topic": int(number[topic]), "joined": is_joined, "similarity": value, "why": why,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["topic_b", "topic", "joined", "similarity", "why"]), number


def _placed(
    a: Run, b: Run, rows: Any, *, chosen: NDArray[np.int64], new_of_b: NDArray[np.int64], came: NDArray[np.float32]
) -> Placed:
    is_old, of_a, of_b = rows[0] >= 0, a.clusters, b.clusters
    labels = new_of_b[of_b.labels[chosen]] if len(chosen) else np.zeros(1, dtype=np.int64)
    confidences = of_b.confidences[chosen] if len(chosen) else np.zeros(1, dtype=np.float32)
    predictor = Assigning(a).predictor
    told = predictor.assign(came.reshape(-1, _n_dims(a))).levels if len(chosen) else {}
    nothing = np.full(1, NOISE, dtype=np.int32)
    levels = {
        name: np.where(is_old, NOISE, told.get(name, nothing)[rows[1]]).astype(np.int32) for name in predictor.levels
    }
    appended = np.flatnonzero(new_of_b[:-1] >= of_a.n_clusters)
    return Placed(
        rows[0], np.where(is_old, of_a.labels[rows[0]], labels[rows[1]]).astype(np.int32),
        np.where(is_old, of_a.confidences[rows[0]], confidences[rows[1]]).astype(np.float32), levels,
        tuple(of_b.reproducibility[appended].tolist()),
    )  # fmt: skip


def _n_dims(run: Run) -> int:
    return int(run.fitted.embeddings.vectors.shape[1])


def _other_name(a: Run, b: Run) -> str:
    return b.name if b.name != a.name else f"{b.name} (second)"

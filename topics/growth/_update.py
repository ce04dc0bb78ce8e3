"""A run and new articles → a run of all of them: old topics keep numbers and labels, new ones come after them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.articles import join_corpora, read
from topics.articles._joining import Joined
from topics.embed import embed_new, from_vectors
from topics.errors import InputError
from topics.evaluate import adjusted_p_values, drift_test
from topics.graph import Runner
from topics.growth._drift import LEVEL, drift_frame
from topics.growth._folders import check_growing, place_of, placed_rows, written
from topics.growth._gathered import Proposals, propose
from topics.growth._joined import Placed, joined_records
from topics.predict import Assigned, Predictor, freeze_assigner
from topics.records import NOISE, Corpus
from topics.runs import Assigning, Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.embed import Encoder


@dataclass(frozen=True, eq=False)
class Update:
    """What came of new articles.

    Attributes
    ----------
    run : Run
        Of all articles, in its own folder.
    topics : pandas.DataFrame
        One row a topic: ``topic, label, is_new``, ``n_old, n_new``: its documents from before and those that came;
        ``drift``: cosine distance of their mean vectors, ``drift_null``: what 95 % of random halves of its documents of
        these sizes stay below, ``drift_q``: its p-value, adjusted for the number of topics; ``terms_drift``,
        ``terms_null``, ``terms_q``: likewise of their mean term weights; ``terms_came, terms_went``: terms that are
        among its first ten for the new documents alone, or no longer are.
    proposals : pandas.DataFrame
        One row a group of the documents that fitted nowhere: ``size, terms``; ``agreement, low, high``: of layouts of
        other documents, with 1.96 standard errors of the level's stability; ``reproducibility``; ``adopted``, and the
        ``topic`` it became.
    counts : Mapping
        ``n_new, n_known, n_duplicates, n_assigned, n_gathered, n_adopted, n_reassigned, n_noise``.
    """

    run: Run
    topics: pd.DataFrame
    proposals: pd.DataFrame
    counts: Mapping[str, int]


def update(
    run: Run | str | Path,
    articles: Any,
    *,
    batch: str | None = None,
    name: str | None = None,
    out: str | Path | None = None,
    embeddings: Any = None,
    encoder: Encoder | None = None,
    regather: bool = True,
    progress: bool = False,
) -> Update:
    """A run of the old articles and new ones; old topics are neither renumbered nor renamed.

    New articles get topics by what the run has frozen (see :meth:`topics.runs.Run.assign`). Those that are like no
    topic are gathered with the run's own noise, and groups of them on which layouts of other documents agree become
    topics, with the next numbers. Then the rest is asked once more. The old run is left as it is; work that was stopped
    goes on where it stood.

    Parameters
    ----------
    run : Run, str or Path
        With its edits, and the vectors of its documents.
    articles : str, Path, table, list or Corpus
        Anything that :func:`topics.read` takes, or what it gave.
    batch : str or None
        What the new articles are called in the column ``batch``; None takes "update-" and a number.
    name, out
        Folder of the new run, and the folder of runs; None takes those of the old run, with a digest of its own.
    embeddings : array-like of shape (n_rows, n_dims), mapping or None
        Vectors of the run's encoder; None encodes the articles.
    encoder : Encoder or None
        The user's own that the run was made with; None takes that of its config.
    regather : bool
        Whether new documents of a topic that drifted are gathered too: they stay in it unless they come to be in a new
        topic. Topics of a short time else take in what is only near them.
    progress : bool
        Whether to show progress bars where standard error is a terminal.

    Raises
    ------
    TopicsError
        If the encoder is another, the run has no levels or its vectors were left out, an article has the id and not the
        text of an earlier one, or nothing of it is new.
    """
    old = run if isinstance(run, Run) else Run.load(run)
    check_growing(old)
    folder, store = place_of(old, out)
    earlier = list((old.manifest.get("source") or {}).get("updates", ()))
    batch = batch or f"update-{len(earlier) + 1}"
    came = _came(old, articles, whole=embeddings is not None, progress=progress)
    joined = join_corpora(old.fitted.corpus, came, params=old.config.articles, batches=(old.name, batch))
    if not joined.new_ids:
        raise InputError(f"expected new articles, got {came.n_docs} that the run {old.name!r} has already")
    assigning = Assigning(old, encoder=encoder)
    vectors, plain = _vectors(assigning, came, ids=joined.new_ids, embeddings=embeddings)
    assigned = assigning.predictor.assign(vectors, plain=plain)
    corpus, before = joined.corpus, replace(old.records, lexicon=assigning.lexicon)
    rows, all_vectors = placed_rows(corpus, old.fitted.corpus, new_ids=joined.new_ids, vectors=(before, vectors))
    first = _first(old, assigned, rows)
    moved = _moved(first, all_vectors) if regather else []
    gathered = np.flatnonzero((first.labels == NOISE) | (np.isin(first.labels, moved) & (first.old < 0)))
    proposals = propose(
        old.config, corpus, rows=gathered, vectors=all_vectors[gathered],
        min_cluster_size=before.clusters.min_cluster_size, store=store, progress=progress,
    )  # fmt: skip
    placed, n_reassigned = _with_proposals(first, proposals, gathered=gathered, vectors=all_vectors, old=old)
    why = {"run": old.manifest.get("key"), "batch": batch}
    runner = Runner(store, progress=progress)
    records = joined_records(
        old.config, before, corpus=corpus, vectors=all_vectors, placed=placed, runner=runner, why=why
    )
    counts = _counts(joined, assigned, proposals, placed=placed, n_reassigned=n_reassigned)
    said = {**why, "from": old.name, **counts, **_said(joined, proposals)}
    target = written(
        old, records, runner=runner, store=store, folder=folder, name=name, source={"updates": [*earlier, said]}
    )
    n_before = before.clusters.n_clusters
    drift = drift_frame(records, is_new=placed.old < 0, n_before=n_before)
    return Update(_named(Run.load(target), old), drift, _proposals_frame(proposals, n_before), counts)


def _came(old: Run, articles: Any, *, whole: bool, progress: bool) -> Corpus:
    if isinstance(articles, Corpus):
        return articles
    return read(articles, old.config.articles, whole=whole, progress=progress)


def _counts(
    joined: Joined, assigned: Assigned, proposals: Proposals, *, placed: Placed, n_reassigned: int
) -> dict[str, int]:
    return {
        "n_new": len(joined.new_ids), "n_known": joined.n_known, "n_duplicates": len(joined.duplicate_of),
        "n_assigned": int((assigned.labels != NOISE).sum()), "n_gathered": proposals.n_gathered,
        "n_adopted": len(proposals.reproducibility), "n_reassigned": n_reassigned,
        "n_noise": int((placed.labels == NOISE).sum()),
    }  # fmt: skip


def _said(joined: Joined, proposals: Proposals) -> dict[str, Any]:
    """What the manifest says of repeats and proposals; what is not known is null there."""
    rows = [{k: None if value != value else value for k, value in row.items()} for row in proposals.table]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"duplicate_of": joined.duplicate_of, "proposals": rows, "finished": now}


def _vectors(
    assigning: Assigning, came: Corpus, *, ids: tuple[str, ...], embeddings: Any
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Unit vectors of the new documents, and of a hybrid their semantic part."""
    place = {doc_id: i for i, doc_id in enumerate(came.doc_ids)}
    rows = [place[doc_id] for doc_id in ids]
    if embeddings is not None:
        return np.ascontiguousarray(from_vectors(came, embeddings).vectors[rows]), None
    texts = came.full_texts()
    return embed_new([texts[i] for i in rows], assigning.encoder, lexicon=assigning.lexicon)


def _first(old: Run, assigned: Any, rows: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Placed:
    """Old documents where they were, new ones where the frozen prototypes put them."""
    clusters, is_old = old.clusters, rows[0] >= 0
    levels = {name: np.where(is_old, NOISE, own[rows[1]]).astype(np.int32) for name, own in assigned.levels.items()}
    return Placed(
        rows[0], np.where(is_old, clusters.labels[rows[0]], assigned.labels[rows[1]]).astype(np.int32),
        np.where(is_old, clusters.confidences[rows[0]], assigned.confidences[rows[1]]).astype(np.float32), levels, (),
    )  # fmt: skip


def _moved(first: Placed, vectors: NDArray[np.float32]) -> list[int]:
    """Topics whose new documents lie farther from the old ones than chance puts them."""
    topics = np.unique(first.labels[(first.labels != NOISE) & (first.old < 0)]).tolist()
    is_new = first.old < 0
    found = [
        drift_test(vectors[(first.labels == k) & ~is_new], vectors[(first.labels == k) & is_new], random_state=k)["p"]
        for k in topics
    ]
    return [k for k, q in zip(topics, adjusted_p_values(found), strict=True) if q <= LEVEL]


def _with_proposals(
    first: Placed, proposals: Proposals, *, gathered: NDArray[np.intp], vectors: NDArray[np.float32], old: Run
) -> tuple[Placed, int]:
    """The new topics, and the rest of the gathered asked once more with them; how many found a topic then."""
    if not proposals.reproducibility:
        return first, 0
    labels, confidences = first.labels.copy(), first.confidences.copy()
    adopted = proposals.labels != NOISE
    n_before = old.clusters.n_clusters
    labels[gathered[adopted]] = proposals.labels[adopted] + n_before
    confidences[gathered[adopted]] = proposals.confidences[adopted]
    rest = gathered[~adopted & (first.labels[gathered] == NOISE)]
    found = _asked_again(labels, confidences, vectors, rest=rest)
    in_new = found.labels >= n_before  # an old topic had its say
    labels[rest[in_new]], confidences[rest[in_new]] = found.labels[in_new], found.confidences[in_new]
    placed = Placed(first.old, labels, confidences, first.levels, proposals.reproducibility)
    return placed, int(in_new.sum())


def _asked_again(
    labels: NDArray[np.int32], confidences: NDArray[np.float32], vectors: NDArray[np.float32], *, rest: NDArray[np.intp]
) -> Any:
    """What the prototypes of all topics, the new ones among them, say of some documents."""
    from topics.growth._labelings import labeling_of

    clustered = np.flatnonzero(labels != NOISE)
    embeddings, levels, clusters = labeling_of(
        vectors[clustered], labels[clustered], confidences=confidences[clustered]
    )
    assigner = freeze_assigner(embeddings, levels, clusters=clusters)
    return Predictor(assigner, levels, clusters=clusters).assign(vectors[rest])


def _named(made: Run, old: Run) -> Run:
    """The run with the names that people gave to its topics, where they would not match by themselves any more."""
    frame = old.topics()
    had = {
        t: name for t, name, by in zip(frame["topic"], frame["name"], frame["named_by"], strict=True) if by == "hand"
    }
    now = made.topics()
    has = dict(zip(now["topic"], now["name"], strict=True))
    lost = {topic: name for topic, name in had.items() if has.get(topic) != name}
    for topic, name in lost.items():
        made = made.rename(topic, name)
    if lost:
        made.save()
        made = Run.load(made.folder)
    return made


def _proposals_frame(proposals: Proposals, n_before: int) -> pd.DataFrame:
    import pandas as pd

    columns = ["size", "terms", "agreement", "low", "high", "reproducibility", "adopted"]
    frame = pd.DataFrame([dict(row) for row in proposals.table], columns=columns)
    numbers = n_before - 1 + frame["adopted"].astype(int).cumsum()
    return frame.assign(topic=numbers.where(frame["adopted"].astype(bool), NOISE).astype(int))

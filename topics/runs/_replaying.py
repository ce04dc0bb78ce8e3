"""Edits ↔ clusters: what an edit says in topics' keys and documents' ids, done to the clusters of a run."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from topics._say import count
from topics.cluster import drop, merge, move, split
from topics.errors import InputError
from topics.records import NOISE, Clusters, Corpus, Levels, fingerprint
from topics.runs._journal import Edit
from topics.runs._names import Names, TopicName
from topics.store import StoreError

_IDS_SHOWN = 3
_KEY_DIGITS = 16  # as in the table of topics


def merging(clusters: Clusters, doc_ids: Sequence[str], *, topics: Collection[int]) -> Edit:
    """The edit that makes one topic of several.

    Parameters
    ----------
    clusters : Clusters
        As they are.
    doc_ids : sequence of str
        Of the corpus's documents.
    topics : collection of int
        Two or more.

    Raises
    ------
    ValueError
        If there is no such topic.
    """
    numbers = sorted({_number(clusters, topic) for topic in topics})
    return _edit("merge", {"topics": numbers, "keys": [_key(clusters, doc_ids, topic) for topic in numbers]})


def on_topic(kind: str, clusters: Clusters, *, doc_ids: Sequence[str], topic: int) -> Edit:
    """The edit that splits or drops a topic.

    Parameters
    ----------
    kind : {"split", "drop"}
        Which of them.
    clusters, doc_ids
        As for :func:`merging`.
    topic : int
        Its number.

    Raises
    ------
    ValueError
        If there is no such topic.
    """
    number = _number(clusters, topic)
    return _edit(kind, {"topic": number, "key": _key(clusters, doc_ids, number)})


def moving(clusters: Clusters, corpus: Corpus, *, documents: Collection[str], to: int) -> Edit:
    """The edit that puts documents into a topic, or into none.

    Parameters
    ----------
    clusters : Clusters
        As they are.
    corpus : Corpus
        The documents.
    documents : collection of str
        Their ids; the id of a near-duplicate stands for its document, with which it goes.
    to : int
        A topic, or ``NOISE``.

    Raises
    ------
    ValueError
        If there is no such topic, or no such document.
    """
    if isinstance(documents, str):
        documents = [documents]
    number = NOISE if to == NOISE else _number(clusters, to)
    canonical = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    canonical |= {doc_id: doc_id for doc_id in corpus.doc_ids}
    unknown = [doc_id for doc_id in documents if doc_id not in canonical]
    if unknown or not len(documents):
        shown = ", ".join(map(repr, unknown[:_IDS_SHOWN])) or "none"
        more = " …" if len(unknown) > _IDS_SHOWN else ""
        raise InputError(f"expected ids of documents of the run, got {shown}{more}{_stories_of(unknown, corpus)}")
    ids = sorted({canonical[doc_id] for doc_id in documents})
    key = None if number == NOISE else _key(clusters, corpus.doc_ids, number)
    return _edit("move", {"documents": ids, "to": number, "key": key})


def _stories_of(unknown: Sequence[str], corpus: Corpus) -> str:
    """What to pass for the id of a round-up, which is no document itself."""
    pages = corpus.documents["parent_id"].to_pylist()
    for page in unknown[:1]:
        ids = [doc_id for doc_id, parent in zip(corpus.doc_ids, pages, strict=True) if parent == page]
        if ids:
            return f"; {page!r} is a page of {count(len(ids), 'story', 'stories')}: {', '.join(map(repr, ids))}"
    return ""


def renaming(entry: TopicName, *, topic: int, names: Names) -> Edit:
    """The edit that names a topic.

    Parameters
    ----------
    entry : TopicName
        The name, with the topic's documents.
    topic : int
        Its number.
    names : Names
        Those there are, of which it takes the place of some.
    """
    replaced = [_plain(other) for other in names.replaced_by(entry)]
    return _edit("rename", {"topic": int(topic), "key": entry.key, "entry": _plain(entry), "replaced": replaced})


def validating(entry: TopicName, *, topic: int, names: Names, validated: bool) -> Edit:
    """The edit that marks a topic as validated, or takes the mark away.

    Parameters
    ----------
    entry : TopicName
        The topic with its documents.
    topic : int
        Its number.
    names : Names
        With the marks there are, of which it takes the place of some.
    validated : bool
        Whether it is.
    """
    replaced = [_plain(other) for other in names.marks_replaced_by(entry)]
    what = {"topic": int(topic), "key": entry.key, "entry": _plain(entry), "replaced": replaced}
    return _edit("validate", what | {"validated": validated})


def replay(edits: Sequence[Edit], clusters: Clusters, *, doc_ids: Sequence[str], levels: Levels) -> Clusters:
    """The clusters after edits.

    Parameters
    ----------
    edits : sequence of Edit
        In order.
    clusters : Clusters
        That the first was made on.
    doc_ids : sequence of str
        Of the corpus's documents.
    levels : Levels
        Of the same corpus.

    Raises
    ------
    StoreError
        If an edit speaks of a topic or document that is not there.
    """
    for number, edit in enumerate(edits, start=1):
        try:
            clusters = apply(edit, clusters, doc_ids=doc_ids, levels=levels)
        except InputError as error:
            raise StoreError(
                f"edit {number} ({edit.say()}) does not fit the run: {error}; the journal is of another run, or the "
                "run was made anew since: copy the run's folder again, or make the edits anew"
            ) from None
    return clusters


def apply(edit: Edit, clusters: Clusters, *, doc_ids: Sequence[str], levels: Levels) -> Clusters:
    """The clusters after one edit; a renaming or validation leaves them as they are.

    Parameters
    ----------
    edit : Edit
        What is done.
    clusters, doc_ids, levels
        As for :func:`replay`.

    Raises
    ------
    ValueError
        If it cannot be done: a topic or document is not there, or cannot be split.
    """
    if edit.kind in ("rename", "validate"):
        return clusters
    what = edit.what
    if edit.kind == "merge":
        for topic, key in zip(what["topics"], what["keys"], strict=True):
            _check(clusters, doc_ids, topic, key)
        return merge(clusters, what["topics"])
    if edit.kind == "move":
        if what["to"] != NOISE:
            _check(clusters, doc_ids, what["to"], what["key"])
        place = {doc_id: row for row, doc_id in enumerate(doc_ids)}
        unknown = [doc_id for doc_id in what["documents"] if doc_id not in place]
        if unknown:
            raise InputError(f"there is no document {unknown[0]!r}")
        return move(clusters, [place[doc_id] for doc_id in what["documents"]], to=what["to"])
    _check(clusters, doc_ids, what["topic"], what["key"])
    if edit.kind == "split":
        return split(clusters, what["topic"], levels=levels)
    if edit.kind == "drop":
        return drop(clusters, what["topic"])
    raise InputError(f"there is no edit {edit.kind!r}")


def _check(clusters: Clusters, doc_ids: Sequence[str], topic: int, key: str) -> None:
    if (now := _key(clusters, doc_ids, _number(clusters, topic))) != key:
        raise InputError(f"topic {topic} has the key {now}, not {key}")


def _key(clusters: Clusters, doc_ids: Sequence[str], topic: int) -> str:
    return fingerprint([doc_ids[row] for row in np.flatnonzero(clusters.labels == topic).tolist()])[:_KEY_DIGITS]


def _number(clusters: Clusters, topic: Any) -> int:
    if isinstance(topic, (bool, np.bool_)) or not isinstance(topic, (int, np.integer)):
        raise InputError(f"expected the number of a topic, got {topic!r}")
    if not 0 <= topic < clusters.n_clusters:
        known = f"topics are 0 to {clusters.n_clusters - 1}" if clusters.n_clusters else "the run has none"
        raise InputError(f"there is no topic {topic!r}: {known}")
    return int(topic)


def _plain(entry: TopicName) -> dict[str, Any]:
    return {**asdict(entry), "documents": list(entry.documents)}


def _edit(kind: str, what: Mapping[str, Any]) -> Edit:
    return Edit(kind, what, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

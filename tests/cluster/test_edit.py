from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nested import CORPUS, fit

from topics import pipeline
from topics.cluster import drop, merge, move, split
from topics.cluster._consensus import largest
from topics.config import RunConfig
from topics.records import METHODS, NOISE, Clusters


@pytest.fixture(scope="module")
def fitted():
    return fit()


@pytest.fixture(scope="module")
def themes():
    return fit(level="theme")


def check(clusters: Clusters) -> None:
    """What every record of clusters keeps to."""
    label, _ = largest(clusters.membership)
    assert label.tolist() == clusters.labels.tolist()
    assert clusters.membership.shape == (len(clusters.labels), clusters.n_clusters)
    sizes = np.bincount(clusters.labels[clusters.labels >= 0], minlength=clusters.n_clusters)
    assert (np.diff(sizes) <= 0).all()
    assert (sizes > 0).all()
    assert len(clusters.reproducibility) == clusters.n_clusters
    assert ((clusters.strengths == 0) == (clusters.labels == NOISE)).all()
    assert clusters.original_labels.max(initial=NOISE) < clusters.n_clusters


def groups(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == k).tolist()) for k in set(labels.tolist()) - {NOISE}}


def test_merge_joins_and_leaves_the_parent_alone(fitted):
    parent = fitted.clusters
    before = parent.labels.tobytes()
    found = merge(parent, [3, 5])
    check(found)
    whole = frozenset(np.flatnonzero(np.isin(parent.labels, [3, 5])).tolist())
    assert groups(found.labels) == {g for g in groups(parent.labels) if not g <= whole} | {whole}
    assert found.origin.parents == (parent.origin.key,)
    topic = int(found.labels[min(whole)])
    assert found.origin.notes[-1] == f"by hand: topics 3, 5 merged; now topic {topic}"
    assert np.isnan(found.reproducibility[topic])
    assert np.isnan(found.reproducibility).sum() == 1
    assert parent.labels.tobytes() == before


def test_split_goes_one_level_down_inside_a_topic(themes):
    parent = themes.clusters
    found = split(parent, 1, levels=themes.levels)
    check(found)
    inside = parent.labels == 1
    assert groups(np.where(inside, NOISE, found.labels)) == groups(np.where(inside, NOISE, parent.labels))
    assert len(set(found.labels[inside].tolist()) - {NOISE}) == 4
    assert "by hand: topic 1 split; now topics " in found.origin.notes[-1]
    finer = themes.levels.labels[themes.levels.names.index("theme") - 1]
    for part in set(found.labels[inside].tolist()) - {NOISE}:
        assert len(set(finer[found.original_labels == part].tolist())) == 1


def test_merging_what_was_split_gives_the_parent_s_groups(themes):
    parent = themes.clusters
    parts = split(parent, 0, levels=themes.levels)
    again = merge(parts, sorted(set(parts.labels[parent.labels == 0].tolist()) - {NOISE}))
    kept = again.labels != NOISE
    assert groups(again.labels) == groups(np.where(kept, parent.labels, NOISE))


def test_move_and_drop(fitted):
    parent = fitted.clusters
    rows = np.flatnonzero(parent.labels == 2)[:3].tolist()
    found = move(parent, rows, to=7)
    check(found)
    assert len({int(found.labels[row]) for row in rows} | {int(found.labels[parent.labels == 7][0])}) == 1
    assert {METHODS[method] for method in found.methods[rows]} == {"edit"}
    assert (found.confidences[rows] == 1).all()
    away = move(parent, rows, to=NOISE)
    check(away)
    assert (away.labels[rows] == NOISE).all()
    dropped = drop(parent, 4)
    check(dropped)
    assert ((dropped.labels == NOISE) == ((parent.labels == 4) | (parent.labels == NOISE))).all()
    assert dropped.origin.notes[-1] == "by hand: topic 4 dropped"


def test_numpy_numbers_and_masks_are_taken(fitted):
    parent = fitted.clusters
    by_mask = move(parent, parent.labels == 2, to=NOISE)
    assert by_mask.labels.tolist() == drop(parent, parent.labels[parent.labels == 2][0]).labels.tolist()
    for found in (drop(parent, np.int32(4)), move(parent, [0], to=np.int64(1)), merge(parent, np.array([1, 2]))):
        assert len(found.origin.key) == 64
    with pytest.raises(ValueError, match="expected rows of documents or a mask of"):
        move(parent, [0.5], to=1)
    nothing = parent
    for _ in range(parent.n_clusters):
        nothing = drop(nothing, 0)
    assert nothing.n_clusters == 0
    check(move(nothing, [1], to=NOISE))


def test_a_topic_that_loses_all_its_documents_is_gone(fitted):
    parent = fitted.clusters
    found = move(parent, np.flatnonzero(parent.labels == 3), to=0)
    check(found)
    assert found.n_clusters == parent.n_clusters - 1


@given(st.lists(st.tuples(st.sampled_from(["merge", "move", "drop", "away"]), st.integers(0, 10**6)), max_size=6))
def test_any_edits_keep_every_document_once_and_differ_by_key(edits):
    clusters = _start()
    keys = {clusters.origin.key}
    for kind, number in edits:
        if clusters.n_clusters < 2:
            break
        topic, row = number % clusters.n_clusters, number % len(clusters.labels)
        if kind == "merge":
            clusters = merge(clusters, {topic, (topic + 1) % clusters.n_clusters})
        elif kind == "drop":
            clusters = drop(clusters, topic)
        else:
            clusters = move(clusters, [row], to=topic if kind == "move" else NOISE)
        check(clusters)
        assert clusters.origin.key not in keys
        keys.add(clusters.origin.key)


_started: list[Clusters] = []


def _start() -> Clusters:
    if not _started:
        _started.append(fit().clusters)
    return _started[0]


def test_what_cannot_be_edited_is_refused_by_name(fitted, themes):
    clusters = fitted.clusters
    with pytest.raises(ValueError, match="there is no topic 99: topics are 0 to 11"):
        drop(clusters, 99)
    with pytest.raises(ValueError, match=r"expected two topics or more to merge, got \[1, 1\]"):
        merge(clusters, [1, 1])
    with pytest.raises(ValueError, match=f"expected rows of documents from 0 to {CORPUS.n_docs - 1}, got "):
        move(clusters, [CORPUS.n_docs], to=0)
    with pytest.raises(ValueError, match="there is no topic -2"):
        move(clusters, [0], to=-2)
    finest = fit(level="finest")
    with pytest.raises(ValueError, match="cannot be split: '.*' is the finest level that was found"):
        split(finest.clusters, 0, levels=finest.levels)


def test_edited_clusters_are_described_and_saved_as_a_run(fitted, tmp_path):
    config = RunConfig.from_dict({"reduce": {"n_layouts": 4, "n_epochs": 60}, "map": {"n_epochs": 20}})
    edited = pipeline.edit(config, fitted, clusters=merge(fitted.clusters, [0, 1]))
    assert edited.topics.n_topics == fitted.topics.n_topics - 1
    assert edited.topics.origin.key != fitted.topics.origin.key
    runs = [pipeline.save(config, record, out=tmp_path, name=name) for name, record in (("a", fitted), ("b", edited))]
    assert [len(run.topics()) for run in runs] == [12, 11]
    assert runs[0].manifest["key"] != runs[1].manifest["key"]
    assert any(note.startswith("by hand: topics 0, 1 merged") for note in runs[1].warnings)
    assert runs[1].manifest["stages"]["edit"]["parameters"] == {"merge": [0, 1]}

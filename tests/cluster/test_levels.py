"""Levels, consensus, noise and membership on documents in themes, topics and single outsiders."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from helpers import unequal
from nested import CORPUS, THEMES, TOPICS, by_id, fit, vectors
from scipy.sparse import csr_array

from topics import RunConfig, pipeline
from topics.articles import from_texts
from topics.cluster import cut, find_levels
from topics.cluster._consensus import Consensus, largest
from topics.cluster._find_levels import _mark_preferred, _with_clusters
from topics.cluster._levels_record import Level
from topics.cluster._scan import Cut
from topics.config import ClusterParams
from topics.evaluate import adjusted_rand
from topics.graph import known
from topics.records import METHODS, NOISE


@pytest.fixture(scope="module")
def fitted():
    return fit()


def test_topics_and_themes_are_found_and_nest(fitted):
    levels = fitted.levels
    assert levels.names[-2:] == ["topic", "theme"]
    table = {row["level"]: row for row in levels.table.to_pylist()}
    assert table["topic"]["n_clusters"] == 12
    assert table["theme"]["n_clusters"] == 3
    assert table["topic"]["nested"] > 0.98
    for name, truth in (("topic", TOPICS), ("theme", THEMES)):
        found = levels.labels[levels.names.index(name)][: len(truth)]
        assert adjusted_rand(truth[found >= 0], found[found >= 0]) > 0.98
    assert [row["level"] for row in levels.table.to_pylist() if row["preferred"]] == ["topic"]


def test_the_choice_is_explained_with_its_numbers(fitted):
    note = fitted.clusters.origin.notes[0]
    assert note.startswith(
        "level 'topic' is where layouts of different documents agree best, after a penalty for agreement that is too easy: layouts find "
    )
    assert re.search(
        r"12 (to 1\d )?clusters at min_cluster_size \d+ \(leaf\), with [\d.]+% noise, and agree to 0\.9\d ± 0\.0\d",
        note,
    )
    assert re.search(
        r"\(AMI 0\.9\d, ARI 0\.9\d\)(; within that error 1[12] to 1\d clusters are equally good)?; also", note
    )
    assert re.search(r"; also found: theme \(3 clusters, stability 0\.[89]\d\)", note)


def test_every_cut_of_the_scan_is_there(fitted):
    scan = fitted.levels.scan.to_pydict()
    assert scan["n_clusters"] == sorted(scan["n_clusters"], reverse=True)
    assert {*zip(scan["cluster_selection_method"], scan["min_cluster_size"], strict=True)} >= {("leaf", 5), ("eom", 5)}
    mean = (np.array(scan["agreement"]) + np.array(scan["rand"])) / 2
    np.testing.assert_allclose(scan["stability"], mean)
    assert (np.array(scan["worth"]) <= max(scan["agreement"])).all()
    assert (np.array(scan["stability_error"]) >= 0).all()
    assert all(
        a <= k <= b for a, k, b in zip(scan["min_clusters"], scan["n_clusters"], scan["max_clusters"], strict=True)
    )
    assert {name for name in scan["level"] if name} == {"topic", "theme"}


@pytest.mark.parametrize(
    ("level", "n_clusters"), [("theme", 3), ("coarsest", 3), ("topic", 12), (2, 2), (3, 3), (7, 7), (12, 12)]
)
def test_a_level_is_asked_for(level, n_clusters):
    assert fit(level=level).clusters.n_clusters == n_clusters


def test_an_unknown_level_is_refused_with_those_there_are(fitted):
    with pytest.raises(
        ValueError, match="there is no level 'stroy' in these documents; expected one of .*'topic', 'theme'"
    ):
        cut(fitted.levels, CORPUS, embeddings=fitted.embeddings, params=ClusterParams(level="stroy"))


@pytest.mark.parametrize("wanted", ["topic", "theme", "coarsest"])
def test_the_note_and_the_table_say_what_the_clusters_are(fitted, wanted):
    params = ClusterParams(level=wanted)
    found = cut(fitted.levels, CORPUS, embeddings=fitted.embeddings, params=params)
    name = "theme" if wanted == "coarsest" else wanted
    chosen = fitted.levels.chosen(found.level).to_pylist()
    assert [row["level"] for row in chosen if row["chosen"]] == [name]
    assert "preferred" not in chosen[0]
    note = found.origin.notes[0]
    assert note.startswith(
        f"level {name!r} {'is the coarsest, as' if wanted == 'coarsest' else 'was'} requested: layouts find "
    )
    assert ("topic (12 clusters, stability" in note) == (name == "theme")
    assert ("the choice of 'auto'" in note) == (name == "theme")
    assert not fitted.levels.origin.notes


def test_a_number_that_is_had_is_said_and_one_that_is_not_gives_the_nearest_with_the_reason():
    note = fit(level=12).clusters.origin.notes[0]
    assert re.match(r"level 'topic' has the 12 clusters requested: layouts find 12 (to 1\d )?clusters at ", note)
    many = fit(level=100)
    n, note = many.clusters.n_clusters, many.clusters.origin.notes[0]
    assert note.startswith(f"100 clusters were requested; the closest available is {n} (level ")
    most = max(many.levels.scan["max_clusters"].to_pylist())
    assert f"because the layouts find at most {most}, even with a minimum cluster size of 2: " in note
    assert 12 <= n < 100
    (chosen,) = [row for row in many.levels.chosen(many.clusters.level).to_pylist() if row["chosen"]]
    assert chosen["n_clusters"] == n


@pytest.mark.parametrize("level", [2, 7])
def test_a_number_that_no_cut_has_is_had_by_joining_and_no_document_is_lost(fitted, level):
    found = find_levels(
        fitted.trees, ClusterParams(level=level), neighbors=fitted.neighbors, embeddings=fitted.embeddings
    )
    (place,) = np.flatnonzero(found.table["preferred"])
    labels = found.labels[place]
    assert found.table["n_clusters"].to_pylist()[place] == level == labels.max() + 1
    assert (labels[: len(TOPICS)] >= 0).mean() > 0.95
    if level == 2:  # themes are joined whole
        whole = [
            np.bincount(labels[: len(THEMES)][(theme == THEMES) & (labels[: len(THEMES)] >= 0)]) for theme in range(3)
        ]
        assert all(counts.max() > 0.95 * counts.sum() for counts in whole)


@pytest.fixture(scope="module")
def noisy(fitted):
    """The same levels, but a sixth of the documents in no cluster, each as likely to be given one as its row says."""
    levels = fitted.levels
    out = np.arange(CORPUS.n_docs) % 6 == 0
    labels, confidences = levels.labels.copy(), levels.confidences.copy()
    labels[:, out] = NOISE
    confidences[:, out] = np.linspace(0.05, 0.95, out.sum())
    return replace(fitted, levels=replace(levels, labels=labels, confidences=confidences))


@pytest.mark.parametrize("noise", ["keep", "assign_confident", "assign"])
def test_the_noise_ledger_adds_up(noisy, noise):
    params = ClusterParams(noise=noise)
    found = cut(noisy.levels, CORPUS, embeddings=noisy.embeddings, params=params)
    was, is_now = found.original_labels == NOISE, found.labels == NOISE
    method = np.array(METHODS)[found.methods]
    assert was.sum() > 0
    assert (found.labels[~was] == found.original_labels[~was]).all()
    assert set(method[~was]) == {"cluster"}
    assert (method[is_now] == "noise").all() and (method[was & ~is_now] != "cluster").all()
    assert (found.strengths[is_now] == 0).all()
    if noise == "keep":
        assert (was == is_now).all()
    elif noise == "assign":
        assert not is_now.any()
    else:
        moved = was & ~is_now
        assert (found.confidences[moved] >= params.min_confidence).all()
        assert (found.confidences[is_now] < params.min_confidence).all()
    n_moved = int((was & ~is_now).sum())
    assert [f": {n_moved} were assigned to a topic" in note for note in found.origin.notes[1:]] == [True] * bool(
        n_moved
    )


def test_a_higher_threshold_leaves_more_noise(noisy):
    def left(at: float) -> int:
        params = ClusterParams(min_confidence=at)
        return int((cut(noisy.levels, CORPUS, embeddings=noisy.embeddings, params=params).labels == NOISE).sum())

    counts = [left(at) for at in (0.0, 0.5, 0.9, 1.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_largest_membership_is_the_label(noisy):
    for noise in ("keep", "assign"):
        found = cut(noisy.levels, CORPUS, embeddings=noisy.embeddings, params=ClusterParams(noise=noise))
        label, value = largest(found.membership)
        assert label.tolist() == found.labels.tolist()
        assert ((value > 0) == (found.labels >= 0)).all()
        assert np.diff(found.membership.indptr).max() <= 5
        assert found.membership.max() <= 1


def test_reproducibility_is_a_share_of_other_documents_and_of_other_seeds(fitted):
    assert ((fitted.clusters.reproducibility > 0.5) & (fitted.clusters.reproducibility <= 1)).all()
    for column in ("reproducibility", "seed_reproducibility"):
        for shares, n in zip(
            fitted.levels.table[column].to_pylist(), fitted.levels.table["n_clusters"].to_pylist(), strict=True
        ):
            assert len(shares) == n
            assert min(shares) > 0.5
    assert fitted.topics.table["reproducibility"].null_count == 0


def test_one_seed_goes_by_noise_alone_and_says_so():
    alone = fit(n_layouts=1)
    for column in ("stability", "stability_error", "agreement", "rand"):
        assert set(alone.levels.scan[column].to_pylist()) == {None}
    assert 10 <= alone.clusters.n_clusters <= 16
    assert np.isnan(alone.clusters.reproducibility).all()
    assert alone.topics.table["reproducibility"].null_count == alone.clusters.n_clusters
    note = alone.clusters.origin.notes[0]
    assert "is the finest with about the least noise: 1 layout finds " in note
    assert note.endswith("a single layout cannot show how stable that is: raise reduce.n_layouts")


def test_a_given_size_is_that_one_cut():
    found = fit(min_cluster_size=50, cluster_selection_method="eom")
    assert found.levels.scan["min_cluster_size"].to_pylist() == [50]
    assert found.levels.scan["cluster_selection_method"].to_pylist() == ["eom"]
    assert found.clusters.min_cluster_size == 50
    assert 1 < found.clusters.n_clusters <= 12


def test_a_number_of_topics_may_be_that_of_the_stories():
    random = np.random.default_rng(0)
    themes = np.repeat(random.normal(size=(4, 30)) * 2, 60, axis=0)
    stories = np.repeat(random.normal(size=(60, 30)), 4, axis=0)
    points = themes + stories + random.normal(size=themes.shape) * 0.1
    corpus, _ = from_texts([f"document {i:03d}" for i in range(240)])
    config = RunConfig.from_dict({"cluster": {"level": 60}, "reduce": {"n_layouts": 2, "n_epochs": 40}})
    found = pipeline.fit(config, corpus, embeddings=points)
    assert 50 <= found.clusters.n_clusters <= 66
    note = found.clusters.origin.notes[0]
    n = found.clusters.n_clusters
    assert ("has the 60 clusters requested" if n == 60 else f"the closest available is {n} (") in note


UNEQUAL = ((150, 14, 14, 14), (100, 40, 20, 10), (300, 30, 30, 30), (60, 15, 15, 15))


@pytest.mark.parametrize("level", ["auto", 4])
@pytest.mark.parametrize("sizes", UNEQUAL, ids=str)
def test_clusters_of_very_unequal_sizes_are_found(sizes, level):
    points, truth = unequal(sizes, seed=0)
    corpus, _ = from_texts([f"document {i:03d}" for i in range(len(points))])
    config = RunConfig.from_dict({"cluster": {"level": level}})
    found = pipeline.fit(config, corpus, embeddings=dict(zip(corpus.doc_ids, points, strict=True)))
    assert adjusted_rand(truth, found.clusters.labels) >= 0.95
    if level == 4:
        assert found.clusters.n_clusters == 4


def test_layouts_that_agree_on_no_document_give_no_level():
    """Two layouts, each with clusters where the other has noise alone."""
    finder_cut = Cut("leaf", 5, (2, 2), 0.0, 0.0, 0.5)
    nothing = Consensus(np.full(20, NOISE, np.int32), csr_array((20, 0)), csr_array((20, 0)))
    empty = Level(finder_cut, "layouts", nothing, np.zeros(20), np.zeros(0), np.zeros(0), np.zeros(0))
    assert _with_clusters([empty]) == []
    assert _mark_preferred([], "auto") == []


def test_layouts_without_a_seed_claim_no_agreement_of_seeds():
    config = RunConfig.from_dict({"reduce": {"n_components": 100, "n_layouts": 4}})
    found = pipeline.fit(config, CORPUS, embeddings=by_id(vectors()))
    assert len(found.layouts) == 1
    assert set(found.levels.scan["stability"].to_pylist()) == {None}


def test_seeds_hardly_matter(fitted):
    assert adjusted_rand(fit(seed=5).clusters.labels, fitted.clusters.labels) > 0.95


def test_keys_are_as_planned_and_depend_on_what_matters(fitted):
    params = ClusterParams()

    def planned(params):
        near, vectors = known(fitted.neighbors), known(fitted.embeddings)
        return find_levels(fitted.trees, params, neighbors=near, embeddings=vectors)

    key = planned(params).origin.key
    assert key == fitted.levels.origin.key
    again = find_levels(fitted.trees, params, neighbors=fitted.neighbors, embeddings=fitted.embeddings)
    assert again.labels.tobytes() == fitted.levels.labels.tobytes()
    assert planned(ClusterParams(noise="keep")).origin.key == key  # not in the levels
    assert planned(ClusterParams(level=7)).origin.key != key  # may be a level of its own
    changes = ({}, {"noise": "keep"}, {"level": "theme"})
    levels, where = known(fitted.levels), {"embeddings": fitted.embeddings}
    keys = {cut(levels, fitted.corpus, params=ClusterParams(**change), **where).origin.key for change in changes}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("n", "note"),
    [(1, "1 document: nothing to cluster"), (2, "2 distinct documents: too few to cluster, at least 15 are needed")],
)
def test_too_few_documents_are_noise_and_it_is_said(n, note):
    corpus, _ = from_texts([f"text number {i}" for i in range(n)])
    found = pipeline.fit(RunConfig(), corpus, embeddings=np.eye(n, 4) + 1)
    assert found.clusters.labels.tolist() == [NOISE] * n
    assert note in found.notes()


def test_articles_of_one_text_are_one_group():
    corpus, _ = from_texts(["the same words"] * 60)
    found = pipeline.fit(RunConfig(), corpus, embeddings=np.ones((60, 4)))
    assert found.clusters.labels.tolist() == [0]
    assert "all 60 articles have the same text: one group, reported as one topic" in found.notes()


def test_nothing_but_noise_is_said():
    corpus, _ = from_texts([f"text number {i}" for i in range(16)])
    config = RunConfig.from_dict({"cluster": {"min_cluster_size": 12}})
    found = pipeline.fit(config, corpus, embeddings=np.random.default_rng(0).normal(size=(16, 8)))
    assert set(found.clusters.labels.tolist()) == {NOISE}
    assert any("16 documents: no two clusters of at least 12 stand out" in note for note in found.notes())


def test_levels_of_another_corpus_are_refused(fitted):
    other, _ = from_texts([f"another text {i}" for i in range(20)])
    with pytest.raises(ValueError, match="expected records of one corpus, got Levels of "):
        cut(fitted.levels, other, embeddings=fitted.embeddings, params=ClusterParams())


def test_documents_without_structure_have_no_clear_level_and_it_is_said_first():
    corpus, _ = from_texts([f"document {i:03d}" for i in range(240)])
    points = np.random.default_rng(0).normal(size=(240, 20))
    found = pipeline.fit(RunConfig.from_dict({"reduce": {"n_layouts": 6, "n_epochs": 60}}), corpus, embeddings=points)
    note = found.clusters.origin.notes[0]
    assert (
        note.startswith("no level is clear in these documents: layouts agree on it only to 0.")
        or not found.levels.names
    )
    assert found.clusters.confidences.max() < 0.8


def test_a_clear_level_is_not_called_unclear(fitted):
    assert not any("no level is clear" in note for note in fitted.clusters.origin.notes)

"""Runs that grow: old numbers and labels hold, new subjects become topics, repeats are folded, runs are merged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import topics
from topics import TopicsError
from topics.growth import merge, topic_diff, update

WORDS = [
    ["grain", "wheat", "harvest", "farm"],
    ["match", "goal", "league", "coach"],
    ["bank", "rates", "inflation", "market"],
    ["virus", "vaccine", "hospital", "doctor"],
    ["film", "actor", "cinema", "director"],
]
CONFIG = {"reduce": {"n_layouts": 3, "n_epochs": 30}}


def articles(subjects, *, start):
    """Articles of some subjects, and their vectors by id."""
    random = np.random.default_rng(start)
    rows, vectors = [], {}
    for place, subject in enumerate(subjects):
        for i in range(60):
            number = start + 60 * place + i
            words = " ".join(random.choice(WORDS[subject], 6))
            marks = " ".join(f"mark{value}" for value in random.integers(1_000_000, size=9))
            rows.append({"doc_id": f"d{number:04}", "text": f"{words} said {marks}"})
            vectors[f"d{number:04}"] = np.eye(8)[subject] + random.normal(0, 0.12, 8)
    return pd.DataFrame(rows), vectors


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A run of three subjects, what came later (one subject gone, two new, two repeats), and the update."""
    out = tmp_path_factory.mktemp("runs")
    frame, vectors = articles([0, 1, 2], start=0)
    old = topics.run(frame, CONFIG, out=out, name="first", embeddings=vectors, progress=False)
    later, new = articles([0, 1, 3, 4], start=300)
    repeated = pd.DataFrame([{"doc_id": "repeat", "text": frame["text"][0]}, frame.iloc[5].to_dict()])
    later = pd.concat([later, repeated], ignore_index=True)
    new |= {"repeat": vectors["d0000"], "d0005": vectors["d0005"]}
    return old, (later, new), update(old, later, batch="later", embeddings=new)


def test_old_topics_keep_numbers_and_labels_and_a_new_subject_follows(grown):
    old, _, found = grown
    before, after = (run.documents().set_index("doc_id")["topic"] for run in (old, found.run))
    in_topic = before[before >= 0]
    assert (after[in_topic.index] == in_topic).all()
    labels = [run.topics().set_index("topic")["label"] for run in (old, found.run)]
    assert labels[1].iloc[: len(labels[0])].tolist() == labels[0].tolist()
    assert found.counts["n_adopted"] == 2, found.proposals.to_string()
    virus = after[[f"d{number:04}" for number in range(420, 480)]]
    assert (virus == virus.mode()[0]).mean() > 0.8 and virus.mode()[0] >= old.clusters.n_clusters
    assert found.proposals.loc[found.proposals["adopted"], "reproducibility"].min() > 0.5


def test_repeats_are_recognized_and_documents_say_their_batch(grown):
    old, _, found = grown
    assert (found.counts["n_known"], found.counts["n_duplicates"]) == (1, 1)
    documents = found.run.documents().set_index("doc_id")
    assert documents.loc["repeat", "copy_of"] == "d0000"
    assert documents["batch"].value_counts().to_dict() == {"first": 180, "later": 241}
    said = found.run.manifest["source"]["updates"][-1]
    assert said["run"] == old.manifest["key"] and said["duplicate_of"] == {"repeat": "d0000"}


def test_the_diff_says_what_was_born_and_what_is_gone(grown):
    old, _, found = grown
    kinds = topic_diff(old, found.run)["kind"].value_counts().to_dict()
    assert kinds["born"] == 2 and kinds["gone"] == 1
    assert kinds.get("kept", 0) + kinds.get("drifted", 0) == 2


def test_an_updated_run_assigns_and_is_updated_again(grown):
    _, (_, vectors), found = grown
    assigned = found.run.assign(embeddings={"d0425": vectors["d0425"]})
    assert assigned["topic"].tolist() == [found.run.documents().set_index("doc_id").loc["d0425", "topic"]]
    later, new = articles([3], start=600)
    again = update(found.run, later.iloc[:20], embeddings={i: new[i] for i in later["doc_id"][:20]})
    assert again.counts["n_assigned"] > 10
    assert [one["batch"] for one in again.run.manifest["source"]["updates"]] == ["later", "update-2"]


def test_what_cannot_be_added_is_refused(grown):
    old, (later, new), _ = grown
    with pytest.raises(TopicsError, match="has already"):
        update(old, later.iloc[-2:-1].assign(doc_id="other"), embeddings={"other": new["repeat"]})
    with pytest.raises(TopicsError, match="ids of their own"):
        changed = later.iloc[:1].assign(doc_id="d0001")
        update(old, changed, embeddings={"d0001": new["d0300"]})
    with pytest.raises(TopicsError, match="dimensions"):
        update(old, later.iloc[:3], embeddings={doc_id: new[doc_id][:5] for doc_id in later["doc_id"][:3]})
    with pytest.raises(TopicsError, match="vectors of your own"):
        update(old, later.iloc[:3])


def test_runs_are_merged_by_topics_that_are_alike(grown):
    old, (later, new), _ = grown
    other = topics.run(later.iloc[:180], CONFIG, out=old.path.parent, name="other", embeddings=new, progress=False)
    found = merge(old, other)
    assert found.run.records.corpus.n_docs == 360
    assert found.topics["joined"].sum() == 2 and found.run.clusters.n_clusters == 4
    labels = found.run.documents().set_index("doc_id")["topic"]
    assert (labels[[f"d{number:04}" for number in range(420, 480)]] == 3).mean() > 0.8
    assert len(set(found.topics["topic"])) == other.clusters.n_clusters
    apart = merge(old, other, min_similarity=1.0)
    assert apart.run.clusters.n_clusters == old.clusters.n_clusters + other.clusters.n_clusters

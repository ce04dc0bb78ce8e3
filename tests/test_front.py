"""The front door: what it offers opens, and takes what people have."""

from __future__ import annotations

import importlib
import subprocess
import sys

import numpy as np
import pytest
from helpers import BagOfWords

import topics
from topics import embed
from topics.evaluate import adjusted_mutual_information
from topics.records import Corpus

ROOMS = [name for name in dir(topics) if name not in topics.__all__]
QUICK = {"reduce": {"n_epochs": 20, "n_layouts": 1}}


def bag_of_words(params, **given):
    """In place of the encoder that needs weights."""
    return BagOfWords()


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr(embed, "encoder_for", bag_of_words)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    return [f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(60)]


def test_every_name_opens_in_a_fresh_process():
    code = "import topics\nfor name in dir(topics):\n    assert getattr(topics, name) is not None, name"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_offers_opens_and_says_what_it_is(room):
    module = importlib.import_module(f"topics.{room}")
    assert module.__doc__
    for name in getattr(module, "__all__", ()):
        offered = getattr(module, name)
        assert not callable(offered) or offered.__doc__, name


def test_an_unknown_name_is_none_of_ours():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        topics.nothing  # noqa: B018


@pytest.mark.parametrize("kind", ["list", "frame", "mapping", "path", "corpus"])
def test_a_run_in_one_line(kind, texts, tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"text": texts})
    frame.to_json(tmp_path / "mine.jsonl", orient="records", lines=True)
    given = {"list": texts, "frame": frame, "mapping": {"text": texts}, "path": tmp_path / "mine.jsonl"}
    articles = topics.read(frame) if kind == "corpus" else given[kind]
    run = topics.run(articles, QUICK, out=tmp_path / "runs", progress=False)
    assert len(run.documents()) == 60
    assert run.path.name.startswith("mine-" if kind == "path" else "run-")
    again = topics.run(articles, QUICK, out=tmp_path / "runs", progress=False)
    assert again.path == run.path


def test_a_config_may_be_a_file_a_mapping_or_none(texts, tmp_path):
    (tmp_path / "config.toml").write_text(
        "random_state = 3\n[reduce]\nn_epochs = 20\nn_layouts = 1\n", encoding="utf-8"
    )
    of_file = topics.fit(texts, tmp_path / "config.toml")
    of_mapping = topics.fit(texts, {"random_state": 3, **QUICK})
    of_record = topics.fit(texts, topics.RunConfig.from_dict({"random_state": 3, **QUICK}))
    assert of_file.records.topics.origin.key == of_mapping.records.topics.origin.key
    assert of_file.records.topics.origin.key == of_record.records.topics.origin.key
    with pytest.raises(topics.TopicsError, match="expected config to be a RunConfig, a mapping of sections"):
        topics.fit(texts, 3)
    with pytest.raises(topics.ConfigError, match="n_neighbours"):
        topics.fit(texts, {"reduce": {"n_neighbours": 3}})


def test_vectors_of_one_s_own_belong_to_the_rows(texts, tmp_path):
    vectors = np.eye(3)[np.arange(60) % 3] + np.random.default_rng(0).normal(scale=0.05, size=(60, 3))
    np.save(tmp_path / "vectors.npy", vectors)
    seen: list[tuple[Corpus, float]] = []
    run = topics.run(
        texts, QUICK, out=tmp_path, embeddings=tmp_path / "vectors.npy", progress=False,
        on_read=lambda corpus, seconds: seen.append((corpus, seconds)),
    )  # fmt: skip
    assert seen[0][0].n_docs == 60
    topic = run.documents().set_index("text").loc[texts, "topic"].to_numpy()
    assert adjusted_mutual_information(np.arange(60)[topic >= 0] % 3, topic[topic >= 0]) > 0.8
    assert (topic >= 0).sum() > 30
    with pytest.raises(topics.TopicsError, match="59"):
        topics.fit(texts, QUICK, embeddings=vectors[:59])


def test_a_fit_is_a_run_that_is_not_saved_yet(texts, tmp_path):
    fitted = topics.fit(texts, QUICK)
    assert fitted.path is None
    assert len(fitted.records.layouts) == 1
    assert fitted.documents()[["x", "y"]].notna().all(axis=None)
    saved = fitted.save(tmp_path, name="mine")
    assert saved.path == tmp_path / "mine"
    written = topics.run(topics.read(texts), QUICK, out=tmp_path, name="mine", progress=False)
    assert written.manifest["finished"] == saved.manifest["finished"]  # it is the very run that was asked for
    for frame in ("documents", "topics", "levels", "membership", "scan"):
        assert getattr(saved, frame)().equals(getattr(fitted, frame)())
    assert saved.scores == fitted.scores
    merged = fitted.merge([0, 1])
    assert len(merged.topics()) == len(fitted.topics()) - 1


@pytest.mark.parametrize("articles", [3, None])
def test_what_is_no_articles_is_refused(articles):
    with pytest.raises(topics.TopicsError):
        topics.fit(articles)

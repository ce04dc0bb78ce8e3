"""New articles get topics of a run: read back from its folder, cleaned and encoded alone, refused where they cannot."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from helpers import BagOfWords
from runs.conftest import CONFIG, articles
from typer.testing import CliRunner

from topics import Run, TopicModel, pipeline
from topics.articles import from_texts
from topics.cli import app
from topics.config import EmbedParams
from topics.embed import Hybrid, LsaEncoder, embed_new
from topics.errors import InputError
from topics.records import NOISE
from topics.runs import Assigning, assign_file
from topics.runs import _assigning_files as assigning_files
from topics.store import Parts, StoreError

NEW = [
    "The wind report has turbine wind offshore blade cable sea in the news of the day as item 99.",
    "The pool report has swimmer lane record coach metres gold in the news of the day as item 99.",
    "The bank report has bank rate market shares loan credit in the news of the day as item 99.",
]
STRANGE = "Novelists, violins and orchestras: translators read unpublished poems aloud at festivals."


@pytest.fixture(scope="module")
def hybrid():
    return Hybrid(BagOfWords(), LsaEncoder(EmbedParams()), 0.5)


@pytest.fixture(scope="module")
def run(hybrid, tmp_path_factory) -> Run:
    """A run that was copied elsewhere, without the store that it was made in."""
    out = tmp_path_factory.mktemp("there")
    made = pipeline.run(CONFIG, from_texts(articles(15))[0], out=out, name="made", encoder=hybrid)
    copied = tmp_path_factory.mktemp("elsewhere") / "copied"
    shutil.copytree(made.folder, copied)
    shutil.rmtree(out)
    return Run.load(copied)


def test_new_articles_have_the_topics_of_their_subjects(run: Run, hybrid):
    frame = run.assign(NEW, encoder=hybrid)
    assert list(frame.columns[:5]) == ["doc_id", "topic", "label", "confidence", "known"]
    labels = dict(zip(run.topics()["topic"], run.topics()["label"], strict=True))
    assert frame["topic"].nunique() == 3 and (frame["topic"] != NOISE).all()
    assert [labels[topic] for topic in frame["topic"]] == frame["label"].tolist()
    assert ((frame["confidence"] > 0) & (frame["confidence"] <= 1)).all() and not frame["known"].any()


def test_a_text_that_is_new_to_the_encoder_is_noise_though_the_corpus_has_no_words_for_it(run: Run, hybrid):
    assigning = Assigning(run, encoder=hybrid)
    vectors, plain = embed_new([*NEW, STRANGE], hybrid, lexicon=run.kept.record("lexicon"))
    assert assigning.predictor.assign(vectors, plain=plain).labels.tolist()[3] == NOISE
    frame = run.assign([*NEW, STRANGE], encoder=hybrid)
    assert (frame["topic"] == NOISE).tolist() == [False, False, False, True]
    assert not [column for column in frame if column.startswith("level_") and frame[column][3] != NOISE]


def test_each_article_is_assigned_as_if_it_were_alone(run: Run, hybrid):
    texts = [*NEW, *articles(15)[:3], "Quite another thing.\nHome | News\n\n" + NEW[0]]
    together = run.assign(texts, encoder=hybrid)
    alone = pd.concat([run.assign([text], encoder=hybrid) for text in texts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
    pd.testing.assert_frame_equal(run.assign(texts[::-1], encoder=hybrid)[::-1].reset_index(drop=True), together)


def test_a_run_s_own_articles_keep_their_topics_and_follow_edits(run: Run, hybrid):
    def own(of: Run) -> list[int]:
        topic_of = dict(zip(of.documents()["text"], of.documents()["topic"], strict=True))
        return [topic_of[text] for text in articles(15)]

    edited = run.merge([0, 1])
    for one in (run, edited):
        found = one.assign(articles(15), encoder=hybrid)
        assert found["known"].all() and found["topic"].tolist() == own(one)
    assert edited.assign(NEW, encoder=hybrid)["topic"].nunique() == 2


def test_without_vectors_or_text_columns_rows_are_rejected_and_counted(run: Run, hybrid):
    frame = run.assign([{"text": NEW[0], "id": "a"}, {"text": None, "id": "b"}], encoder=hybrid)
    assert frame["doc_id"].tolist() == ["a"]
    assert [row["doc_id"] for row in frame.attrs["rejected"]] == ["b"]


def test_a_lean_run_assigns_alike(run: Run, hybrid, tmp_path):
    shutil.copytree(run.folder, tmp_path / "lean")
    lean = Run.load(tmp_path / "lean").save(embeddings=False)
    pd.testing.assert_frame_equal(lean.assign(NEW, encoder=hybrid), run.assign(NEW, encoder=hybrid))


def test_another_encoder_is_refused(run: Run):
    other = Hybrid(BagOfWords(32), LsaEncoder(EmbedParams()), 0.5)
    with pytest.raises(InputError, match="expected the encoder that the run was made with, got another .*n_dims 32"):
        run.assign(NEW, encoder=other)
    with pytest.raises(InputError, match="kind 'bag-of-words' where the run has 'hybrid'"):
        run.assign(NEW, encoder=BagOfWords())
    with pytest.raises(InputError, match="expected articles or embeddings"):
        run.assign()


def test_vectors_of_the_user_s_own(runs):
    made = runs[0]
    vectors = made.records.embeddings.vectors
    found = made.assign(embeddings=vectors)
    assert found["topic"].tolist() == made.records.clusters.labels.tolist()
    with pytest.raises(InputError, match="dimensions as the run's"):
        made.assign(embeddings=np.ones((2, 3)))


def test_a_model_predicts_what_it_fitted_and_more():
    texts = articles(15)
    model = TopicModel(encoder="lsa", n_epochs=30, n_layouts=2, level=3).fit(texts)
    assert np.array_equal(model.predict(texts), model.labels_)
    assert (model.transform(texts) != model.membership_).nnz == 0
    found = model.predict([*NEW, None, " "])
    assert found.dtype == np.int64 and len(set(found[:3].tolist())) == 3 and found[3:].tolist() == [NOISE, NOISE]
    shares = model.transform([*NEW, None]).toarray()
    assert np.array_equal(shares.argmax(axis=1)[:3], found[:3]) and not shares[3].any()


def test_a_model_of_given_vectors_asks_for_vectors():
    texts = articles(15)
    vectors = BagOfWords().encode(texts).vectors
    model = TopicModel(n_epochs=30, n_layouts=2, level=3).fit(texts, embeddings=vectors)
    assert np.array_equal(model.predict(texts, embeddings=vectors), model.labels_)
    found = model.predict(NEW, embeddings=BagOfWords().encode(NEW).vectors)
    assert len(found) == 3
    with pytest.raises(InputError, match="expected embeddings, as the run was made with vectors of your own"):
        model.predict(NEW)
    with pytest.raises(InputError, match="one row per text"):
        model.predict(NEW, embeddings=vectors)


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_the_command_streams_and_counts(runs, tmp_path, suffix):
    new = tmp_path / "new.jsonl"
    pd.DataFrame({"id": ["a", "b", "c", "d"], "text": [*NEW, ""]}).to_json(new, orient="records", lines=True)
    out = tmp_path / f"topics.{suffix}"
    done = CliRunner().invoke(app, ["assign", str(runs[0].folder), str(new), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "3 documents in" in done.output and "1 row rejected" in done.output
    frame = pd.read_parquet(out) if suffix == "parquet" else pd.read_json(out, lines=True)
    assert frame["doc_id"].tolist() == ["a", "b", "c"]
    assert frame["topic"].tolist() == runs[0].assign(new)["topic"].tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["new.jsonl", out.name])


def test_a_stopped_file_goes_on_where_it_stood(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(assigning_files, "ROWS_A_PART", 4)
    new, out = tmp_path / "new.jsonl", tmp_path / "topics.parquet"
    rows = [{"id": f"{i:02}", "text": "" if i == 5 else f"{NEW[i % 3]} And {i} more."} for i in range(18)]
    pd.DataFrame(rows).to_json(new, orient="records", lines=True)
    whole = assign_file(runs[0], new, out=tmp_path / "whole.parquet")
    asked = []

    def stream(self, rows):
        asked.append(len(rows))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return streamed(self, rows)

    streamed = Assigning.stream
    monkeypatch.setattr(Assigning, "stream", stream)
    stopped = CliRunner().invoke(app, ["assign", str(runs[0].folder), str(new), "--out", str(out)])
    assert stopped.exit_code == 130 and "goes on from there" in stopped.output and not out.exists()
    done = CliRunner().invoke(app, ["assign", str(runs[0].folder), str(new), "--out", str(out)])
    assert done.exit_code == 0 and "7 documents were done before" in done.output, done.output
    assert asked == [4, 4, 4, 4, 4, 2]
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert whole.n_rows == 17 and whole.rejected == {"empty text": 1} and whole.n_kept == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.jsonl", "topics.parquet", "whole.parquet"]


def test_parts_of_other_articles_are_not_gone_on_from(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(assigning_files, "ROWS_A_PART", 2)
    new, out = tmp_path / "new.jsonl", tmp_path / "topics.jsonl"
    for text in (NEW[0], NEW[1]):
        pd.DataFrame({"id": list("abcd"), "text": [f"{text} And {i}." for i in range(4)]}).to_json(
            new, orient="records", lines=True
        )
        with monkeypatch.context() as patch:
            patch.setattr(Parts, "finish", interrupt)
            with pytest.raises(KeyboardInterrupt):
                assign_file(runs[0], new, out=out)
    done = assign_file(runs[0], new, out=out)
    assert done.n_kept == done.n_rows == 4
    assert pd.read_json(out, lines=True)["topic"].tolist() == runs[0].assign(new)["topic"].tolist()


def interrupt(self):
    raise KeyboardInterrupt


@pytest.mark.parametrize("suffix", ["npy", "parquet"])
def test_a_file_of_vectors_is_streamed(runs, tmp_path, suffix, monkeypatch):
    monkeypatch.setattr(assigning_files, "ROWS_A_PART", 10)
    vectors = runs[0].records.embeddings.vectors
    path, out = tmp_path / f"vectors.{suffix}", tmp_path / "topics.jsonl"
    ids = [f"v{i}" for i in range(45)]
    if suffix == "npy":
        np.save(path, vectors.astype(np.float64) * 3)
    else:
        pd.DataFrame({"doc_id": ids, "vector": list(vectors)}).to_parquet(path)
    done = assign_file(runs[0], out=out, embeddings=path)
    frame = pd.read_json(out, lines=True, dtype={"doc_id": str})
    assert frame["topic"].tolist() == runs[0].records.clusters.labels.tolist() and done.n_rows == 45
    assert frame["doc_id"].tolist() == (ids if suffix == "parquet" else [str(i) for i in range(45)])


def test_what_is_asked_for_twice_or_not_at_all_is_refused(runs, tmp_path):
    out = tmp_path / "topics.parquet"
    with pytest.raises(InputError, match="one of both"):
        assign_file(runs[0], out=out)
    with pytest.raises(InputError, match="no such file of vectors"):
        assign_file(runs[0], out=out, embeddings=tmp_path / "none.npy")
    with pytest.raises(StoreError, match=r"a name that ends in \.jsonl or \.parquet"):
        assign_file(runs[0], "articles.jsonl", out=tmp_path / "topics.csv")

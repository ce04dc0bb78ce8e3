"""What scikit-learn's users do with an estimator, and what comes back in the caller's own index."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from helpers import blobs
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from topics import Run, TopicModel
from topics.errors import InputError

TEXTS = [
    f"{subject} article number {i} about {subject}s" for subject in ("turbine", "swimmer", "reactor") for i in range(15)
]
VECTORS = blobs(3, 15)
INDEX = pd.Index([f"t{i}" for i in range(45)], name="id")
FRAME = pd.DataFrame({"body": TEXTS, "when": pd.date_range("2022-01-03", periods=45), "n": range(45)}, index=INDEX)
QUICK = {"n_epochs": 10, "n_layouts": 2}


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel(**QUICK, text_column="body").fit(FRAME, embeddings=VECTORS, dates="when")


def test_the_caller_s_index_comes_back_in_every_frame(model):
    found = clone(model).set_output(transform="pandas")
    shares = found.fit_transform(FRAME, embeddings=VECTORS)
    assert shares.columns.tolist() == found.get_feature_names_out().tolist() == ["topic_0", "topic_1", "topic_2"]
    new = FRAME[::-1][:7]
    for frame, index in (
        (shares, INDEX), (found.documents_, INDEX), (found.transform(new, embeddings=VECTORS[::-1][:7]), new.index),
        (found.assign(new, embeddings=VECTORS[::-1][:7]), new.index),
    ):  # fmt: skip
        assert frame.index.equals(index)
    assert np.array_equal(shares.to_numpy(), model.membership_.toarray())
    assert model.documents_["topic"].tolist() == model.labels_.tolist()
    assert list(model.documents_) == ["topic", "label", "confidence", "known"]
    assert model.assign(new, embeddings=VECTORS[::-1][:7]).equals(model.documents_[::-1][:7])


@pytest.mark.parametrize("hold", [pa.Table.from_pandas, lambda frame: frame.reset_index(drop=True)])
def test_texts_are_a_column_of_any_table(model, hold):
    table = hold(FRAME)
    assert model.predict(table, embeddings=VECTORS).tolist() == model.labels_.tolist()
    assert model.transform(table, embeddings=VECTORS).dtype == np.float32
    assert model.assign(table, embeddings=VECTORS).index.equals(pd.RangeIndex(45))


def test_other_columns_and_dates_are_refused_in_a_sentence():
    with pytest.raises(InputError, match="with a column 'text', got one with 'body', 'when', 'n'"):
        TopicModel(text_column="text").fit(FRAME)
    with pytest.raises(TypeError, match="got the name 'when' without a table"):
        TopicModel().fit(TEXTS, dates="when")
    with pytest.raises(InputError, match="expected dates of 45 texts, one each, got 44"):
        TopicModel().fit(TEXTS, dates=FRAME["when"].tolist()[1:])
    with pytest.raises(InputError, match=r"another; pass dates.loc\[texts.index\]"):
        TopicModel().fit(FRAME["body"], dates=FRAME["when"][::-1])


def test_dates_are_those_of_the_run_and_change_no_topic(model):
    dates = dict(zip(model.run_.documents()["text"], model.run_.documents()["date"].dt.date, strict=True))
    assert [dates[text] for text in TEXTS] == FRAME["when"].dt.date.tolist()
    unread = TopicModel(**QUICK).fit(TEXTS, embeddings=VECTORS, dates=["3 May 2021", None, "soon"] * 15)
    assert "15 dates could not be read for certain and were left empty" in unread.notes_
    assert unread.run_.documents()["date"].notna().sum() == 15
    assert unread.labels_.tolist() == model.labels_.tolist()


def test_frames_of_polars(model):
    pl = pytest.importorskip("polars")
    found = clone(model).set_output(transform="polars").fit_transform(pl.from_pandas(FRAME), embeddings=VECTORS)
    assert isinstance(found, pl.DataFrame) and found.columns == ["topic_0", "topic_1", "topic_2"]


def test_pipelines(model):
    chain = make_pipeline(FunctionTransformer(lambda texts: [text.strip() for text in texts]), TopicModel(**QUICK))
    shares = chain.fit_transform([f" {text} " for text in TEXTS], topicmodel__embeddings=VECTORS)
    assert (shares != model.membership_).nnz == 0
    assert chain.get_params()["topicmodel__n_epochs"] == 10
    assert chain[-1].get_feature_names_out(None).tolist() == ["topic_0", "topic_1", "topic_2"]


def test_a_search_over_parameters_scores_texts_that_the_fit_has_not_seen():
    texts = [
        f"{a} {b} {c}" for words in ("sea ship sail port crew", "bank loan rate debt fund", "goal team ball cup fan")
        for a in words.split() for b in words.split() for c in words.split() if len({a, b, c}) == 3
    ]  # fmt: skip
    given = np.repeat(["sea", "bank", "goal"], len(texts) // 3)
    model = TopicModel(encoder="lsa", level="coarsest", **QUICK)
    search = GridSearchCV(model, {"noise": ["assign", "keep"]}, cv=3, error_score="raise")
    order = np.random.default_rng(0).permutation(len(texts))
    search.fit([texts[i] for i in order])
    assert search.best_score_ > 0.01
    best = search.best_estimator_
    assert best.score(texts, given) > 0.8
    partly = np.where(np.arange(len(texts)) % 2, given, None)
    assert best.score(texts, partly) > 0.8
    with pytest.raises(InputError, match="expected y with one label a text, 180 in all, got shape"):
        best.score(texts, given[:-1])


def test_a_pickled_model_and_a_saved_run_predict_alike(model, tmp_path):
    again = pickle.loads(pickle.dumps(model))
    assert again.predict(FRAME, embeddings=VECTORS).tolist() == model.labels_.tolist()
    folder = model.run_.save(out=tmp_path, name="kept").folder
    loaded = TopicModel.of_run(Run.load(folder))
    assert loaded.get_params() == model.get_params() | {"text_column": None}
    found = loaded.predict(TEXTS, embeddings=VECTORS)
    assert found.tolist() == model.labels_.tolist()
    assert loaded.documents_["topic"].value_counts().to_dict() == model.documents_["topic"].value_counts().to_dict()
    ids = loaded.run_.documents().set_index("doc_id")
    assert loaded.documents_["topic"].tolist() == ids.loc[loaded.documents_.index, "topic"].tolist()
    merged = TopicModel.of_run(model.run_.merge([0, 1]))
    assert sorted(set(merged.predict(TEXTS, embeddings=VECTORS).tolist())) == [0, 1]

from __future__ import annotations

import shutil
import sys

import numpy as np
import pandas as pd
import pytest

from topics import Run
from topics.bridges import to_atlas
from topics.errors import MissingExtraError


@pytest.fixture
def told(dated_run, tmp_path) -> pd.DataFrame:
    return pd.read_parquet(to_atlas(dated_run.rename(0, "Money"), tmp_path / "atlas.parquet"))


def test_embedding_atlas_is_given_places_texts_names_and_neighbors(told, dated_run):
    documents = dated_run.documents()
    distinct = documents[documents["copy_of"].isna()]
    assert told["doc_id"].tolist() == distinct["doc_id"].tolist()
    assert np.array_equal(told[["x", "y"]].to_numpy(), distinct[["x", "y"]].to_numpy())
    assert set(told.loc[told["topic"] == 0, "topic_name"]) == {"0 Money"}
    assert {"text", "date", "source", "desk", "score"} <= set(told.columns)
    ids = np.stack(told["neighbors"].map(lambda near: near["ids"]).tolist())
    distances = np.stack(told["neighbors"].map(lambda near: near["distances"]).tolist())
    assert ids.shape == distances.shape == (45, 15)
    assert (ids == np.arange(45)[:, None]).sum(axis=1).tolist() == [1] * 45  # itself, as Embedding Atlas has it
    assert (np.diff(distances) >= 0).all() and distances.min() >= 0
    assert (told["topic"].to_numpy()[ids[:, 1]] == told["topic"].to_numpy()).mean() > 0.9


def test_a_run_without_vectors_has_no_neighbors_and_the_file_lies_beside_it(dated_run, tmp_path):
    small = Run.load(shutil.copytree(dated_run.path, tmp_path / "small")).save(embeddings=False)
    path = small.to_atlas()
    assert path == tmp_path / "small-atlas.parquet"
    assert "neighbors" not in pd.read_parquet(path).columns


@pytest.mark.parametrize(("library", "method"), [("jscatter", "to_jscatter"), ("datamapplot", "to_datamapplot")])
def test_without_the_library_it_says_what_to_install(dated_run, monkeypatch, library, method):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match="pip install"):
        getattr(dated_run, method)()


def test_jupyter_scatter_has_every_document_in_its_topic_s_color(dated_run):
    pytest.importorskip("jscatter", reason="the extra bridges is not installed")
    scatter = dated_run.to_jscatter(height=300)
    assert len(scatter.color()["map"]) == dated_run.topics().shape[0]
    assert scatter.widget.points.shape[0] == 45
    scatter.selection([0, 1])
    assert scatter.selection().tolist() == [0, 1]


def test_datamapplot_draws_the_topics_names(dated_run):
    pytest.importorskip("datamapplot", reason="DataMapPlot is not installed")
    figure, axes = dated_run.to_datamapplot()
    said = " ".join(text.get_text() for text in axes.texts).replace("\n", " ")
    assert "0 " in said and "1 " in said
    assert figure.get_axes() == [axes]

"""Runs and sweeps are told to MLflow once each, whole, and with what fails."""

from __future__ import annotations

import pytest
from helpers import BagOfWords
from typer.testing import CliRunner

import topics
from topics import export, sweeps
from topics.cli import app
from topics.store import StoreError

BASE = {"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    corpus = topics.read([f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(45)])
    study = {"config": BASE, "settings": [{"label.n_terms": 3}, {"label.n_terms": 5}, {"cluster.level": "no such"}]}
    sweeps.sweep(corpus, study, out=folder, encoder=BagOfWords(), progress=False)
    topics.run(corpus, BASE, out=folder, name="one", encoder=BagOfWords(), progress=False)
    return folder


def test_a_sweep_is_told_as_a_parent_and_a_child_a_setting(runs):
    parent, *children = export.entries_of(runs / "study")
    assert parent.params == {"cluster.level": "no such", "label.n_terms": "3, 5"}
    assert (parent.metrics["n_done"], parent.metrics["n_failed"]) == (2, 1)
    assert {child.parent for child in children} == {parent.key}
    assert [child.name for child in children] == ["0: n_terms=3", "1: n_terms=5", "2: level=no such"]
    assert [child.failed for child in children] == [False, False, True]
    assert children[0].params == {"label.n_terms": "3", "random_state": "0"}
    assert {"npmi_held_out", "diversity", "n_topics", "seconds"} <= children[0].metrics.keys()
    assert "no such" in children[2].tags["topics.error"]
    assert children[2].note.startswith("InputError: cluster.level: there is no level")
    assert children[2].started == parent.started > 0  # so that it is listed among the others
    assert "version.hdbscan" in children[0].tags
    assert children[0].tags["topics.corpus"]
    assert len({entry.key for entry in (parent, *children)}) == 4


def test_a_run_is_told_with_its_config_scores_and_small_files(runs):
    [entry] = export.entries_of(topics.Run.load(runs / "one"))
    assert entry.name == "one"
    assert entry.params["reduce.n_epochs"] == "20"
    assert entry.metrics["n_documents"] == 45
    assert entry.files.keys() == {"topics.csv", "run.json"}
    assert entry.note.startswith("| topic | documents | terms |")
    assert entry.ended >= entry.started > 0


def test_what_is_neither_is_refused(tmp_path):
    with pytest.raises(StoreError, match="holds no study"):
        export.entries_of(tmp_path)


def test_mlflow_has_each_once_and_takes_what_changed(runs, tmp_path, monkeypatch):
    pytest.importorskip("mlflow", reason="MLflow's client is not installed")
    pytest.importorskip("sqlalchemy", reason="MLflow's client needs it for SQLite")
    from mlflow.tracking import MlflowClient

    monkeypatch.chdir(tmp_path)
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    first = export.export_mlflow(runs / "study", to=store)
    assert first == export.Exported(store, "topics", n_new=4, n_updated=0, n_same=0)
    again = export.export_mlflow(runs / "study", to=store)
    assert (again.n_new, again.n_updated, again.n_same) == (0, 0, 4)
    assert export.export_mlflow(runs / "one", to=store).n_new == 1
    client = MlflowClient(tracking_uri=store)
    found = client.search_runs([client.get_experiment_by_name("topics").experiment_id])
    assert len(found) == 5
    children = [run for run in found if "mlflow.parentRunId" in run.data.tags]
    assert sorted(run.info.status for run in children) == ["FAILED", "FINISHED", "FINISHED"]
    [one] = [run for run in found if run.info.run_name == "one"]
    assert {item.path for item in client.list_artifacts(one.info.run_id)} == {"topics.csv", "run.json"}
    client.set_tag(one.info.run_id, "topics.content", "half")  # as where an export was stopped
    assert export.export_mlflow(runs / "one", to=store).n_updated == 1
    shown = CliRunner().invoke(app, ["export", "mlflow", str(runs / "one"), "--to", store])
    assert "0 new runs, 0 updated, 1 as they were" in shown.output


def test_without_mlflow_the_error_says_how_to_install_it(runs, monkeypatch, tmp_path):
    import sys

    for name in ("mlflow", "mlflow.exceptions", "mlflow.tracking"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(topics.errors.MissingExtraError, match=r'pip install "topics\[mlflow\]"'):
        export.export_mlflow(runs / "one", to=f"sqlite:///{tmp_path / 'mlflow.db'}")


def test_a_long_value_is_cut_and_says_so(runs, tmp_path):
    written: list = []

    class Client:
        """Only what a run needs."""

        def get_experiment_by_name(self, name):
            return None

        def create_experiment(self, name, *, artifact_location):
            return "1"

        def search_runs(self, ids, **how):
            class Page(list):
                token = None

            return Page()

        def create_run(self, *ids, **how):
            from types import SimpleNamespace

            return SimpleNamespace(info=SimpleNamespace(run_id="r"))

        def log_batch(self, run_id, *, metrics, params, tags):
            written.extend(params)

        def log_text(self, *args): ...
        def set_terminated(self, *args, **how): ...
        def set_tag(self, *args): ...

    pytest.importorskip("mlflow", reason="MLflow's client is not installed")
    words = tuple(f"word{i}" for i in range(400))
    corpus = topics.Run.load(runs / "one").records.corpus
    run = topics.run(
        corpus,
        {**BASE, "label": {"stop_words": words}},
        out=tmp_path,
        name="long",
        encoder=BagOfWords(),
        progress=False,
    )
    export.export_mlflow(run, to=f"sqlite:///{tmp_path / 'm.db'}", client=Client())
    [value] = [param.value for param in written if param.key == "label.stop_words"]
    assert len(value) < 530
    assert value.endswith("characters)")

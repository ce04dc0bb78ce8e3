"""Every notebook runs from top to bottom on a real run, and is kept without outputs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from helpers import BagOfWords

from topics import Run, RunConfig, pipeline

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_kept_without_outputs(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs"), "run nbstripout on it"
        assert cell.get("execution_count") is None


@pytest.fixture(scope="module")
def runs(sample, sample_corpus, tmp_path_factory) -> dict[bool, Path]:
    """Folders of a whole run, and of one of too few articles to cluster."""
    from topics.articles import read

    config = RunConfig.from_dict(
        {"reduce": {"n_epochs": 30}, "map": {"n_epochs": 30}, "evaluate": {"label_column": "gold_topic"}}
    )
    out = tmp_path_factory.mktemp("runs")
    corpora = {False: sample_corpus, True: read(sample.head(5))}
    return {few: pipeline.run(config, corpora[few], out=out, encoder=BagOfWords()).path for few in corpora}


@pytest.mark.slow
@pytest.mark.enable_socket  # the kernel talks to the test over loopback
@pytest.mark.parametrize("few", [False, True], ids=["whole run", "too few to cluster"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(path, few, runs, tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    run = Run.load(shutil.copytree(runs[few], tmp_path / runs[few].name))
    monkeypatch.setenv("TOPICS_RUN", str(run.path))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert run.name in outputs[0]["text"]
    figures = [output["data"] for output in outputs if "application/vnd.plotly.v1+json" in output.get("data", {})]
    assert len(figures) == (1 if few else 2)
    libraries = ["plotly.js v" in figure["text/html"] for figure in figures]  # for the page that nbconvert makes
    assert libraries == [True, False][: len(figures)]
    for figure in figures:
        assert "Plotly.newPlot(" in figure["text/html"]
        assert not re.search(r"<script[^>]* src=", figure["text/html"])

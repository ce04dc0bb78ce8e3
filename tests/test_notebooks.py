"""Every notebook runs from top to bottom on a real run, shows its figures everywhere, and is kept without outputs."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
from helpers import BagOfWords

from topics import Run, RunConfig, pipeline

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# Figures of each, on a whole run and on one of too few articles to cluster; None where the story needs topics.
FIGURES = {
    "01_inspect_run": (3, 1), "02_compare_runs": (2, None), "03_topics_over_time": (2, None),
    "04_curate_topics": (2, 1), "05_your_own_articles": (1, None),
}  # fmt: skip
CASES = [
    pytest.param(path, few, id=f"{path.stem}-{'too few to cluster' if few else 'whole run'}")
    for path in NOTEBOOKS
    for few in (False, True)
    if FIGURES[path.stem][few] is not None
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_kept_without_outputs(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs"), "run nbstripout on it"
        assert cell.get("execution_count") is None


def test_notebooks_that_are_named_are_there():
    said = "".join(path.read_text(encoding="utf-8") for path in [*NOTEBOOKS, *FOLDER.parent.glob("docs/*.md")])
    assert set(re.findall(r"0\d_[a-z_]+(?=\.ipynb)", said)) <= set(FIGURES)
    assert {path.stem for path in NOTEBOOKS} == set(FIGURES)


@pytest.fixture(scope="module")
def runs(sample, sample_corpus, tmp_path_factory) -> dict[bool, Path]:
    """Folders of a whole run, and of one of too few articles to cluster, with one store."""
    from topics.articles import read

    config = RunConfig.from_dict(
        {"reduce": {"n_epochs": 30}, "map": {"n_epochs": 30}, "evaluate": {"label_column": "gold_topic"}}
    )
    out = tmp_path_factory.mktemp("runs")
    corpora = {False: sample_corpus, True: read(sample.head(5))}
    return {few: pipeline.run(config, corpora[few], out=out, encoder=BagOfWords()).path for few in corpora}


def figures_of(notebook: Any) -> list[dict[str, str]]:
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output["data"] for output in outputs if "application/vnd.plotly.v1+json" in output.get("data", {})]


@pytest.mark.slow
@pytest.mark.enable_socket  # the kernel talks to the test over loopback
@pytest.mark.parametrize(("path", "few"), CASES)
def test_runs_from_top_to_bottom(path, few, runs, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    run = Run.load(runs[few])
    monkeypatch.setenv("TOPICS_RUN", str(run.path))
    monkeypatch.setenv("TOPICS_OUT", str(run.path.parent))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]  # nobody is warned
    if "TOPICS_RUN" in path.read_text(encoding="utf-8"):
        assert run.name in outputs[0]["text"]
    figures = figures_of(notebook)
    assert len(figures) == FIGURES[path.stem][few]
    for i, figure in enumerate(figures):  # Lab and VS Code take the JSON, nbconvert's page the HTML
        assert ("plotly.js v" in figure["text/html"]) == (i == 0)  # the library once, for all of a page
        assert "Plotly.newPlot(" in figure["text/html"]
        assert not re.search(r"<script[^>]* src=", figure["text/html"])
    assert Run.load(run.path).journal.n_done == 0


@pytest.mark.slow
def test_a_page_of_a_notebook_asks_for_nothing_from_a_network():
    pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    import nbformat

    place = FOLDER.parent / "scripts" / "render_notebooks.py"
    spec = importlib.util.spec_from_file_location(place.stem, place)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    html = script.page_of(nbformat.read(NOTEBOOKS[0], as_version=4), "inspect")
    assert "Inspect a run" in html
    assert not re.search(r"<(?:script|link|img|iframe)[^>]* (?:src|href)=[\"']?(?:https?:)?//", html)

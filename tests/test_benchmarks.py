"""The benchmark runs, says what got slower or worse, and fails where something did; it is no test of speed itself."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
STORED = {
    "speed": {"count": {"ratio": 1.0}},
    "quality": {"sample, seed 0": {"ami": 0.8, "npmi": 0.3, "k": 12.0}},
}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    spec = importlib.util.spec_from_file_location("benchmarks_run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("ratio", "scores", "worse", "better"),
    [
        (1.2, {"ami": 0.79, "npmi": 0.31, "k": 12.0}, [], []),
        (1.3, {"ami": 0.77, "npmi": 0.3, "k": 13.0}, ["slower", "worse", "another number of topics"], []),
        (0.7, {"ami": 0.9, "npmi": 0.3, "k": 12.0}, [], ["faster", "better"]),
    ],
)
def test_what_changed_by_more_than_chance_is_said(run, ratio, scores, worse, better):
    found = {"speed": {"count": {"ratio": ratio}, "new": {"ratio": 9.0}}, "quality": {"sample, seed 0": scores}}
    said = run.compare(found, STORED)
    assert [[line.split(":")[0] for line in lines] for lines in said] == [worse, better]


def test_stored_figures_say_on_what_they_were_measured():
    stored = json.loads((FOLDER / "stored.json").read_text(encoding="utf-8"))
    assert {"cpu", "cores", "python", "measured"} <= stored["machine"].keys()
    assert all(gate["ratio"] > 0 for gate in stored["speed"].values())
    assert stored["quality"]["sample, seed 0"]["ami"] > 0.8


@pytest.mark.slow
def test_a_smoke_run_measures_and_stores(run, tmp_path, capsys):
    stored = tmp_path / "stored.json"
    run.main(["--smoke", "--out", str(tmp_path / "runs"), "--stored", str(stored), "--write"])
    printed = capsys.readouterr().out
    found = json.loads(stored.read_text(encoding="utf-8"))
    assert len(found["speed"]) >= 5
    assert 0 < found["quality"]["sample, seed 0"]["ami"] <= 1
    assert "left out: fit on given vectors, 12 layouts / one BERTopic fit: asked for with --peers" in printed

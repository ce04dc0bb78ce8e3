"""The benchmark runs, says what got slower or worse, and fails where something did; it is no test of speed itself."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
QUALITY = {"sample, seed 0": {"ami": 0.8, "stability": 0.9, "k": 34.0}, "sample, seed 1": {"ami": 0.82, "k": 35.0}}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    spec = importlib.util.spec_from_file_location("benchmarks_run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.95, 1.05, ""),
        (0.8, 1.29, ""),  # it may be a little slower, but 30 % it is not
        (1.05, 1.35, "not clear"),
        (0.5, 3.0, "not clear"),
        (1.12, 1.2, "slower"),
        (1.12, 4.0, "slower"),
        (0.7, 0.85, "faster"),
    ],
)
def test_a_ratio_is_judged_by_its_interval(run, low, high, said):
    now = {"ratio": 2 * (low + high) / 2, "low": 2 * low, "high": 2 * high}
    assert run.verdict(now, {"ratio": 2.0}) == said
    found = run.compare({"speed": {"count": now, "new": now}, "quality": {}}, {"speed": {"count": now}, "quality": {}})
    assert [line.split(":")[0] for lines in found.values() for line in lines] in ([], ["count"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ami": -0.015, "stability": -0.05, "k": 1}, set()),
        ({"ami": -0.03, "k": 4}, {"worse", "another number of topics"}),
        ({"ami": 0.03, "stability": -0.1}, {"better", "worse"}),
    ],
)
def test_scores_are_judged_by_their_mean_over_the_seeds(run, change, said):
    now = {
        name: {score: value + change.get(score, 0) for score, value in scores.items()}
        for name, scores in QUALITY.items()
    }
    now["sample, seed 0"]["ami"] += 0.01  # what one seed has more, another has less
    now["sample, seed 1"]["ami"] -= 0.01
    assert run.compare({"speed": {}, "quality": now}, {"speed": {}, "quality": QUALITY}).keys() == said
    assert run.compare({"speed": {}, "quality": {"sample, seed 0": {"k": 99.0}}}, {"speed": {}, "quality": {}}) == {}


@pytest.mark.parametrize(("factor", "said"), [(1.0, ""), (1.3, "slower"), (1.5, "slower")])
def test_chance_is_not_cried_at_and_a_third_more_is_not_slept_through(run, factor, said):
    """Turns of a machine whose times vary by a tenth and are doubled now and then."""
    chance = np.random.default_rng(0)
    wrong = 0
    for _ in range(60):
        noise = np.exp(chance.normal(0, 0.1, (20, 2))) * np.where(chance.random((20, 2)) < 0.05, 2, 1)
        ratios, found = factor * noise[:, 0] / noise[:, 1], run.UNCLEAR
        for n in range(run.speed.TURNS, len(ratios) + 1):
            low, high = run.speed.interval(ratios[:n])
            found = run.verdict({"ratio": 0.0, "low": low, "high": high}, {"ratio": 1.0})
            if found != run.UNCLEAR:
                break
        wrong += found not in (said, run.UNCLEAR)
    assert wrong <= 3


def test_turns_wait_for_a_quiet_machine(run, monkeypatch):
    speed, calls = run.speed, []
    assert 0 <= speed.others_use(0.01) <= 1
    gate = speed.Gate("count", lambda: calls.append(1), lambda: calls.append(0))
    monkeypatch.setattr(speed, "PATIENCE_SECONDS", -1)
    monkeypatch.setattr(speed, "others_use", lambda: 0.9)
    assert speed.measure(gate, is_decided=bool) == "not judged: others use 90% of this machine, more than 10%"
    monkeypatch.setattr(speed, "others_use", lambda: 0.0)
    assert speed.measure(gate, is_decided=lambda now: now["turns"] >= 8)["turns"] == 8


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

"""Trials that a sampler proposes are recorded, go on where they were stopped, and are repeated without it."""

from __future__ import annotations

import sys

import pytest
from helpers import BagOfWords

import topics
from topics import sweeps
from topics.config import ConfigError

SPACE = {
    "cluster.min_cluster_size": {"low": 3, "high": 12},
    "label.coherence_weight": {"low": 0.01, "high": 1.0, "log": True},
    "label.ngram_range": [[1, 1], [1, 2]],
}
BASE = {"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}}


def study(sampler="tpe", **further):
    objectives = {"npmi_held_out": "higher", "n_topics": "lower"}
    tune = {"sampler": sampler, "n_trials": 5, "seed": 3, "objectives": objectives, "space": SPACE, **further}
    return {"config": BASE, "tune": tune}


@pytest.fixture(scope="module")
def corpus():
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    return topics.read([f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(45)])


@pytest.fixture
def sweep(corpus, tmp_path):
    def swept(asked, name="study", **further):
        return sweeps.sweep(
            corpus, asked, out=tmp_path, name=name, encoder=BagOfWords(), progress=False, **further
        )  # fmt: skip

    return swept


@pytest.mark.parametrize(
    ("sampler", "settings"),
    [("random", {}), ("tpe", {"n_startup_trials": 2}), ("nsga2", {"population_size": 2})],
)
def test_trials_that_were_stopped_or_added_to_are_those_of_one_go(sweep, sampler, settings):
    pytest.importorskip("optuna")
    asked = study(sampler, settings=settings)
    whole = sweep(asked, "whole")
    assert [trial.number for trial in whole.plan.trials] == list(range(5))
    for trial in whole.plan.trials:
        assert 3 <= trial.params["cluster.min_cluster_size"] <= 12
        assert trial.params["label.ngram_range"] in ([1, 1], [1, 2])

    done = []

    def stop(setting, state):
        done.append(setting)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(asked, "stopped", on_setting=stop)
    assert sweep(asked, "stopped").plan.trials == whole.plan.trials
    sweep(study(sampler, n_trials=3, settings=settings), "added")
    assert sweep(asked, "added").plan.trials == whole.plan.trials


def test_what_is_recorded_is_repeated_without_optuna(sweep, monkeypatch):
    pytest.importorskip("optuna")
    asked = {**study(n_trials=3), "seeds": 2}
    first = sweep(asked)
    assert len(first.plan.settings) == len(first.results()) == 3 * 2
    assert all(len(trial.settings) == 2 and trial.optuna for trial in first.plan.trials)
    assert first.plan.tuning.settings["multivariate"] is True  # Optuna's defaults are named, as versions differ in them
    assert first.objectives == {"npmi_held_out": "higher", "n_topics": "lower"}
    monkeypatch.setitem(sys.modules, "optuna", None)
    tried = []
    again = sweep(asked, on_setting=lambda setting, state: tried.append(setting))
    assert (tried, again.plan) == ([], first.plan)
    other = sweep(first.path, "elsewhere")
    assert other.plan.settings == first.plan.settings
    assert other.plan.trials == first.plan.trials
    same = [name for name in first.results() if name not in ("seconds", "new", "stored")]
    assert other.results()[same].equals(first.results()[same])
    with pytest.raises(topics.errors.MissingExtraError, match=r'pip install "topics\[tune\]"'):
        sweep(study(n_trials=4), "more")


def test_trials_of_another_sampler_do_not_mix(sweep):
    pytest.importorskip("optuna")
    sweep(study("random", n_trials=1))
    with pytest.raises(ConfigError, match="give this study another name"):
        sweep(study("tpe", n_trials=2))


def test_an_objective_that_no_trial_has_is_said(sweep):
    pytest.importorskip("optuna")
    with pytest.raises(ConfigError, match=r"no trial has a value of 'stability'; they have .*a single layout has no"):
        sweep(study("tpe", n_trials=2, objectives=["npmi_held_out", "stability"]))


def test_impossible_trials_fail_and_the_others_go_on(sweep):
    pytest.importorskip("optuna")
    space = {"reduce.min_dist": [0.0, 2.0], "label.n_terms": {"low": 3, "high": 9}}  # 2 is above the spread
    found = sweep(study("tpe", n_trials=4, space=space, settings={"n_startup_trials": 1}))
    impossible = found.results()["params.reduce.min_dist"] == 2.0
    assert (found.results()["state"] == "failed").tolist() == impossible.tolist()
    assert 0 < impossible.sum() < 4


REFUSED = [
    ({"sampler": "grid"}, "tune.sampler: expected random, tpe, nsga2, got 'grid'"),
    ({"n_trials": 0}, "tune.n_trials: expected a whole number of at least 1, got 0"),
    ({"space": {}}, "tune.space: expected keys to draw values of"),
    ({"space": {"reduce.min_dist": {"low": 1, "high": 0}}}, "tune.space.reduce.min_dist: expected low < high"),
    ({"objectives": ["npmy"]}, "tune.objectives: unknown score 'npmy'"),
    ({"objectives": ["n_topics"]}, 'tune.objectives: expected \'n_topics\' to be "higher" or "lower"'),
    ({"sample": 1}, "tune: unknown key 'sample'"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_what_cannot_be_tuned_is_refused(wrong, message):
    with pytest.raises(ConfigError, match=message):
        sweeps.tuning_of(study(**wrong))


def test_settings_that_a_sampler_does_not_take_are_refused(sweep):
    pytest.importorskip("optuna")
    with pytest.raises(ConfigError, match="TPESampler takes no 'speed'; it takes"):
        sweep(study("tpe", settings={"speed": 1}))

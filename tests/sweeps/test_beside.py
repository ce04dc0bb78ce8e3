"""Settings tried by several processes: the same results, errors, Ctrl-C and lost processes."""

from __future__ import annotations

import multiprocessing
import os
import sys

import pytest
from helpers import BagOfWords
from hypothesis import given
from hypothesis import strategies as st

import topics
from topics import sweeps
from topics.config import ConfigError
from topics.store import Store, StoreError
from topics.sweeps import _beside as beside
from topics.sweeps._work import Work

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
BASE = {"reduce": {"n_epochs": 20, "n_layouts": 2}, "map": {"n_epochs": 20}}
STUDY = {"config": BASE, "grid": {"cluster.min_cluster_size": [5, 8], "label.n_terms": [3, 6]}, "seeds": 2}


@pytest.fixture(scope="module")
def corpus():
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    return topics.read([f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(60)])


@pytest.fixture
def may_fork(monkeypatch):
    monkeypatch.setattr(
        beside, "can_fork", lambda **_: True
    )  # the encoder here needs none of what other tests have loaded


def swept(corpus, out, study=STUDY, **options):
    return sweeps.sweep(corpus, study, out=out, encoder=BagOfWords(), progress=False, **options)


def compared(study):
    frame = study.results()
    return frame.drop(columns=["seconds", "new", "stored"])


def test_several_processes_give_the_frame_that_one_does_and_make_nothing_twice(corpus, tmp_path, may_fork, monkeypatch):
    one = swept(corpus, tmp_path / "one", jobs=1)
    seen, tried = [], []
    monkeypatch.setattr(beside, "try_beside", lambda *a, **k: (seen.append(k["n"]), beside_of_before(*a, **k))[1])
    monkeypatch.setattr("topics.sweeps._sweep.try_beside", beside.try_beside)
    two = swept(corpus, tmp_path / "two", jobs=2, on_setting=lambda setting, state: tried.append(setting.key))
    assert seen == [2]
    assert sorted(tried) == sorted(setting.key for setting in two.plan.settings)
    assert compared(two).equals(compared(one))
    assert two.results()["new"].sum() == one.results()["new"].sum()
    assert multiprocessing.active_children() == []


beside_of_before = beside.try_beside


def test_an_error_in_a_process_is_recorded_and_the_others_go_on(corpus, tmp_path, may_fork):
    settings = [{"label.n_terms": n} for n in (3, 4, 5)] + [{"cluster.level": "no such level"}, {"label.n_terms": 6}]
    found = swept(corpus, tmp_path, {"config": BASE, "settings": settings}, jobs=2)
    assert found.results()["state"].tolist() == ["done", "done", "done", "failed", "done"]
    [error] = found.failures().values()
    assert "there is no level 'no such level'" in error
    assert "Traceback" in error


def test_ctrl_c_ends_the_processes_and_the_next_call_goes_on(corpus, tmp_path, may_fork):
    said = []

    def stop(setting, state):
        said.append(setting)
        if len(said) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(corpus, tmp_path, jobs=2, on_setting=stop)
    assert multiprocessing.active_children() == []
    counts = sweeps.Study.load(tmp_path / "study").counts()
    assert counts["done"] >= 3
    assert counts["failed"] == counts["running"] == 0
    assert swept(corpus, tmp_path, jobs=2).counts()["done"] == 8


def test_a_disk_that_refuses_in_a_process_stops_the_sweep(corpus, tmp_path, may_fork, monkeypatch):
    put, parent = Store.put, os.getpid()

    def full(self, record):
        if os.getpid() != parent:
            raise StoreError("cannot write: no space left on device")
        put(self, record)

    monkeypatch.setattr(Store, "put", full)
    with pytest.raises(StoreError, match="no space left"):
        swept(corpus, tmp_path, jobs=2)
    assert multiprocessing.active_children() == []
    assert sweeps.Study.load(tmp_path / "study").counts() == {"done": 0, "failed": 0, "running": 0, "pending": 8}


def test_a_process_that_is_ended_from_outside_is_said_and_its_setting_is_tried_again(
    corpus, tmp_path, may_fork, monkeypatch
):
    try_, parent = Work.try_, os.getpid()

    def killed(self, setting):
        if os.getpid() != parent and setting.params["label.n_terms"] == 6:
            os._exit(9)
        return try_(self, setting)

    monkeypatch.setattr(Work, "try_", killed)
    with pytest.raises(sweeps.LostProcessError, match=r"ended from outside.*label.n_terms=6.*jobs=1"):
        swept(corpus, tmp_path, jobs=2)
    monkeypatch.setattr(Work, "try_", try_)
    assert swept(corpus, tmp_path, jobs=2).counts()["done"] == 8


def test_one_process_where_forks_are_not_safe_or_not_worth_it(monkeypatch):
    monkeypatch.setattr(beside, "can_fork", lambda **_: True)
    free = 2 * (100 + beside._LOADED) + 50
    monkeypatch.setattr(beside, "_memory", lambda path, name: {"VmRSS": 100, "MemAvailable": free}[name])
    assert beside.n_processes(8, 40) == 2
    assert beside.n_processes(8, 3) == 1
    assert beside.n_processes(1, 40) == 1
    monkeypatch.setattr(beside, "_memory", lambda path, name: 0)
    assert beside.n_processes(8, 40) == 8
    assert beside.n_processes(8, 5) == 5
    monkeypatch.setattr(beside, "can_fork", lambda **_: False)
    assert beside.n_processes(8, 40) == 1


def test_no_processes_are_no_number_of_them(corpus, tmp_path):
    with pytest.raises(ConfigError, match="expected jobs, a number of processes of at least 1, got 0"):
        swept(corpus, tmp_path, jobs=0)


@given(st.lists(st.frozensets(st.sampled_from("abcd")), min_size=1, max_size=12), st.integers(1, 4), st.randoms())
def test_every_record_is_made_once_before_what_needs_it_and_every_setting_has_its_turn(needs, n, random):
    made_of = {key: frozenset("abcd"[: "abcd".index(key)]) & frozenset("ac") for keys in needs for key in keys}
    needs = [sorted(keys.union(*(made_of[key] for key in keys))) for keys in needs]
    made_of = {key: frozenset("abcd"[: "abcd".index(key)]) & frozenset("ac") for keys in needs for key in keys}
    schedule = beside._Schedule(needs, made_of)
    running, done = [], []
    while schedule.pending or running:
        while len(running) < n and (task := schedule.next()) is not None:
            before = made_of[task] if isinstance(task, str) else set(needs[task])
            assert before <= schedule.made
            running.append(task)
        assert running
        task = running.pop(random.randrange(len(running)))
        if isinstance(task, str):
            assert task not in schedule.made
            assert task in needs[schedule.first_with(task)]
            schedule.made.add(task)
        else:
            done.append(task)
    assert sorted(done) == list(range(len(needs)))
    assert schedule.made == set(made_of)

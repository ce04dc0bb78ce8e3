"""Several processes give what one gives, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.articles import ArticlesError, read, sample_path, workers
from topics.articles.workers import Workers
from topics.config import ArticlesParams


class OnlyHere:
    """Of a module that other processes cannot import."""

    def __str__(self) -> str:
        return "only here"


def one_each(item: object) -> int:
    return workers._BATCH


def in_two(function, items):
    with Workers(2, enough=0) as pool:
        return list(pool.map(function, items, weigh=one_each, name=repr))


@pytest.mark.parametrize("params", [ArticlesParams(), ArticlesParams(clean="keep-all", duplicates="exact")])
def test_the_corpus_does_not_depend_on_the_number_of_processes(monkeypatch, params):
    monkeypatch.setattr(workers, "_ENOUGH", 0)
    monkeypatch.setattr(workers, "_BATCH", 30_000)
    monkeypatch.setenv("TOPICS_THREADS", "1")
    alone = read(sample_path(), params)
    monkeypatch.setenv("TOPICS_THREADS", "2")
    together = read(sample_path(), params)
    for name in ("documents", "copies", "removed_lines", "rejected_rows", "input_rows"):
        assert getattr(together, name).equals(getattr(alone, name)), name
    assert (together.origin.key, together.origin.notes) == (alone.origin.key, alone.origin.notes)
    assert not multiprocessing.active_children()


@settings(max_examples=5, deadline=None)
@given(items=st.lists(st.integers(-9, 9), max_size=40))
def test_results_come_in_order(items):
    assert in_two(abs, items) == list(map(abs, items))


def test_what_cannot_be_handed_over_is_done_here():
    items = [OnlyHere(), "a", lambda: 0, OnlyHere(), "b"]
    assert in_two(callable, items) == [False, False, True, False, False]
    assert in_two(str, [OnlyHere(), "a"]) == ["only here", "a"]


@pytest.mark.parametrize("n", [1, 2])
def test_an_error_names_the_item(n):
    with Workers(n, enough=0) as pool, pytest.raises(ValueError, match="invalid literal") as caught:
        list(pool.map(int, ["1", "two", "3"], weigh=one_each, name=repr))
    assert caught.value.__notes__ == ["in 'two'"]
    assert not multiprocessing.active_children()


def test_a_process_that_is_ended_from_outside_is_no_silence():
    with pytest.raises(ArticlesError, match=r"ended from outside.* 1 article from 7 to 7; .*TOPICS_THREADS=1"):
        in_two(os._exit, [7])
    assert not multiprocessing.active_children()


def test_no_process_is_started_for_little_work():
    with Workers(2) as pool:
        assert list(pool.map(abs, [-1, 2], weigh=lambda item: 1, name=repr)) == [1, 2]
        assert not multiprocessing.active_children()


def test_a_process_that_was_started_by_another_starts_none():
    code = "from topics.articles.workers import Workers; print(Workers()._n)"
    script = f"import multiprocessing as m\nif __name__ == '__main__':\n p = m.get_context('spawn').Process(target=exec, args=({code!r},)); p.start(); p.join()"
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "TOPICS_THREADS": "4"}, capture_output=True, text=True
    )
    assert done.stdout.strip() == "1", done.stderr


CTRL_C = """
import multiprocessing, os, signal, threading, time
from topics.articles.workers import Workers
threading.Timer(2.0, os.killpg, (0, signal.SIGINT)).start()
try:
    with Workers(2, enough=0) as pool:
        list(pool.map(time.sleep, [60, 60], weigh=lambda item: 1, name=repr))
except KeyboardInterrupt:
    print("interrupted", multiprocessing.active_children())
"""


KILLED = """
import multiprocessing, os, signal, time
from topics.articles.workers import Workers
with Workers(2, enough=0) as pool:
    results = pool.map(int, map(str, range(10**9)), weigh=lambda item: 10**9, name=repr)
    next(results), time.sleep(2)
    print(multiprocessing.active_children()[0].pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks Linux which processes run")
def test_no_process_outlives_one_that_was_killed():
    done = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, timeout=40)
    pid = int(done.stdout)
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")")[-1].split()[0] == "Z":  # ended, and not asked after
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} still runs")


def test_ctrl_c_ends_all_at_once():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CTRL_C],
        capture_output=True,
        text=True,
        timeout=40,
        start_new_session=True,
    )
    assert done.stdout == "interrupted []\n"
    assert done.stderr == ""

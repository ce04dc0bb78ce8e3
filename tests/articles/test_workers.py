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

from topics.articles import ArticlesError, read, sample_path
from topics.articles import _workers as workers
from topics.articles._workers import Workers
from topics.config import ArticlesParams


@pytest.fixture(autouse=True)
def no_forks(monkeypatch):
    """What forks give is asked in processes of their own: this one may have threads."""
    monkeypatch.setattr(workers, "can_fork", lambda: False)


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
    code = "from topics.articles._workers import Workers; print(Workers()._n)"
    script = f"import multiprocessing as m\nif __name__ == '__main__':\n p = m.get_context('spawn').Process(target=exec, args=({code!r},)); p.start(); p.join()"
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "TOPICS_THREADS": "4"}, capture_output=True, text=True
    )
    assert done.stdout.strip() == "1", done.stderr


CTRL_C = """
import multiprocessing, os, signal, sys, time
from topics.articles import _workers as workers
if sys.argv[1] == "loky":
    workers.can_fork = lambda: False
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs in its background
signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGINT))
signal.alarm(2)
try:
    with workers.Workers(2, enough=0) as pool:
        assert pool._forks == (sys.argv[1] == "fork")
        list(pool.map(time.sleep, [0, 60, 60], weigh=lambda item: workers._BATCH, name=repr))
except KeyboardInterrupt:
    print("interrupted", multiprocessing.active_children())
"""


STOPPED = """
import time
from topics.articles import _workers as workers
for wait in [.03 * i for i in range(8)]:
    try:
        with workers.Workers(2, enough=0) as pool:
            results = pool.map(bytes, [1, 1, *[40_000_000] * 6], weigh=lambda item: workers._BATCH, name=repr)
            next(results), next(results), time.sleep(wait)
            raise ValueError
    except ValueError:
        pass
print("stopped")
"""


@pytest.mark.slow
def test_an_error_while_a_process_answers_does_not_wait_for_ever():
    done = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "stopped", done.stderr


KILLED = """
import multiprocessing, os, signal, sys, time
from topics.articles import _workers as workers
if sys.argv[1] == "loky":
    workers.can_fork = lambda: False
with workers.Workers(2, enough=0) as pool:
    results = pool.map(int, map(str, range(10**9)), weigh=lambda item: 10**9, name=repr)
    next(results), next(results), time.sleep(2)
    print(multiprocessing.active_children()[0].pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks Linux which processes run")
@pytest.mark.parametrize("way", ["fork", "loky"])
def test_no_process_outlives_one_that_was_killed(way):
    done = subprocess.run([sys.executable, "-c", KILLED, way], stdout=subprocess.PIPE, text=True, timeout=40)
    pid = int(done.stdout)
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")")[-1].split()[0] == "Z":  # ended, and not asked after
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} still runs")


FORKS = """
import multiprocessing, os
from topics.articles import _workers as workers
from topics.articles import read, sample_path
workers._ENOUGH_TO_FORK, workers._BATCH = 0, 30_000
forked = workers._forked
workers._forked = lambda n: print("forked") or forked(n)
tables = []
for n in ("1", "2"):
    os.environ["TOPICS_THREADS"] = n
    corpus = read(sample_path())
    tables.append([getattr(corpus, name) for name in ("documents", "copies", "removed_lines", "rejected_rows")])
    print(corpus.origin.key, corpus.origin.notes)
assert all(one.equals(other) for one, other in zip(*tables, strict=True))
with workers.Workers(2, enough=0) as pool:
    assert list(pool.map(abs, range(-9, 9), weigh=lambda item: workers._BATCH, name=repr)) == list(map(abs, range(-9, 9)))
try:
    with workers.Workers(2, enough=0) as pool:
        list(pool.map(int, ["1", "2", "two", "3"], weigh=lambda item: workers._BATCH, name=repr))
except ValueError as error:
    assert error.__notes__ == ["in 'two'"], error.__notes__
print(multiprocessing.active_children())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")
def test_forks_give_what_one_process_gives():
    done = subprocess.run([sys.executable, "-W", "error", "-c", FORKS], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    first, *rest = done.stdout.splitlines()
    assert rest[0] == "forked"
    assert rest[1] == first
    assert rest[-1] == "[]"


@pytest.mark.parametrize("way", ["fork", "loky"])
def test_ctrl_c_ends_all_at_once(way):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CTRL_C, way],
        capture_output=True,
        text=True,
        timeout=40,
        start_new_session=True,
    )
    assert done.stdout == "interrupted []\n"
    assert done.stderr == ""

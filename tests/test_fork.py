"""A process that is forked after a fit lives, or says before that it cannot; it never ends by a signal."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from importlib.util import find_spec

import pytest

from topics import _fork

GNU = platform.system() == "Linux" and find_spec("tbb") is None

PROBE = """
import os, sys
import numpy as np
from numba import njit, prange
from topics import RunConfig, pipeline
from topics._fork import ForkedError, check_threads
from topics.articles import from_texts

def fit():
    corpus, _ = from_texts([" ".join(f"word{i}of{j}" for j in range(9)) for i in range(45)])
    vectors = np.eye(3)[np.arange(45) % 3] + np.random.default_rng(0).normal(scale=0.1, size=(45, 3))
    config = RunConfig.from_dict({"reduce": {"n_epochs": 5, "n_layouts": 1}})
    assert pipeline.fit(config, corpus, embeddings=vectors).layouts[0].method == "umap"

@njit(parallel=True)
def total(numbers):  # as the search among very many documents is: it starts numba's threads
    found = 0.0
    for i in prange(len(numbers)):
        found += numbers[i]
    return found

def search():
    check_threads()
    assert total(np.ones(99)) == 99

work = {"fit": fit, "search": search}
work[sys.argv[1]]()
child = os.fork()
if child == 0:
    try:
        fit()
        search()
        print("lived", flush=True)
    except ForkedError as error:
        print(error, flush=True)
    os._exit(0)
_, status = os.waitpid(child, 0)
work[sys.argv[1]]()
print("status", status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.parametrize(
    ("before", "layer", "said"),
    [
        ("fit", None, "lived"),
        ("search", None, "which has used numba's threads, and OpenMP threads do not survive a fork"),
        ("search", "workqueue", "lived"),
    ],
)
def test_a_forked_child_lives_or_says_that_it_cannot(before, layer, said):
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_THREADING_LAYER"}
    environment |= {"NUMBA_THREADING_LAYER": layer} if layer else {}
    found = subprocess.run(
        [sys.executable, "-c", PROBE, before], capture_output=True, text=True, env=environment, timeout=300
    )
    assert found.returncode == 0, found.stderr
    assert said in found.stdout or (found.stdout.startswith("lived") and not GNU)  # elsewhere all children live
    assert found.stdout.endswith("status 0\n")


def test_a_process_may_be_forked_where_it_has_no_threads_of_which_a_fork_knows_nothing(monkeypatch):
    monkeypatch.setattr(_fork.threading, "enumerate", lambda: [threading.current_thread()])
    monkeypatch.setattr(_fork, "_numba_has_threads", lambda: False)
    monkeypatch.setattr(_fork.sys, "platform", "linux")
    for name in ("ray", "torch"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert _fork.can_fork()
    monkeypatch.setitem(sys.modules, "torch", sys)
    assert not _fork.can_fork()
    assert _fork.can_fork(uses_torch=False)
    monkeypatch.setattr(_fork, "_numba_has_threads", lambda: True)
    assert not _fork.can_fork(uses_torch=False)
    monkeypatch.setattr(_fork, "_numba_has_threads", lambda: False)
    other = threading.Thread(target=str)
    monkeypatch.setattr(_fork.threading, "enumerate", lambda: [threading.current_thread(), other])
    assert not _fork.can_fork(uses_torch=False)

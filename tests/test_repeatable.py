"""The same articles, config and seed give the same bytes: in fresh processes, on 1 or 2 threads, after kill -9."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import two_at_a_time
from killed import Logged, killed_after, run_embedding, run_pages, run_until, start, whole

from topics import Run
from topics.articles import sample_path
from topics.runs._format import FILES

FILES = list(FILES)
QUICK = ["embed.max_tokens=32", "embed.long_texts=truncate", "reduce.n_epochs=30", "map.n_epochs=30"]
SETTINGS = [argument for value in QUICK for argument in ("--set", value)]
N_KILLS = int(os.environ.get("TOPICS_KILLS", "3"))

kills = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no kill -9 here")


def run_in_a_fresh_process(out: Path, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "topics.cli", "run", str(sample_path()), "--out", str(out), "--name", "run"]
    finished = subprocess.run([*command, *SETTINGS], capture_output=True, text=True, env={**os.environ, **environment})
    assert finished.returncode == 0, finished.stderr
    return contents(out)


def contents(out: Path) -> dict[str, bytes]:
    Run.load(out / "run")
    return {name: (out / "run" / name).read_bytes() for name in FILES}


def different(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in FILES if one[name] != other[name]]


def test_one_thread_and_two_give_the_same_bytes(tmp_path):
    one = {"TOPICS_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    environments = {"one": one, "two": {"TOPICS_THREADS": "2"}}
    found = two_at_a_time(lambda name: run_in_a_fresh_process(tmp_path / name, **environments[name]), environments)
    assert different(*found) == []


@kills
def test_kill_minus_nine_at_random_moments_loses_nothing(tmp_path):
    """Moments are spread over the whole length of a run; what is stored by then differs from time to time."""
    moments = random.Random(0)
    whole(time.sleep, 0)  # what a run needs is imported before it is timed
    started = time.monotonic()
    whole(run_pages, tmp_path / "whole")
    length, expected = time.monotonic() - started, contents(tmp_path / "whole")
    n_killed = 0
    for i in range(N_KILLS):
        out = tmp_path / f"kill-{i}"
        n_killed += killed_after(start(run_pages, out), length * moments.uniform(0.1, 0.8))
        whole(run_pages, out)
        assert different(contents(out), expected) == []
        assert "set aside" not in json.dumps(Run.load(out / "run").warnings)
    assert n_killed  # a machine that grew faster meanwhile may finish before some moments


@kills
def test_kill_at_every_kind_of_write_loses_nothing(tmp_path):
    whole(run_until, tmp_path / "whole", 10**6, tmp_path / "left")
    n_writes = 10**6 - int((tmp_path / "left").read_text())
    assert n_writes > 60
    expected = contents(tmp_path / "whole")

    def killed_and_gone_on(moment: int) -> list[str]:
        out = tmp_path / f"at-{moment}"
        assert killed_after(start(run_until, out, moment), 60)
        whole(run_until, out, 10**6)
        return different(contents(out), expected)

    moments = range(2, n_writes, n_writes // (4 * N_KILLS))
    assert two_at_a_time(killed_and_gone_on, moments) == [[]] * len(moments)


@kills
def test_a_killed_embedding_goes_on_and_makes_nothing_twice_beyond_a_shard(tmp_path):
    """Killed again and again at a random moment of a shard; then its vectors are those of an undisturbed run."""
    shard, moments = Logged.shard_rows, random.Random(1)
    n_texts = max(20, 8 * N_KILLS) * shard
    logs = {name: tmp_path / f"{name}.log" for name in ("killed", "whole")}

    def embedded(name: str) -> list[str]:
        return logs[name].read_text(encoding="utf-8").split() if logs[name].exists() else []

    n_killed = 0
    for _ in range(N_KILLS):
        process = start(run_embedding, tmp_path / "killed", logs["killed"], n_texts)
        seen = len(embedded("killed"))
        while process.is_alive() and len(embedded("killed")) == seen:
            time.sleep(0.002)
        n_killed += killed_after(process, moments.uniform(0, 0.1))
    assert n_killed  # the first one at least, in the middle of the first shards
    for name, log in logs.items():
        whole(run_embedding, tmp_path / name, log, n_texts)
    made, expected = embedded("killed"), embedded("whole")
    assert sorted(set(made)) == sorted(expected)
    assert len(made) <= len(expected) + n_killed * shard
    assert different(contents(tmp_path / "killed"), contents(tmp_path / "whole")) == []
    stored = [
        {
            folder.parent.name: folder.read_bytes()
            for folder in (tmp_path / name / ".store").glob("embed-shard/*/arrays.npz")
        }
        for name in logs
    ]
    assert stored[0] == stored[1]
    assert len(stored[0]) == n_texts // shard

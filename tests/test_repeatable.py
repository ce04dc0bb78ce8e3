"""The same articles, config and seed give the same bytes: in fresh processes, on 1 or 2 threads, after kill -9."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from topics import Run
from topics.articles import sample_path
from topics.assemble import RUN_FILES

FILES = list(RUN_FILES)
QUICK = ["embed.max_tokens=32", "embed.long_texts=truncate", "reduce.n_epochs=30", "map.n_epochs=30"]
SETTINGS = [argument for value in QUICK for argument in ("--set", value)]
N_KILLS = int(os.environ.get("TOPICS_KILLS", "3"))


def command(out: Path) -> list[str]:
    path = str(sample_path())
    return [sys.executable, "-m", "topics.cli", "run", path, "--out", str(out), "--name", "run", *SETTINGS]


def run_whole(out: Path, **environment: str) -> dict[str, bytes]:
    finished = subprocess.run(command(out), capture_output=True, text=True, env={**os.environ, **environment})
    assert finished.returncode == 0, finished.stderr
    return contents(out)


def contents(out: Path) -> dict[str, bytes]:
    Run.load(out / "run")
    return {name: (out / "run" / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    return run_whole(tmp_path_factory.mktemp("whole"), TOPICS_THREADS="2")


@pytest.mark.slow
def test_one_thread_and_two_give_the_same_bytes(whole, tmp_path):
    one = {"TOPICS_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    alone = run_whole(tmp_path, **one)
    assert [name for name in FILES if alone[name] != whole[name]] == []


@pytest.mark.slow
def test_kill_minus_nine_at_random_moments_loses_nothing(whole, tmp_path):
    """Moments are spread over the whole length of a run; what is stored by then differs from time to time."""
    moments = random.Random(0)
    started = time.monotonic()
    run_whole(tmp_path / "timed")
    length = time.monotonic() - started
    n_killed = 0
    for i in range(N_KILLS):
        out = tmp_path / f"kill-{i}"
        process = subprocess.Popen(command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=length * moments.uniform(0.2, 0.8))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        n_killed += process.returncode == -signal.SIGKILL
        found = run_whole(out)
        assert [name for name in FILES if found[name] != whole[name]] == []
        assert "set aside" not in json.dumps(Run.load(out / "run").warnings)
        shutil.rmtree(out)
    assert n_killed  # a machine that grew faster meanwhile may finish before some moments


PROBE = """
import os, signal, sys
from topics import store
countdown = int(sys.argv[1])
def wrap(holder, name):
    original = getattr(holder, name)
    def wrapped(*args, **kwargs):
        global countdown
        countdown -= 1
        if countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)
    setattr(holder, name, wrapped)
wrap(os, "fsync")
wrap(store.Path, "replace")
wrap(store.tempfile, "mkstemp")
sys.path.insert(0, sys.argv[3])
from helpers import BagOfWords
import numpy as np
from topics import RunConfig, pipeline
from topics.articles import from_texts
corpus, _ = from_texts([f"word{i} text" for i in range(10)])
pipeline.run(RunConfig(), corpus, out=sys.argv[2], name="run", encoder=BagOfWords())
print(countdown)
"""


@pytest.mark.slow
def test_kill_at_every_kind_of_write_loses_nothing(tmp_path):
    def go(countdown: int, out: Path) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-c", PROBE, str(countdown), str(out), str(Path(__file__).parent)]
        return subprocess.run(arguments, capture_output=True, text=True)

    first = go(10**6, tmp_path / "whole")
    assert first.returncode == 0, first.stderr
    n_writes = 10**6 - int(first.stdout)
    assert n_writes > 60
    expected = contents(tmp_path / "whole")
    for moment in range(2, n_writes, n_writes // 12):
        out = tmp_path / f"at-{moment}"
        assert go(moment, out).returncode == -signal.SIGKILL
        again = go(10**6, out)
        assert again.returncode == 0, again.stderr
        assert contents(out) == expected


EMBEDDING = """
import hashlib, sys
from pathlib import Path
from topics import RunConfig, embed, pipeline
from topics.articles import from_texts
from topics.config import EmbedParams
out, log, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

class Logged(embed.SentenceTransformerEncoder):
    shard_rows = 8

    def encode(self, texts):
        with open(log, "a") as file:
            file.write("".join(f"{hashlib.sha256(text.encode()).hexdigest()}\\n" for text in texts))
        return super().encode(texts)

corpus, _ = from_texts([f"report {i} of the {'long ' * (i % 30)}harbour works" for i in range(n)])
config = RunConfig.from_dict({"reduce": {"n_epochs": 20}, "map": {"n_epochs": 20}})
pipeline.run(config, corpus, out=out, name="run", encoder=Logged(EmbedParams()))
"""


@pytest.mark.slow
def test_a_killed_embedding_goes_on_and_makes_nothing_twice_beyond_a_shard(tmp_path):
    """Killed again and again at a random moment of a shard; then its vectors are those of an undisturbed run."""
    n_texts, shard, moments = max(160, 16 * N_KILLS), 8, random.Random(1)

    def start(out: Path, log: Path) -> subprocess.Popen[bytes]:
        log.touch()
        arguments = [sys.executable, "-c", EMBEDDING, str(out), str(log), str(n_texts)]
        return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def embedded(log: Path) -> list[str]:
        return log.read_text(encoding="utf-8").split()

    log = tmp_path / "killed.log"
    for _ in range(N_KILLS):
        process = start(tmp_path / "killed", log)
        seen = len(embedded(log))
        while process.poll() is None and len(embedded(log)) == seen:
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL
    for out, file in ((tmp_path / "killed", log), (tmp_path / "whole", tmp_path / "whole.log")):
        process = start(out, file)
        assert process.wait() == 0, process.stderr.read()
    made, whole = embedded(log), embedded(tmp_path / "whole.log")
    assert sorted(set(made)) == sorted(whole)
    assert len(made) <= len(whole) + N_KILLS * shard
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    stored = [
        {
            path.parent.name: path.read_bytes()
            for path in (tmp_path / name / ".store" / "embed-shard").glob("*/arrays.npz")
        }
        for name in ("killed", "whole")
    ]
    assert stored[0] == stored[1]
    assert len(stored[0]) == n_texts // shard

"""Runs in processes of their own, to be killed there.

The processes are forked from one that has imported what a run needs and computed nothing, so that each starts at once.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from helpers import BagOfWords
from subjects import pages

from topics import RunConfig, embed, pipeline
from topics.articles import from_texts, read
from topics.config import EmbedParams
from topics.embed import Encoded

IMPORTED = [
    "topics.pipeline", "pandas", "pyarrow.parquet", "scipy.sparse.csgraph", "sklearn.feature_extraction.text",
    "sklearn.decomposition", "hdbscan", "numba", "plotly.graph_objects", "py3langid", "stop_words", "stopwordsiso",
    "simplemma", "babel", "sentence_transformers",
]  # fmt: skip


def start(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process that does the work, one of those below."""
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(IMPORTED)
    process = forked.Process(target=work, args=arguments)
    process.start()
    return process


def whole(work: Callable[..., None], *arguments: object) -> None:
    """The work done to its end."""
    process = start(work, *arguments)
    process.join()
    assert process.exitcode == 0


def killed_after(process: BaseProcess, seconds: float) -> bool:
    """Whether the process was killed then, rather than at its end before."""
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def run_pages(out: Path) -> None:
    """All stages with eight layouts, on pages that are cleaned."""
    config = RunConfig.from_dict({"reduce": {"n_epochs": 30}, "map": {"n_epochs": 30}})
    pipeline.run(config, read(pages()), out=out, name="run", encoder=BagOfWords())


def run_until(out: Path, n_writes: int, left: Path | None = None) -> None:
    """A small run that is killed at the n-th step of a write; how many were left is written where it is asked."""

    def wrap(holder: object, name: str) -> None:
        original = getattr(holder, name)

        def wrapped(*args, **kwargs):
            nonlocal n_writes
            n_writes -= 1
            if n_writes == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        setattr(holder, name, wrapped)

    wrap(os, "fsync")
    wrap(Path, "replace")
    wrap(tempfile, "mkstemp")
    corpus, _ = from_texts([f"word{i} text" for i in range(10)])
    pipeline.run(RunConfig(), corpus, out=out, name="run", encoder=BagOfWords())
    if left:
        left.write_text(str(n_writes), encoding="utf-8")


class Logged(embed.SentenceTransformerEncoder):
    """The real model, a few texts at a time, of which a log has the hashes."""

    shard_rows = 4
    log: Path

    def encode(self, texts: Sequence[str]) -> Encoded:
        with self.log.open("a", encoding="utf-8") as file:
            file.write("".join(f"{hashlib.sha256(text.encode()).hexdigest()}\n" for text in texts))
        return super().encode(texts)


def run_embedding(out: Path, log: Path, n_texts: int) -> None:
    """A run of the real model that logs what it embeds."""
    corpus, _ = from_texts([f"report {i} of the {'long ' * (i % 30)}harbour works" for i in range(n_texts)])
    config = RunConfig.from_dict({"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}})
    encoder = Logged(EmbedParams())
    encoder.log = log
    pipeline.run(config, corpus, out=out, name="run", encoder=encoder)

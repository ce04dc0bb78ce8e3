"""Speed: how long does one fit take on given embeddings, side by side with BERTopic?

Question   Given the same texts and vectors, how many times faster is TopicModel than BERTopic, warm and cold?
Command    make install-peers && python experiments/e02_speed.py [--data PATH] [--pairs N] [--smoke]
Data       bbc_news.parquet of the development data (2,092 articles), from $TOPICS_DATA or ../shared/data.
Expected   Warm fit at least 3 times as fast, cold process at least 2 times as fast, less memory.
Run time   About 8 minutes on 2 cores, of which 2 to 3 are the embedding that both are given.

Warm fits alternate in one process, after one of each that is not counted; cold processes alternate too. Medians and
the ratio pair by pair are printed. BERTopic embeds nothing and takes the texts as they are; so do we.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table


def fit_ours(texts: Sequence[str], vectors: np.ndarray) -> int:
    from topics import TopicModel

    return len(TopicModel(random_state=0).fit(texts, embeddings=vectors).topics_)


def fit_bertopic(texts: Sequence[str], vectors: np.ndarray) -> int:
    from bertopic import BERTopic

    model = BERTopic().fit(list(texts), embeddings=vectors)
    return int((model.get_topic_info()["Topic"] >= 0).sum())


FITS: dict[str, Callable[[Sequence[str], np.ndarray], int]] = {"topics": fit_ours, "bertopic": fit_bertopic}


def load(folder: Path) -> tuple[list[str], np.ndarray]:
    frame = pd.read_parquet(folder / "texts.parquet")
    return frame["text"].tolist(), np.load(folder / "vectors.npy")


def cold(name: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of a fresh process that loads, imports and fits."""
    started = time.perf_counter()
    arguments = [sys.executable, __file__, "--child", name, str(folder)]
    printed = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - started, float(printed.split()[-1])


def peak_mib() -> float:
    """Peak resident memory of this process; what getrusage gives would include its parent's."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def prepare(data: Path, folder: Path, n: int | None) -> int:
    """Write the texts and their MiniLM vectors, which both are given."""
    from topics.config import EmbedParams
    from topics.embed import SentenceTransformerEncoder

    frame = pd.read_parquet(data).head(n)
    texts = frame["text"] if "title" not in frame else frame["title"].fillna("") + "\n\n" + frame["text"]
    vectors = SentenceTransformerEncoder(EmbedParams(long_texts="truncate")).encode(texts.tolist()).vectors
    texts.to_frame("text").to_parquet(folder / "texts.parquet")
    np.save(folder / "vectors.npy", vectors)
    return len(texts)


def report(kind: str, seconds: dict[str, list[float]], memory: dict[str, float] | None, console: Console) -> None:
    ratios = [theirs / ours for ours, theirs in zip(seconds["topics"], seconds["bertopic"], strict=True)]
    table = Table(title=f"{kind}, {len(ratios)} pairs", title_justify="left", header_style="bold", box=None)
    for column in ("", "median s", "least s", "most s", *(["peak MiB"] if memory else [])):
        table.add_column(column, justify="right" if column else "left")
    for name, values in seconds.items():
        figures = [statistics.median(values), min(values), max(values)]
        row = [name, *(f"{figure:.2f}" for figure in figures)]
        table.add_row(*row, *([f"{memory[name]:.0f}"] if memory else []))
    console.print(table)
    console.print(f"ratio: median {statistics.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}\n")


def main(arguments: list[str] | None = None) -> None:
    """Time both and print the tables."""
    if arguments is None and sys.argv[1:2] == ["--child"]:
        FITS[sys.argv[2]](*load(Path(sys.argv[3])))
        print(peak_mib())
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=data / "bbc_news.parquet")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--smoke", action="store_true", help="200 articles, one pair")
    options = parser.parse_args(arguments)
    pairs = 1 if options.smoke else options.pairs

    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        n = prepare(options.data, folder, 200 if options.smoke else None)
        texts, vectors = load(folder)
        console.print(f"{n} documents, {vectors.shape[1]} dimensions, {os.cpu_count()} cores\n")
        found = {name: fit(texts, vectors) for name, fit in FITS.items()}  # not counted
        warm: dict[str, list[float]] = {name: [] for name in FITS}
        for _ in range(pairs):
            for name, fit in FITS.items():
                started = time.perf_counter()
                fit(texts, vectors)
                warm[name].append(time.perf_counter() - started)
        report("warm fit in one process", warm, None, console)
        fresh: dict[str, list[float]] = {name: [] for name in FITS}
        memory: dict[str, float] = {}
        for _ in range(pairs):
            for name in FITS:
                seconds, memory[name] = cold(name, folder)
                fresh[name].append(seconds)
        report("cold process", fresh, memory, console)
        console.print(" · ".join(f"{name} found {k} topics" for name, k in found.items()))


if __name__ == "__main__":
    main()

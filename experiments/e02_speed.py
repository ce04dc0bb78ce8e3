"""Speed: how long does a fit take on given vectors, side by side with BERTopic, and how does it grow?

Question   Given the same texts and vectors, how many times faster than BERTopic is a fit, with all seeds and levels and
           with one seed, warm and cold, and in how much memory? How do time and memory grow with the documents?
Command    make install-peers && python experiments/e02_speed.py [--part 2000|20000|100000|growth]… [--pairs N]
Data       The development data ($TOPICS_DATA or ../shared/data): 2,092 BBC articles with MiniLM vectors; 20,000 of its
           paragraphs and 100,000 of its sentences with static vectors.
Expected   All layouts and levels 2.4 times as fast as one BERTopic fit at 2,000 documents and 0.85 at 20,000, warm;
           about 4 times in a cold process; one layout 5.3 and 1.6 times, cold 5.5 to 6; two thirds of the memory.
Run time   About 50 minutes on 2 cores: 2000 6, 20000 10, 100000 25, growth 8.

Warm fits alternate in one process, after one of each that is not counted; cold processes alternate too and tell the
peak memory. Medians and the ratio pair by pair are printed. Nobody embeds anything, and all take the texts as they
are: pages are not cleaned, which takes some 8 ms each.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

DATA = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
FEWEST_WORDS = {20_000: 12, 100_000: 5}
SIZES = (2_000, 20_000, 100_000)
GROWTH = (10_000, 100_000)


def fit_ours(texts: Sequence[str], vectors: np.ndarray) -> int:
    from topics import TopicModel

    return len(TopicModel(random_state=0, clean="keep-all").fit(texts, embeddings=vectors).topics_)


def fit_one_seed(texts: Sequence[str], vectors: np.ndarray) -> int:
    from topics import TopicModel

    return len(TopicModel(random_state=0, n_seeds=1, clean="keep-all").fit(texts, embeddings=vectors).topics_)


def fit_bertopic(texts: Sequence[str], vectors: np.ndarray) -> int:
    from bertopic import BERTopic

    model = BERTopic().fit(list(texts), embeddings=vectors)
    return int((model.get_topic_info()["Topic"] >= 0).sum())


FITS: dict[str, Callable[[Sequence[str], np.ndarray], int]] = {
    "topics": fit_ours,
    "topics, one seed": fit_one_seed,
    "bertopic": fit_bertopic,
}


def load(folder: Path) -> tuple[list[str], np.ndarray]:
    frame = pd.read_parquet(folder / "texts.parquet")
    return frame["text"].tolist(), np.load(folder / "vectors.npy")


def cold(name: str, folder: Path) -> tuple[float, float]:
    """Seconds of a fresh process that imports, loads and fits once, and its peak memory in MiB."""
    started = time.perf_counter()
    printed = subprocess.run(
        [sys.executable, __file__, "--child", name, str(folder)], check=True, capture_output=True, text=True
    ).stdout
    return time.perf_counter() - started, float(printed.split()[-1])


def peak_mib() -> float:
    """Peak resident memory of this process (VmHWM), which a parent's does not leak into."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def prepare(n: int, folder: Path, *, articles: bool) -> int:
    """Write texts and their vectors: articles with MiniLM's, parts of articles with static ones."""
    from topics import embed
    from topics.config import EmbedParams

    if articles:
        frame = pd.read_parquet(DATA / "bbc_news.parquet").head(n)
        texts = (frame["title"].fillna("") + "\n\n" + frame["text"]).tolist()
        encoder = embed.SentenceTransformerEncoder(EmbedParams(long_texts="truncate"))
    else:
        texts = parts(n)
        encoder = embed.encoder_for(EmbedParams(encoder="static"))
    vectors = encoder.encode(texts).vectors
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    pd.DataFrame({"text": texts}).to_parquet(folder / "texts.parquet")
    np.save(folder / "vectors.npy", vectors)
    return len(texts)


def parts(n: int) -> list[str]:
    """So many different paragraphs of the articles, or sentences where more are wanted than there are paragraphs."""
    words = FEWEST_WORDS[min(size for size in FEWEST_WORDS if size >= n)]
    edge = re.compile(r"\n" if words > 5 else r"(?<=[.!?])\s+|\n")
    found = dict.fromkeys(
        part.strip() for text in articles() for part in edge.split(text) if len(part.split()) >= words
    )
    order = np.random.default_rng(0).permutation(len(found))[:n]
    every = list(found)
    return [every[i] for i in sorted(order)]


def articles() -> Iterator[str]:
    for name in ("allsides_10topics", "bbc_news", "ecbplus_stories", "ukraine_media_2022h1"):
        yield from pd.read_parquet(DATA / f"{name}.parquet")["text"]


def report(kind: str, seconds: dict[str, list[float]], memory: dict[str, float] | None, console: Console) -> None:
    table = Table(
        title=f"{kind}, {len(seconds['bertopic'])} turns", title_justify="left", header_style="bold", box=None
    )
    for column in ("", "median s", "least s", "most s", *(["peak MiB"] if memory else []), "times as fast as bertopic"):
        table.add_column(column, justify="right" if column else "left")
    for name, values in seconds.items():
        figures = [statistics.median(values), min(values), max(values)]
        ratios = [theirs / ours for ours, theirs in zip(values, seconds["bertopic"], strict=True)]
        said = "" if name == "bertopic" else f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        row = [name, *(f"{figure:.2f}" for figure in figures)]
        table.add_row(*row, *([f"{memory[name]:.0f}"] if memory else []), said)
    console.print(table)
    console.print()


def side_by_side(n: int, pairs: int, fits: Sequence[str], console: Console) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        n = prepare(n, folder, articles=n <= SIZES[0])
        texts, vectors = load(folder)
        console.print(f"[bold]{n:,} documents[/bold], {vectors.shape[1]} dimensions, {os.cpu_count()} cores\n")
        found = {name: FITS[name](texts, vectors) for name in fits}  # not counted
        warm: dict[str, list[float]] = {name: [] for name in fits}
        for _ in range(pairs):
            for name in fits:
                started = time.perf_counter()
                FITS[name](texts, vectors)
                warm[name].append(time.perf_counter() - started)
        report("warm fit in one process", warm, None, console)
        fresh: dict[str, list[float]] = {name: [] for name in fits}
        memory: dict[str, float] = {}
        for _ in range(pairs):
            for name in fits:
                seconds, memory[name] = cold(name, folder)
                fresh[name].append(seconds)
        report("cold process", fresh, memory, console)
        console.print(" · ".join(f"{name} found {k} topics" for name, k in found.items()) + "\n")


def growth(sizes: Sequence[int], pairs: int, console: Console) -> None:
    """Our fits alone, each in a fresh process; what a process takes that fits 200 documents is not counted."""
    with tempfile.TemporaryDirectory() as temporary:
        folders = {n: Path(temporary) / str(n) for n in (200, *sizes)}
        for n, folder in folders.items():
            folder.mkdir()
            prepare(n, folder, articles=False)
        runs: dict[int, list[tuple[float, float]]] = {n: [] for n in folders}
        for _ in range(pairs):
            for n, folder in folders.items():
                runs[n].append(cold("topics", folder))
        seconds, memory = (
            {n: statistics.median(run[i] for run in found) - statistics.median(run[i] for run in runs[200])
             for n, found in runs.items()}
            for i in (0, 1)
        )  # fmt: skip
        for n in sizes:
            console.print(f"{n:>9,} documents {seconds[n]:8.1f} s {memory[n]:8.0f} MiB above those of 200")
        small, large = sizes[0], sizes[-1]
        console.print(
            f"{large / small:.0f} times the documents: {seconds[large] / seconds[small]:.1f} times the time, "
            f"{memory[large] / memory[small]:.1f} times the memory\n"
        )


def main(arguments: list[str] | None = None) -> None:
    """Time the fits and print the tables."""
    if arguments is None and sys.argv[1:2] == ["--child"]:
        FITS[sys.argv[2]](*load(Path(sys.argv[3])))
        print(peak_mib())
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=[*map(str, SIZES), "growth"])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--smoke", action="store_true", help="200 articles, one pair")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    if options.smoke:
        side_by_side(200, 1, list(FITS), console)
        return
    for part in options.part or [*map(str, SIZES), "growth"]:
        if part == "growth":
            growth(GROWTH, max(1, options.pairs // 2), console)
        else:
            side_by_side(int(part), options.pairs, list(FITS), console)


if __name__ == "__main__":
    main()

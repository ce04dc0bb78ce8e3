"""One study of layouts and cuts, worked through in a folder of its own: here or in other processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import _study as study
import numpy as np
import pandas as pd

import topics
from topics.articles import sample_path
from topics.config import ArticlesParams, EmbedParams

CUTS = [5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50]
NEIGHBORS = [8, 12, 15, 25]
FILE, ARTICLES, VECTORS = "allsides_10topics.parquet", "articles.parquet", "vectors.npy"
UNTIMED = ("seconds", "stored", "new")  # what depends on what was there already


def asked(layouts: int, cuts: list[int], neighbors: list[int]) -> dict:
    """The study: a grid of layouts and cuts."""
    return {
        "config": {"reduce": {"n_layouts": layouts}},
        "grid": {"reduce.n_neighbors": neighbors, "cluster.min_cluster_size": cuts},
    }


def work(folder: Path, settings: dict) -> tuple[topics.sweeps.Study, float, int]:
    """The study worked through, its seconds without reading, and how many settings were tried."""
    tried: list[object] = []
    corpus = topics.read(folder / ARTICLES, ArticlesParams(split_round_ups=False))
    start = time.perf_counter()
    done = topics.sweep(
        corpus, settings, out=folder, embeddings=np.load(folder / VECTORS), progress=False,
        on_setting=lambda setting, _: tried.append(setting),
    )  # fmt: skip
    return done, time.perf_counter() - start, len(tried)


def rows(found: topics.sweeps.Study) -> pd.DataFrame:
    """What must be the same however a sweep was worked through."""
    frame = found.results()
    return frame.drop(columns=[name for name in frame if name.startswith(UNTIMED)])


def fresh(folder: Path, name: str) -> Path:
    """A folder with the articles and vectors and nothing else."""
    made = folder / name
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for file in (ARTICLES, VECTORS):
        shutil.copy(folder / file, made)
    return made


def children(folder: Path, settings: dict, n: int) -> list[subprocess.Popen]:
    """Processes that work on one study."""
    call = [sys.executable, __file__, str(folder), json.dumps(settings)]
    return [subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(n)]


def sizes(options) -> tuple[list[int], list[int]]:
    """Cuts, and neighbors of the layouts."""
    return (CUTS[:2], NEIGHBORS[:2]) if options.smoke else (CUTS, NEIGHBORS)


def n_done(folder: Path) -> int:
    """How many settings of the folder's study are done."""
    try:
        return int(topics.sweeps.Study.load(folder / "study").counts()["done"])
    except topics.TopicsError:
        return 0


def prepare(options, name: str) -> Path:
    """A folder with the articles and their vectors, row by row."""
    folder = options.out / name
    folder.mkdir(parents=True, exist_ok=True)
    path = sample_path() if options.smoke else options.data / FILE
    articles = pd.read_parquet(path).head(study.SMOKE_DOCUMENTS if options.smoke else None)
    articles.to_parquet(folder / ARTICLES)
    if options.smoke or not (folder / VECTORS).exists():
        encoder = topics.embed.encoder_for(EmbedParams(encoder="lsa" if options.smoke else "sentence-transformer"))
        np.save(folder / VECTORS, encoder.encode(articles["text"].tolist()).vectors)
    return folder


if __name__ == "__main__":
    work(Path(sys.argv[1]), json.loads(sys.argv[2]))

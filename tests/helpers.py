"""Vectors without a model, and vectors in groups."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from topics import Run, RunConfig, pipeline, reduce
from topics.articles import read
from topics.cluster import build_tree
from topics.cluster._labelings import Labeling, Trees
from topics.config import ArticlesParams, ClusterParams
from topics.embed import Encoded
from topics.records import METHODS, NOISE, Clusters, Layout, Origin


class BagOfWords:
    """An encoder without weights: each word is a fixed random direction, a text is their sum."""

    shard_rows = 512

    def __init__(self, n_dims: int = 64) -> None:
        self.n_dims = n_dims

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"kind": "bag-of-words", "n_dims": self.n_dims}

    def encode(self, texts: Sequence[str]) -> Encoded:
        vectors = np.zeros((len(texts), self.n_dims), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w{4,}", text.lower()) or ["nothing"]:
                vectors[row] += _direction(word[:6], self.n_dims)
        return Encoded(vectors, np.ones(len(texts), dtype=np.float32))


def shift_seeds() -> None:
    """With TOPICS_SEED_SHIFT=N this process takes other seeds from now on; a spawned one has to be told so, too."""
    drawn, shift = reduce.draws, int(os.environ.get("TOPICS_SEED_SHIFT", "0"))
    if shift:
        reduce.draws = lambda params, state, **n: drawn(params, state + 1000 * shift, **n)


def two_at_a_time(work: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    """What the work gives for each argument, in order: work that is done by a process which it waits for."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, arguments))


@cache
def _direction(word: str, n_dims: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).normal(size=n_dims)


def clusters_of(corpus_key: str, labels: Sequence[int], *, strengths=None, origin: Origin, original=None) -> Clusters:
    """A record of these labels, as of one cut of one seed."""
    labels = np.asarray(labels)
    rows = np.flatnonzero(labels >= 0)
    n_clusters = int(labels.max(initial=NOISE)) + 1
    sure = np.where(labels >= 0, 1.0, 0.0) if strengths is None else np.asarray(strengths)
    before = labels if original is None else np.asarray(original)
    methods = [
        METHODS.index("noise" if now < 0 else "cluster" if was >= 0 else "neighbors")
        for was, now in zip(before, labels, strict=True)
    ]
    membership = csr_array((sure[rows], (rows, labels[rows])), shape=(len(labels), n_clusters), dtype=np.float32)
    return Clusters(
        corpus_key, labels, sure, before, np.array(methods), sure, membership, np.full(n_clusters, np.nan), "topic",
        5, 5, origin,
    )  # fmt: skip


def blobs(n_blobs: int, size: int, *, seed: int = 0, n_dims: int = 24, spread: float = 0.25) -> np.ndarray:
    """Vectors in well-separated groups of equal size, in group order."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(n_blobs, n_dims))
    return np.repeat(centres, size, axis=0) + random.normal(scale=spread, size=(n_blobs * size, n_dims))


def labeling_of(
    found: Sequence[int], labels: Sequence[int] | None = None, rows: Sequence[int] | None = None
) -> Labeling:
    """What a layout says, of all documents unless rows are given."""
    found = np.array(found, dtype=np.int32)
    return Labeling(
        found,
        found if labels is None else np.array(labels, dtype=np.int32),
        np.arange(len(found)) if rows is None else np.asarray(rows),
    )


def trees_of(*, n_whole: int, n_partial: int, params: ClusterParams | None = None, spread: float = 0.3) -> Trees:
    """Trees over three groups of forty points, as of so many layouts of all documents and of random 80 %."""
    params = params or ClusterParams()
    vectors = blobs(3, 40, n_dims=6, spread=spread)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    trees = []
    for i in range(n_whole + n_partial):
        random = np.random.default_rng(i)
        rows = np.arange(120) if i < n_whole else np.sort(random.permutation(120)[:96])
        points = vectors[rows] + random.normal(scale=0.02, size=(len(rows), 6))
        trees.append(build_tree(Layout("c", points, "umap", 120, rows, Origin("reduce", 1, {"i": i}, (), {})), params))
    return Trees(trees, vectors.astype(np.float32), params)


def unequal(sizes: Sequence[int], *, seed: int, n_dims: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors in groups of these sizes, and the group of each: cosine about 0.97 within and about 0 between."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.normal(size=(n_dims, n_dims)))[0][: len(sizes)]
    truth = np.repeat(np.arange(len(sizes)), sizes)
    points = centres[truth] + random.normal(size=(len(truth), n_dims)) * np.sqrt(0.03 / n_dims)
    return points / np.linalg.norm(points, axis=1, keepdims=True), truth


def make_dated_run(out: Path, *, extra: Mapping[str, str] | None = None) -> Run:
    """A run over 45 dated articles and a near-duplicate, by two outlets; ``extra`` is put into every field of text."""
    more = extra or {}
    rows = []
    for s, (subject, line) in enumerate(sorted(WORDS.items())):
        words = line.split()
        for i in range(15):
            some = " ".join(words[(i * k + i + k) % 10] for k in range(6))
            rows.append(
                {
                    "id": f"{subject}-{i:02}{more.get('id', '')}",
                    "title": f"{subject.title()} report {i}{more.get('title', '')}",
                    "text": f"The {subject} report has {some} in the news of the day as item {i}.{more.get('text', '')}",
                    "date": None if i == 0 else f"2022-0{s + 1}-{i:02}" + ("T08:30:00" if i == 1 else ""),
                    "source": ("Post", "Ledger")[i % 2] + more.get("source", ""),
                    "author": f"A. Writer{more.get('author', '')}",
                    "url": f"https://example.org/{subject}/{i}{more.get('url', '')}",
                    "score": i / 10,
                    f"desk{more.get('column', '')}": f"{subject}{more.get('value', '')}",
                }
            )
    rows.append({**rows[-1], "id": "zz-copy", "title": "Again"})
    config = RunConfig.from_dict(
        {
            "embed": {"encoder": "lsa"},
            "reduce": {"n_epochs": 30, "n_layouts": 2},
            "cluster": {"level": 3},
            "map": {"n_epochs": 30},
        }
    )
    return pipeline.run(config, read(pd.DataFrame(rows), ArticlesParams(clean="keep-all")), out=out, name="dated")


WORDS = {
    "wind": "turbine wind farm offshore blade permit harbor cable sea ship",
    "pool": "swimmer pool lane record medal coach stroke meters race gold",
    "bank": "bank rate inflation market shares growth profit loan credit price",
}
SUBJECTS = ["The harbor board", "Engineers at the depot", "A cooperative of growers", "The town's only clinic"]
VERBS = ["inspected", "reopened", "has postponed", "will not pay for"]
OBJECTS = ["the western ferry terminal", "forty kilometers of track", "a second vaccination round", "the barley crop"]
REASONS = [
    "after the storm of last week",
    "because drivers refused overtime",
    "as prices rose again",
    "before the vote",
]


def article(seed: int, n_paragraphs: int = 5) -> list[str]:
    """Paragraphs of invented prose."""
    draw = random.Random(seed)

    def sentence() -> str:
        parts = [SUBJECTS, VERBS, OBJECTS, REASONS]
        return f"{' '.join(draw.choice(part) for part in parts)}, and {draw.choice(SUBJECTS).lower()} agreed."

    return [" ".join(sentence() for _ in range(draw.randint(2, 5))) for _ in range(n_paragraphs)]

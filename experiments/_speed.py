"""Texts with vectors, and the fits that are timed on them, in this process or in one of their own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import _peers as peers
import _study as study
import numpy as np
import pandas as pd

import topics
from topics import embed
from topics.articles import sample_path
from topics.config import EmbedParams

MIN_WORDS = {20_000: 12, 100_000: 5}  # of a part of an article, by how many parts are wanted
ARTICLES = 2_000  # up to so many, whole articles with MiniLM's vectors


def fit_all_layouts(texts: Sequence[str], vectors: np.ndarray) -> int:
    """The default: all layouts, all levels."""
    return len(topics.TopicModel(random_state=0, clean="keep-all").fit(texts, embeddings=vectors).topics_)


def fit_one_layout(texts: Sequence[str], vectors: np.ndarray) -> int:
    """One layout, which measures no stability."""
    return len(topics.TopicModel(random_state=0, n_layouts=1, clean="keep-all").fit(texts, embeddings=vectors).topics_)


def fit_bertopic(texts: Sequence[str], vectors: np.ndarray) -> int:
    """BERTopic with its defaults."""
    return study.n_clusters(peers.bertopic(texts, vectors))


FITS: dict[str, Callable[[Sequence[str], np.ndarray], int]] = {
    "topics": fit_all_layouts,
    "topics, one layout": fit_one_layout,
    "BERTopic": fit_bertopic,
}


def prepare(options, n: int, folder: Path) -> tuple[list[str], np.ndarray]:
    """Texts and their vectors, also written to a folder: articles with MiniLM's, parts of articles with static ones."""
    if options.smoke:
        texts = pd.read_parquet(sample_path())["text"].head(n).tolist()
        encoder = embed.encoder_for(EmbedParams(encoder="lsa"))
    elif n <= ARTICLES:
        texts = study.texts_of("bbc_news", options.data)[:n]
        encoder = embed.SentenceTransformerEncoder(EmbedParams(long_texts="truncate"))
    else:
        texts = parts(options, n)
        encoder = embed.encoder_for(EmbedParams(encoder="static"))
    vectors = np.array(encoder.encode(texts).vectors)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"text": texts}).to_parquet(folder / "texts.parquet")
    np.save(folder / "vectors.npy", vectors)
    return texts, vectors


def parts(options, n: int) -> list[str]:
    """So many different paragraphs of the articles, or sentences where more are wanted than there are paragraphs."""
    min_words = MIN_WORDS[min(size for size in MIN_WORDS if size >= n)]
    edge = re.compile(r"\n" if min_words > 5 else r"(?<=[.!?])\s+|\n")
    texts = (text for name in study.NEWS for text in pd.read_parquet(options.data / f"{name}.parquet")["text"])
    found = dict.fromkeys(part.strip() for text in texts for part in edge.split(text) if len(part.split()) >= min_words)
    order = np.random.default_rng(0).permutation(len(found))[:n]
    every = list(found)
    return [every[i] for i in sorted(order)]


def cold(name: str, folder: Path) -> tuple[float, float]:
    """Seconds of a fresh process that imports, loads and fits once, and its peak memory in MiB."""
    seconds, printed = study.in_process(__file__, name, folder)
    return seconds, float(printed.split()[-1])


if __name__ == "__main__" and sys.argv[1:2] == ["--child"]:
    there = Path(sys.argv[3])
    FITS[sys.argv[2]](pd.read_parquet(there / "texts.parquet")["text"].tolist(), np.load(there / "vectors.npy"))
    print(study.memory_mib("VmHWM"))

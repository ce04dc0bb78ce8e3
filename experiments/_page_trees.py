"""Pages as a package with other trees reads them, and how much of the article that finds."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import _study as study
import numpy as np
import pandas as pd

import topics
from topics.config import ArticlesParams

WRITTEN = Path(topics.__file__).parent / "data" / "page_lines.json"


def bodies(texts: list[str], trees: dict | None) -> list[str]:
    """The article on each page, as a package with these trees reads it; None takes those that come with this one."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if trees is not None:
            shutil.copytree(WRITTEN.parents[1], folder / "topics", ignore=shutil.ignore_patterns("__pycache__"))
            write(trees, folder / "topics" / "data" / WRITTEN.name)
        pd.DataFrame({"id": [f"{i:06d}" for i in range(len(texts))], "text": texts}).to_parquet(folder / "in.parquet")
        path = {"PYTHONPATH": str(folder if trees is not None else WRITTEN.parents[2])}
        done = study.in_process(__file__, folder, environment=path)
        assert done is not None, "the package with these trees could not read"
        return pd.read_parquet(folder / "out.parquet")["text"].tolist()


def read_here(folder: Path) -> None:
    """What :func:`bodies` asks of its process."""
    if (folder / "topics").exists() and not Path(topics.__file__).is_relative_to(folder):
        raise RuntimeError(f"expected the package in {folder}, got {topics.__file__}")
    pages = pd.read_parquet(folder / "in.parquet")
    corpus = topics.read(pages, ArticlesParams(split_round_ups=False, duplicates="exact"))
    found = dict(zip(corpus.doc_ids, corpus.documents["text"].to_pylist(), strict=True))
    same = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    texts = [found.get(same.get(doc_id, doc_id), "") for doc_id in pages["id"]]
    pd.DataFrame({"text": texts}).to_parquet(folder / "out.parquet")


def write(trees: dict, path: Path) -> None:
    """The trees as the package reads them."""
    path.write_text(json.dumps(trees, separators=(",", ":")) + "\n", encoding="ascii")


def four_grams(text: str) -> Counter:
    """Every four words in a row."""
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[i:] for i in range(4)), strict=False))


def precision_recall(found: str, gold: str) -> tuple[float, float]:
    """Share of the found text's 4-grams that are the hand-made one's, and the other way round."""
    a, b = four_grams(found), four_grams(gold)
    shared = sum((a & b).values())
    return shared / max(1, sum(a.values())), shared / max(1, sum(b.values()))


def f1(found: np.ndarray) -> dict[str, float]:
    """Mean precision, mean recall, and F1 of the two."""
    precision, recall = map(float, found.mean(axis=0))
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / max(precision + recall, 1e-9)}


def n_words(text: str) -> int:
    """Words of a text."""
    return len(re.findall(r"\w+", text))


if __name__ == "__main__" and sys.argv[1:2] == ["--child"]:
    read_here(Path(sys.argv[2]))

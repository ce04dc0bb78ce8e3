"""Clean articles survive: what is no page loses next to nothing. All of them: ``TOPICS_EVERY=1``."""

from __future__ import annotations

import os
import re

import pandas as pd
import pytest

from topics.articles import read

EVERY = int(os.environ.get("TOPICS_EVERY", "4"))


def count(texts) -> int:
    return sum(len(re.findall(r"\w+", text)) for text in texts)


@pytest.mark.parametrize(("name", "share"), [("bbc_news", 0.995), ("ecbplus_stories", 0.995), ("reuters_single", 0.98)])
def test_clean_articles_keep_their_words(data_folder, name, share):
    """Reuters' wire copy is hard-wrapped, and has tables of figures among its prose."""
    given = pd.read_parquet(data_folder / f"{name}.parquet")[::EVERY]
    corpus = read(given)
    kept = corpus.documents["text"].to_pylist() + corpus.copies["text"].to_pylist()
    n_before, n_after = count(given["text"]), count(kept)
    print(f"{name}: {1 - n_after / n_before:.3%} of the words taken off")
    assert n_after >= share * n_before
    assert len(kept) == len(given)
    assert all(kept)

"""Clean articles survive: what is no page loses next to nothing."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from topics.articles import read


@pytest.mark.parametrize("name", ["bbc_news", "ecbplus_stories"])
def test_clean_articles_lose_at_most_one_word_in_200(data_folder, name):
    given = pd.read_parquet(data_folder / f"{name}.parquet")
    corpus = read(given)
    kept = corpus.documents["text"].to_pylist() + corpus.copies["text"].to_pylist()
    n_before, n_after = (sum(len(re.findall(r"\w+", text)) for text in texts) for texts in (given["text"], kept))
    print(f"{name}: {1 - n_after / n_before:.3%} of the words taken off")
    assert n_after >= 0.995 * n_before
    assert len(kept) == len(given)
    assert all(kept)

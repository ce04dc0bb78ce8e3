from __future__ import annotations

import pytest
from helpers import BagOfWords
from subjects import pages

import topics

CONFIG = {
    "reduce": {"n_layouts": 4, "n_epochs": 30},
    "map": {"n_epochs": 20},
    "evaluate": {"label_column": "subject"},
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="session")
def corpus():
    articles = pages(12)
    dates = [f"2024-{1 + i % 12 // 4:02d}-{1 + i % 4:02d}" for i in range(len(articles))]
    dates[0] = None
    return topics.read(articles.assign(date=dates))


@pytest.fixture(scope="session")
def two_runs(folder, corpus):
    return [
        topics.run(
            corpus, {**CONFIG, "random_state": seed}, name=f"seed{seed}", out=folder, encoder=BagOfWords(),
            progress=False,
        )
        for seed in (0, 1)
    ]  # fmt: skip

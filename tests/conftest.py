"""Fixtures: a small corpus of real pages, an encoder without a model, and the folder of larger data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from helpers import BagOfWords, make_dated_run, shift_seeds
from hypothesis import HealthCheck, settings

from topics import Run, reduce
from topics.articles import read, sample_path
from topics.records import Corpus

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# Left out of the inner loop, ``pytest -m "not slow"``: whole runs, the real model, gensim's counting, large corpora.
SLOW = (
    "test_cli.py", "test_experiments.py", "test_fork.py", "test_notebook.py", "test_notebooks.py",
    "test_pipeline.py", "test_repeatable.py",
    "test_small_corpora.py", "test_terminal.py", "articles/boilerplate/test_page.py",
    "articles/boilerplate/test_paragraphs.py", "articles/test_bad_input.py", "articles/test_cases.py",
    "articles/test_clean_corpora.py", "articles/test_properties.py", "articles/test_read.py", "articles/test_sample.py",
    "articles/test_seeds.py", "articles/roundups/", "articles/duplicates/", "articles/metadata/test_heads.py",
    "bridges/", "cluster/test_edit.py", "cluster/test_levels.py", "comparison/", "embed/", "evaluate/test_agreement.py", "evaluate/test_coherence.py",
    "evaluate/test_scores.py", "label/test_evenness.py", "label/test_selection.py", "label/test_stage.py", "plot/",
    "export/", "replaying/", "report/", "runs/", "sweeps/", "articles/test_workers.py", "test_benchmarks.py",
)  # fmt: skip
SLOW_TESTS = (
    "approximate_neighbours",
    "equal_vectors_do_not_push",
    "graph_is_that_of_umap",
    "umap_s_own_step_by_step",
    "curve_is_umap_s",
    "other_kernels",
    "real_articles",
    "development_data",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        if place.startswith(SLOW) or any(name in item.name for name in SLOW_TESTS):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def cache_of_their_own(tmp_path_factory) -> Iterator[None]:
    """No test finds what the user keeps, or leaves anything there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPICS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def other_layouts() -> Iterator[None]:
    """With TOPICS_SEED_SHIFT=N every fit of this process takes other seeds: what is asserted must hold for them too.

    Another CPU gives another layout, as another seed does; here that can be had on one machine.
    """
    drawn = reduce.draws
    shift_seeds()
    yield
    reduce.draws = drawn


@pytest.fixture(scope="session")
def bag_of_words() -> BagOfWords:
    return BagOfWords()


@pytest.fixture(scope="session")
def sample() -> pd.DataFrame:
    return pd.read_parquet(sample_path())


@pytest.fixture(scope="session")
def sample_corpus() -> Corpus:
    return read(sample_path())


@pytest.fixture(scope="session")
def dated_run(tmp_path_factory) -> Run:
    """A saved run over dated articles of three subjects and two outlets, with a column of numbers; not to be edited."""
    return make_dated_run(tmp_path_factory.mktemp("dated"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    folder = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the development data is not here: {folder} does not exist (set TOPICS_DATA)")
    return folder

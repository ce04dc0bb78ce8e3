"""Fixtures: a small corpus of real pages, an encoder without a model, and the folder of larger data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from helpers import BagOfWords
from hypothesis import HealthCheck, settings

from topics import reduce
from topics.articles import read, sample_path
from topics.records import Corpus

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


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
    shift = int(os.environ.get("TOPICS_SEED_SHIFT", "0"))
    with pytest.MonkeyPatch.context() as patch:
        if shift:
            drawn = reduce.seeds
            patch.setattr(reduce, "seeds", lambda params, state, **n: drawn(params, state + 1000 * shift, **n))
        yield


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
def data_folder() -> Path:
    folder = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the development data is not here: {folder} does not exist (set TOPICS_DATA)")
    return folder

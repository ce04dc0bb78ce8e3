"""Groups that every layout finds at a finer level, dissolved at the one that is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from nested import CORPUS, N_TOPICS, SIZE, fit

from topics.cluster import cut
from topics.cluster._islands import find_islands
from topics.config import ClusterParams
from topics.records import NOISE


@pytest.fixture(scope="module")
def fitted():
    return fit()


def at(fitted, name: str, **changes: object):
    """The records as if "auto" took this level."""
    levels = fitted.levels
    preferred = pa.array([level == name for level in levels.names])
    table = levels.table.set_column(levels.table.column_names.index("preferred"), "preferred", preferred)
    return replace(levels, table=table, **changes)


def test_topics_within_a_theme_are_islands_and_named_by_an_article(fitted):
    levels = at(fitted, "theme")
    found = cut(levels, CORPUS, embeddings=fitted.embeddings, params=ClusterParams())
    place = levels.names.index("theme")
    islands = find_islands(levels, found.labels, place=place, embeddings=fitted.embeddings)
    of_topics = [island for island in islands if island.level == "topic"]
    assert len(of_topics) > N_TOPICS
    for island in of_topics:
        assert SIZE * 0.8 <= len(island.rows) <= SIZE * 1.3
        assert (found.labels[island.rows] == island.topic).mean() > 0.5
    note = found.origin.notes[-1]
    assert note.startswith(f"{len(islands)} small groups that every layout finds at a finer level have no topic of ")
    assert " like “document " in note
    assert note.endswith(" …")


def test_a_group_that_is_noise_is_an_island_too(fitted):
    levels = fitted.levels
    place = levels.names.index("theme")
    labels = levels.labels[place].copy()
    group = np.flatnonzero(levels.labels[levels.names.index("topic")] == 0)
    labels[group] = NOISE
    islands = find_islands(levels, labels, place=place, embeddings=fitted.embeddings)
    assert [set(island.rows) for island in islands if island.topic == NOISE] == [set(group)]


def test_who_asks_for_a_level_by_name_or_has_none_finer_is_told_of_none(fitted):
    for levels, level in ((fitted.levels, "theme"), (fitted.levels, "finest")):
        found = cut(levels, CORPUS, embeddings=fitted.embeddings, params=ClusterParams(level=level))
        assert not any("small group" in note for note in found.origin.notes)

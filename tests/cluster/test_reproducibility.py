from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster._labelings import Labeling
from topics.cluster._reproducibility import cluster_consensus, item_consensus, mean_jaccard

NOISE = -1


def labeling(labels: list[int], rows: list[int] | None = None) -> Labeling:
    found = np.array(labels, np.int32)
    return Labeling(found, found, np.arange(len(found)) if rows is None else np.array(rows, np.int64))


def of(labels: list[int]) -> np.ndarray:
    return np.array(labels, np.int32)


def slowly(topics, members, layouts):
    """Document by document, as the definition has it."""
    found = []
    for i, topic in enumerate(topics):
        shares = []
        for each in layouts:
            said = set(np.flatnonzero(each.labels != NOISE)) | set(each.rows.tolist())
            others = [j for j in said if j != i and members[j] == topic]
            if topic != NOISE and i in said and others:
                shares.append(np.mean([each.labels[i] == each.labels[j] != NOISE for j in others]))
        found.append(np.mean(shares) if shares else np.nan)
    return np.array(found)


numbers = st.integers(-1, 3)
cases = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.lists(numbers, min_size=n, max_size=n),
        st.lists(numbers, min_size=n, max_size=n),
        st.lists(
            st.tuples(st.lists(numbers, min_size=n, max_size=n), st.sets(st.integers(0, n - 1))), min_size=0, max_size=3
        ),
    )
)


@given(cases)
def test_consensus_is_what_its_definition_says(case):
    topics, members, layouts = case
    labelings = [labeling(labels, sorted(rows)) for labels, rows in layouts]
    found = item_consensus(of(topics), labelings, members=of(members))
    np.testing.assert_allclose(found, slowly(topics, members, labelings), atol=1e-12)


def test_a_cluster_s_consensus_is_the_chance_that_two_of_its_documents_are_together():
    labels = of([0, 0, 0, 0, 1, 1, NOISE])
    layouts = [labeling([0, 0, 1, 1, 2, 2, 2]), labeling([0, 0, 0, 0, 0, 0, NOISE])]
    found = cluster_consensus(labels, item_consensus(labels, layouts, members=labels))
    assert found == pytest.approx([(2 / 6 + 1) / 2, 1.0])


def test_what_is_found_again_is_a_cluster_of_its_own_there():
    labels = of([0, 0, 0, 0, 1, 1, NOISE])
    layouts = [labeling([0, 0, 1, 1, 2, 2, 2]), labeling([0, 0, 0, 0, 0, 0, NOISE])]
    assert mean_jaccard(labels, layouts) == pytest.approx([(2 / 4 + 4 / 6) / 2, (2 / 3 + 2 / 6) / 2])
    assert np.isnan(mean_jaccard(labels, [])).all()

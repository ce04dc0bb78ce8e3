"""Tests of sides with several runs, and of pairs against pairs of one config."""

from __future__ import annotations

import numpy as np
import pytest

from topics.errors import InputError
from topics.evaluate import (
    adjusted_p_values,
    drift_test,
    energy_test,
    null_p_value,
    partition_distance,
    partition_distances,
    seed_difference,
    seed_test,
    smallest_seed_p,
)

TOPICS = np.repeat(np.arange(6), 25)
NEAR = np.array(
    [
        [i, *np.random.default_rng(i).choice(np.flatnonzero(topic == TOPICS), 10, replace=False)]
        for i, topic in enumerate(TOPICS)
    ]
)


def wavering(seed: int, *, share: float = 0.1) -> np.ndarray:
    """A run: the topics, with some documents elsewhere, and one topic split in a third of the runs."""
    random = np.random.default_rng(seed)
    labels = np.where(random.random(len(TOPICS)) < share, random.integers(0, 6, len(TOPICS)), TOPICS)
    if seed % 3 == 0:
        labels = np.where((labels == 5) & (np.arange(len(labels)) % 2 == 0), 6, labels)
    return labels


def swapped(labels: np.ndarray) -> np.ndarray:
    new = labels.copy()
    new[np.flatnonzero(labels == 0)[::2]], new[np.flatnonzero(labels == 1)[::2]] = 1, 0
    return new


def test_the_distance_is_zero_of_equal_labelings_and_about_one_by_chance():
    random = np.random.default_rng(0)
    assert partition_distance(TOPICS, (TOPICS + 3) % 6) == pytest.approx(0)
    assert partition_distance(TOPICS, random.permutation(TOPICS)) == pytest.approx(1, abs=0.05)


def test_runs_of_one_config_are_not_different_more_often_than_is_allowed():
    found = [energy_test(partition_distances([wavering(100 * i + k) for k in range(10)]), 5)["p"] for i in range(5)]
    assert np.mean(np.array(found) <= 0.05) <= 0.2
    assert np.mean(found) > 0.3


def test_a_planted_difference_is_found_with_five_runs_a_side_and_cannot_be_with_three():
    labels = [wavering(k) for k in range(10)]
    found = energy_test(partition_distances([*labels[:5], *map(swapped, labels[5:])]), 5)
    assert found["p"] == found["smallest_p"] == pytest.approx(2 / 252)
    assert found["between"] > max(found["within_a"], found["within_b"])
    three = energy_test(partition_distances([*labels[:3], *map(swapped, labels[3:6])]), 3)
    assert three["smallest_p"] == pytest.approx(0.1)


def test_one_run_a_side_has_no_test_of_runs():
    with pytest.raises(InputError, match="at least two runs a side, got 1 and 1"):
        energy_test(np.zeros((2, 2)), 1)


def null_from(start: int, *, n: int = 39, share: float = 0.03) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(wavering(start + 2 * k, share=share), wavering(start + 2 * k + 1, share=share)) for k in range(1, n + 1)]


def test_pairs_of_seeds_pass_and_a_swap_is_found_in_the_topics_that_were_swapped():
    p_values = []
    for start in range(0, 360, 90):
        null = null_from(start)
        one, other = (wavering(start + k, share=0.03) for k in (0, 1))
        p_values.append(seed_test(one, other, null=null, neighbors=NEAR).p)
    assert sum(p <= 0.05 for p in p_values) <= 1
    found = seed_test(wavering(1, share=0.03), swapped(wavering(2, share=0.03)), null=null, neighbors=NEAR)
    assert found.p == smallest_seed_p(39) == pytest.approx(0.05)
    beyond = {topic for topic, (_, _, p) in found.topics_a.items() if p <= 0.05}
    assert beyond
    assert beyond <= {0, 1}
    together, usual, _ = found.topics_a[0]
    assert together < 0.7 < 0.9 < usual <= 1


def test_what_changes_everywhere_is_found_by_the_distance():
    null = null_from(0, share=0.1)
    assert seed_test(wavering(90), np.arange(len(TOPICS)) % 4, null=null, neighbors=NEAR).p_partition <= 0.025
    nothing = seed_test(wavering(90), np.full(len(TOPICS), -1), null=null, neighbors=NEAR)
    assert nothing.p <= 0.05
    assert nothing.rarity == 0  # noise is neither together nor apart


def test_a_topic_that_some_seeds_split_is_no_difference_and_one_that_none_merges_is():
    null = null_from(0)
    halves = np.where((TOPICS == 5) & (np.arange(len(TOPICS)) % 2 == 0), 6, TOPICS)
    split = seed_test(TOPICS, halves, null=null, neighbors=NEAR)
    random = np.random.default_rng(0)
    wide = np.array([[i, *random.choice(len(TOPICS), 10)] for i in range(len(TOPICS))])
    merged = seed_test(TOPICS, np.where(TOPICS == 1, 0, TOPICS), null=null, neighbors=wide)
    assert merged.rarity > 10 * split.rarity
    assert merged.topics_a[2][:2] == (1.0, pytest.approx(1, abs=0.2))


def test_neighbors_are_of_all_documents():
    with pytest.raises(InputError, match="neighbors of 150 documents, got 3 rows"):
        seed_test(TOPICS, TOPICS, null=[(TOPICS, TOPICS)], neighbors=NEAR[:3])


def test_without_a_null_there_is_no_test():
    with pytest.raises(InputError, match="pairs of labelings of one config"):
        seed_test([0, 1], [0, 1], null=[], neighbors=np.zeros((2, 1), dtype=int))


def test_the_p_value_counts_what_was_observed():
    assert null_p_value(2.0, [1.0] * 19) == pytest.approx(0.05)
    assert null_p_value(1.0, [1.0] * 19) == 1.0
    assert np.isnan(null_p_value(1.0, []))


def test_a_difference_of_scores_has_an_interval_an_effect_and_a_p_value():
    found = seed_difference([0.1, 0.2, 0.15, 0.12, 0.18], [0.3, 0.41, 0.34, 0.33, 0.37])
    assert found["difference"] == pytest.approx(0.2)
    assert found["p"] == pytest.approx(2 / 252)
    assert found["effect"] > 3
    assert found["reach"] < 0.05
    assert seed_difference([0.5, 0.5], [0.5, 0.5])["p"] == 1.0
    assert np.isnan(seed_difference([0.1], [0.2])["p"])
    with pytest.raises(InputError, match="as many values of both sides"):
        seed_difference([0.1], [0.2, 0.3])


def test_corrected_p_values_leave_out_what_was_not_tested():
    adjusted = adjusted_p_values([0.01, np.nan, 0.04])
    assert adjusted[0] == pytest.approx(0.02)
    assert np.isnan(adjusted[1])
    assert adjusted[2] == pytest.approx(0.04)


def test_drift_is_found_and_a_new_draw_is_none():
    from scipy.sparse import csr_array

    random = np.random.default_rng(0)
    center = np.eye(8)[0]
    one, again = (center + random.normal(scale=0.3, size=(40, 8)) for _ in range(2))
    moved = center + 0.5 * np.eye(8)[1] + random.normal(scale=0.3, size=(40, 8))
    assert drift_test(one, again)["p"] > 0.05
    assert drift_test(one, moved)["p"] == pytest.approx(1 / 200)
    assert drift_test(csr_array(one), csr_array(moved))["drift"] == pytest.approx(drift_test(one, moved)["drift"])
    assert np.isnan(drift_test(np.zeros((0, 8)), one)["p"])
    with pytest.raises(InputError, match="as many dimensions"):
        drift_test(one, np.ones((2, 3)))


def test_a_swap_is_found_where_other_topics_dissolve():
    """In half of the null a topic goes to noise."""

    def dissolving(seed):
        labels = wavering(seed, share=0.05)
        return np.where((labels == 4) & (seed % 2 == 0), -1, labels)

    null = [(dissolving(2 * k + k % 2), dissolving(2 * k + 1)) for k in range(1, 40)]
    assert seed_test(dissolving(100), dissolving(101), null=null, neighbors=NEAR).p > 0.05
    found = seed_test(dissolving(100), swapped(dissolving(101)), null=null, neighbors=NEAR)
    assert found.p == pytest.approx(0.05)
    beyond = {topic for topic, (_, _, p) in found.topics_a.items() if p <= 0.05}
    assert beyond
    assert beyond <= {0, 1}

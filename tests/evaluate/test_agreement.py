from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from topics.evaluate import (
    adjusted_mutual_information,
    adjusted_rand,
    b_cubed,
    completeness,
    homogeneity,
    language_leak,
    normalized_mutual_information,
    purity,
    v_measure,
)

labels = st.lists(st.integers(-1, 4), min_size=2, max_size=40)


@pytest.mark.parametrize(
    "metric",
    [
        adjusted_mutual_information,
        adjusted_rand,
        normalized_mutual_information,
        b_cubed,
        purity,
        homogeneity,
        completeness,
    ],
)
def test_bounds_and_noise(metric):
    truth = ["a", "a", "b", "b", "c", "c"]
    assert metric(truth, [0, 0, 1, 1, 2, 2]) == pytest.approx(1)
    assert metric(truth, [2, 2, 0, 0, 1, 1]) == pytest.approx(1)
    assert metric(truth, [0, 0, 1, 1, -1, -1]) == pytest.approx(1)
    assert metric(truth, [0, 0, 1, -1, 2, -1]) < 1
    assert metric(truth, [0, 0, 1, -1, 2, -1], noise=False) == pytest.approx(1)
    assert math.isnan(metric(["a", "b"], [-1, -1], noise=False))
    with pytest.raises(
        ValueError, match=r"expected labels_true and labels_pred of one shape \(n_docs,\), got \(3,\) and \(2,\)"
    ):
        metric(["a", "b", "c"], [0, 1])


@given(labels, st.randoms())
def test_numbering_does_not_matter(found, random):
    truth = [random.choice("abc") for _ in found]
    renamed = {k: v for v, k in enumerate(dict.fromkeys(x for x in found if x >= 0))}
    other = [renamed.get(x, -1) for x in found]
    for metric in (adjusted_mutual_information, adjusted_rand):
        assert np.isclose(metric(truth, found), metric(truth, other), atol=1e-9)


@given(st.lists(st.tuples(st.integers(-1, 3), st.sampled_from("abc")), min_size=1, max_size=30))
def test_purity_and_b_cubed_are_as_counted_document_by_document(pairs):
    found, human = zip(*pairs, strict=True)
    precision, recall, pure = [], [], 0
    for cluster, label in pairs:
        inside = [other for k, other in pairs if k == cluster]
        alike = [k for k, other in pairs if other == label]
        precision.append(inside.count(label) / len(inside))
        recall.append(alike.count(cluster) / len(alike))
    for cluster in set(found):
        inside = [other for k, other in pairs if k == cluster]
        pure += max(inside.count(label) for label in set(inside))
    mean, mean_recall = sum(precision) / len(pairs), sum(recall) / len(pairs)
    assert b_cubed(human, found) == pytest.approx(2 * mean * mean_recall / (mean + mean_recall))
    assert purity(human, found) == pytest.approx(pure / len(pairs))
    assert 0 <= normalized_mutual_information(human, found) <= 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_the_order_of_arguments_is_scikit_learn_s(pairs):
    labels_true, labels_pred = zip(*pairs, strict=True)
    for ours, theirs in (
        (adjusted_mutual_information, metrics.adjusted_mutual_info_score),
        (adjusted_rand, metrics.adjusted_rand_score),
        (normalized_mutual_information, metrics.normalized_mutual_info_score),
        (homogeneity, metrics.homogeneity_score),
        (completeness, metrics.completeness_score),
        (v_measure, metrics.v_measure_score),
    ):
        assert ours(labels_true, labels_pred) == pytest.approx(theirs(labels_true, labels_pred), abs=1e-9)
        assert ours(labels_true=labels_true, labels_pred=labels_pred) == ours(labels_true, labels_pred)


def test_human_labels_in_the_place_of_clusters_are_refused():
    for measure in (adjusted_rand, purity, homogeneity):
        with pytest.raises(ValueError, match=r"got .*'a'.*; human labels come first, as in scikit-learn"):
            measure([0, 0, 1], ["a", "a", "b"])


def test_v_measure_is_the_harmonic_mean_of_its_parts():
    labels, truth = [0, 0, 1, 1, 2, 2, -1], list("aabbbcc")
    h, c = homogeneity(truth, labels), completeness(truth, labels)
    assert v_measure(truth, labels) == pytest.approx(2 * h * c / (h + c))
    assert v_measure(truth, labels) == pytest.approx(normalized_mutual_information(truth, labels))
    assert homogeneity(list("aab"), [0, 1, 2]) == 1
    assert completeness(list("aab"), [0, 0, 0]) == 1


def test_topics_of_one_language_each_leak_and_mixed_ones_do_not():
    languages = ["en", "uk"] * 40
    apart = [int(language == "uk") for language in languages]
    mixed = [i // 20 for i in range(80)]
    assert language_leak(languages, apart) == pytest.approx(1)
    assert abs(language_leak(languages, mixed)) < 0.05
    assert np.isnan(language_leak(["en"] * 3, [0, 0, 1]))
    assert language_leak(["en", "en", "uk", "uk", "en", "uk"], [0, 0, 1, 1, -1, -1]) == pytest.approx(1)


def test_languages_that_write_of_different_subjects_are_no_leak_within_these():
    languages = np.array(["en"] * 50 + ["uk"] * 50)
    truth = np.array(["sport"] * 40 + ["war"] * 20 + ["law"] * 40)
    labels = np.array([0] * 40 + [1] * 20 + [2] * 40)
    assert language_leak(languages, labels) > 0.7
    assert abs(language_leak(languages, labels, labels_true=truth)) < 0.05
    split = np.array([0] * 40 + [1] * 10 + [3] * 10 + [2] * 40)
    assert language_leak(languages, split, labels_true=truth) == pytest.approx(1)


def test_missing_languages_are_left_out_and_topics_of_one_document_tell_nothing():
    assert np.isnan(language_leak(["en"] * 5 + [None] * 5, [0] * 5 + [1] * 5))
    for n in (5, 6, 7, 8, 50):
        assert np.isnan(language_leak((["en", "uk"] * n)[:n], list(range(n))))

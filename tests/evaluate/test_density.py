from __future__ import annotations

import numpy as np
import pytest
from hdbscan.validity import validity_index
from sklearn.metrics import silhouette_score

from topics._blocks import one_thread
from topics.evaluate import _density as density
from topics.evaluate import dbcv, silhouette


def blobs(n=60, spread=0.05, seed=0):
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    points = np.eye(3)[labels] + random.normal(scale=spread, size=(n, 3))
    return labels.astype(np.int32), (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def test_clusters_that_are_apart_score_higher_than_mixed_ones():
    labels, points = blobs()
    mixed = np.random.default_rng(1).permutation(labels)
    for measure in (silhouette, dbcv):
        assert measure(points, labels) > 0.5 > measure(points, mixed)
    assert silhouette(points, labels) == pytest.approx(silhouette_score(points, labels, metric="cosine"), abs=1e-6)


def test_noise_is_left_out_of_the_silhouette_and_lowers_dbcv():
    labels, points = blobs()
    noisy = labels.copy()
    noisy[:9] = -1
    assert silhouette(points, noisy) == pytest.approx(silhouette(points[9:], noisy[9:]), abs=1e-6)
    assert dbcv(points, noisy) < dbcv(points, labels)


@pytest.mark.parametrize("labels", [[0] * 6, [-1] * 6, [0, 1, 2, 3, 4, 5]])
def test_what_cannot_be_told_is_nan(labels):
    points = blobs(6)[1]
    assert np.isnan(silhouette(points, np.array(labels, dtype=np.int32)))
    assert np.isnan(dbcv(points, np.array(labels, dtype=np.int32)))


def test_equal_points_are_no_error():
    labels = np.repeat([0, 1], 10).astype(np.int32)
    value = dbcv(np.eye(2, dtype=np.float32)[labels], labels)
    assert np.isnan(value) or -1 <= value <= 1


def test_of_many_documents_a_part_is_looked_at(monkeypatch):
    monkeypatch.setattr(density, "MAX_DOCUMENTS", 40)
    labels, points = blobs(400)
    assert silhouette(points, labels) == silhouette(points[::10], labels[::10])
    assert dbcv(points, labels) == dbcv(points[::10], labels[::10])


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_both_are_to_the_last_bit_what_scikit_learn_and_hdbscan_compute(noise):
    random = np.random.default_rng(3)
    vectors = random.normal(size=(400, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.where(random.random(400) < noise, -1, random.integers(0, 12, 400)).astype(np.int32)
    kept = labels >= 0
    with one_thread():
        expected = silhouette_score(
            density.cosine_distances_of(vectors)[np.ix_(kept, kept)], labels[kept], metric="precomputed"
        )
        assert silhouette(vectors, labels) == float(expected)
        assert dbcv(vectors[:, :5], labels) == validity_index(
            vectors[:, :5].astype(np.float64), labels.astype(np.int64)
        )


def test_distances_that_are_known_are_not_computed_again():
    labels, points = blobs()
    known = density.cosine_distances_of(points)
    assert silhouette(np.zeros_like(points), labels, distances=known) == silhouette(points, labels)

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

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
    assert silhouette(points, noisy) == silhouette(points[9:], noisy[9:])
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

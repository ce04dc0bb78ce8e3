from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.evaluate import adjusted_mutual_information, adjusted_rand

labels = st.lists(st.integers(-1, 4), min_size=2, max_size=40)


@pytest.mark.parametrize("metric", [adjusted_mutual_information, adjusted_rand])
def test_bounds_and_noise(metric):
    truth = ["a", "a", "b", "b", "c", "c"]
    assert metric([0, 0, 1, 1, 2, 2], truth) == pytest.approx(1)
    assert metric([2, 2, 0, 0, 1, 1], truth) == pytest.approx(1)
    assert metric([0, 0, 1, 1, -1, -1], truth) == pytest.approx(1)
    assert metric([0, 0, 1, -1, 2, -1], truth) < 1
    assert metric([0, 0, 1, -1, 2, -1], truth, noise=False) == pytest.approx(1)
    assert math.isnan(metric([-1, -1], ["a", "b"], noise=False))
    with pytest.raises(ValueError, match=r"expected labels and truth of one shape \(n_docs,\), got \(2,\) and \(3,\)"):
        metric([0, 1], ["a", "b", "c"])


@given(labels, st.randoms())
def test_numbering_does_not_matter(found, random):
    truth = [random.choice("abc") for _ in found]
    renamed = {k: v for v, k in enumerate(dict.fromkeys(x for x in found if x >= 0))}
    other = [renamed.get(x, -1) for x in found]
    for metric in (adjusted_mutual_information, adjusted_rand):
        assert np.isclose(metric(found, truth), metric(other, truth), atol=1e-9)

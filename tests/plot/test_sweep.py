"""The figures of a sweep show what is in its frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from topics.plot import draw_cliffs, draw_heat, draw_tradeoff


@pytest.fixture
def results() -> pd.DataFrame:
    rows = [
        {
            "setting": i, "seed": seed, "params.cluster.min_samples": n, "params.label.weighting": how,
            "metrics.npmi_held_out": n / 100 + seed / 1000, "metrics.stability": 1 - n / 20, "n_topics": 10 - n,
        }
        for i, (n, how) in enumerate([(2, "bm25"), (10, "bm25"), (2, "<b>npmi"), (10, "<b>npmi")])
        for seed in (0, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_cliff_has_a_panel_a_parameter_its_values_in_order_and_the_means(results):
    figure = draw_cliffs(results)
    assert len(figure.data) == 4
    assert list(figure.layout.xaxis.ticktext) == ["2", "10"]
    assert "&lt;b&gt;npmi" in figure.layout.xaxis2.ticktext
    points, means = figure.data[0], figure.data[1]
    np.testing.assert_allclose(sorted(points.y), sorted(results["metrics.npmi_held_out"]))
    np.testing.assert_allclose(means.y, [0.0205, 0.1005])
    assert all(abs(x - round(x)) <= 0.12 for x in points.x)


def test_a_heat_map_has_the_mean_of_each_pair_and_gaps_where_there_is_none(results):
    figure = draw_heat(results[:6], "cluster.min_samples", y="label.weighting", metric="stability")
    heat, *values = figure.data
    assert list(figure.layout.xaxis.ticktext) == ["2", "10"]
    assert sorted(text for trace in values for text in trace.text) == ["0.500", "0.900", "0.900"]
    table = pd.DataFrame(heat.z, index=figure.layout.yaxis.ticktext, columns=figure.layout.xaxis.ticktext)
    assert table.loc["bm25", "10"] == pytest.approx(0.5)
    assert np.isnan(table.loc["&lt;b&gt;npmi", "10"])


def test_the_front_is_drawn_over_the_others(results):
    summary = results.groupby("setting").first().reset_index()
    summary["front"] = [False, True, False, False]
    figure = draw_tradeoff(summary)
    assert [line.line.color for line in figure.data].count(figure.data[-1].line.color) == 1
    assert all(0 <= y <= 1 for line in figure.data for y in line.y)


def test_what_cannot_be_drawn_is_refused(results):
    with pytest.raises(ValueError, match=r"expected a metric of the settings \(npmi_held_out, stability\), got 'ami'"):
        draw_cliffs(results, "ami")
    with pytest.raises(ValueError, match="several values of a parameter, got none"):
        draw_cliffs(results[:1])
    with pytest.raises(ValueError, match="got 'cluster.level'"):
        draw_heat(results, "cluster.level", y="label.weighting")
    with pytest.raises(ValueError, match="got none"):
        draw_tradeoff(results[:0])

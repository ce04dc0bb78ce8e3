"""How many topics a part of the documents shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import InputError
from topics.evaluate import saturation, say_saturation

labels = st.lists(st.integers(-1, 6), min_size=1, max_size=80)


@given(labels, st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_the_curve_rises_to_all_topics_and_its_intervals_hold_them(topics, min_size):
    curve = saturation(topics, min_size=min_size, n_orders=20)
    assert curve["n_documents"].iloc[-1] == len(topics) and curve["n_documents"].is_monotonic_increasing
    assert curve["n_topics"].iloc[-1] == pytest.approx(len({topic for topic in topics if topic >= 0}))
    assert (np.diff(curve["n_topics"]) >= -1e-9).all()
    assert (curve["low"] <= curve["high"]).all() and curve["low"].iloc[-1] == curve["high"].iloc[-1]


def test_the_expected_number_is_that_of_many_random_parts():
    topics = np.repeat([0, 1, 2, 3, -1], [60, 25, 10, 6, 19])
    curve = saturation(topics)
    generator = np.random.default_rng(1)
    for row in curve.iloc[[3, 9, 15]].to_dict("records"):
        parts = (generator.permutation(topics)[: row["n_documents"]] for _ in range(2_000))
        seen = np.array([(np.bincount(part[part >= 0], minlength=4) >= 5).sum() for part in parts])
        assert row["n_topics"] == pytest.approx(seen.mean(), abs=0.08)
        assert ((row["low"] <= seen) & (seen <= row["high"])).mean() >= 0.9


def test_numbers_and_order_of_the_topics_change_nothing():
    topics = np.random.default_rng(0).integers(-1, 5, size=90)
    renamed = np.where(topics < 0, -1, 10 * (4 - topics))
    for other in (renamed, topics[::-1]):
        np.testing.assert_allclose(saturation(other)["n_topics"], saturation(topics)["n_topics"])


def test_a_corpus_of_large_topics_has_no_more_to_show_and_one_of_small_ones_has():
    large, small = np.repeat(np.arange(5), 200), np.repeat(np.arange(100), 6)
    assert "hardly show further topics" in say_saturation(saturation(large), noise_share=0.0)
    said = say_saturation(saturation(small), noise_share=0.25)
    assert "the last tenth of them adds" in said and "25% of them are in no topic" in said
    assert say_saturation(saturation([-1, -1]), noise_share=1.0) == "there is no topic to be seen"


@pytest.mark.parametrize(
    ("topics", "options"), [([], {}), ([[0, 1]], {}), ([0, 1], {"min_size": 0}), ([0], {"n_orders": 0})]
)
def test_what_cannot_be_counted_is_refused(topics, options):
    with pytest.raises(InputError, match="expected"):
        saturation(topics, **options)


def test_the_command_shows_the_curve_and_writes_it(dated_run, tmp_path, capsys):
    from topics.cli import app

    table = tmp_path / "curve.csv"
    app(["saturation", str(dated_run.path), "--min-size", "3", "--write", str(table)], standalone_mode=False)
    said = capsys.readouterr().out
    n_topics = len(dated_run.topics())
    assert "topics seen" in said and f"{n_topics} to {n_topics}" in said and "half of the documents" in said
    assert table.read_text(encoding="utf-8").startswith("n_documents,share,n_topics,low,high")

"""Labels of a map: at the densest place of each topic, apart, and counted where there is no room."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.plot import draw_map
from topics.plot._labels import densest, place_labels, shorten
from topics.plot._map import HEIGHT, WIDTH
from topics.plot._text import width_of


def cloud(middle, n, *, seed=0, spread=0.3):
    return np.asarray(middle) + np.random.default_rng(seed).normal(scale=spread, size=(n, 2))


@pytest.mark.parametrize("n", [1, 2, 3, 12, 400, 12_000])
def test_outliers_do_not_move_the_densest_place(n):
    outliers = [[50.0, 50.0], [-40.0, 10.0], [0.0, 90.0]][: n // 12]
    points = np.concatenate([cloud((2, 3), n), np.reshape(outliers, (-1, 2))])
    assert np.abs(densest(points) - [2, 3]).max() < 1
    of_equals = np.zeros((n, 2))
    assert densest(of_equals).tolist() == [0, 0]


def frames(groups):
    """Documents about the middles of groups, and their topics."""
    rows = [(topic, *point) for topic, points in enumerate(groups) for point in points]
    documents = pd.DataFrame(rows, columns=["topic", "x", "y"])
    documents = documents.assign(title="t", text="t", date=None, source=None, copy_of=None)
    topics = pd.DataFrame(
        [
            {"topic": i, "label": f"l{i}", "terms": [f"first{i}", f"second{i}", f"third{i}"], "size": len(points)}
            for i, points in enumerate(groups)
        ]
    )
    return documents, topics


def in_pixels(figure, annotation):
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    return (annotation.x - left) / (right - left) * WIDTH, (annotation.y - low) / (high - low) * HEIGHT


def test_a_label_stands_by_its_topic_though_one_document_lies_far_off():
    groups = [np.concatenate([cloud((0, 0), 40), [[30, 30]]]), cloud((10, 0), 40, seed=1), cloud((0, 25), 40, seed=2)]
    figure = draw_map(*frames(groups))
    assert [a.text for a in figure.layout.annotations] == [f"first{i}, second{i}, third{i}" for i in range(3)]
    for annotation, (x, y) in zip(figure.layout.annotations, ((0, 0), (10, 0), (0, 25)), strict=True):
        assert abs(annotation.x - x) < 4
        assert abs(annotation.y - y) < 6


def test_labels_never_overlap_and_how_many_had_no_room_is_said():
    crowded = [cloud((i % 10, i // 10), 5, seed=i, spread=0.05) for i in range(100)]
    figure = draw_map(*frames([*crowded, np.array([[300.0, 300.0]])]))
    *labels, said = figure.layout.annotations
    assert said.text.startswith(f"labels of {len(labels)} of 101 topics; no room for the others")
    assert 3 < len(labels) < 101
    boxes = [(*in_pixels(figure, label), width_of(label.text, 11)) for label in labels]
    for i, (x, y, width) in enumerate(boxes):
        assert 0 < x < WIDTH and 0 < y < HEIGHT
        assert all(abs(x - a) >= (width + w) / 2 or abs(y - b) >= 19 for a, b, w in boxes[:i])


def test_thirty_topics_and_more_that_have_room_are_all_labelled():
    apart = [cloud((i % 5, i // 5), 5, seed=i, spread=0.05) for i in range(40)]
    figure = draw_map(*frames(apart))
    assert len(figure.layout.annotations) == 40


@given(st.lists(st.tuples(st.integers(-1, 5), st.floats(0, 800), st.floats(0, 600)), max_size=60))
def test_labels_are_inside_apart_and_of_topics_that_have_points(points):
    topics = np.array([topic for topic, *_ in points], dtype=int)
    places = np.array([place for _, *place in points], dtype=float).reshape(-1, 2)
    widths = [(topic, 150.0) for topic in range(6)]
    labels = place_labels(places, topics, widths=widths, line=24, size=(800, 600))
    assert {label.topic for label in labels} <= set(topics[topics >= 0].tolist())
    assert all(75 <= label.x <= 725 and 12 <= label.y <= 588 for label in labels)
    for i, one in enumerate(labels):
        assert all(abs(one.x - other.x) >= 150 or abs(one.y - other.y) >= 24 for other in labels[:i])


def test_long_labels_are_cut():
    assert shorten("wind farm,\nturbine") == "wind farm, turbine"
    cut = shorten("Wind farms and their cables off the coast of Marran")
    assert cut.startswith("Wind farms and their cables") and cut.endswith("…")
    assert shorten("x" * 60).endswith("x…")

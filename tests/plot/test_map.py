from __future__ import annotations

import pandas as pd
from drawn import frames, scan

from topics.plot import draw_map, draw_scan


def test_points_are_coloured_and_labelled_by_topic():
    documents, topics = frames()
    figure = draw_map(documents, topics)
    assert [trace.name for trace in figure.data] == ["noise", "0 · plain", "1 · plain"]
    assert [len(trace.x) for trace in figure.data] == [1, 3, 2]
    assert len({trace.marker.color for trace in figure.data}) == 3
    assert [a.text for a in figure.layout.annotations] == ["plain, b", "plain"]
    assert "2023-01-02" in figure.data[1].text[0]


def test_copies_are_not_drawn():
    documents, topics = frames()
    documents.loc[2, "copy_of"] = "d0"
    assert [len(trace.x) for trace in draw_map(documents, topics).data] == [1, 2, 2]


def test_the_chart_marks_the_level_of_the_run():
    levels = pd.DataFrame(
        {
            "level": ["story", "topic"],
            "chosen": [True, False],
            "min_cluster_size": [3, 8],
            "n_clusters": [41, 9],
        }
    )
    figure = draw_scan(scan(), levels)
    assert [a.text for a in figure.layout.annotations] == ["<b>topic</b> (9)", "<b>story</b> (41, this run)"]
    assert [shape.line.dash for shape in figure.layout.shapes] == ["dot", "solid"]
    assert [shape.x0 for shape in figure.layout.shapes] == [9, 41]


def test_labels_do_not_overlap():
    documents, topics = frames()
    documents["y"] = [0.0, 0, 0, 0.001, 0.001, 1]
    documents["x"] = [0.0, 0.1, 0.05, 0.05, 0.1, 10]
    figure = draw_map(documents, topics)
    one, other = (annotation.y for annotation in figure.layout.annotations)
    assert abs(one - other) * 720 > 20


def test_the_scan_is_drawn_with_its_levels_by_name():
    figure = draw_scan(scan())
    assert [annotation.text for annotation in figure.layout.annotations] == ["<b>topic</b> (9)"]
    assert [list(trace.y) for trace in figure.data] == [[0.85, 0.86], [0.3, 0.25], [0.75, 0.98], [0, 0]]  # by size
    assert [trace.name for trace in figure.data if trace.showlegend] == ["leaf cuts", "excess-of-mass cuts"]
    assert list(figure.data[2].error_y.array) == [0.03, 0.005]
    assert figure.layout.yaxis.range[0] < 0.85 - 0.01
    assert "&lt;script&gt;" in draw_scan(scan("<script>")).layout.annotations[0].text

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from topics.plot import draw_map, draw_scan
from topics.report import map_page

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }}",
    "& < > \" '",
]


class Links(HTMLParser):
    """Tags, and every address that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [value for name, value in attributes if name in ("src", "href", "data", "action", "srcset")]
        assert not [name for name, _ in attributes if name.startswith("on")]


def frames(text: str = "plain"):
    documents = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(6)],
            "title": [text, None, text, text, text, None],
            "text": [text] * 6,
            "date": pd.to_datetime(["2023-01-02"] * 5 + [None], utc=True),
            "source": [text] * 5 + [None],
            "topic": [0, 0, 0, 1, 1, -1],
            "copy_of": None,
            "x": np.arange(6.0),
            "y": [0.0, 1, 0, 5, 6, 3],
        }
    )
    topics = pd.DataFrame(
        {
            "topic": [0, 1],
            "label": [text, text],
            "size": [3, 2],
            "terms": [[text, "b"], [text]],
            "languages": [["en"], []],
            "reproducibility": [0.97, float("nan")],
        }
    )
    return documents, topics


def scan(text: str = "topic") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster_selection_method": ["leaf", "leaf", "eom", "eom"],
            "min_cluster_size": [5, 6, 11, 8],
            "n_clusters": [20.0, 18.5, 9.0, 2.0],
            "fewest": [19, 18, 9, 2],
            "most": [21, 19, 9, 2],
            "agreement": [0.9, 0.91, 0.99, 0.8],
            "rand": [0.8, 0.81, 0.97, 0.7],
            "noise_share": [0.3, 0.25, 0.0, 0.0],
            "stability": [0.85, 0.86, 0.98, 0.75],
            "stability_error": [0.01, 0.02, 0.005, 0.03],
            "level": [None, None, text, None],
        }
    )


def page_of(text: str) -> str:
    documents, topics = frames(text)
    return map_page(draw_map(documents, topics), topics, title=text, notes=[text], levels=draw_scan(scan(text)))


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


def test_names_stand_on_the_map_and_in_the_table():
    documents, topics = frames()
    topics.insert(1, "name", ["Wind <farms>", None])
    figure = draw_map(documents, topics)
    assert [a.text for a in figure.layout.annotations] == ["Wind &lt;farms&gt;", "plain"]
    assert figure.data[1].name == "0 · Wind &lt;farms&gt;"
    page = map_page(figure, topics, title="t")
    assert "<b>Wind &lt;farms&gt;</b><br>plain, b</td>" in page
    assert page.count("<br>plain") == 1


def test_the_wheel_scrolls_the_page_unless_a_key_is_held():
    script = re.findall(r"<script>(.*?)</script>", page_of("plain"), re.S)[1]
    assert (
        'addEventListener("wheel", (event) => {\n    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();'
        in script
    )


def test_notes_stand_below_the_map():
    page = page_of("a note")
    assert page.index('<div id="map">') < page.index("<li>a note</li>")


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
    assert [a.text for a in figure.layout.annotations] == ["<b>story</b> (41)<br>this run", "<b>topic</b> (9)"]
    assert [shape.line.dash for shape in figure.layout.shapes] == ["solid", "dot"]
    assert [shape.x0 for shape in figure.layout.shapes] == [41, 9]


def test_labels_do_not_overlap():
    documents, topics = frames()
    documents["y"] = [0.0, 0, 0, 0.001, 0.001, 1]
    documents["x"] = [0.0, 0.1, 0.05, 0.05, 0.1, 10]
    figure = draw_map(documents, topics)
    one, other = (annotation.y for annotation in figure.layout.annotations)
    assert abs(one - other) * 720 > 20


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload):
    page = page_of(payload)
    links = Links()
    links.feed(page)
    assert links.tags.count("script") == 4
    assert "img" not in links.tags
    assert "a" not in links.tags
    data = json.loads(re.search(r'<script type="application/json" data-for="map">(.*?)</script>', page, re.S).group(1))
    for trace in data["data"]:  # plotly reads <b>, <br> and entities in texts, so they are escaped there too
        assert not re.search(r"<(?!/?b>|br>)", "".join([*trace["text"], trace["name"]]))


def test_the_scan_is_drawn_with_its_levels_by_name():
    figure = draw_scan(scan())
    assert [annotation.text for annotation in figure.layout.annotations] == ["<b>topic</b> (9)"]
    assert [list(trace.y) for trace in figure.data] == [[0.85, 0.86], [0.3, 0.25], [0.75, 0.98], [0, 0]]  # by size
    assert [trace.name for trace in figure.data if trace.showlegend] == ["leaf cuts", "excess-of-mass cuts"]
    assert list(figure.data[2].error_y.array) == [0.03, 0.005]
    assert figure.layout.yaxis.range[0] < 0.85 - 0.01
    assert "&lt;script&gt;" in draw_scan(scan("<script>")).layout.annotations[0].text


def test_reproducibility_is_shown_where_it_is_known():
    assert page_of("plain").count('<td class="n">97%</td>') == 1
    assert page_of("plain").count('<td class="n"></td>') == 1


def test_the_page_loads_nothing_and_runs_only_its_own_scripts():
    page = page_of("plain")
    links = Links()
    links.feed(page)
    assert links.loads == []
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert len(scripts) == 2
    for script in scripts:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy


def test_the_page_is_the_same_every_time():
    assert page_of("plain") == page_of("plain")


def test_a_run_without_topics_has_a_map_too():
    documents, topics = frames()
    documents["topic"] = -1
    page = map_page(draw_map(documents, topics.head(0)), topics.head(0), title="t")
    assert "<table>" not in page

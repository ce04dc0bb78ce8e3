from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from drawn import frames, scan

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


def page_of(text: str) -> str:
    documents, topics = frames(text)
    return map_page(draw_map(documents, topics), topics, title=text, notes=[text], levels=draw_scan(scan(text)))


def test_the_wheel_scrolls_the_page_unless_a_key_is_held():
    script = re.findall(r"<script>(.*?)</script>", page_of("plain"), re.S)[1]
    assert (
        'addEventListener("wheel", (event) => {\n    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();'
        in script
    )


def test_notes_stand_below_the_map():
    page = page_of("a note")
    assert page.index('<div id="map">') < page.index("<li>a note</li>")


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


def test_names_stand_on_the_map_and_in_the_table():
    documents, topics = frames()
    topics.insert(1, "name", ["Wind <farms>", None])
    figure = draw_map(documents, topics)
    assert [a.text for a in figure.layout.annotations] == ["Wind &lt;farms&gt;", "plain"]
    assert figure.data[1].name == "0 · Wind &lt;farms&gt;"
    page = map_page(figure, topics, title="t")
    assert "<b>Wind &lt;farms&gt;</b><br>plain, b</td>" in page
    assert page.count("<br>plain") == 1

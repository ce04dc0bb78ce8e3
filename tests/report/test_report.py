from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from helpers import make_dated_run
from typer.testing import CliRunner

from topics.cli import app
from topics.explore import explorer_script
from topics.report import report_html
from topics.runs import write_report


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


PAYLOAD = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"


def held(page: str, name: str) -> object:
    text = re.search(rf'<script type="text/plain" id="topics-{name}">([A-Za-z0-9+/=]*)</script>', page)[1]
    content = gzip.decompress(base64.b64decode(text))
    return content if name == "data" else json.loads(content)


@pytest.fixture(scope="module")
def page(dated_run) -> str:
    return report_html(dated_run)


def test_it_loads_nothing_and_runs_the_explorer_alone(page):
    links = Links()
    links.feed(page)
    assert links.loads == []
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    digest = base64.b64encode(hashlib.sha256(explorer_script().encode()).digest()).decode()
    assert f"script-src  'sha256-{digest}'" in policy.replace("script-src '", "script-src  '")
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in policy
    assert "unsafe-eval" not in policy
    assert re.findall(r"<script type=\"module\">(.*?)</script>", page, re.S) == [explorer_script()]


def test_it_says_what_was_found(page):
    assert "45 documents and 1 near-duplicate, which are folded into them," in page
    assert "from 2 outlets, from 2022-01-01 to 2022-03-14 (3 undated)." in page
    assert "They are in 3 topics; the largest is" in page
    assert page.count('<article class="card"') == 3
    for heading in ("Topics", "Levels of detail", "How documents came to their topics", "Scores"):
        assert f"<h2>{heading}</h2>" in page


def test_it_holds_the_explorer_s_data_and_drafts_no_edit_yet(page, dated_run):
    meta, rows, texts = held(page, "meta"), held(page, "rows")["rows"], held(page, "texts")["documents"]
    assert meta["edits"] == {"done": 0, "said": [], "saved": False, "drafts": True}
    assert all(level["part"] for level in meta["levels"])
    assert [row[0] for row in rows] == [i for i in dated_run.documents()["doc_id"] if i != "zz-copy"]
    assert texts[44]["duplicates"] == ["Again · Post · 2022-03-14 · zz-copy"]
    assert all(30 <= row < 45 for row, _ in texts[44]["neighbors"])
    assert len(held(page, "data")) == sum(
        part["length"] * {"int8": 1, "int16": 2}.get(part["dtype"], 4) for part in meta["parts"].values()
    )


def test_it_is_the_same_every_time(page, dated_run):
    assert report_html(dated_run) == page


def test_texts_are_shortened_where_they_do_not_fit_and_it_is_said(page, dated_run):
    short = report_html(dated_run, max_bytes=len(page) - 30_000)
    assert "so that this page stays small, the texts of" in short
    assert "the run has all of them" in short
    assert "so that this page stays small" not in page


def test_no_text_becomes_markup(tmp_path):
    fields = ("id", "title", "text", "source", "author", "url", "column", "value")
    page = report_html(make_dated_run(tmp_path, extra=dict.fromkeys(fields, PAYLOAD)).rename(0, PAYLOAD))
    links = Links()
    links.feed(page)
    assert links.tags.count("script") == 5
    assert "img" not in links.tags
    assert "a" not in links.tags
    assert PAYLOAD.replace("7 * 7", "49") not in page


def test_it_is_written_beside_the_run_and_opened(dated_run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    path = write_report(dated_run)
    assert path == dated_run.path.parent / "dated.report.html"
    other = tmp_path / "mine.html"
    result = CliRunner().invoke(app, ["report", str(dated_run.path), "--out", str(other)])
    assert (result.exit_code, result.output.strip()) == (0, str(other))
    assert other.read_bytes() == path.read_bytes()
    assert CliRunner().invoke(app, ["explore", str(dated_run.path), "--out", str(other)]).exit_code == 0
    assert opened == [other.as_uri()]

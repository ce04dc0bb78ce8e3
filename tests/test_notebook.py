"""What a notebook shows of a run, a corpus and what is made of them: tables in which no text is markup."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from helpers import make_dated_run

import topics
from topics._notebook import fragment
from topics.timeline import over_time

PAYLOAD = "</td><script>alert(1)</script><img src=x onerror=alert(1)>"
TAGS = {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> topics.Run:
    extra = dict.fromkeys(("title", "text", "source", "id"), PAYLOAD)
    return make_dated_run(tmp_path_factory.mktemp("hostile"), extra=extra)


def test_no_text_becomes_markup(hostile):
    run = hostile.rename(0, PAYLOAD)
    shown = [
        run._repr_html_(), run.records.corpus._repr_html_(), run.records.topics._repr_html_(),
        over_time(run, "month")._repr_html_(), topics.compare_groups(run, "outlet")._repr_html_(),
        topics.compare(run, hostile)._repr_html_(),
    ]  # fmt: skip
    for html in shown:
        assert set(re.findall(r"</?([a-z]+)", html)) <= TAGS
        assert len(html) < 20_000
    assert "&lt;script&gt;" in shown[0] and "&lt;img" in shown[1]


def test_a_run_shows_its_topics_and_what_a_reader_should_know(dated_run):
    html = dated_run._repr_html_()
    assert f"Run &#x27;{dated_run.name}&#x27;: 45 documents, 3 topics" in html
    assert html.count("<tr>") == 4
    assert all(f"<li>{note[:20]}" in html for note in dated_run.warnings if "'" not in note[:20])


def test_many_rows_are_counted_and_missing_values_are_empty():
    html = fragment("h", [{"n": i, "x": None if i else 0.12345, "t": "a" * 999} for i in range(15)])
    assert html.count("<tr>") == 13 and "… and 3 more" in html
    assert ">0.123<" in html and "a" * 161 not in html
    assert 'dir="auto"></td>' in html


def test_a_study_shows_its_settings(tmp_path, dated_run):
    articles = dated_run.documents()[["doc_id", "title", "text"]].rename(columns={"doc_id": "id"})
    path = tmp_path / "articles.csv"
    pd.DataFrame(articles).to_csv(path, index=False)
    study = topics.sweep(
        path, {"grid": {"cluster.min_samples": [3, 5]}, "config": {"embed": {"encoder": "lsa"}, "reduce":
               {"n_layouts": 1, "n_epochs": 5}}}, out=tmp_path, name="study",
    )  # fmt: skip
    html = study._repr_html_()
    assert "Study study: 2 done" in html and "cluster.min_samples" in html

"""Every figure: of a run and of its frames, in both themes, with hostile names inert, and refused where there is none."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from figures import browser, collisions, every_figure, show
from invented import HOSTILE, InventedRun, invented_comparison, invented_groups

from topics import NOISE, TopicsError, plot
from topics.plot._theme import DARK
from topics.timeline import over_time


@pytest.fixture(scope="module")
def run() -> InventedRun:
    return InventedRun(16, per_topic=20)


@pytest.fixture(scope="module")
def figures() -> dict:
    return {name: draw() for name, draw in every_figure(16).items()}


def texts_in(value, name=""):
    """Every text of a figure that Plotly may read markup in."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts_in(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part, name)
    elif isinstance(value, str) and name in (
        "text", "label", "name", "ticktext", "customdata", "hovertemplate", "title", "labels"
    ):  # fmt: skip
        yield value


def test_hostile_names_are_letters_in_every_figure(figures):
    seen = ""
    for name, figure in figures.items():
        for text in texts_in(json.loads(figure.to_json())):
            assert not re.search(r"<(?!/?b>|br>|extra>|/extra>)", text), (name, text)
            assert "$" not in text, (name, text)
            if "<b>" in text:
                assert re.search(r"^<b>.*</b>", text), (name, text)
            seen += text
    assert "&lt;script&gt;" in seen and "&lt;a href=" in seen
    for name, figure in figures.items():  # names are data, never part of a template, where %{…} is read
        for trace in figure.data:
            assert "customdata[0]} {{" not in str(getattr(trace, "hovertemplate", "")), name


def test_the_dark_theme_changes_every_color_of_the_light_one_and_no_name(figures):
    for name, figure in figures.items():
        dark = plot.with_theme(figure, "dark")
        source = dark.to_json()
        light = [color for color in DARK if color in source]
        assert light == [], name
        assert dark.layout.template.layout.paper_bgcolor == DARK["#ffffff"]
        assert json.loads(plot.with_theme(dark, "light").to_json()) == json.loads(figure.to_json()), name
        assert [trace.name for trace in dark.data] == [trace.name for trace in figure.data]
    with pytest.raises(TopicsError, match="'light' or 'dark', got 'sepia'"):
        plot.with_theme(figures["map"], "sepia")


def test_a_name_that_is_a_color_stays():
    run = InventedRun(2)
    topics = run.topics().assign(name="#1a1d21")
    assert plot.with_theme(plot.draw_map(run.documents(), topics)).layout.annotations[0].text == "#1a1d21"


def test_frames_draw_what_the_run_does(run):
    topics, documents = run.topics(), run.documents()
    pairs = [
        (plot.draw_map(run), plot.draw_map(documents, topics)),
        (plot.draw_scan(run), plot.draw_scan(run.scan(), run.levels())),
        (plot.draw_tree(run), plot.draw_tree(documents, topics, levels=run.levels())),
        (plot.draw_terms(run), plot.draw_terms(topics)),
        (plot.draw_similarity(run), plot.draw_similarity(topics)),
        (plot.draw_document(run, "d000001"), plot.draw_document(run.membership(), "d000001", topics=run)),
        (plot.draw_reliability(run), plot.draw_reliability(topics)),
    ]
    for one, other in pairs:
        assert [trace.to_plotly_json() for trace in one.data].__repr__() == [
            trace.to_plotly_json() for trace in other.data
        ].__repr__()


def test_the_largest_topics_are_shown_and_how_many_are_not_is_said(run):
    for figure in (
        plot.draw_terms(run, max_topics=6), plot.draw_similarity(run, max_topics=6), plot.draw_reliability(run,
        max_topics=6), plot.draw_over_time(over_time(run.documents(), "month"), run, max_topics=6),
        plot.draw_groups(invented_groups(run), run, max_topics=6),
    ):  # fmt: skip
        assert "the largest 6 of 16 topics" in figure.layout.title.text
    figure = plot.draw_flow(run, InventedRun(18, per_topic=20), max_topics=6)
    assert {"10 further topics", "12 further topics"} & {*figure.data[0].node.label}
    assert "documents between further topics not shown" in figure.layout.title.text
    assert "further topic" not in str(plot.draw_flow(run, run, max_topics=6).data[0].node.label)


def test_a_tree_holds_every_document_once_and_parts_in_their_whole(run):
    [tree] = plot.draw_tree(run).data
    size = dict(zip(tree.ids, tree.values, strict=True))
    inside = pd.Series(tree.values).groupby(list(tree.parents)).sum()
    assert all(total <= size[parent] for parent, total in inside.items() if parent)
    assert tree.values[0] == (run.documents()["topic"] != NOISE).sum()
    topics = {place: n for place, n in size.items() if place.split("/")[-1].startswith("topic:")}
    assert len(topics) == 16
    without = run.documents().drop(columns=["level_story", "level_theme"])
    [flat] = plot.draw_tree(without, run.topics()).data
    assert len(flat.ids) == 17


def test_similarity_puts_near_topics_beside_each_other(run):
    figure = plot.draw_similarity(run)
    table = np.asarray(figure.data[0].z, dtype=float)
    assert np.isnan(np.diag(table)).all()
    off = table[~np.eye(len(table), dtype=bool)]
    assert np.nanmean(np.diag(table, 1)) > np.nanmean(off) + 0.1


def test_a_reliability_that_is_not_known_is_left_out(run):
    topics = run.topics()
    assert [trace.name for trace in plot.draw_reliability(topics).data if trace.name] == [
        "with other documents", "with another seed",
    ]  # fmt: skip
    one = plot.draw_reliability(topics.drop(columns="seed_reproducibility"))
    assert [trace.name for trace in one.data if trace.name] == ["with other documents"]
    with pytest.raises(TopicsError, match="a single layout"):
        plot.draw_reliability(topics.assign(reproducibility=np.nan, seed_reproducibility=np.nan))


def test_a_real_run_draws_all_that_it_has(dated_run):
    for draw in (plot.draw_map, plot.draw_scan, plot.draw_tree, plot.draw_terms, plot.draw_similarity,
                 plot.draw_reliability):  # fmt: skip
        assert len(draw(dated_run).data)
    [copy] = dated_run.documents()["doc_id"][dated_run.documents()["copy_of"].notna()]
    assert len(plot.draw_document(dated_run, copy).data[0].x)
    document = dated_run.documents().query("topic >= 0").iloc[0]["doc_id"]
    assert sum(plot.draw_document(dated_run, document).data[0].x) == pytest.approx(1, abs=0.01)
    flow = plot.draw_flow(dated_run, dated_run.merge([0, 1])).data[0]
    assert sum(flow.link.value) == dated_run.documents()["copy_of"].isna().sum()
    assert len(set(flow.link.source)) > len(set(flow.link.target))


@pytest.mark.parametrize("n_topics", [0, 1, 2])
def test_small_runs_are_drawn_or_refused_with_a_reason(n_topics):
    run, drawn = InventedRun(n_topics), 0
    calls = every_figure(n_topics) | {
        "terms of none": lambda: plot.draw_terms(run.topics().head(0)),
        "flow of none": lambda: plot.draw_flow(pd.DataFrame(columns=["topic_a", "topic_b", "n_documents"])),
        "scan of none": lambda: plot.draw_scan(run.scan().head(0)),
    }
    for name, draw in calls.items():
        try:
            figure = draw()
        except TopicsError as error:
            assert "expected" in str(error), name
        else:
            drawn += 1
            assert figure.to_json()
    assert drawn >= (5 if n_topics == 0 else 11)


def test_what_is_missing_is_said(run):
    for call, message in [
        (lambda: plot.draw_map(run.documents()), "give run.topics\\(\\) too"),
        (lambda: plot.draw_map("runs/mine"), "expected a Run, or the frame that its documents\\(\\) gives, got str"),
        (lambda: plot.draw_scan(run.documents()), "without cluster_selection_method"),
        (lambda: plot.draw_map(run.documents().assign(x=np.nan, y=np.nan), run), "made without one"),
        (lambda: plot.draw_document(run, "d00001"), "got 'd00001'; did you mean 'd0"),
        (lambda: plot.draw_document(run, run.documents().query("topic < 0")["doc_id"].iloc[0]), "which is noise"),
        (lambda: plot.draw_terms(run, max_topics=0), "max_topics to be at least 1, got 0"),
        (lambda: plot.draw_flow(run), "another run beside the first"),
        (lambda: plot.draw_similarity(run.topics().drop(columns="centroid")), "mean vector"),
    ]:  # fmt: skip
        with pytest.raises(TopicsError, match=message):
            call()


def test_a_flow_of_other_documents_is_of_matches(run):
    figure = plot.draw_flow(invented_comparison(run, InventedRun(18)), max_topics=20)
    [flow] = figure.data
    assert set(flow.link.value) == {1}
    assert "no counterpart" in flow.node.label and "0 · one 0" in flow.node.label
    assert figure.layout.title.text == "no documents in common: a band is a match of topics"
    fewer = plot.draw_flow(invented_comparison(run, InventedRun(18)), max_topics=4)
    assert fewer.layout.title.text.endswith("; the largest 4 of 17 matches") and len(fewer.data[0].link.value) == 4


def test_texts_over_each_other_and_cut_texts_are_found():
    box = {"text": "a", "left": 10, "top": 10, "right": 60, "bottom": 25}
    over = {"text": "b", "left": 50, "top": 15, "right": 90, "bottom": 30}
    cut = {"text": "c", "left": 80, "top": 50, "right": 120, "bottom": 65}
    assert collisions([box, over, cut], width=100, height=100) == ["'b' lies over 'a'", "'c' is cut"]
    assert collisions([box, {**box, "top": 23, "bottom": 40}], width=100, height=100) == []


def test_hostile_names_are_those_that_were_meant():
    assert any("script" in name for name in HOSTILE)


@pytest.mark.slow
def test_no_text_lies_over_another_or_is_cut_in_a_browser():
    """What ``python scripts/contact_sheet.py`` draws in full, with pictures to look at."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    wrong = []
    try:
        with browser() as page:
            for name, draw in every_figure(30).items():
                height, texts = show(page, draw(), width=900)
                assert texts, name
                wrong += [f"{name}: {said}" for said in collisions(texts, width=900, height=height)]
    except OSError as error:
        pytest.skip(str(error))
    assert wrong == []

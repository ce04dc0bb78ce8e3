from __future__ import annotations

import itertools
import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.articles.boilerplate import _lines as lines_module
from topics.articles.boilerplate._line_contexts import FEATURES, features, feed, main_block, stamps
from topics.articles.boilerplate._line_shapes import LOCAL, shapes
from topics.articles.boilerplate._lines import Trees, best_runs, keep, log_odds, model, trees

SENTENCE = "The harbour council voted on Tuesday to close the old swimming pool."
TEXT_LINES = st.lists(
    st.text(max_size=60).map(lambda line: " ".join(line.split())).filter(lambda line: bool(line.strip())),
    min_size=1,
    max_size=12,
)


def column(name: str, *given_lines: str) -> list[float]:
    return shapes(given_lines).local[:, LOCAL.index(name)].tolist()


@pytest.mark.parametrize(
    ("line", "n_words"),
    [
        ("one two three", 3),
        ("don't re-open", 2),
        ("市议会投票", 2.5),
        ("परिषद ने मतदान किया", 4),
        ("🙂", 0),
        ("2,5 km", 3),
    ],
)
def test_words_are_counted_in_any_script(line, n_words):
    assert shapes([line]).words.tolist() == [n_words]


def test_shares_of_case_mean_nothing_in_a_script_without_case():
    assert column("lower", SENTENCE, "市议会投票决定关闭旧游泳池。")[1] == -1
    assert 0.8 < column("lower", SENTENCE)[0] < 1


def test_the_end_of_a_line_is_seen_behind_quotes_and_brackets():
    assert column("ends_stop", 'He said "no."', "It closed (at last).", "no stop", "关闭。", "बंद।") == [1, 1, 0, 1, 1]
    assert column("ends_cut", "and then…", "and then...", "and then.", "“and then…”") == [1, 1, 0, 1]
    assert column("ends_calling", "Why?", "Stop!", "لماذا؟", "So.") == [1, 1, 1, 0]


def test_what_reads_like_sentences_is_prose():
    page = shapes(
        [SENTENCE, "Subscribe", "News Sport Business Culture", "the council voted to close the old pool and…"]
    )
    assert (page.prose > 0).tolist() == [True, False, False, False]


def test_stamps_and_the_main_block():
    given_lines = [
        "Menu",
        SENTENCE,
        SENTENCE,
        "8:02 PM",
        "Nov 18, 2019",
        "It opened at 8:02 in the morning, two hours late.",
    ]
    page = shapes(given_lines)
    assert stamps(page).tolist() == [False, False, False, True, True, False]
    assert main_block(page) == (1, 2)


def test_a_feed_stands_below_the_article_and_a_live_report_is_none():
    items = ["8:02 PM", SENTENCE, "9:14 PM", SENTENCE]
    assert feed(shapes([*[SENTENCE] * 4, *items])).tolist() == [False] * 4 + [True] * 4
    assert not feed(shapes(["Live", *items, "9:20 PM", SENTENCE])).any()


def test_the_features_have_their_names():
    table = features(shapes([SENTENCE, "Subscribe"]))
    assert table.shape == (2, len(FEATURES))
    assert len(set(FEATURES)) == len(FEATURES)


@settings(max_examples=60, deadline=None)
@given(TEXT_LINES)
def test_features_are_numbers_whatever_the_lines(given_lines):
    page = shapes(given_lines)
    assert np.isfinite(features(page)).all()
    assert np.isfinite(log_odds(page)).all()
    assert len(keep(page)) == len(given_lines)


def best_sum(gains: list[float], cost: float) -> float:
    def value(kept: tuple[bool, ...]) -> float:
        around = (False, *kept, False)
        changes = sum(a != b for a, b in itertools.pairwise(around))
        return sum(g for g, k in zip(gains, kept, strict=True) if k) - cost * changes

    return max(value(tuple(bool(n >> i & 1) for i in range(len(gains)))) for n in range(2 ** len(gains)))


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=8), st.integers(0, 10))
def test_the_best_runs_are_the_best_of_all(gains, cost):
    kept = best_runs(np.array(gains, float), cost=float(cost))
    around = [False, *kept.tolist(), False]
    changes = sum(a != b for a, b in itertools.pairwise(around))
    assert sum(np.array(gains)[kept]) - cost * changes == best_sum([float(g) for g in gains], float(cost))


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=30), st.floats(0, 5))
def test_more_gain_takes_no_line_out(gains, more):
    low, high = best_runs(np.array(gains)), best_runs(np.array(gains) + more + 1e-9)
    assert (high | ~low).all()


def test_trees_answer_as_they_are_stored():
    stored = {"features": list(FEATURES), "trees": [[[0, 0.5, 1, 2], [-1.0], [3, 2.5, 3, 4], [1.0], [2.0]], [[0.25]]]}
    rows = np.zeros((3, len(FEATURES)))
    rows[1, 0] = rows[2, 0] = 1
    rows[2, 3] = 3
    found: Trees = trees(stored)
    assert found.depth == 2
    assert found.log_odds(rows).tolist() == [-0.75, 1.25, 2.25]


def test_trees_for_other_features_are_refused():
    with pytest.raises(ValueError, match="train them again"):
        trees({"features": ["words"], "trees": []})


def test_the_model_is_small_plain_and_read_once():
    stored = files("topics").joinpath("data/page_lines.json").read_bytes()
    assert len(stored) < 300_000
    assert tuple(json.loads(stored)["features"]) == FEATURES
    assert lines_module.model() is model()

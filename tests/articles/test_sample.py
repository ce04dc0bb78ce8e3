"""The bundled sample is what its documentation says."""

from __future__ import annotations

import itertools
import json

import pandas as pd


def test_counts(sample):
    articles = sample[sample["gold_kind"] == "article"]
    assert len(articles) == 160
    assert articles["gold_theme"].nunique() == 4
    assert articles["gold_topic"].nunique() == 12
    assert articles["gold_story"].nunique() == 40
    assert (sample["gold_lang"] == "uk").sum() == 25
    assert (sample["gold_kind"] == "copy").sum() == 8
    assert (sample["gold_kind"] == "round-up").sum() == 4
    assert sample["source"].nunique() == 6
    assert sample["id"].is_unique


def test_articles_are_of_news_length_and_dated_in_range(sample):
    words = sample.loc[sample["gold_kind"] == "article", "gold_text"].str.split().str.len()
    assert words.between(90, 300).all()
    dates = pd.to_datetime(sample["gold_date"], utc=True, format="ISO8601")
    assert dates.between("2022-01-01", "2025-01-01").all()


def test_every_line_of_the_gold_text_stands_on_the_page(sample):
    for row in sample[sample["gold_kind"] != "round-up"].itertuples():
        assert all(line in row.text for line in row.gold_text.split("\n") if line), row.id
    for row in sample[sample["gold_kind"] == "round-up"].itertuples():
        segments = json.loads(row.gold_segments)
        assert 5 <= len(segments) <= 7
        assert all(segment["title"] in row.text for segment in segments)


def test_no_two_articles_are_written_on_one_template(sample):
    """No run of eight words recurs in different stories."""
    seen: dict[tuple, str] = {}
    for row in sample[sample["gold_kind"] == "article"].itertuples():
        words = row.gold_text.lower().split()
        for run in {tuple(words[i : i + 8]) for i in range(len(words) - 7)}:
            assert seen.setdefault(run, row.gold_story) == row.gold_story, " ".join(run)


def test_near_duplicates_differ_a_little_from_their_originals(sample):
    texts = sample.set_index("id")["gold_text"]
    for row in sample[sample["gold_kind"] == "copy"].itertuples():
        a, b = (set(itertools.pairwise(text.split())) for text in (row.gold_text, texts[row.gold_copy_of]))
        assert 0.75 < len(a & b) / len(a | b) < 1

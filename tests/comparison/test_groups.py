"""The topics of a run by groups of its documents."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import topics
from topics.comparison import Groups
from topics.errors import InputError


def test_outlets_are_counted_with_shares_that_sum_to_one(two_runs):
    found = topics.compare_groups(two_runs[0])
    assert isinstance(found, Groups)
    assert set(found.groups["group"]) == {"Civic Post", "Harbour Ledger"}
    assert found.table("n").to_numpy().sum() == 48
    assert found.table().sum().tolist() == pytest.approx([1, 1])
    assert (found.cells["low"] <= found.cells["share"]).all()
    assert "48 documents in 2 groups by outlet." in found.summary()


def test_a_column_that_is_the_topics_is_linked_to_them_wholly(two_runs):
    found = topics.compare_groups(two_runs[0].path, by="subject")
    assert found.test["cramers_v"] > 0.9
    assert found.test["p"] <= 0.05
    assert (found.cells.query("n > 5")["q"] <= 0.05).all()
    assert "Groups differ in their topics" in found.summary()


def test_periods_are_of_dates_and_what_has_none_is_counted(two_runs):
    found = topics.compare_groups(two_runs[0], by="period")
    assert found.groups["group"].tolist() == ["2024-01", "2024-02", "2024-03"]
    assert found.n_missing == 1
    assert "1 document of 48 without period is left out." in found.summary()
    weeks = topics.compare_groups(two_runs[0], by="period", every="week")
    pairs = topics.compare_groups(two_runs[0], by="period", every="2 weeks")
    assert pairs.groups["group"].tolist() == ["2023-12-25", "2024-01-22", "2024-02-19", "2024-03-04"]
    assert weeks.groups["group"].tolist()[0] == "2024-01-01"
    with pytest.raises(InputError, match="at least two groups by 'period', got 1"):
        topics.compare_groups(two_runs[0], by="period", every="year")


def test_small_groups_are_joined(two_runs):
    with pytest.raises(InputError, match="at least two groups"):
        topics.compare_groups(two_runs[0], by="title", min_documents=2)  # each title is a group of one: all are joined


def test_columns_that_are_not_there_are_refused_with_the_nearest(two_runs):
    with pytest.raises(InputError, match="did you mean 'outlet'"):
        topics.compare_groups(two_runs[0], by="outlets")
    with pytest.raises(InputError, match="got lists in 'other_langs'"):
        topics.compare_groups(two_runs[0], by="other_langs")


def test_groups_are_written(two_runs, tmp_path):
    found = topics.compare_groups(two_runs[0])
    assert [path.name for path in found.write(tmp_path)] == ["cells.csv", "groups.csv", "groups.json"]
    assert json.loads((tmp_path / "groups.json").read_text(encoding="utf-8"))["by"] == "outlet"
    assert len(pd.read_csv(tmp_path / "cells.csv")) == len(found.cells)

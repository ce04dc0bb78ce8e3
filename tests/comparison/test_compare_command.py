"""``topics compare`` and ``topics groups`` on the command line."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from topics.cli import app


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")


def said(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_two_runs_are_compared_and_their_tables_kept(two_runs, tmp_path):
    done = said("compare", two_runs[0].path, two_runs[1].path, "--permutations", 5, "--write", tmp_path / "kept")
    assert done.exit_code == 0, done.output
    output = " ".join(done.output.split())
    for words in ("npmi held out", "A: seed0; B: seed1; 48 documents.", "no p-value below 0.33", "No winner is named"):
        assert words in output
    assert (tmp_path / "kept" / "comparison.json").exists()


def test_groups_are_printed(two_runs, tmp_path):
    done = said("groups", two_runs[0].path, "--by", "subject", "--write", tmp_path / "kept")
    assert done.exit_code == 0, done.output
    assert "Groups differ in their topics" in done.output
    assert "odds ratio" in done.output
    assert (tmp_path / "kept" / "cells.csv").exists()


def test_two_configs_need_articles(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("random_state = 1\n", encoding="utf-8")
    done = said("compare", tmp_path / "a.toml", tmp_path / "b.toml")
    assert done.exit_code
    assert "articles" in str(done.exception)
